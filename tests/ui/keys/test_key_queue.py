"""Keys that come in one burst: each finds what the one before has led to, and nothing behind a dialog changes."""

import asyncio
from random import Random

import pytest
from textual.command import CommandPalette
from textual.events import Paste
from textual.widgets import Input

from ndtui.app import design_actions, save_actions
from ndtui.model.files import presets
from ndtui.screens.dialogs.apply_form import ApplyScreen, WithinScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen, PromptScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.screens.plan import PlanScreen
from ndtui.screens.trace import TraceScreen
from ndtui.ui.keys.actions import of_scope
from tests.desk import Desk, at_work
from tests.support import design, exempting

OPENS = {
    "a": FormScreen,
    "e": FormScreen,
    "n": FormScreen,
    "w": PromptScreen,
    "W": PromptScreen,
    "o": PresetsScreen,
    "x": ExportScreen,
    "p": PlanScreen,
    ":": CommandPalette,
    "?": HelpScreen,
    "ctrl+q": ChoiceScreen,
}
TWO = ({"name": "one", "protocol": "tcp"}, {"name": "two", "protocol": "udp"})


async def ready(desk: Desk) -> None:
    """Select an exemption, with something to undo behind it."""
    await desk.select("exemption:two")
    await desk.keys("K")
    assert desk.names == ["two", "one"]


@pytest.mark.parametrize("behind", ["d", "u", "space"])
@pytest.mark.parametrize("key", OPENS)
async def test_what_follows_a_key_is_for_the_dialog_it_opens(key, behind, tmp_path):
    async with at_work(exempting(*TWO), store=tmp_path / "store") as desk:
        await ready(desk)
        before = desk.design
        await desk.at_once(key, behind)
        assert desk.bench.design is before or (key == "ctrl+q" and behind == "d" and not desk.app.is_running)
        if desk.app.is_running:
            assert isinstance(desk.top, OPENS[key])
        await desk.planned()


async def test_what_follows_is_the_beginning_of_the_first_field():
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("a", *"udp")
        assert isinstance(desk.top, FormScreen)
        assert first_field(desk) == "udp"
        assert desk.names == ["two", "one"]


async def test_a_whole_form_in_one_burst():
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("a", *"udp", "tab", *"53", "enter", "K", "d")
        assert desk.top is desk.app.designer
        assert desk.names == ["two", "one"]
        await desk.keys("u", "u")
        assert desk.names == ["two", "UDP 53", "one"]
        assert desk.design.exemptions[1].remote_ports == ((53, 53),)


async def test_a_pasted_text_waits_as_well():
    async with at_work(exempting(*TWO)) as desk:
        await desk.at_once("a", Paste("udp"), "tab", Paste("53"))
        assert [desk.top.query_one(f"#{name}", Input).value for name in ("protocol", "remote_ports")] == ["udp", "53"]


async def test_a_question_after_a_question():
    presets.save(design(name="mine"), presets.own_path("mine"))
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("W", *"mine", "enter", "y", "d")
        assert desk.top is desk.app.designer
        assert desk.design.name == "mine"
        assert desk.names == ["one"]
        assert [e.name for e in presets.find("mine").load().exemptions] == ["two", "one"]


async def test_without_a_question_the_next_key_acts_on_what_is_done():
    path = presets.own_path("test")
    presets.save(exempting(*TWO), path)
    async with at_work(exempting(*TWO), path=path) as desk:
        await ready(desk)
        await desk.at_once("w", "d")
        assert desk.top is desk.app.designer
        assert desk.names == ["one"]
        assert [e.name for e in presets.find("test").load().exemptions] == ["two", "one"]


@pytest.mark.parametrize("key", [*"anWox?", "e", "p"])
async def test_no_key_is_lost_when_a_dialog_closes(key, tmp_path):
    async with at_work(exempting(*TWO), store=tmp_path / "store") as desk:
        await ready(desk)
        await desk.at_once(key, "escape", "d", key, "escape", "u", "u")
        assert desk.top is desk.app.designer
        assert desk.names == ["one", "two"]


async def test_a_search_in_one_burst():
    async with at_work(exempting(*TWO)) as desk:
        await desk.at_once("1", "/", *"two", "enter", "g", "enter")
        assert desk.table.filter_text == "two"
        assert "two" in desk.explanation


async def test_what_follows_the_key_of_the_filter_is_written():
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        before = desk.design
        await desk.at_once("/", *"d u", "escape", "d")
        assert desk.names == ["one"]
        assert desk.decisions.filter_text == ""
        assert desk.bench.history.past[-1].design is before


async def test_enter_on_a_list_is_an_action_too():
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("enter", "d")
        assert isinstance(desk.top, FormScreen)
        assert desk.names == ["two", "one"]


