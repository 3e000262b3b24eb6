"""SaidLines: lines of a dialog that say something, now more of them and now fewer."""

from textwrap import wrap

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static


class SaidLines(Static):
    """Says what a field is for, or what becomes of an answer; how high that is, is known before it is laid out."""

    class Resized(Message):
        """They take another height, or another width."""

    #: Columns that they were given when their height was asked for last.
    _width = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are; where they stand is not settled while that is asked."""
        self._width = width
        return super().get_content_height(container, viewport, width)

    def render(self) -> RenderResult:
        """Return what is said, with a sign at its end where there is no room for all of it."""
        most, width = self.styles.max_height, self._width
        if most is None or not width or most.cells is None:
            return super().render()
        text = str(self.content)
        lines = wrap(text, width, max_lines=most.cells, placeholder=" …")
        return Content("\n".join(lines)) if lines and lines[-1].endswith(" …") else super().render()

    @property
    def lines(self) -> int:
        """How many lines are to be seen of what is said, also before they are laid out for it."""
        most = self.styles.max_height
        lines = super().get_content_height(Size(), Size(), self._width)
        return lines if most is None or most.cells is None else min(lines, most.cells)

    def on_resize(self) -> None:
        """Tell, once they have it."""
        self.post_message(self.Resized())
