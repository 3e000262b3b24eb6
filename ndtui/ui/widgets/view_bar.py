"""The line above the table: which views there are, and which one is shown."""

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from ndtui.ui.rows.design_rows import VIEW_NAMES, ViewName
from ndtui.ui.widgets.pane_rule import HEAVY, LIGHT


class ViewBar(Static):
    """Names the views with their keys, as the title of the table; a click chooses one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"view-bar--line", "view-bar--focus"}

    class Chosen(Message):
        """A view was chosen with the mouse."""

        def __init__(self, name: ViewName) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._focus = False
        self._current: ViewName = "filters"
        self._counts: Mapping[str, int] = {}
        self._spans: list[tuple[int, int, ViewName]] = []

    def show(self, current: ViewName, counts: Mapping[str, int]) -> None:
        """Show the names, the current one set off, with counts where they say something."""
        self._current, self._counts = current, counts
        self._paint()

    def show_focus(self, *, has_focus: bool) -> None:
        """Show whether the table has the focus."""
        if has_focus != self._focus:
            self._focus = has_focus
            self._paint()

    def on_resize(self) -> None:
        """Fit the names into the new width."""
        self._paint()

    def _paint(self) -> None:
        """Write the line; where it is tight first counts go, then blanks, rather than have one cut in two."""
        text = self._text(VIEW_NAMES)
        if self.size.width and text.cell_len > self.size.width:
            text = self._text(("findings",))
        if self.size.width and text.cell_len > self.size.width:
            text = self._text((), "")
        rest = self.size.width - text.cell_len - 1
        if rest > 0:
            line, style = (HEAVY, "view-bar--focus") if self._focus else (LIGHT, "view-bar--line")
            text.append(f" {line * rest}", self.get_component_rich_style(style, partial=True))
        self.update(text, layout=False)  # one line, whatever it says

    def _text(self, counted: tuple[str, ...], before: str = " ") -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        self._spans = []
        for number, name in enumerate(VIEW_NAMES, start=1):
            count = f" {self._counts[name]}" if self._counts.get(name) and name in counted else ""
            title = f"{before}{number} {name.capitalize()}{count} "
            self._spans.append((len(text), len(text) + len(title), name))
            text.append(title, Style(reverse=name == self._current, bold=name == self._current))
        text.right_crop(1)  # the blank behind the last view separates nothing
        return text

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        for start, end, name in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(name))
