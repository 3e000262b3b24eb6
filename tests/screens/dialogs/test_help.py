"""Help: begins where one is, has every key that holds, and is searched and gone through like any table."""

from typing import Any, get_args

import pytest

from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen, place_of
from ndtui.screens.dialogs.help_rows import HELP, TITLES, Entry, Heading, Place, help_rows
from ndtui.ui.keys.action import DialogScope, QuestionScope
from ndtui.ui.keys.actions import ACTIONS, EVERYWHERE, of_scope
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap
from ndtui.ui.widgets.item_list import ItemList
from tests.desk import Desk, at_work
from tests.screens.dialogs.list_form import list_form
from tests.screens.every_dialog import DIALOGS
from tests.screens.every_screen import WAYS, go

OWN = KeyMap({"designer.undo": ("f12", "ctrl+l")})
PLACES = [
    Place(),
    Place("designer", ("tables", "lists"), "decisions"),
    Place("trace", ("packet",)),
    Place("dialogs", ("lists",), own=(("down", "Next", "Go to the next field"),), here=of_scope("items")),
]


def titles(rows) -> list[str]:
    return [row.title for row in rows if isinstance(row, Heading)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("keys", [DEFAULT_KEYS, OWN])
def test_help_has_every_action_once_with_the_keys_that_hold(place, keys):
    rows = help_rows(place, keys)
    actions = [row.action.name for row in rows if isinstance(row, Entry) and row.action is not None]
    assert sorted(actions) == sorted(action.name for action in ACTIONS)
    for row in rows:
        if isinstance(row, Entry) and row.action is not None:
            assert (row.keys, row.text) == (" ".join(keys.of(row.action)), row.action.tooltip)
    assert {text for _, text in EVERYWHERE} < {row.text for row in rows if isinstance(row, Entry)}
    assert len({HELP.key(row) for row in rows}) == len(rows)


def test_what_has_the_focus_comes_first_and_then_the_screen():
    assert titles(help_rows(PLACES[1], DEFAULT_KEYS))[:3] == ["Decisions, where you are", "Designer", "Words"]
    assert titles(help_rows(PLACES[2], DEFAULT_KEYS))[:2] == ["The packet to trace, while it is written", "Trace"]
    assert titles(help_rows(PLACES[3], DEFAULT_KEYS))[:3] == [
        "Where you are",
        "Dialogs",
        "Every list and text that scrolls",
    ]


def test_only_what_belongs_to_other_places_is_folded():
    rows = help_rows(Place("plan", ("tables", "lists")), DEFAULT_KEYS)
    folded = {row.title for row in rows if isinstance(row, Heading) and row.folded}
    assert folded == {
        "Designer",
        "Applied: the backend and its history",
        "Trace",
        "Machine: what netsh wfp show wrote",
        "The packet to trace, while it is written",
        "Dialogs",
        *(TITLES[scope] for scope in (*get_args(DialogScope), *get_args(QuestionScope))),
    }


FIRST = {
    "filters": "Designer space",
    "explanation": "Designer space",
    "plan": "Plan and apply A",
    "applied": "Applied: the backend and its history d",
    "trace": "Trace z Zoom",
    "packet": "The packet to trace, while it is written up",
    "add": "Where you are enter Take Take what the fields hold for the answer",
    "export": "Dialogs escape Close",
    "presets": "Where you are d delete",
    "columns": "Where you are space Show or not",
    "save as": "Where you are enter Take Take what the fields hold for the answer",
    "messages": "Dialogs to be read: help, edits, differences, messages q Close",
}


@pytest.mark.parametrize("name", FIRST)
async def test_there_is_help_wherever_one_is_and_it_begins_there(name):
    """With f1 in a field too, where ? is a character; what is typed there stays."""
    async with at_work(size=(100, 40)) as desk:
        await go(desk, WAYS[name].keys)
        below, focused = desk.top, desk.app.focused
        await desk.keys("f1")
        assert isinstance(desk.top, HelpScreen)
        assert desk.words.replace("▾ ", "").startswith(f"Help {FIRST[name]}")
        await desk.keys("escape")
        assert (desk.top, desk.app.focused) == (below, focused)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_at_the_start_it_begins_with_the_decisions(size):
    async with at_work(size=size) as desk:
        await desk.keys("?")
        assert "Decisions, where you are" in desk.words
        assert "space Switch: Switch the selected decision, rule or exemption on or off" in desk.words
        await desk.keys("j", "j")
        assert "a Add: Add an exemption: traffic that is left out of IPsec" in desk.words


async def test_every_key_of_a_list_works_and_every_way_out():
    async with at_work() as desk:
        await desk.keys("?")
        table = desk.top.query_one("#help")
        assert table.has_focus
        await desk.keys("j", "down", "j", "k")
        assert table.row.name == "Add"
        await desk.keys("ctrl+d")
        assert table.row.group == "Designer"
        await desk.keys("G")
        assert table.row.text == dict(EVERYWHERE)["ctrl+q"]
        await desk.keys("g", "left")
        assert table.row == Heading("Decisions, where you are")
        await desk.keys("X")
        assert len(table.rows) == len(table.source)
        for key in ("escape", "q", "?", "f1"):
            await desk.keys(key)
            assert desk.top is desk.app.designer
            await desk.keys("f1")
            assert isinstance(desk.top, HelpScreen)


async def test_it_is_searched_folded_groups_too_and_escape_shows_all_again():
    async with at_work() as desk:
        await desk.keys("?", "/", *"drift")
        table = desk.top.query_one("#help")
        found = [row.text for row in table.rows if isinstance(row, Entry)]
        assert "Show what others changed since the last apply" in found
        assert len(found) == 2
        await desk.keys("enter", "/", "q", "?")
        assert isinstance(desk.top, HelpScreen)
        await desk.keys("escape")
        assert table.counts is None
        await desk.keys("escape")
        assert desk.top is desk.app.designer


async def test_what_is_typed_puts_the_cursor_on_the_first_row_that_is_found():
    async with at_work(size=(100, 40)) as desk:
        await go(desk, WAYS["trace"].keys)
        await desk.keys("?", "G", "/", *"timeline")
        table = desk.top.query_one("#help")
        assert [row.name for row in table.rows if isinstance(row, Entry)] == ["Timeline", "Peer"]
        assert table.row.name == "Timeline"
        await desk.keys("down", "enter")
        assert table.row.name == "Peer", "the cursor goes on with the arrows while one types"
        await desk.keys("escape")
        assert table.counts is None
        assert table.row.name == "Peer"
        await desk.keys("/", *"timeline", "enter", "enter")
        assert "Time: 0 s" in desk.explanation


async def test_it_says_why_something_cannot_be_done():
    async with at_work(read_only=True) as desk:
        await desk.keys("?", "/", *"name:undo", "enter")
        assert "u Undo: Take the last change back. Not now: Nothing to undo" in desk.words
        await desk.keys("/", *["backspace"] * 9, *"name=save", "enter")
        assert "Save the design as one of your presets. Not now: Read-only: nothing is written" in desk.words


async def test_a_form_says_the_keys_of_the_field_that_has_the_focus():
    async with at_work(size=(100, 40)) as desk:
        desk.app.push_screen(FormScreen(list_form(("one",))))
        await desk.settle()
        assert [action.name for action in place_of(desk.top).here] == [action.name for action in of_scope("items")]
        await desk.keys("?")
        assert desk.words.replace("▾ ", "").startswith("Help Where you are a Add Add an item to the list of the form e")
        for way, first in ((WAYS["edits"], "Dialogs to be read"), (DIALOGS["lifetime"], "Where you are")):
            await desk.keys("escape", "escape")
            await go(desk, way.keys)
            await desk.keys("?")
            assert desk.words.replace("▾ ", "").startswith(f"Help {first}")


async def test_a_list_of_choices_has_the_keys_of_every_list_as_they_are_set():
    async with at_work(keys={"lists.cursor_down": ("n", "down"), "lists.top": ("ctrl+e",)}) as desk:
        await go(desk, DIALOGS["lifetime"].keys)
        choice = desk.app.focused
        first = choice.value
        await desk.keys("j")
        assert choice.value == first
        await desk.keys("n")
        second = choice.value
        assert second != first
        await desk.keys("ctrl+e")
        assert choice.value not in (first, second)


async def look_up(desk: Desk, words: str) -> Any:
    """Open the help, search it, and return its table with the first row that is found under the cursor."""
    await desk.keys("f1", "/", *words, "enter", "X", "g")
    return desk.top.query_one("#help")


async def test_enter_does_what_the_row_says_where_the_help_was_opened():
    async with at_work(size=(100, 40)) as desk:
        below, names = desk.top, desk.names
        await desk.select(f"exemption:{names[0]}")
        table = await look_up(desk, 'name="duplicate"')
        assert table.row.action.name == "designer.duplicate"
        await desk.keys("enter")
        assert desk.top is below
        assert len(desk.names) == len(names) + 1
        await look_up(desk, 'name="sort"')
        await desk.keys("enter")
        assert desk.table.wanted.sort is not None, "of the first table that has columns"
        assert desk.decisions.has_focus
        await desk.keys("S", "L")
        assert desk.said[-2:] == ["There are no columns here", "There are no layers here to group by"]
        desk.app.push_screen(FormScreen(list_form(("one",))))
        await desk.settle()
        form = desk.top
        await look_up(desk, "duplicate key:D")
        await desk.keys("enter")
        assert desk.top is form
        assert form.query_one(ItemList).value == ("one", "one")


async def test_enter_does_nothing_of_another_place_and_nothing_that_cannot_be_done_now():
    async with at_work(size=(100, 40), read_only=True) as desk:
        for words, said in (
            ("roll back", "Not from here, it is a key of: Applied: the backend and its history"),
            ("name=save", "Not now: Read-only: nothing is written"),
            ('"go down a row"', "Go down a row. Not from this list: close it and press j or down"),
            ('"hands traffic"', "Callout: a filter that hands traffic to IPsec. A word to be read, with nothing to do"),
            ('"leave the program; asks"', "unsaved work. Not from this list: close it and press ctrl+q"),
        ):
            await look_up(desk, words)
            await desk.keys("enter")
            assert isinstance(desk.top, HelpScreen)
            assert said in desk.words
            await desk.keys("escape", "escape")
            assert desk.top is desk.app.designer
