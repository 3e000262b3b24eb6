"""A screen closes once: what still reaches it afterwards, such as the second half of a double click, does nothing.

Textual takes the uppermost screen away whichever asks for it, so a second answer would close what lies below, and end
the program where nothing does. Keys wait for their turn (``key_queue``); clicks come as fast as the mouse sends them.

And it takes a screen's parts away before it ends the screen's workers, which would look for them in vain.
"""

from textual import on
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.message import Message
from textual.screen import ScreenResultType
from textual.widgets import Button, Input, OptionList
from textual.worker import active_worker

from ndtui.ui.painting.styled_once import StyledOnce
from ndtui.ui.state.waiting import Waiting


class ClosesOnce(StyledOnce[ScreenResultType]):
    """A screen that can be dismissed only while it is uppermost."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, unless it is closed or another screen lies above it; when it is there, if it is not yet.

        What is still being put together would not find its own parts.
        """
        if self.app.screen is not self:
            return AwaitComplete()
        if not self.is_mounted:
            self.call_later(self._dismiss_now, result)
            return AwaitComplete()
        closing = super().dismiss(result)
        for worker in self.app.workers:
            if worker.node is self and worker is not active_worker.get(None):
                worker.cancel()
        return closing

    def _dismiss_now(self, result: ScreenResultType | None) -> None:
        self.dismiss(result)  # and nobody waits for it: the screen itself calls this


class Palette(CommandPalette, ClosesOnce[None]):
    """The library's palette, which runs what is chosen once; its frame says what waits, as that of a dialog does."""

    def on_mount(self) -> None:
        """Look at what waits to be confirmed, second by second."""
        self.watch(self.app, "waiting", self._show_waiting)

    def _show_waiting(self, waiting: Waiting) -> None:
        self.query_one("#--input").border_title = waiting.brief

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    @on(Button.Pressed)
    def _only_while_open(self, event: Message) -> None:
        """Keep a choice from a palette that is closed."""
        if self.app.screen is not self:
            event.stop()
            event.prevent_default()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the keys of the list while it is not on the screen: the page keys would end the program."""
        if action == "command_list" and not self.query_one(CommandList).scrollable_content_region:
            return False
        return super().check_action(action, parameters)
