"""ChoiceList: options of which one is chosen; the one that was chosen before, if any was, is marked as such."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.rows.form_fields import Option


class ChoiceList(Static, can_focus=True):
    """A line for each option; the cursor chooses."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("lists", only=("cursor_down", "cursor_up", "top", "bottom"))

    class Changed(Message):
        """Another option was chosen."""

        def __init__(self, choice: "ChoiceList") -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, options: Sequence[Option], value: str, *, id: str, new: bool = False) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)
        self._options = options
        self._before = "" if new else value
        self._value = value

    @property
    def value(self) -> str:
        """The id of the option that is chosen."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        self._value = value
        self._paint()

    @property
    def chosen(self) -> Option:
        """The option that is chosen."""
        return next(each for each in self._options if each.id == self.value)

    def on_mount(self) -> None:
        """Show the options."""
        self._paint()

    def on_focus(self) -> None:
        """Show that keys choose here."""
        self._paint()

    def on_blur(self) -> None:
        """Show that keys choose elsewhere."""
        self._paint()

    def action_cursor_down(self) -> None:
        """Choose the next option; at the end it stays."""
        self._choose(min(self._options.index(self.chosen) + 1, len(self._options) - 1))

    def action_cursor_up(self) -> None:
        """Choose the option before; at the beginning it stays."""
        self._choose(max(0, self._options.index(self.chosen) - 1))

    def action_top(self) -> None:
        """Choose the first option."""
        self._choose(0)

    def action_bottom(self) -> None:
        """Choose the last option."""
        self._choose(len(self._options) - 1)

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the mouse."""
        if event.y < len(self._options):
            self._choose(event.y)

    def _choose(self, place: int) -> None:
        if self._options[place].id != self.value:
            self.value = self._options[place].id
            self.post_message(self.Changed(self))

    def _paint(self) -> None:
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, option in enumerate(self._options):
            chosen = option.id == self.value
            now = "  as it is" if option.id == self._before else ""
            line = f"{chr(10) if number else ''}({'x' if chosen else ' '}) {visible(option.title)}{now}"
            text.append(line, Style(bold=chosen, reverse=chosen and self.has_focus))
        self.update(text)
