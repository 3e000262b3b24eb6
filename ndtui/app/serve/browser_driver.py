"""The driver of a session in a browser: Textual's, which ends with the connection that it is driven by.

Textual's own goes on when nobody is there any more, and leaves in the middle of making its screen when a page is closed
at once. It is named in the environment of a session, see ``visitor``.
"""

from threading import Event

from textual import messages
from textual.drivers.web_driver import WebDriver

#: Seconds that a screen has to be made, and between two looks whether it is.
_MADE_WITHIN, _LOOK_EVERY = 5.0, 0.02


class BrowserDriver(WebDriver):
    """Draws on a page, and leaves once the server is gone; unsaved work is kept aside as at every end."""

    def run_input_thread(self) -> None:
        """Handle what comes from the page until there is no more to come."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._leave()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Handle what the server says of the page."""
        if packet_type == "quit":
            self._leave()
        else:
            super().on_meta(packet_type, payload)

    def _leave(self) -> None:
        """Leave as soon as there is a screen to leave."""
        looks, pause = int(_MADE_WITHIN / _LOOK_EVERY), Event()
        while looks and not (self._app.screen_stack and self._app.screen_stack[-1].is_mounted):
            looks -= 1
            pause.wait(_LOOK_EVERY)
        self._app.post_message(messages.ExitApp())
