"""Fitting: a text in exactly as many cells as there are for it."""

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

_CONSOLE = Console(width=80, color_system=None, force_terminal=False)


def fit(text: str, size: int, right: bool) -> str:
    """Return text in exactly ``size`` cells, cut with an ellipsis where something is left out."""
    length = cell_len(text)
    if length > size:
        return set_cell_size(text, size - 1) + "…" if size > 1 else set_cell_size(text, size)
    return " " * (size - length) + text if right else text + " " * (size - length)


def heading_in(width: int, text: str, found: str = "") -> str:
    """Return a heading in so many cells; the count behind two blanks, and ``found`` behind that, are not cut off."""
    words, gap, count = text.rpartition("  ")
    counts = bool(words.strip()) and any(map(str.isdigit, count))
    head, tail = (words, f"{gap}{count}{found}") if counts else (text, found)
    room = width - cell_len(tail)
    if cell_len(head) <= room or room < width // 2:
        return fit(head + tail, width, right=False)
    return fit(head, room, right=False) + tail


def wrapped(text: str, room: int) -> list[str]:
    """Return a text in lines of so many cells at most, broken between words where they fit."""
    return [line.plain for line in Text(text).wrap(_CONSOLE, room, overflow="fold")] or [""]
