"""What a page says to the server: read from the JSON that textual.js sends, and bounded."""

import json
from dataclasses import dataclass
from typing import Any

#: The most columns and lines of a page: a small font on a screen of twice the usual pixels has about half of each.
MOST_COLUMNS, MOST_LINES = 1000, 500
#: The most characters of a message: what is pasted comes in one.
MOST_CHARACTERS = 1024 * 1024
_LONGEST_PING = 64


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, or what was pasted, as a terminal sends them."""

    text: str


@dataclass(frozen=True, slots=True)
class Resize:
    """The page has this many columns and lines now."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Ping:
    """The page asks whether somebody is there."""

    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """Keys go to the page now."""


@dataclass(frozen=True, slots=True)
class Blur:
    """Keys go elsewhere now."""


PageMessage = Typed | Resize | Ping | Focus | Blur


class UnreadableError(Exception):
    """What came is nothing that a page says."""


def read_message(text: str) -> PageMessage:
    """Return what a page says.

    Raises:
        UnreadableError: it is nothing that a page says.
    """
    try:
        match json.loads(text):
            case ["stdin", str(typed)]:
                return Typed(typed)
            case ["resize", {"width": width, "height": height}]:
                return size(width, height)
            case ["ping", str(ping)]:
                return Ping(ping[:_LONGEST_PING])
            case ["focus", *_]:
                return Focus()
            case ["blur", *_]:
                return Blur()
    except (ValueError, RecursionError):
        raise UnreadableError from None
    raise UnreadableError


def size(width: Any, height: Any) -> Resize:
    """Return a size, drawn into the bounds; a size that is none, or not known, is a terminal's usual one."""
    return Resize(_between(width, 80, MOST_COLUMNS), _between(height, 24, MOST_LINES))


def pong(ping: Ping) -> str:
    """Return the answer to a ping, as textual.js reads it."""
    return json.dumps(["pong", ping.text])


def _between(value: Any, usual: int, most: int) -> int:
    try:
        return max(1, min(int(value), most))
    except (TypeError, ValueError, OverflowError):
        return usual
