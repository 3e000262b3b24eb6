"""Commands of this program that a person is told to type: each reaches the backend and the place that are spoken of."""

from pathlib import Path
from typing import NamedTuple

from ndtui.common.settings_file import read_settings
from ndtui.common.shell_words import typed


class OwnCommands(NamedTuple):
    """How commands reach a backend whose data is at a place; ``backend`` is empty for the one that the settings name.

    ``store`` is what a backend was opened with, ``None`` where it has its data at its own place.
    """

    backend: str = ""
    store: Path | None = None

    def of(self, name: str) -> str:
        """Return a command as it is typed in a shell, with no option that says what holds without it."""
        words = ["ndtui", name]
        if self.backend and self.backend != read_settings().settings.backend:
            words += ["--backend", self.backend]
        if self.store is not None:
            words += ["--store", str(self.store.absolute())]
        return typed(words)
