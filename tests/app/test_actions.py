"""The registry of actions: what it promises of each is so, in bindings, footer, help and palette."""

import re
from collections import Counter
from typing import get_args

import pytest
from textual.screen import ModalScreen

from ndtui.app.app import NdtuiApp
from ndtui.app.looks import Looks
from ndtui.screens.applied.applied_screen import AppliedScreen
from ndtui.screens.applied.reading import SIDES
from ndtui.screens.designer import DesignerScreen
from ndtui.screens.dialogs.apply_form import WithinScreen
from ndtui.screens.dialogs.columns import ColumnsScreen
from ndtui.screens.dialogs.countdown import CountdownScreen
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen, PromptScreen, ReadingDialog
from ndtui.screens.dialogs.difference import DifferenceScreen
from ndtui.screens.dialogs.edit_errors import EditErrorsScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.dialogs.message_list import MessagesScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.screens.dialogs.steps import StepsScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.screens.machine_trace import MachineTraceScreen
from ndtui.screens.paned import Paned
from ndtui.screens.plan import PlanScreen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.keys.action import Action, QuestionScope
from ndtui.ui.keys.actions import ACTIONS, TOGETHER, of_scope, of_screen
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.painting.painted_app import PaintedApp
from ndtui.ui.rows.design_rows import VIEW_NAMES
from ndtui.ui.rows.machine.views import LOOKS
from ndtui.ui.widgets.arranged_table import ArrangedTable
from ndtui.ui.widgets.item_list import ItemList
from ndtui.ui.widgets.packet_field import PacketField
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import Desk, at_work
from tests.screens.dialogs.list_form import list_form
from tests.screens.every_screen import WAYS, go

DIALOGS: tuple[type[ModalScreen], ...] = (
    ChoiceScreen,
    PromptScreen,
    WithinScreen,
    CountdownScreen,
    FormScreen,
    ExportScreen,
    HelpScreen,
    PresetsScreen,
)
OWNERS = {
    "designer": (DesignerScreen,),
    "screens": (DesignerScreen, PlanScreen, AppliedScreen, TraceScreen, MachineScreen, MachineTraceScreen),
    "lists": (RowTable,),
    "tables": (RowTable,),
    "plan": (PlanScreen,),
    "applied": (AppliedScreen,),
    "trace": (TraceScreen, MachineTraceScreen),
    "machine": (MachineScreen,),
    "packet": (PacketField,),
    "dialogs": DIALOGS,
    "reading": (HelpScreen, StepsScreen, DifferenceScreen, MessagesScreen),
    "presets": (PresetsScreen,),
    "columns": (ColumnsScreen,),
    "items": (ItemList,),
    "boxes": (TickBox,),
    "errors": (EditErrorsScreen,),
    **dict.fromkeys(get_args(QuestionScope), (ChoiceScreen,)),
}

every_action = pytest.mark.parametrize("action", ACTIONS, ids=lambda a: f"{a.scope}-{a.id}")


def method_of(action: Action) -> str:
    return "action_" + action.id.partition("(")[0]


def bindings_of(owner):
    return {b.id: b for bound in owner._merged_bindings.key_to_bindings.values() for b in bound if b.id}


@every_action
def test_an_action_is_bound_and_has_a_method_and_words(action):
    owners = (NdtuiApp,) if action.owner == "app" else OWNERS[action.scope]
    for owner in owners:
        assert callable(getattr(owner, method_of(action)))
        assert getattr(owner, method_of(action)).__doc__
    for owner in OWNERS[action.scope]:
        asks = action.scope in get_args(QuestionScope)
        binding = (bindings_of_question(action) if asks else bindings_of(owner))[action.name]
        assert binding.tooltip == action.tooltip
        assert binding.description == action.title
    assert action.keys
    assert action.title
    assert action.tooltip


