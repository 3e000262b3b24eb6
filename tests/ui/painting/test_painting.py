"""What is sent to the terminal: where something has changed, and so that the terminal shows the screen as it is."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from textual._compositor import Compositor, CompositorUpdate
from textual.app import App
from textual.events import Resize
from textual.widgets import Static

from ndtui.app import backend_session
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design import edits
from tests import screen_setup
from tests.backends.faults.operations import apply_unwatched
from tests.desk import Desk, at_work, misplaced, shown_screens
from tests.screens.every_screen import WAYS, go
from tests.support import preset

#: Screens and dialogs of each kind, and what is done on each.
OPENED = (
    "filters",
    "weights",
    "changes",
    "edit",
    "presets",
    "plan",
    "apply within",
    "applied",
    "trace",
    "machine",
    "help",
)
KEYS = ("tab", "tab", "shift+tab", "j", "G", "k", "g", "z", "z", "/", "e", "escape")


class Terminal:
    """What a terminal shows of what was sent to it, how much that was, and how much was painted for it, in bytes."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)
        self.sent: list[int] = []
        self.painted: list[int] = []

    def show(self, app: App[int], update: CompositorUpdate | None) -> None:
        """Take what is sent."""
        if update is not None:
            text = update.render_segments(app.console)
            self.sent.append(len(text.encode()))
            painted = getattr(update, "_update", update)
            self.painted.append(len(painted.render_segments(app.console).encode()))
            self._stream.feed(text)

    @property
    def lines(self) -> list[str]:
        """The lines that stand there."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def cells(self) -> list[list[object]]:
        """The lines that stand there, each cell with its colours and attributes."""
        return [
            [line[x] for x in range(self.screen.columns)]
            for line in map(self.screen.buffer.get, range(self.screen.lines))
            if line
        ]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Let what is drawn be sent to a terminal, when the desk says so: how often would depend on the machine's speed."""
    made = Terminal((80, 24))
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 3600.0)
    monkeypatch.setattr(Compositor, "render_update", screen_setup.RENDER_UPDATE)
    monkeypatch.setattr(App, "_display", lambda app, _, update: made.show(app, update))
    yield made


def shown(desk: Desk) -> list[str]:
    return desk.text.split("\n")


def anew(desk: Desk) -> Terminal:
    """Return a terminal to which the screen is sent as it is, all of it, drawn anew."""
    app, terminal = desk.app, Terminal(desk.app.size)
    for screen in shown_screens(app):
        for widget in screen._compositor.visible_widgets:
            widget._styles_cache.clear()
    render = screen_setup.RENDER_UPDATE
    terminal.show(app, render(app.screen._compositor, full=True, screen_stack=app._background_screens))
    return terminal


async def test_the_terminal_shows_the_screen_whatever_key_was_pressed(terminal: Terminal, tmp_path: Path) -> None:
    async with at_work("nd-domain-member", store=tmp_path / "store.sqlite3") as desk:
        for name in OPENED:
            await go(desk, WAYS[name].keys)
            for key in KEYS:
                await desk.keys(key)
                assert terminal.lines == shown(desk), (name, key)
            for _ in range(9):
                await desk.keys("escape")
            assert terminal.lines == shown(desk), name
            assert desk.top is desk.app.designer, name


async def test_a_dialog_is_painted_once_as_it_opens_and_what_is_below_once_as_it_closes(terminal: Terminal) -> None:
    async with at_work() as desk:
        await desk.keys("e", "escape")  # the first dialog brings its style sheet, by which all is styled anew
        for key in ("e", "a", "O", "H", "question_mark"):
            terminal.painted.clear()
            await desk.keys(key)
            whole, *rest = terminal.painted
            assert whole > 5_000, key
            assert sum(rest) < whole / 2, key
            assert terminal.cells == anew(desk).cells, key
            terminal.painted.clear()
            await desk.keys("escape")
            assert 5_000 < sum(terminal.painted) < 12_000, key
            assert terminal.cells == anew(desk).cells, key


async def test_rows_that_are_scrolled_to_are_painted_and_the_lines_around_them_stay(terminal: Terminal) -> None:
    async with at_work("nd-domain-member") as desk:
        await desk.keys("1")
        for key in (*["j"] * 15, *["k"] * 15, "pagedown", "ctrl+u", "/", *"permit", "enter", *["j"] * 15, "g"):
            await desk.keys(key)
            assert terminal.cells == anew(desk).cells, key
        desk.table.scroll_to(0, 3, animate=False)  # as the wheel does, without the cursor
        await desk.settle()
        assert terminal.cells == anew(desk).cells


async def test_what_stands_there_already_is_not_sent_again(terminal: Terminal) -> None:
    async with at_work("nd-domain-member") as desk:
        await desk.keys("1", *["j"] * 15)
        for keys, most in (("j", 1_000), ("k", 1_000), ("a", 6_000), ("escape", 5_000), ("tab", 1_000)):
            terminal.sent.clear()
            await desk.keys(keys)
            assert 0 < sum(terminal.sent) < most, keys
        desk.top.refresh()
        await desk.settle()
        assert terminal.painted[-1] > 5_000
        assert terminal.sent[-1] == 0


