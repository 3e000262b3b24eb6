"""Keys in force: the user's own in footer, help and palette; other keyboards; ctrl+c, ctrl+z, tab, jumping."""

import os
import signal
import sys
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from ndtui.app import suspending
from ndtui.common.errors import InputError
from ndtui.common.settings import Settings
from ndtui.common.settings_file import parse_settings
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.edit_errors import EditErrorsScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.dialogs.jump import LETTERS, JumpScreen, letters_for
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.plan import PlanScreen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.keys.layouts import by_place
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.keys.user_keys import KeyMap, key_map
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import at_work
from tests.screens.dialogs.list_form import list_form
from tests.screens.every_screen import WAYS, go

OWN = """\
[keys.designer]
undo = "d"
delete = ["Z", ","]
switch = "ctrl+s"
rename = "f5"
[keys.lists]
cursor_down = ["n", "down"]
[keys.screens]
help = "h"
[keys.plan]
back = "b"
"""


def own_keys(text: str = OWN) -> KeyMap:
    keys, faults = key_map(parse_settings(text, Path("x")))
    assert faults == ()
    return keys


async def test_keys_of_ones_own_do_what_they_say_and_the_usual_ones_nothing():
    async with at_work(keys=own_keys().own) as desk:
        await desk.select("IKE")
        await desk.keys("space", "ctrl+s", "u")
        assert desk.count == 16
        await desk.keys("d")
        assert desk.count == 20
        await desk.keys("j", "n", "n", "n", "n")
        assert desk.decisions.row.id == "main_mode"
        await desk.select(f"exemption:{desk.names[0]}")
        await desk.keys("delete", "d")
        count = len(desk.names)
        await desk.keys("Z")
        assert len(desk.names) == count - 1
        await desk.keys("d")
        await desk.select(f"exemption:{desk.names[0]}")
        await desk.keys(",")
        assert len(desk.names) == count - 1


async def test_footer_help_and_palette_have_the_keys_that_hold():
    async with at_work(size=(100, 40), keys=own_keys().own) as desk:
        footer = desk.text.split("\n")[-1]
        assert "h Help" in footer
        assert "ctrl+s Switch" in footer
        assert "d Undo" in footer
        await desk.keys("?")
        assert desk.top is desk.app.designer
        await desk.keys("h")
        assert isinstance(desk.top, HelpScreen)
        assert "Z , Delete Delete the selected rule, exemption or test" in desk.words
        await desk.keys("n", "k")
        assert "ctrl+s Switch: Switch the selected decision" in desk.words
        await desk.keys("h", "m")
        assert "n k ctrl+d ctrl+u g G scroll" in desk.words
        await desk.keys("escape", "h")
        await desk.keys("h")
        assert desk.top is desk.app.designer
        found = {hit.display: hit.help or "" async for hit in ActionCommands(desk.top).discover()}
        assert "(d)" in found["Undo"]
        await desk.keys("p")
        await desk.planned()
        assert "b Back" in desk.text.split("\n")[-1]
        await desk.keys("q")
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("b")
        assert desk.top is desk.app.designer


DIALOGS = """\
[keys.presets]
delete_preset = "f4"
open_by_path = "P"
[keys.columns]
show_column = "x"
column_right = "N"
[keys.items]
add_item = "ctrl+n"
item_down = "N"
[keys.boxes]
tick = "x"
[keys.reading]
done = "Q"
"""


async def test_dialogs_take_keys_of_ones_own_and_name_them():
    async with at_work(size=(100, 40), keys=own_keys(DIALOGS).own) as desk:
        await desk.keys("o")
        browser = desk.top
        assert "P by path / filter f4 delete" in desk.words
        await desk.keys("O", "d")
        assert (desk.top, desk.said) == (browser, [])
        await desk.keys("f4")
        assert "a shipped preset stays as it is" in desk.said[-1]
        await desk.keys("?")
        assert "f4 Delete Delete the selected preset of your own" in desk.words
        await desk.keys("q")
        assert isinstance(desk.top, HelpScreen)
        await desk.keys("Q", "P")
        assert isinstance(desk.top, OpenFileScreen)
        await desk.keys("escape", "1", "c")
        assert "x show or not K N move r as usual" in desk.words
        await desk.keys("space", "J", "x", "N")
        rows = [(row.title, row.shown) for row in desk.top.query_one("#columns").rows]
        assert rows[:2] == [("matches", True), ("does", False)]
        await desk.keys("escape")
        form = FormScreen(list_form(("one",)))
        await desk.app.push_screen(form)
        await desk.settle()
        assert "ctrl+n add e edit D copy d delete K N move" in desk.words
        await desk.keys("a")
        assert desk.top is form
        await desk.keys("ctrl+n")
        assert desk.top is not form


