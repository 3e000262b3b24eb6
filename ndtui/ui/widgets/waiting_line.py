"""The line of a screen that says what waits to be confirmed, and how much time is left; no line where nothing waits."""

from textual.widgets import Static

from ndtui.ui.state.waiting import Waiting


class WaitingLine(Static):
    """Shows what the application has in ``waiting``, second by second."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def on_mount(self) -> None:
        """Watch it."""
        self.watch(self.app, "waiting", self._show)

    def _show(self, waiting: Waiting) -> None:
        self.display = bool(waiting.line)
        self.update(f" {waiting.line}")
