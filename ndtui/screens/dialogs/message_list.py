"""Messages: what was said in this session, the newest first."""

from collections.abc import Iterable

from rich.console import Group
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.screens.dialogs.dialog import ReadingDialog
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.messages import Said
from ndtui.ui.widgets.detail import two_columns
from ndtui.ui.widgets.scroll_pane import ScrollPane

_SCROLLING = ("cursor_down", "cursor_up", "page_down", "page_up", "top", "bottom")
_SIGNS = {"information": " ", "warning": "!", "error": "×"}


class MessagesScreen(ReadingDialog[None]):
    """Shows the last messages in full."""

    def __init__(self, messages: Iterable[Said]) -> None:
        super().__init__()
        self._messages = list(messages)

    def compose(self) -> ComposeResult:
        """Make the list."""
        rows = [(f"{each.at:%H:%M:%S} {_SIGNS[each.severity]}", visible(each.text)) for each in self._messages]
        with Vertical(classes="dialog tall"):
            yield Static("Messages of this session, the newest first", classes="dialog-title", markup=False)
            with ScrollPane(id="messages"):
                yield Static(Group(two_columns(rows, 10)) if rows else "Nothing was said yet.", markup=False)
            keys = " ".join(key_of(self, f"lists.{name}") for name in _SCROLLING)
            yield Static(f"{keys} scroll   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the focus on the list, so that keys scroll it."""
        self.query_one("#messages").focus()
