"""Who made a revision of the history, why, and how it came to be: what is told of it beside what it changed.

A backend that keeps a history may leave all of it out; a plan brings the message along, see ``Plan.message``.
"""

from dataclasses import dataclass
from typing import Literal

from ndtui.common.errors import InputError

#: Characters of the longest message, and of the longest name of a user or a host.
LONGEST_MESSAGE, LONGEST_NAME = 500, 256

#: How a revision came to be. ``reverted`` is by an operator while it waited to be confirmed; ``not confirmed`` by
#: itself, when the time for that was over. It is empty where nobody has noted it.
Cause = Literal["", "applied", "removed", "rolled back", "reverted", "not confirmed"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a revision says of itself; empty where it is not known. ``back_to`` is the revision it returned to."""

    user: str = ""
    host: str = ""
    message: str = ""
    cause: Cause = ""
    back_to: int | None = None


#: The note of a revision of which nothing is known.
NO_NOTE = Note()


def message_of(text: str) -> str:
    """Return what was typed as a message: one line, and nothing in it that no file can hold.

    Raises:
        InputError: it is too long.
    """
    found = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    if len(found) > LONGEST_MESSAGE:
        raise InputError(f"the message has {len(found)} characters", remedy=f"use at most {LONGEST_MESSAGE}")
    return found
