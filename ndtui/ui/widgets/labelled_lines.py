"""LabelledLines: texts behind labels, of which only the cells are painted anew that show something else than before."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from ndtui.common.text import visible

_BOLD = Style(bold=True)


class LabelledLines(Widget):
    """A bold label and a text that wraps beside it, never under it, for each of a list. Nothing in them is markup.

    The explanation of a row differs from that of the next in a few words. A terminal far away is sent those alone.
    """

    DEFAULT_CSS = "LabelledLines { height: auto; }"

    def __init__(self, label_width: int) -> None:
        super().__init__()
        self._label_width = label_width
        self._texts: Sequence[tuple[str, str]] = ()
        self._lines: list[tuple[str, str]] = []
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
            changed = self._changed(old, new)
            if changed is not None:
                self.refresh(Region(changed[0], y, changed[1] - changed[0], 1))
        return False

    def _changed(self, old: tuple[str, str], new: tuple[str, str]) -> tuple[int, int] | None:
        """Return from which column to which a line shows something else; ``None`` where it does not."""
        if old == new:
            return None
        if old[0] != new[0]:
            return 0, self.size.width
        same = 0
        for one, other in zip(old[1], new[1], strict=False):
            if one != other:
                break
            same += 1
        start = self._label_width + 1 + cell_len(old[1][: max(0, same - 1)])  # a sign may belong to the one before it
        return start, self._label_width + 1 + max(cell_len(old[1]), cell_len(new[1]))

    def _wrap(self, width: int) -> None:
        """Break the texts into lines of so many cells."""
        self._wrapped_at = width
        room = max(1, width - self._label_width - 1)
        self._lines = []
        for label, text in self._texts:
            pieces = [text] if cell_len(text) <= room and "\n" not in text else _wrapped(text, room)
            self._lines += [(label if number == 0 else "", piece) for number, piece in enumerate(pieces)]

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
        label, text = self._lines[y]
        if not label:
            return Strip([Segment(set_cell_size(" " * (self._label_width + 1) + text, width), style)], width)
        head = Segment(set_cell_size(visible(label), self._label_width), style + _BOLD)
        rest = Segment(set_cell_size(f" {text}", max(0, width - self._label_width)), style)
        return Strip([head, rest]).adjust_cell_length(width, style)


_CONSOLE = Console(width=80, color_system=None, force_terminal=False)


def _wrapped(text: str, room: int) -> list[str]:
    return [line.plain for line in Text(text).wrap(_CONSOLE, room, overflow="fold")] or [""]