def bindings_of_question(action: Action):
    answer = Answer(action.id.split("'")[1], action.title, action.scope)
    bound = ChoiceScreen("", (), (answer,))._bindings.key_to_bindings.values()
    return {b.id: b for each in bound for b in each}


def test_the_views_of_the_registry_are_the_views_there_are():
    named = [re.fullmatch(r"view\('(\w+)'\)", action.id) for action in ACTIONS if action.id.startswith("view")]
    assert tuple(match[1] for match in named if match) == VIEW_NAMES


def test_the_views_of_a_revision_in_the_registry_are_those_there_are():
    named = [re.fullmatch(r"side\('(\w+)'\)", action.id) for action in ACTIONS if action.id.startswith("side")]
    assert tuple(match[1] for match in named if match) == SIDES


def test_the_views_of_a_machine_in_the_registry_are_those_there_are():
    named = [re.fullmatch(r"look\('(\w+)'\)", action.id) for action in ACTIONS if action.id.startswith("look(")]
    assert tuple(match[1] for match in named if match) == LOOKS


METHODS_OF = (
    NdtuiApp,
    Looks,
    PaintedApp,
    Paned,
    DesignerScreen,
    PlanScreen,
    AppliedScreen,
    TraceScreen,
    MachineScreen,
    MachineTraceScreen,
    PacketField,
    RowTable,
    ArrangedTable,
    ReadingDialog,
    PresetsScreen,
    ColumnsScreen,
    ItemList,
    TickBox,
    EditErrorsScreen,
    ChoiceScreen,
)


def test_every_method_is_in_the_registry():
    own = {name for owner in METHODS_OF for name in vars(owner)}
    assert {name for name in own if name.startswith("action_")} == {method_of(action) for action in ACTIONS}


def test_ids_are_unique():
    assert Counter((a.scope, a.id) for a in ACTIONS).most_common(1)[0][1] == 1
    assert Counter(a.id for a in ACTIONS).most_common(1)[0][1] == 1


