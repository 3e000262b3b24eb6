"""Clicks that come faster than a screen can close reach it twice: it closes once, and nothing below it does."""

import asyncio

import pytest
from textual import events
from textual.app import ComposeResult
from textual.command import CommandList
from textual.events import MouseEvent
from textual.widget import Widget
from textual.widgets import Static

from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.ui.keys.closes_once import ClosesOnce, Palette
from tests.desk import Desk, at_work


async def click_twice(desk: Desk, where: Widget | tuple[int, int], down: int = 0) -> None:
    """Click twice on a place, or on a line of a widget, before the program comes to the first click."""
    kinds: tuple[tuple[type[MouseEvent], int], ...] = ((events.MouseDown, 1), (events.MouseUp, 1)) * 2
    x, y = (where.region.x + 2, where.region.y + down) if isinstance(where, Widget) else where
    clicks = [kind(None, x, y, 0, 0, button, shift=False, meta=False, ctrl=False) for kind, button in kinds]
    await desk.at_once(*clicks)


async def test_a_double_click_in_the_palette_runs_the_action_once() -> None:
    async with at_work() as desk:
        await desk.keys(":", *"every key")
        commands = desk.top.query_one(CommandList)
        await desk.until(lambda: commands.option_count == 1)
        assert isinstance(desk.top, Palette)
        await click_twice(desk, commands, down=1)
        assert isinstance(desk.top, HelpScreen)
        await desk.keys("escape")
        assert desk.top is desk.app.designer


async def test_a_double_click_beside_the_palette_closes_it() -> None:
    async with at_work() as desk:
        await desk.keys(":")
        await click_twice(desk, (0, 23))
        assert desk.top is desk.app.designer


@pytest.mark.parametrize(("keys", "button"), [(("a", *"udp", "tab", *"53"), "#ok"), (("n",), "#cancel")])
async def test_a_double_click_on_a_button_answers_once(keys: tuple[str, ...], button: str) -> None:
    async with at_work() as desk:
        await desk.keys(*keys)
        assert isinstance(desk.top, FormScreen)
        await click_twice(desk, desk.top.query_one(button))
        assert desk.top is desk.app.designer
        assert len(desk.bench.history.past) == (1 if button == "#ok" else 0)


async def test_a_double_click_on_a_row_chooses_it_once() -> None:
    async with at_work() as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("T")
        assert desk.app.focused is not None
        await click_twice(desk, desk.app.focused, down=1)
        assert type(desk.top).__name__ == "PlanScreen"


@pytest.mark.parametrize("key", ["pageup", "pagedown", "up", "down", "enter"])
async def test_a_palette_that_has_found_nothing_takes_every_key(key: str) -> None:
    async with at_work() as desk:
        await desk.keys(":", *"qqq")
        await desk.until(lambda: "No matches" in desk.words)
        await desk.keys(key)
        assert isinstance(desk.top, Palette)
        await desk.at_once("escape", ":", key)  # its list is not filled yet
        assert desk.app.is_running


async def test_a_double_click_in_the_tour_leaves_it_once() -> None:
    async with at_work() as desk:
        await desk.keys("i")
        assert type(desk.top).__name__ == "TourScreen"
        await click_twice(desk, (0, 0))
        assert desk.top is desk.app.designer


class Leaving(Static):
    """A part that takes its time to go."""

    async def on_unmount(self) -> None:
        await asyncio.sleep(0.05)


class Working(ClosesOnce[str]):
    """A screen with a worker that needs its parts, as one that made something beside the keys and shows it then."""

    def __init__(self) -> None:
        super().__init__()
        self.made = asyncio.Event()
        self.shown: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("what is made", id="shown")
        yield Leaving()

    def on_mount(self) -> None:
        self.run_worker(self._show())

    async def _show(self) -> None:
        await self.made.wait()
        self.query_one("#shown", Static).update("made")
        self.shown.append("made")
        self.dismiss("by its worker")
        self.shown.append("went on")


async def test_what_a_screen_had_made_is_not_shown_on_parts_that_are_gone() -> None:
    async with at_work() as desk:
        screen = Working()
        desk.app.push_screen(screen)
        await desk.until(lambda: screen.is_mounted)
        screen.dismiss("by hand")
        while screen.query("#shown"):
            await asyncio.sleep(0)
        screen.made.set()
        await desk.until(lambda: not screen.is_running)
        assert screen.shown == []
        assert desk.app.is_running


async def test_a_worker_may_close_its_screen_and_go_on() -> None:
    async with at_work() as desk:
        screen, answers = Working(), list[str | None]()
        desk.app.push_screen(screen, answers.append)
        await desk.until(lambda: screen.is_mounted)
        screen.made.set()
        await desk.until(lambda: not screen.is_running)
        assert (screen.shown, answers) == (["made", "went on"], ["by its worker"])