async def test_a_box_is_ticked_by_a_key_of_ones_own():
    async with at_work(keys=own_keys(DIALOGS).own) as desk:
        await go(desk, ("select V4", "e"))
        box = desk.app.focused
        assert isinstance(box, TickBox)
        before = box.value
        await desk.keys("space")
        assert box.value is before
        await desk.keys("x")
        assert box.value is not before


async def test_questions_are_answered_by_keys_of_ones_own_which_their_buttons_name():
    own = own_keys('[keys]\nanswers.give_discard = "n"\nanswers.give_no = "d"\nchanged_file.give_stay = "d"\n').own
    async with at_work(size=(100, 40), keys=own) as desk:
        await go(desk, WAYS["leave"].keys)
        assert "Save (s) Discard (n) Stay (d)" in desk.words
        await desk.keys("?")
        assert desk.words.replace("▾ ", "").startswith(
            "Help Where you are d No Do nothing, and close the question s Save"
        )
        await desk.keys("escape", "y", "o")  # which are answers of other questions
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("d")
        assert desk.top is desk.app.designer
        await desk.keys("q", "n")
        assert not desk.app.is_running or desk.app._exit


async def test_the_palette_gives_an_answer():
    async with at_work() as desk:
        await go(desk, WAYS["leave"].keys)
        found = {hit.display async for hit in ActionCommands(desk.top).discover()}
        assert found == {"Close", "Help", "Jump", "Suspend", "Draw anew", "Save", "Discard", "No"}
        await desk.keys(":")
        await desk.write("close the question")
        await desk.until(lambda: "Do nothing, and close the question" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: desk.top is desk.app.designer)


async def test_errors_in_what_was_edited_outside_are_answered_by_keys_of_ones_own():
    async with at_work(keys={"errors.drop_edit": ("f4",), "errors.edit_again": ("A",)}) as desk:
        for key, answer in (("d", []), ("e", []), ("f4", ["drop"]), ("A", ["again"]), ("enter", ["again"])):
            answers: list[str | None] = []
            await desk.app.push_screen(EditErrorsScreen(InputError("wrong"), "text"), answers.append)
            await desk.settle()
            assert "in a file (f4)" in desk.words
            await desk.keys(key)
            assert answers == answer
            await desk.keys("escape")


async def test_what_is_wrong_with_the_settings_is_said_at_the_start():
    async with at_work(notice="line 2: theme cannot be [/x] [b", toasts=True) as desk:
        await desk.until(lambda: "line 2: theme cannot be [/x] [b" in desk.toasts)


async def test_where_a_design_came_from_is_said_at_the_start():
    async with at_work(remark="rules.reg was read as rules [/x] [b", toasts=True) as desk:
        await desk.until(lambda: "rules.reg was read as rules [/x] [b" in desk.toasts)


# Why not.


async def test_a_key_that_can_do_nothing_says_why():
    async with at_work() as desk:
        for key, reason in (
            ("u", "Nothing to undo"),
            ("U", "Nothing to redo"),
            ("d", "Select a rule, an exemption or a test first"),
        ):
            await desk.keys(key)
            assert reason in desk.said[-1]
        await desk.select(f"exemption:{desk.names[0]}")
        await desk.keys("K")
        assert desk.said[-1] == "It is the first exemption already"
        await desk.select(f"exemption:{desk.names[-1]}")
        await desk.keys("J")
        assert desk.said[-1] == "It is the last exemption already"


async def test_a_key_that_is_held_says_it_once():
    async with at_work() as desk:
        await desk.at_once(*"uuuuuuuu", *["ctrl+c"] * 4)
        assert desk.said == ["Nothing to undo", "q leaves the program"]


async def test_the_palette_and_the_mouse_say_why_not_too():
    async with at_work(read_only=True) as desk:
        found = {hit.display: hit.help or "" async for hit in ActionCommands(desk.top).discover()}
        assert "Not now: Nothing to undo" in found["Undo"]
        assert "Not now: Read-only: nothing is written" in found["Save"]
        assert "Not now" not in found["Trace"]
        at = desk.text.split("\n")[-1].index("w Save")
        await desk.pilot.click(offset=(at, 23))
        assert desk.said[-1] == "Read-only: nothing is written"
        assert desk.top is desk.app.designer


@pytest.mark.parametrize("key", ["w", "W", "x"])
async def test_read_only_says_so_and_dims_the_key(key: str):
    async with at_work(read_only=True) as desk:
        assert "w" not in desk.lit
        await desk.keys(key)
        assert desk.said[-1] == "Read-only: nothing is written"
        assert desk.top is desk.app.designer


async def test_the_plan_says_why_it_does_not_apply():
    async with at_work(read_only=True) as desk:
        await go(desk, WAYS["plan"].keys)
        await desk.keys("A")
        assert desk.said[-1] == "Read-only: nothing is written"
    async with at_work(backend="memory") as desk:
        await go(desk, WAYS["plan"].keys)
        await desk.keys("A", "enter")
        await desk.planned()
        assert "A" not in desk.lit
        await desk.keys("A")
        assert desk.said[-1] == "There is nothing to do"