@pytest.mark.parametrize("scopes", TOGETHER, ids="-".join)
def test_no_key_means_two_things_on_one_screen(scopes):
    keys = Counter(key for scope in scopes for action in of_scope(scope) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_nothing_needs_ctrl_alone():
    """But suspending and drawing anew: those keys are the same in every terminal program, and the palette has both."""
    for action in ACTIONS:
        assert any("+" not in key for key in action.keys) or action.id in ("suspend", "redraw"), action.id


def keys_that_miss(desk: Desk, *scopes) -> list[str]:
    """Return the keys that do something else than the registry says, as the program itself resolves them."""
    active = {key: bound.binding.action.removeprefix("app.") for key, bound in desk.top.active_bindings.items()}
    missed = []
    for scope in scopes:
        for action in of_scope(scope):
            for key in action.keys:
                names = {key, *(name for name, char in _CHARACTERS.items() if char == key)}
                done = next((active[name] for name in names if name in active), "nothing")
                if done.replace("command_palette", "palette") != action.id:
                    missed.append(f"{key}: {done}, not {action.id}")
    return missed


_CHARACTERS = {
    "slash": "/",
    "apostrophe": "'",
    "colon": ":",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
}


async def test_every_key_of_the_designer_does_what_the_registry_says():
    async with at_work() as desk:
        await desk.keys("1", *"/exempt", "enter")
        assert keys_that_miss(desk, "designer", "screens", "lists", "tables") == []


async def test_every_key_of_the_plan_does_what_the_registry_says():
    async with at_work() as desk:
        await desk.keys("p")
        await desk.planned()
        assert keys_that_miss(desk, "plan", "screens", "lists") == []


async def test_every_key_of_the_applied_screen_does_what_the_registry_says():
    async with at_work() as desk:
        await go(desk, WAYS["applied"].keys)
        assert keys_that_miss(desk, "applied", "screens", "lists") == []


async def test_every_key_of_the_trace_does_what_the_registry_says():
    async with at_work() as desk:
        await desk.keys("t")
        assert keys_that_miss(desk, "trace", "screens", "lists") == []
        await desk.keys("w")
        assert keys_that_miss(desk, "packet") == []


async def test_every_key_of_the_machine_does_what_the_registry_says():
    async with at_work() as desk:
        await go(desk, WAYS["machine"].keys)
        assert keys_that_miss(desk, "machine", "screens", "lists", "tables") == []


@pytest.mark.parametrize("width", [80, 60])
async def test_the_whole_footer_fits(width):
    async with at_work(size=(width, 24)) as desk:
        most = [a for a in of_screen("designer") if width == 80 or a.id not in ("save", "applied")]
        assert_footer(desk, most, width)
        await desk.keys("t")
        # at 60 columns the key of the time stands in the line of the packet alone
        assert_footer(desk, [a for a in of_screen("trace") if width == 80 or a.id != "before_bfe"], width)
        await desk.keys("escape", "p")
        await desk.planned()
        assert_footer(desk, of_screen("plan"), width)
        await go(desk, ("escape", *WAYS["applied"].keys))
        assert_footer(desk, of_screen("applied"), width)
        await go(desk, ("escape", *WAYS["machine"].keys))
        assert_footer(desk, of_screen("machine"), width)


@pytest.mark.parametrize("width", range(8, 80, 9))
async def test_no_key_of_the_footer_is_cut_in_two(width):
    every = sorted((a for a in of_screen("designer") if a.footer), key=lambda a: a.footer)
    async with at_work(size=(width, 24)) as desk:
        footer = desk.text.split("\n")[-1].strip()
        shown = [f"{a.keys[0]} {a.title}" for a in every]
        fitting = [" ".join(shown[: n + 1]) for n in range(len(shown)) if len(" ".join(shown[: n + 1])) <= width - 2]
        assert footer == (fitting or shown)[-1 if fitting else 0]


def assert_footer(desk: Desk, actions, width) -> None:
    shown = sorted((a for a in actions if a.footer), key=lambda a: a.footer)
    footer = desk.text.split("\n")[-1]
    assert footer.strip() == " ".join(f"{a.keys[0].replace('escape', 'esc')} {a.title}" for a in shown)
    assert len(footer) <= width


async def test_the_footer_dims_what_cannot_be_done():
    every = {action.keys[0] for action in of_screen("designer") if action.footer}
    async with at_work() as desk:
        assert desk.lit == every - {"u"}
        await desk.select("IKE")
        await desk.keys("space")
        assert desk.lit == every
        await desk.run("app.undo")
        assert desk.lit == every - {"u"}


async def test_fast_keys_scroll_an_explanation_as_far_as_they_say():
    async with at_work(size=(80, 24)) as desk:
        await desk.keys("1", "enter")
        detail = desk.top.query_one("#detail")
        assert detail.has_focus
        assert detail.max_scroll_y > 4
        await desk.at_once("j", "j", "j", "k", "j")
        assert detail.scroll_offset.y == 3
        await desk.at_once("G")
        assert detail.scroll_offset.y == detail.max_scroll_y
        await desk.at_once("g")
        assert detail.scroll_offset.y == 0


@pytest.mark.parametrize("scope", ["designer", "plan", "applied", "trace", "machine"])
async def test_the_palette_offers_every_action_of_the_screen_and_no_other(scope):
    async with at_work() as desk:
        await go(desk, WAYS["filters" if scope == "designer" else scope].keys)
        provider = ActionCommands(desk.top)
        found = {hit.display: hit.help or "" async for hit in provider.discover()}
        tables = list(desk.top.query(RowTable))
        of_table = [each for each in of_scope("tables") if any(table.check_action(each.id, ()) for table in tables)]
        assert "filter" in {action.id for action in of_table}
        offered = [action for action in (*of_screen(scope), *of_table) if action.id != "palette"]
        assert set(found) == {action.title for action in offered}
        for action in offered:
            assert found[action.title].startswith(action.tooltip)
            assert " ".join(action.keys) in found[action.title]
            hits = [hit async for hit in provider.search(action.title)]
            best = max(hits, key=lambda hit: hit.score)
            assert best.text == action.title or str(best.match_display) == action.title
        assert [hit async for hit in provider.search("xyzzy")] == []


@pytest.mark.parametrize(
    ("way", "typed", "found"),
    [
        ("applied", "tour", set()),
        ("plan", "trace", set()),
        ("plan", "undo", set()),
        ("applied", "clip", {"Copy row", "Copy all"}),
        ("applied", "clipboard row", {"Copy row"}),
        ("applied", "lipboard", set()),
        ("plan", "clmns", {"Columns"}),
    ],
)
async def test_in_what_an_action_does_the_palette_finds_words_as_they_are(way, typed, found):
    """Scattered letters of "tour" stand in the sentence of Theme, which enter then opened; titles stay fuzzy."""
    async with at_work() as desk:
        await go(desk, WAYS[way].keys)
        hits = [hit async for hit in ActionCommands(desk.top).search(typed)]
        assert {str(hit.match_display) for hit in hits} == found


async def test_the_palette_of_the_plan_plans_again():
    async with at_work() as desk:
        await go(desk, WAYS["plan"].keys)
        await desk.keys(":")
        await desk.write("Replan")
        await desk.until(lambda: "Read the backend again" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.top, PlanScreen))
        await desk.planned()
        assert "25 to add" in desk.words


