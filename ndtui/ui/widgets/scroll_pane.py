"""A pane of text that scrolls with the keys that every list has."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from ndtui.ui.keys.keymap import bindings


class ScrollPane(VerticalScroll, can_focus=True):
    """Takes j k g G ctrl+d ctrl+u as a table does, a line for a row."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("lists", without=("activate",))

    def action_cursor_down(self) -> None:
        """Go down a line."""
        self.scroll_relative(y=1, animate=False, immediate=True)

    def action_cursor_up(self) -> None:
        """Go up a line."""
        self.scroll_relative(y=-1, animate=False, immediate=True)

    def action_page_down(self) -> None:
        """Go down a page."""
        self.scroll_relative(y=self.size.height, animate=False, immediate=True)

    def action_page_up(self) -> None:
        """Go up a page."""
        self.scroll_relative(y=-self.size.height, animate=False, immediate=True)

    def action_top(self) -> None:
        """Go to the beginning."""
        self.scroll_to(y=0, animate=False, immediate=True)

    def action_bottom(self) -> None:
        """Go to the end."""
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
