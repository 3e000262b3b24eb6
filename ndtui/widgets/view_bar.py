"""The line above the table: which views there are, which one is shown, and what is left out."""

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from ndtui.text import visible
from ndtui.widgets.views import VIEW_NAMES, ViewName


class ViewBar(Static):
    """Names the views with their keys; a click chooses one."""

    class Chosen(Message):
        """A view was chosen with the mouse."""

        def __init__(self, name: ViewName) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.note = ""
        self._spans: list[tuple[int, int, ViewName]] = []

    def show(self, current: ViewName, counts: Mapping[str, int]) -> None:
        """Show the names, the current one set off, with counts where they say something."""
        text = Text(no_wrap=True, overflow="ellipsis")
        self._spans = []
        shown = [name for name in VIEW_NAMES if not self.note or name == current]  # a note needs the room
        for name in shown:
            number = VIEW_NAMES.index(name) + 1
            count = f" {counts[name]}" if counts.get(name) else ""
            title = f" {number} {name.capitalize()}{count} "
            self._spans.append((len(text), len(text) + len(title), name))
            text.append(title, Style(reverse=name == current, bold=name == current))
        if self.note:
            text.append(f" {visible(self.note)}")
        self.update(text)

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        for start, end, name in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(name))