async def test_a_theme_is_painted_on_what_is_below_too(terminal: Terminal) -> None:
    async with at_work() as desk:
        await desk.keys("T")
        for key in ("down", "down", "a", "escape", "down", "escape"):
            await desk.keys(key)
            assert terminal.cells == anew(desk).cells, key
        assert desk.top is desk.app.designer


async def test_all_is_sent_again_when_something_else_was_on_the_terminal(terminal: Terminal) -> None:
    async with at_work() as desk:
        size = desk.app.size
        for key in ("tab", "a"):
            await desk.keys(key)
            terminal.screen.reset()
            desk.app.refresh(layout=True)  # as the library asks when it has the terminal back
            await desk.settle()
            assert terminal.cells == anew(desk).cells, key
            terminal.screen.reset()
            await desk.keys("ctrl+l")
            assert terminal.cells == anew(desk).cells, key
            terminal.screen.reset()
            desk.app.post_message(Resize(size, size))  # another size, and back before it was laid out
            await desk.settle()
            assert terminal.cells == anew(desk).cells, key


async def test_a_screen_is_sent_as_it_is_for_another_size(terminal: Terminal) -> None:
    async with at_work() as desk:
        for key in ("j", "a", "escape"):
            await desk.keys(key)
            for size in ((100, 30), (60, 20), (80, 24)):
                terminal.screen.resize(lines=size[1], columns=size[0])
                await desk.pilot.resize_terminal(*size)
                await desk.until(lambda: desk.top.outer_size == desk.app.size)
                await desk.settle()
                assert terminal.cells == anew(desk).cells, (key, size)


async def test_an_edit_and_the_focus_are_painted_where_they_are_seen(terminal: Terminal) -> None:
    async with at_work() as desk:
        desk.top.refresh()
        await desk.settle()
        whole = terminal.painted[-1]
        assert whole > 5_000
        for _ in range(2):
            terminal.painted.clear()
            desk.app.edit("switch", edits.toggle_extended_mode)
            await desk.settle()
            assert terminal.lines == shown(desk)
            assert 0 < max(terminal.painted) < 0.7 * whole
        await desk.keys("a")
        for key in ("tab", "tab", "shift+tab"):
            terminal.painted.clear()
            await desk.keys(key)
            assert terminal.lines == shown(desk)
            fields, *rest = terminal.painted
            assert 0 < fields < 1_000
            assert len(rest) <= 1, "the help of the other field moves what is around it"


async def test_a_second_of_a_countdown_is_painted_where_it_stands(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(backend_session, "WAITING_LOOK_EVERY", 0.05)
    backend = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 60)
    async with at_work(store=tmp_path / "store.sqlite3") as desk:
        await desk.until(lambda: "confirm within" in desk.status)
        (left,) = re.findall(r"confirm within [\d:]+", desk.status)
        terminal.painted.clear()
        await desk.until(lambda: left not in desk.status)
        assert terminal.lines == shown(desk)
        assert 0 < max(terminal.painted) < 1_000


async def test_what_changes_in_a_dialog_and_below_it_at_once_is_painted_in_both(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for interval in ("FIRST_LOOK", "LOOK_EVERY", "WAITING_LOOK_EVERY"):
        monkeypatch.setattr(backend_session, interval, 0.02)
    backend = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 60)
    async with at_work(store=tmp_path / "store.sqlite3") as desk:
        await desk.until(lambda: "confirm within" in desk.status)
        await desk.keys(":")
        assert any("confirm within" in line for line in terminal.lines)
        backend.confirm()
        await desk.until(lambda: "confirm within" not in desk.text)
        assert terminal.cells == anew(desk).cells


async def test_what_has_moved_is_painted_whoever_asks_in_between_where_something_stands(terminal: Terminal) -> None:
    async with at_work() as desk:
        await desk.keys("O")
        problem, compositor = desk.top.query_one("#problem", Static), desk.top._compositor
        for text in ("one\ntwo\nthree", "one"):
            problem.update(text)
            for _ in range(20):
                await asyncio.sleep(0)  # until it has asked for a layout
            stood = compositor.full_map[problem]
            compositor._full_map_invalidated = True  # as it is when something not seen before is to be painted
            assert compositor.full_map[problem] != stood
            await desk.settle()
            assert terminal.lines == shown(desk)


@pytest.mark.usefixtures("terminal")
async def test_what_a_dialog_lies_over_is_laid_out_too_whenever_the_library_gets_to_it(tmp_path: Path) -> None:
    async with at_work(size=(60, 20), store=tmp_path / "store.sqlite3") as desk:
        await go(desk, WAYS["countdown"].keys)
        assert misplaced(desk.app) == [], "the table below has no rows any more, and no bar beside them"
