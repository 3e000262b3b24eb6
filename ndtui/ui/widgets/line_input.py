"""LineInput: a field for a line of text, which says where it is cut and begins at the beginning while nobody writes."""

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input


class LineInput(Input):
    """A field of one line. Where text goes on beyond an edge, a sign stands there."""

    def render_line(self, y: int) -> Strip:
        """Draw the line, with a sign at each edge behind which there is more."""
        strip, width = super().render_line(y), self.scrollable_content_region.width
        if y or width < 3:
            return strip
        start = self.scroll_offset.x if self.value else 0
        if start:
            strip = Strip.join([_sign(strip, 0), strip.crop(1)])
        if cell_len(self.value or self.placeholder) > start + width:
            strip = Strip.join([strip.crop(0, width - 1), _sign(strip, width - 1), strip.crop(width)])
        return strip

    @on(events.Blur)
    def _show_beginning(self) -> None:
        """Show how the text begins."""
        self.scroll_to(0, 0, animate=False, force=True)

    @on(events.Focus)
    def _focused(self) -> None:
        """Show the place that is written at, once the library has put the cursor there."""
        self.call_later(self._show_cursor)

    def _show_cursor(self) -> None:
        """Show the cursor; of a text that is selected, so that what is typed takes its place, the beginning."""
        at = self._cursor_offset if self.selection.is_empty else 0
        self.scroll_to_region(Region(at, 0, 1, 1), force=True, animate=False)


def _sign(strip: Strip, at: int) -> Strip:
    """Return the sign that there is more, in the style of the cell that it stands in the place of."""
    return Strip([Segment("…", next((each.style for each in strip.crop(at, at + 1)), None))])
