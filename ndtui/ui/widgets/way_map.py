"""The map of a packet's way, drawn: the stop under the cursor of the list stands out, and a click goes to a stop."""

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from ndtui.analysis.trace.packet_way import Way
from ndtui.ui.rows.packet_map import MapLine, map_lines


class WayMap(Static):
    """Draws the way of one packet in two or three lines; nothing where there is no room."""

    class Chosen(Message):
        """A stop was chosen with the mouse: a layer's stem, or a part of the negotiation."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)
        self._way: Way | None = None
        self._stop = ""
        self.lines: list[MapLine] = []

    def show(self, way: Way | None) -> None:
        """Draw the way of a packet; ``None`` takes the map away."""
        self._way = way
        self._fit()

    def point(self, stop: str) -> None:
        """Let a stop stand out: that of the row under the cursor."""
        if stop != self._stop:
            self._stop = stop
            self._paint()

    def on_resize(self) -> None:
        """Draw it anew for the new width."""
        self._fit()

    def _fit(self) -> None:
        width = self.app.size.width - 1
        self.lines = [] if self._way is None else map_lines(self._way, width)
        self.display = bool(self.lines)
        self._paint()

    def _paint(self) -> None:
        text = Text(no_wrap=True, overflow="crop", end="")
        for number, line in enumerate(self.lines):
            if number:
                text.append("\n")
            for part in line:
                current = part.stop != "" and part.stop == self._stop
                text.append(part.text, Style(reverse=True) if current else None)
        self.update(text)

    def on_click(self, event: events.Click) -> None:
        """Go to the stop under the mouse."""
        if not 0 <= event.y < len(self.lines):
            return
        column = 0
        for part in self.lines[event.y]:
            column += len(part.text)
            if event.x < column:
                if part.stop:
                    self.post_message(self.Chosen(part.stop))
                return
