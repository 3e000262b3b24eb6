"""What a lasting guard is: it has the system start a watchdog again where the first one may be gone.

It is installed before an apply that has to be confirmed, and removed by the watchdog when that is confirmed or
reverted. What it starts is a watchdog of the same token, which does nothing where nothing bears the token any more: a
guard that is left behind does no harm.
"""

import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.common.isolated import neutral_folder

#: Runs a command with a text for its input, and returns what it wrote; a ``BackendError`` where it fails.
Run = Callable[[Sequence[str], str], str]

_PATIENCE = 30


class LastingGuard(ABC):
    """Has the system start a command: when so many seconds are over, and when the machine has been restarted."""

    @property
    @abstractmethod
    def promise(self) -> str:
        """What becomes of an apply that waits if the machine is restarted meanwhile, as a sentence; empty: nothing."""

    @abstractmethod
    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        """Have a command started in so many seconds, and after a restart.

        Raises:
            BackendError: it cannot be done.
        """

    @abstractmethod
    def remove(self, token: str) -> None:
        """Take back what was installed for a token.

        Raises:
            BackendError: it cannot be done.
        """


class NoGuard(LastingGuard):
    """What there is where the system offers nothing, and where a guard is not wanted."""

    @property
    def promise(self) -> str:
        """Nothing is promised."""
        return ""

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        """Do nothing."""

    def remove(self, token: str) -> None:
        """Do nothing."""


def run_command(command: Sequence[str], text: str) -> str:
    """Run a command of the system with a text for its input, and return what it wrote."""
    try:
        return subprocess.run(  # noqa: S603 - no shell reads it
            command,
            input=text,
            cwd=neutral_folder(),
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
        ).stdout
    except subprocess.CalledProcessError as error:
        said = " ".join(f"{error.stderr}".split()) or f"it ended with status {error.returncode}"
        raise BackendError(f"{command[0]} could not be used", remedy=said) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BackendError(f"{command[0]} could not be used", remedy=str(error)) from error
