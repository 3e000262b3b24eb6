"""Messages: what the program has said, kept so that it can be read again."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Severity = Literal["information", "warning", "error"]

#: So many of the last messages are kept.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A message: when it was said, in local time with its zone, how grave it is, and what it says."""

    at: datetime
    severity: Severity
    text: str


class Messages:
    """The last messages, the newest first. Taking one in is safe from any thread."""

    def __init__(self) -> None:
        self._said: deque[Said] = deque(maxlen=KEPT)

    def add(self, severity: Severity, text: str) -> Said:
        """Take a message in."""
        said = Said(datetime.now().astimezone(), severity, text)
        self._said.appendleft(said)
        return said

    def __iter__(self) -> Iterator[Said]:
        """Return them, the newest first."""
        return iter(tuple(self._said))
