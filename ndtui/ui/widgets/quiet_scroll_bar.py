"""QuietScrollBar: the bar beside a long table, painted when what can be seen of it changes.

A row further in a table of thousands moves the thumb by less than can be shown, and the bar takes a seventh of what is
sent for it.
"""

from textual.reactive import Reactive
from textual.scrollbar import ScrollBar

#: Parts of a cell that the library can show the thumb to begin at.
_PARTS = 8


class QuietScrollBar(ScrollBar):
    """A vertical scrollbar that is not painted again as it was."""

    position: Reactive[float] = Reactive(0, repaint=False)

    def watch_position(self, before: float, after: float) -> None:
        """Paint it where the thumb begins elsewhere."""
        if self._begin(before) != self._begin(after):
            self.refresh()

    def _begin(self, position: float) -> int:
        """Return where the thumb begins, in parts of a cell, as ``ScrollBarRender.render_bar`` has it."""
        hidden, height = self.window_virtual_size - self.window_size, self.size.height
        if hidden <= 0 or not height:
            return 0
        thumb = max(1, self.window_size / (self.window_virtual_size / height))
        return int((height - thumb) * position / hidden * _PARTS)