async def test_the_trace_says_why_there_is_nothing_to_go_to():
    async with at_work() as desk:
        await desk.keys("t", "w", "x", "enter", "escape")
        await desk.keys("w", "x", "enter", "tab")
        await desk.keys("b")
        assert desk.said[-1] == "Nothing is traced"
        await desk.keys("y")
        assert desk.said[-1] == "Nothing is traced"


async def test_the_footer_follows_the_row():
    async with at_work() as desk:
        assert "space" in desk.lit
        await desk.keys("5")  # nothing has changed: no row
        assert "space" not in desk.lit


# ctrl+c, ctrl+z.


async def test_ctrl_c_says_how_to_leave_and_changes_nothing():
    async with at_work() as desk:
        before = desk.text.split("\n")
        await desk.keys("ctrl+c")
        assert desk.said == ["q leaves the program"]
        assert desk.toasts.startswith("q leaves the program")
        after = desk.text.split("\n")
        assert after[:-3] + after[-2:] == before[:-3] + before[-2:]
        await desk.keys("a")
        await desk.write("UDP")
        await desk.keys("ctrl+c")
        assert desk.said[-1] == "esc goes back; in the designer q leaves the program"
        assert isinstance(desk.top, FormScreen)
        assert desk.app.focused.value == "UDP"


async def test_ctrl_c_in_a_field_copies_what_is_selected():
    async with at_work() as desk:
        await desk.keys("n", "shift+home", "ctrl+c")
        assert desk.said == []
        assert desk.app.clipboard == desk.design.name
        assert desk.top.query_one(Input).value == desk.design.name


async def test_ctrl_z_does_not_undo_and_says_where_it_can_do_nothing(monkeypatch: pytest.MonkeyPatch):
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space", "ctrl+z")
        assert desk.count == 16
        assert desk.said == ["There is no shell here to go back to"]
        monkeypatch.setattr(suspending.sys, "platform", "win32")
        await desk.keys("ctrl+z")
        assert desk.said[-1].startswith("Windows cannot suspend a program")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no suspending")
async def test_ctrl_z_stops_the_process_where_there_is_a_shell(monkeypatch: pytest.MonkeyPatch):
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *words: sent.append(words))
    async with at_work() as desk:
        monkeypatch.setattr(type(desk.app._driver), "can_suspend", True)
        monkeypatch.setattr(os, "getpgrp", lambda: os.getsid(0))
        await desk.keys("ctrl+z")
        assert (sent, desk.said) == ([], ["There is no shell here to go back to"])
        monkeypatch.setattr(os, "getpgrp", lambda: os.getsid(0) + 1)
        await desk.keys("ctrl+z")
        assert sent == [(os.getpid(), signal.SIGTSTP)]


# Other keyboards.


def with_layout(layout: str) -> Settings:
    return Settings.model_validate({"layout": layout})


async def test_cyrillic_letters_are_keys_by_their_place():
    async with at_work(settings=with_layout("ru")) as desk:
        await desk.keys("о", "о", "л")
        assert desk.decisions.row.name == "base"
        await desk.select("IKE")
        await desk.keys("space", "г")
        assert desk.count == 20
        await desk.keys("2", "ъ")
        assert desk.app.designer.view_name == "weights"
        await desk.keys(",")
        assert isinstance(desk.top, HelpScreen)
        await desk.keys("й")
        assert desk.top is desk.app.designer
        await desk.keys(".")
        await desk.write("вода.")
        assert desk.table.line.text == "вода."


async def test_an_answer_by_letter_is_read_by_its_place_too():
    async with at_work(settings=with_layout("gr")) as desk:
        await desk.select("IKE")
        await desk.keys("space", "ctrl+q")
        await desk.keys("δ")
        assert not desk.app.is_running or desk.top is desk.app.designer


async def test_without_a_layout_it_says_once_which_one_would_help():
    async with at_work() as desk:
        await desk.keys("о", "л", "ξ")
        assert len(desk.said) == 1
        assert "layout = ru or ua in the settings" in desk.said[0]
    async with at_work() as desk:
        await desk.keys("n")
        await desk.write("о")
        assert desk.said == []


async def test_signs_that_need_altgr_elsewhere_have_a_function_key():
    async with at_work() as desk:
        await desk.keys("1", "f8")
        first = desk.table.cursor
        await desk.keys("f8", "f7")
        assert desk.table.cursor == first
        await desk.keys("f3")
        assert desk.table.line is not None
        await desk.keys("escape", "f9")
        await desk.until(lambda: "palette" in type(desk.top).__name__.lower())


