"""The line that names the views of a revision with their keys, and says what the one that is shown is of."""

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.screens.applied.reading import SIDES, Side

_TITLES: dict[Side, str] = {
    "contents": "Contents",
    "before": "Changes",
    "now": "To now",
    "design": "To design",
    "drift": "Drift",
}


class SideBar(Static):
    """Names the views; a click chooses one."""

    class Chosen(Message):
        """A view was chosen with the mouse."""

        def __init__(self, side: Side) -> None:
            super().__init__()
            self.side = side

    def __init__(self) -> None:
        super().__init__("", markup=False, id="applied-sides")
        self._spans: list[tuple[int, int, Side]] = []

    def show(self, current: Side, title: str) -> None:
        """Show the views, the current one set off, and what it is of."""
        text = Text(no_wrap=True, overflow="ellipsis")
        self._spans = []
        for number, side in enumerate(SIDES, start=1):
            name = f" {number} {_TITLES[side]} "
            self._spans.append((len(text), len(text) + len(name), side))
            text.append(name, "bold reverse" if side == current else "")
        text.append(f"\n {visible(title)}", "bold")
        self.update(text, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        for start, end, side in self._spans:
            if event.y == 0 and start <= event.x < end:
                self.post_message(self.Chosen(side))