@pytest.mark.parametrize("key", [":", "ctrl+p"])
async def test_the_palette_does_what_is_chosen(key):
    async with at_work() as desk:
        await desk.keys(key)
        await desk.write("weights")
        await desk.until(lambda: "from first to last match" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: desk.app.designer.view_name == "weights")
        await desk.keys(key)
        await desk.write("Rename")
        await desk.until(lambda: "another name and description" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.top, FormScreen))


async def test_over_a_dialog_the_palette_offers_what_the_dialog_has_and_no_more():
    """Anything else would change the design under the dialog, or open a second one over it."""
    every = {"Close", "Help", "Jump", "Suspend", "Draw anew"}
    expected = {"add": every, "presets": every | {"Delete", "File"}}
    for name, titles in expected.items():
        async with at_work() as desk:
            await go(desk, WAYS[name].keys)
            found = {hit.display async for hit in ActionCommands(desk.top).discover()}
            assert found - {action.title for action in of_scope("tables")} == titles
    async with at_work() as desk:
        await desk.app.push_screen(FormScreen(list_form(("one",))))
        await desk.settle()
        found = {hit.display async for hit in ActionCommands(desk.top).discover()}
        items = {*every, *(action.title for action in of_scope("items"))}
        assert found - {action.title for action in of_scope("tables")} == items


async def test_the_palette_does_what_is_chosen_in_a_dialog_and_in_a_list_of_a_form():
    async with at_work() as desk:
        await desk.keys("o", "ctrl+p")
        await desk.write("by its path")
        await desk.until(lambda: "Open a file by its path" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.top, OpenFileScreen))
        await desk.keys("escape")
        form = FormScreen(list_form(("one",)))
        await desk.app.push_screen(form)
        await desk.settle()
        await desk.keys(":")
        await desk.write("Add an item")
        await desk.until(lambda: "to the list of the form" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.top, FormScreen) and desk.top is not form)


async def test_over_the_palette_there_is_no_second_one():
    async with at_work() as desk:
        await desk.keys("ctrl+p", "ctrl+p", "escape")
        assert desk.top is desk.app.designer


async def test_over_the_plan_no_palette_offers_to_change_the_design():
    """The plan would then show another design than the one that is open."""
    async with at_work() as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("ctrl+p")
        assert not isinstance(desk.top, PlanScreen)
        assert "Add an exemption" not in desk.words
