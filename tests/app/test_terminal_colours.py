"""Every screen can be read on every terminal: the contrast of what is really sent, cell by cell."""

import os
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import pyte
import pytest
from rich.console import Console
from textual.app import App

from ndtui.app import terminal_colours
from ndtui.model.files import presets
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import Desk, at_work
from tests.screens.every_screen import WAYS, go
from tests.support import design

ColorSystem: TypeAlias = Literal["standard", "256", "truecolor"]

#: Contrast of text that has to be read, at least: WCAG 2.2, 1.4.11.
LEAST = 3.0

#: The sixteen colours of xterm; other terminals have brighter or paler ones.
XTERM = {
    "black": "000000",
    "red": "cd0000",
    "green": "00cd00",
    "brown": "cdcd00",
    "blue": "0000ee",
    "magenta": "cd00cd",
    "cyan": "00cdcd",
    "white": "e5e5e5",
    "brightblack": "7f7f7f",
    "brightred": "ff0000",
    "brightgreen": "00ff00",
    "brightbrown": "ffff00",
    "brightblue": "5c5cff",
    "brightmagenta": "ff00ff",
    "brightcyan": "00ffff",
    "brightwhite": "ffffff",
}
BLACK, WHITE = "000000", "ffffff"
#: The ground that a terminal has where nothing is said, and its text.
GROUNDS = ((BLACK, "e5e5e5"), (WHITE, BLACK))

#: Terminals, and what they are given: the theme of many colours or the one of few, with colour or without.
TERMINALS = [
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "many"),
    ({"TERM": "xterm-256color"}, "many"),
    ({"TERM": "screen-256color"}, "many"),
    ({"TERM": "tmux-256color"}, "many"),
    ({"TERM": "xterm-256color", "NO_COLOR": ""}, "many"),
    ({"TERM": "xterm"}, "few"),
    ({"TERM": "screen"}, "few"),
    ({"TERM": "tmux"}, "few"),
    ({"TERM": "linux"}, "few"),
    ({"TERM": "vt100"}, "none"),
    ({"TERM": "vt220"}, "none"),
    ({"TERM": "dumb"}, "none"),
    ({"TERM": "unknown"}, "none"),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ({"TERM": "linux", "NO_COLOR": "1"}, "none"),
]
#: How many colours what is drawn for them is sent with.
SENT: dict[str, tuple[ColorSystem, ...]] = {
    "many": ("truecolor", "256"),
    "few": ("standard",),
    "none": ("truecolor", "256", "standard"),
}


class Cell(NamedTuple):
    """A cell with something to read in it."""

    text: str
    ink: str
    ground: str


def on(terminal: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a terminal, as the designer is started on it."""
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.setenv(name, "")  # so that whatever becomes of it is undone
        monkeypatch.delenv(name)
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    terminal_colours.settle(os.environ, windows=False)


def sent(app: App[int], colours: ColorSystem) -> list[Cell]:
    """Return the cells of what is sent to the terminal, or of the dialog on top, but for lines and bars."""
    console = Console(color_system=colours, force_terminal=True, legacy_windows=False)
    strips = app.screen._compositor.render_strips()
    screen = pyte.Screen(max(strip.cell_length for strip in strips), len(strips))
    stream = pyte.Stream(screen)
    for y, strip in enumerate(strips, 1):
        stream.feed(f"\x1b[{y};1H{strip.render(console)}")
    (area,) = [each.region for each in app.screen.query(".dialog")] or [app.screen.region]
    cells = []
    for row in range(area.y, area.bottom):
        for column in range(area.x, area.right):
            cell = screen.buffer[row][column]
            if cell.data.strip() and not "\u2500" <= cell.data[0] <= "\u259f":
                ink, ground = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
                cells.append(Cell(cell.data, ink, ground))
    return cells


def luminance(colour: str) -> float:
    """Return how light a colour is: WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(cell: Cell) -> float:
    """Return the contrast of a cell, the worse of those on a black terminal and a white one."""
    found = []
    for ground, text in GROUNDS:
        reversed_default = cell.ink == cell.ground == "default"
        ink = text if cell.ink == "default" else XTERM.get(cell.ink, cell.ink)
        behind = ground if cell.ground == "default" else XTERM.get(cell.ground, cell.ground)
        light, dark = sorted((luminance(ink), luminance(behind)), reverse=True)
        found.append(21.0 if reversed_default else (light + 0.05) / (dark + 0.05))
    return min(found)


async def walk(desk: Desk, systems: tuple[ColorSystem, ...]) -> dict[str, list[Cell]]:
    """Return the cells on every screen that cannot be read."""
    found = {}
    for name, way in WAYS.items():
        await go(desk, way.keys)
        assert isinstance(desk.top, way.top), name
        for colours in systems:
            cells = sent(desk.app, colours)
            assert len(cells) > 30
            found[f"{name}, {colours}"] = [cell for cell in cells if contrast(cell) < LEAST]
        await go(desk, way.back)
    return found


@pytest.mark.parametrize("given", ["many", "few", "none"])
async def test_every_screen_can_be_read(given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    presets.save(design(name="mine"), presets.own_path("mine"))
    on(next(terminal for terminal, kind in TERMINALS if kind == given), monkeypatch)
    async with at_work("nd-domain-member", store=tmp_path / "store.sqlite3") as desk:
        found = await walk(desk, SENT[given])
    assert {name: cells for name, cells in found.items() if cells} == {}


@pytest.mark.parametrize(
    ("terminal", "given"), TERMINALS, ids=lambda each: " ".join(each.values()) if isinstance(each, dict) else each
)
async def test_what_a_terminal_is_given(terminal: dict[str, str], given: str, monkeypatch: pytest.MonkeyPatch):
    on(terminal, monkeypatch)
    async with at_work() as desk:
        assert (desk.app.theme == "few-colours") == (given != "many")
        assert desk.app.no_color == (given == "none")
        assert desk.app.console.color_system in SENT[given]


async def test_without_colour_a_box_shows_its_state(monkeypatch: pytest.MonkeyPatch):
    on({"TERM": "vt100"}, monkeypatch)
    async with at_work() as desk:
        await desk.keys("a")
        assert "[x] enabled" in desk.words
        desk.top.query_one("#enabled", TickBox).toggle()
        await desk.settle()
        assert "[ ] enabled" in desk.words


def test_on_windows_the_name_of_a_terminal_tells_nothing():
    environment = {"TERM": "dumb"}
    terminal_colours.settle(environment, windows=True)
    assert environment == {"TERM": "dumb"}
