"""The contrast of what is really sent to a terminal, cell by cell."""

from collections.abc import Iterable
from functools import cache
from itertools import chain, product
from typing import Literal, NamedTuple, TypeAlias

import pyte
from rich.console import Console
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

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

#: What lies on a screen that is dimmed; the library's palette has no class for it.
DIALOGS = ".dialog, CommandPalette #--input, CommandPalette CommandList"


class Cell(NamedTuple):
    """A cell with something to read in it."""

    text: str
    ink: str
    ground: str


def sent(app: App[int], colours: ColorSystem, strips: list[Strip]) -> list[Cell]:
    """Return the cells of lines that are sent to the terminal, or of the dialog on top, but for lines and bars."""
    console = Console(color_system=colours, force_terminal=True, legacy_windows=False)
    screen = pyte.Screen(max(strip.cell_length for strip in strips), len(strips))
    stream = pyte.Stream(screen)
    areas = [each.region for each in app.screen.query(DIALOGS)] or [app.screen.region]
    for row in {row for area in areas for row in range(area.y, area.bottom)}:
        stream.feed(f"\x1b[{row + 1};1H{strips[row].render(console)}")
    cells = []
    for column, row in chain.from_iterable(map(_places, areas)):
        cell = screen.buffer[row][column]
        if cell.data.strip() and not "\u2500" <= cell.data[0] <= "\u259f":
            ink, ground = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
            cells.append(Cell(cell.data, ink, ground))
    return cells


def _places(area: Region) -> Iterable[tuple[int, int]]:
    return product(range(area.x, area.right), range(area.y, area.bottom))


def luminance(colour: str) -> float:
    """Return how light a colour is: WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(cell: Cell) -> float:
    """Return the contrast of a cell, the worse of those on a black terminal and a white one."""
    return _contrast(cell.ink, cell.ground)


@cache  # of few colours, in many cells
def _contrast(ink_named: str, ground_named: str) -> float:
    found = []
    for ground, text in GROUNDS:
        reversed_default = ink_named == ground_named == "default"
        ink = text if ink_named == "default" else XTERM.get(ink_named, ink_named)
        behind = ground if ground_named == "default" else XTERM.get(ground_named, ground_named)
        light, dark = sorted((luminance(ink), luminance(behind)), reverse=True)
        found.append(21.0 if reversed_default else (light + 0.05) / (dark + 0.05))
    return min(found)
