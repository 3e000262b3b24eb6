"""The line below a table that says what is filtered: the filter, and how many rows it finds, or what is wrong."""

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ndtui.common.text import visible
from ndtui.ui.widgets.line_edit import LineEdit

#: What a filter has of a line that it shares with its count, at least.
_LEAST = 10


class FilterState(NamedTuple):
    """What there is to say of the rows that are shown.

    ``line`` is the filter while it is written, ``text`` the one in force; ``order`` names a sort that no title shows.
    """

    line: LineEdit | None
    text: str
    problem: str
    counts: tuple[int, int] | None
    working: bool
    order: str

    @property
    def note(self) -> str:
        """What stands at the right."""
        if self.problem:
            return self.problem
        if self.working:
            return "looking ..."
        found = f"{self.counts[0]:,} of {self.counts[1]:,}" if self.counts else ""
        return ", ".join(filter(None, (found, self.order)))

    def height(self, width: int) -> int:
        """Return how many lines it takes: none where there is nothing to say, two where the note does not fit."""
        if self.line is None and not self.text and not self.order:
            return 0
        own = cell_len(self.line.text if self.line is not None else self.text) + 3
        return 1 if not self.note or max(_LEAST, own) + cell_len(self.note) + 2 <= width else 2


def filter_strips(state: FilterState, width: int, style: Style, wrong: Style) -> list[Strip]:
    """Return the lines, each exactly so wide."""
    height = state.height(width)
    note = visible(state.note)
    note_style = wrong if state.problem else style
    if height == 0:
        return []
    if height == 1:
        left = width - cell_len(note) - (2 if note else 0)
        end = [Segment(f" {note} ", note_style)] if note else []
        return [Strip([*_text(state, left, style), *end], width)]
    below = Segment(set_cell_size(f"  {_cut(note, width - 2)}", width), note_style)
    return [Strip(_text(state, width, style), width), Strip([below], width)]


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


def _text(state: FilterState, width: int, style: Style) -> list[Segment]:
    """Return the filter in exactly so many cells, with the cursor where it is written."""
    if state.line is None:
        shown = f"/ {_cut(visible(state.text), width - 2)}" if state.text else ""
        return [Segment(set_cell_size(shown, width), style)]
    before, at, behind = state.line.window(max(1, width - 3))
    used = cell_len(before) + cell_len(at)
    return [
        Segment(f"/ {before}", style),
        Segment(at, style + Style(reverse=True)),
        Segment(set_cell_size(behind, max(0, width - 2 - used)), style),
    ]
