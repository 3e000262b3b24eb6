"""The lines that name the views of a machine with their keys; a second one where the screen is too narrow for all."""

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from ndtui.ui.rows.machine.views import LOOKS, Look


class MachineBar(Static):
    """Names the views; a click chooses one."""

    class Chosen(Message):
        """A view was chosen with the mouse."""

        def __init__(self, name: Look) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__("", markup=False, id="machine-views")
        self._current: Look = "filters"
        self._counts: Mapping[Look, int] = {}
        self._spans: list[tuple[int, int, int, Look]] = []

    def show(self, current: Look, counts: Mapping[Look, int]) -> None:
        """Show the names, the current one set off, with counts where there is room for them."""
        self._current, self._counts = current, counts
        self._paint()

    def on_resize(self) -> None:
        """Fit the names into the new width."""
        self._paint()

    def _paint(self) -> None:
        width = self.size.width
        titles = self._titles(counted=True)
        if width and sum(len(title) + 1 for title in titles) > width:
            titles = self._titles(counted=False)
        text, line, at = Text(no_wrap=True, overflow="ellipsis"), 0, 0
        self._spans = []
        for name, title in zip(LOOKS, titles, strict=True):
            if at and width and at + len(title) > width:
                text.append("\n")
                line, at = line + 1, 0
            self._spans.append((line, at, at + len(title), name))
            text.append(title, Style(reverse=name == self._current, bold=name == self._current))
            text.append(" ")
            at += len(title) + 1
        text.right_crop(1)
        self.styles.height = line + 1
        self.update(text)

    def _titles(self, *, counted: bool) -> list[str]:
        return [
            f"{number} {name.capitalize()}{f' {self._counts[name]}' if counted and self._counts.get(name) else ''}"
            for number, name in enumerate(LOOKS, start=1)
        ]

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        for line, start, end, name in self._spans:
            if event.y == line and start <= event.x < end:
                self.post_message(self.Chosen(name))
