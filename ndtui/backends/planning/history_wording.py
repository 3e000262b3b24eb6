"""A revision of the history in words: when it was made, by whom, and how it came to be."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ndtui.backends.contract.changes import Action, Revision
from ndtui.backends.contract.history_note import LONGEST_MESSAGE, LONGEST_NAME, Cause, Note
from ndtui.common.text import shortened

#: What is said where nobody has noted something.
UNKNOWN = "-"

#: What there was before the first revision, to which one can go back too: nothing of ours.
BEGINNING = Revision(0, UNKNOWN, "remove", "", 0, 0, 0)

_ACTIONS: Mapping[Action, str] = {"apply": "applied", "remove": "removed", "rollback": "rolled back"}
_CAUSES: Mapping[Cause, str] = {"reverted": "reverted by the operator", "not confirmed": "reverted: not confirmed"}
#: A name of a time zone is shown where it is as short as CEST; Windows has whole sentences for them.
_SHORT = 5


def how_words(revision: Revision) -> str:
    """Return how a revision came to be, in a few words: each way has its own."""
    note = revision.note
    if revision.number == BEGINNING.number:
        return "before the first"
    if note.cause == "rolled back" and note.back_to is not None:
        return f"rolled back to {note.back_to}"
    return _CAUSES.get(note.cause) or note.cause or _ACTIONS[revision.action]


def who_words(note: Note) -> str:
    """Return who made a revision, and on which host."""
    user, host = shortened(note.user, LONGEST_NAME), shortened(note.host, LONGEST_NAME)
    return f"{user}@{host}" if user and host else user or host or UNKNOWN


def why_words(note: Note) -> str:
    """Return why a revision was made, as it was said then."""
    return shortened(note.message, LONGEST_MESSAGE) or UNKNOWN


def when_words(at: str, *, seconds: bool = True) -> str:
    """Return a time of a history, which is in UTC, as the local one with its zone; what is no time as it stands."""
    try:
        local = datetime.fromisoformat(at).astimezone()
        return f"{local.strftime('%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M')} {_zone(local)}"
    except (ValueError, OverflowError, OSError):
        return at


def _zone(local: datetime) -> str:
    name = local.strftime("%Z")
    return name if name.isascii() and name.isalpha() and len(name) <= _SHORT else local.strftime("%z")


def moment_words(seconds_since_1970: float, *, seconds: bool = True) -> str:
    """Return a moment as local date and time with its zone."""
    at = datetime.fromtimestamp(seconds_since_1970, UTC).isoformat(timespec="seconds")
    return when_words(at, seconds=seconds)


def clock_words(seconds_since_1970: float) -> str:
    """Return a moment as local time of day with its zone."""
    return moment_words(seconds_since_1970).partition(" ")[2]


def revision_document(revision: Revision) -> dict[str, Any]:
    """Return a revision as plain data; ``how`` is in words, and ``back_to`` the revision that it returned to."""
    note = revision.note
    return {
        "number": revision.number,
        "at": revision.at,
        "action": revision.action,
        "how": how_words(revision),
        "back_to": note.back_to,
        "user": note.user,
        "host": note.host,
        "message": note.message,
        "policy": revision.policy,
        "added": revision.added,
        "changed": revision.changed,
        "removed": revision.removed,
    }


def revision_line(revision: Revision) -> str:
    """Return everything about a revision but what it holds, as a line."""
    if revision.number == BEGINNING.number:
        return f"revision {revision.number}: {how_words(revision)}"
    found = f"revision {revision.number}: {how_words(revision)} {when_words(revision.at)} by {who_words(revision.note)}"
    return f"{found}: {why_words(revision.note)}" if revision.note.message else found