# Tab and jumping.

PLACES = {"filters": 3, "plan": 2, "packet": 3, "add": None, "export": None, "presets": None, "help": 1}


@pytest.mark.parametrize("name", PLACES)
async def test_tab_goes_round_everything_that_can_have_the_focus(name: str):
    async with at_work(size=(100, 40)) as desk:
        await go(desk, WAYS[name].keys)
        chain = desk.top.focus_chain
        assert PLACES[name] in (None, len(chain))
        start = desk.app.focused
        seen = []
        for _ in chain:
            await desk.keys("tab")
            seen.append(desk.app.focused)
        assert set(seen) == set(chain)
        assert desk.app.focused is start
        await desk.keys("shift+tab", "tab")
        assert desk.app.focused is start


@pytest.mark.parametrize("name", PLACES)
async def test_a_letter_leads_to_each_pane_and_field(name: str):
    async with at_work(size=(100, 40)) as desk:
        await go(desk, WAYS[name].keys)
        below = desk.top
        chain = {each for each in below.focus_chain if below.region.overlaps(each.region)}
        reached = set()
        for letters in letters_for(len(chain)):
            await desk.keys("f6")
            assert isinstance(desk.top, JumpScreen)
            target = desk.top._targets[letters]
            shown = desk.text.split("\n")[target.region.y][max(0, target.region.x - 3) :]
            if isinstance(target, Button):
                assert f" {letters} {target.label.plain}" in shown
            else:
                assert f" {letters} " in shown[:7]
            await desk.keys(*letters)
            assert desk.top is below
            assert desk.app.focused is target
            reached.add(target)
        assert reached == chain


@pytest.mark.parametrize("layout", ["us", "ru", "ua", "gr"])
async def test_where_there_are_more_than_letters_the_last_ones_have_two(layout: str):
    """A rule's form in a high terminal: its buttons come last, and had none."""
    there = {latin: character for character, latin in by_place(layout).items()}
    async with at_work("nd-zones", size=(100, 60), settings=with_layout(layout)) as desk:
        await desk.keys("j", "j", "e")
        below, chain = desk.top, desk.top.focus_chain
        assert len(chain) > len(LETTERS)
        for button in below.query(Button):
            await desk.keys("f6")
            (letters,) = (letters for letters, target in desk.top._targets.items() if target is button)
            first, second = letters
            await desk.keys(there.get(first, first))
            assert isinstance(desk.top, JumpScreen)
            assert f" {letters} {button.label.plain}" in desk.text
            assert " a " not in desk.text.split("\n")[chain[0].region.y], "only what the second letter leads to is left"
            await desk.keys(there.get(second, second))
            assert (desk.top, desk.app.focused) == (below, button)
        focused = desk.app.focused
        await desk.keys("f6", first, "escape")
        assert (desk.top, desk.app.focused) == (below, focused)


@pytest.mark.parametrize("count", [0, 1, 26, 27, 51, 52, 600])
def test_every_target_has_letters_of_its_own_and_none_begins_those_of_another(count: int):
    letters = letters_for(count)
    assert len(set(letters)) == count
    assert {each[0] for each in letters if len(each) == 2}.isdisjoint(letters)


@pytest.mark.parametrize("key", ["escape", "z", "f6", "tab"])
async def test_jumping_is_left_by_any_other_key_and_nothing_has_changed(key: str):
    async with at_work() as desk:
        before, focused = desk.text, desk.app.focused
        await desk.keys("'")
        assert isinstance(desk.top, JumpScreen)
        await desk.keys(key)
        assert desk.top is desk.app.designer
        assert (desk.text, desk.app.focused) == (before, focused)


async def test_a_letter_leads_to_a_pane_that_is_folded_in_a_narrow_terminal():
    async with at_work(size=(60, 20)) as desk:
        await desk.keys("'")
        (letter,) = (letter for letter, widget in desk.top._targets.items() if widget is desk.table)
        assert desk.text.split("\n")[0].endswith(f" {letter} table")
        await desk.keys(letter)
        assert desk.table.has_focus
        assert "IKEEXT_V4" in desk.words


async def test_jumping_is_left_when_the_terminal_is_resized_or_clicked():
    async with at_work() as desk:
        await desk.keys("'")
        await desk.pilot.resize_terminal(60, 20)
        await desk.until(lambda: desk.top is desk.app.designer)
        await desk.keys("'")
        await desk.pilot.click(offset=(10, 10))
        await desk.settle()
        assert desk.top is desk.app.designer


async def test_from_the_trace_a_letter_leads_into_the_packet_and_letters_are_text_there():
    async with at_work() as desk:
        await desk.keys("t", "'", "a")
        assert isinstance(desk.top, TraceScreen)
        before = desk.packet
        await desk.keys("end", "'")
        assert desk.packet == f"{before}'"
