"""LabelledLines: texts behind labels, of which only the lines are painted anew that show something else than before."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ndtui.common.text import visible
from ndtui.ui.widgets.fitting import wrapped

_BOLD = Style(bold=True)


def is_link(text: str) -> bool:
    """Tell whether a text is the address of a page and nothing else."""
    return text.startswith("https://") and " " not in text and text.isascii() and text.isprintable()


@lru_cache(maxsize=64)
def _linked(style: Style, page: str) -> Style:
    """Return the style by which terminals open a page, where they can; it is one for all pieces of a link."""
    return style + Style(link=page)


class _Shown(NamedTuple):
    """A line as it is shown, a label or nothing in front of it; ``start`` is the column where its text begins.

    ``page`` is the address that the text is, or a piece of.
    """

    label: str
    text: str
    start: int
    page: str = ""


class LabelledLines(Widget):
    """A bold label and a text that wraps beside it, never under it, for each of a list. Nothing in them is markup.

    A link that there is no room for beside its label stands below it: terminals open what is whole in one line. So does
    a text whose label is longer than labels are.
    """

    DEFAULT_CSS = "LabelledLines { height: auto; }"

    def __init__(self, label_width: int) -> None:
        super().__init__()
        self._label_width = label_width
        self._texts: Sequence[tuple[str, str]] = ()
        self._lines: list[_Shown] = []
        self._wrapped_at = 0

    def exchange(self, texts: Sequence[tuple[str, str]]) -> bool:
        """Show other texts; tells whether they need another number of lines, and so a layout."""
        before, width = self._lines, self._wrapped_at
        self._texts = texts
        self._wrap(width)
        if not width or len(before) != len(self._lines):
            self.clear_cached_dimensions()
            self.refresh(layout=True)
            return True
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))
        return False

    def _wrap(self, width: int) -> None:
        """Break the texts into lines of so many cells."""
        self._wrapped_at = width
        self._lines = [line for label, text in self._texts for line in self._pieces(label, text, width)]

    def _pieces(self, label: str, text: str, width: int) -> Iterator[_Shown]:
        start = self._label_width + 1
        room = max(1, width - start)
        page = text if is_link(text) else ""
        stands_below = page and room < len(page) <= width
        if label and (stands_below or cell_len(visible(label)) > self._label_width):
            yield from (_Shown(piece, "", start) for piece in wrapped(visible(label), max(1, width)))
            label = ""
        if stands_below:
            yield _Shown("", page, 0, page)
            return
        for piece in [text] if cell_len(text) <= room and "\n" not in text else wrapped(text, room):
            yield _Shown(label, piece, start, page)
            label = ""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - textual's
        """Return how many lines the texts need."""
        if width != self._wrapped_at:
            self._wrap(width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width, style = self.size.width, self.rich_style
        if width != self._wrapped_at:
            self._wrap(width)
        if y >= len(self._lines):
            return Strip.blank(width, style)
        label, text, start, page = self._lines[y]
        told = Segment(text, _linked(style, page) if page else style)
        return Strip([*self._head(label, start, style), told]).adjust_cell_length(width, style)

    def _head(self, label: str, start: int, style: Style) -> Iterator[Segment]:
        """Return what stands in front of a text."""
        if label:
            size = max(self._label_width, cell_len(visible(label)))
            yield Segment(set_cell_size(visible(label), size), style + _BOLD)
            yield Segment(" ", style)
        elif start:
            yield Segment(" " * start, style)
