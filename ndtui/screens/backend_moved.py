"""What a screen tells the application of a backend: that it changed something there, and what it has said of it."""

from typing import Any, Protocol, cast

from textual.message import Message
from textual.screen import Screen


class BackendMoved(Message):
    """A screen has changed what a backend holds."""


class _Tells(Protocol):
    """The application, which tells how an apply has ended unless a screen has."""

    def settled(self, token: str) -> None:
        """Take note that it was told how the apply with a token ended."""


def was_told(screen: Screen[Any], token: str) -> None:
    """Say that a screen tells how the apply with a token ended.

    At once and by no message: the application may look at the backend before one has come to it, and tell it again.
    """
    cast("_Tells", screen.app).settled(token)