@pytest.mark.parametrize("behind", ["R", "r", "q", "j"])
@pytest.mark.parametrize(("key", "dialog"), [("A", ApplyScreen), ("C", WithinScreen)])
async def test_on_the_plan_as_well(key, dialog, behind, tmp_path):
    async with at_work(exempting(*TWO), store=tmp_path / "store") as desk:
        await desk.keys("p")
        await desk.planned()
        plan = desk.top
        await desk.at_once(key, behind)
        assert isinstance(desk.top, dialog)
        await desk.keys("escape")
        assert desk.top is plan
        assert "Apply test" in desk.words
        assert "31 to add" in desk.words


async def test_an_answer_and_a_key_behind_it(tmp_path):
    async with at_work(exempting(*TWO), store=tmp_path / "store") as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.at_once("A", "escape", "C", "escape", "R")
        await desk.planned()
        assert "Remove all of ours" in desk.words


async def test_staying_keeps_the_form_that_was_open():
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("a", *"udp", "tab", *"53", "ctrl+q", "n")
        assert isinstance(desk.top, FormScreen)
        await desk.keys("enter")
        assert desk.names == ["two", "UDP 53", "one"]


async def test_two_clicks_at_once_open_one_dialog():
    async with at_work() as desk:
        desk.app.action_add_exemption()
        desk.app.action_rename()
        await desk.settle()
        assert isinstance(desk.top, FormScreen)
        await desk.keys("escape")
        assert desk.top is desk.app.designer


# However long it takes.


def slowly(function):
    """Return a coroutine that does nothing for a while, and then what a function does, coroutine or not."""

    async def slow(*words):
        await asyncio.sleep(0.02)
        done = function(*words)
        return await done if asyncio.iscoroutine(done) else done

    return slow


def first_field(desk: Desk) -> str:
    """Return what stands in the first field of the form, once it is there."""
    return "".join(field.value for field in desk.top.query(Input).filter("#traffic"))


async def test_a_dialog_that_is_long_in_coming(monkeypatch):
    monkeypatch.setattr(design_actions, "add_item", slowly(design_actions.add_item))
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("a", *"du")
        await desk.until(lambda: first_field(desk) == "du")
        assert desk.names == ["two", "one"]


async def test_a_dialog_that_is_long_in_the_making(monkeypatch):
    monkeypatch.setattr(FormScreen, "on_mount", slowly(FormScreen.on_mount))
    async with at_work(exempting(*TWO)) as desk:
        await ready(desk)
        await desk.at_once("a", *"du")
        await desk.until(lambda: first_field(desk) == "du")


async def test_an_action_that_asks_nothing_in_the_end(monkeypatch):
    monkeypatch.setattr(save_actions, "save", slowly(save_actions.save))
    path = presets.own_path("test")
    presets.save(exempting(*TWO), path)
    async with at_work(exempting(*TWO), path=path) as desk:
        await ready(desk)
        await desk.at_once("w", "d")
        await desk.until(lambda: desk.names == ["one"])
        assert [e.name for e in presets.find("test").load().exemptions] == ["two", "one"]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_typed_the_program_goes_on(seed, tmp_path, monkeypatch):
    """Bursts of any keys, dialogs or none: afterwards every key still does what it should, and none is left over."""
    monkeypatch.chdir(tmp_path)  # it may write an export
    dice = Random(seed)
    keys = [
        key for scope in ("designer", "screens", "lists", "plan", "dialogs") for a in of_scope(scope) for key in a.keys
    ]
    keys = [key for key in keys if key not in ("q", "ctrl+q", "y", "A", "C")] + ["tab", "n"]
    async with at_work(exempting(*TWO), store=tmp_path / "store") as desk:
        for _ in range(6):
            await desk.at_once(*dice.choices(keys, k=25))
            await desk.planned()
        await desk.until(lambda: not desk.app.asking)  # a dialog may be long in coming
        while desk.top is not desk.app.designer:
            await desk.keys("escape")
            await desk.until(lambda: not desk.app.asking)
        await desk.keys("?")
        assert isinstance(desk.top, HelpScreen)
        assert not desk.app._typed


async def test_a_screen_that_closes_as_it_asks_does_not_end_the_program():
    async with at_work(design()) as desk:
        await desk.keys("t")
        trace = desk.top
        trace.action_edit_packet()
        trace.dismiss(None)  # by the mouse, whose clicks wait for no key
        await desk.settle()
        assert desk.app.is_running
        assert desk.top is desk.app.designer, "nobody is asked for a screen that is closed"
        await desk.keys("?")
        assert isinstance(desk.top, HelpScreen), "keys are still answered"


async def test_a_screen_that_closes_between_two_questions_does_not_end_the_program(monkeypatch):
    async def twice(self: TraceScreen) -> None:
        await self.app.push_screen_wait(PromptScreen("Name", "Name"))
        self.dismiss(None)
        await self.app.push_screen_wait(PromptScreen("Name", "Name"))

    monkeypatch.setattr(TraceScreen, "_edit", twice)
    async with at_work(design()) as desk:
        await desk.keys("t", "e", "escape")
        assert desk.app.is_running
        assert desk.top is desk.app.designer
        await desk.keys("?")
        assert isinstance(desk.top, HelpScreen)
