"""Answers to the question whether an apply is to stay: each is for that one apply, whatever others did meanwhile.

What is said afterwards was read back from the backend, never taken for granted.
"""

from typing import Literal, NamedTuple

from ndtui.backends.contract.backend import Backend, Progress
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Pending, Revision
from ndtui.backends.contract.history_note import NO_NOTE, Note
from ndtui.backends.planning.history_wording import UNKNOWN, who_words
from ndtui.backends.transactional.watchdog import is_due


class Ending(NamedTuple):
    """What became of an apply that had to be confirmed, and what was done after that."""

    how: Literal["confirmed", "reverted", "removed"]
    since: Revision | None = None
    """The latest revision after it had ended; ``None`` where there is none."""
    waits: bool = False
    """Whether something else waits to be confirmed now."""
    note: Note = NO_NOTE
    """Of the revision that ended it, where it did not stay: who did that, and how it came to be."""

    @property
    def unconfirmed(self) -> bool:
        """Whether it was reverted because nobody confirmed it in time."""
        return self.how == "reverted" and self.note.cause == "not confirmed"

    def words(self) -> str:
        """Return how it ended in the words of the history, to whoever was not there: ``reverted: not confirmed``."""
        by = "" if who_words(self.note) == UNKNOWN else f" by {who_words(self.note)}"
        if self.how == "confirmed":
            said = "confirmed" if self.since is not None else "confirmed, and stays"
        elif self.unconfirmed:
            said = "reverted: not confirmed"
        elif self.note.cause == "rolled back":
            said = f"rolled back to {self.note.back_to}{by}"
        else:
            said = f"{self.how}{by}"
        return said if self.since is None else f"{said}; {_done(self.since)} since"

    @property
    def stays(self) -> bool:
        """Whether it is still what is applied."""
        return self.how == "confirmed" and self.since is None

    def __str__(self) -> str:
        """Return a sentence that says so to whoever has not done it."""
        words = {"confirmed": "It was confirmed by somebody else", "reverted": "It was reverted already"}
        said = words.get(self.how, "It was removed by somebody else")
        if self.since is None:
            return f"{said} and stays" if self.stays else said
        return f"{said}, and {_done(self.since)} since{', which waits to be confirmed' if self.waits else ''}"


def ending_of(backend: Backend, asked: Pending) -> Ending | None:
    """Return what became of an apply that was asked about; ``None`` as long as it waits.

    Nothing can be applied while it waits: what was applied after it tells that it was confirmed, and that what was
    there before came back, or that everything was removed, tells how it ended otherwise.

    Raises:
        BackendError: the backend cannot be read.
    """
    waiting = backend.pending()
    if waiting is not None and waiting.token == asked.token:
        return None
    later = [revision for revision in backend.history() if revision.number > asked.back_to + 1]
    waits = waiting is not None
    if not later or later[-1].action == "apply":
        return Ending("confirmed", later[0] if later else None, waits)
    how: Literal["reverted", "removed"] = "reverted" if later[-1].action == "rollback" else "removed"
    return Ending(how, later[0] if len(later) > 1 else None, waits, later[-1].note)


class Answered(NamedTuple):
    """How an apply has ended after an answer, whether the answer did it, and what a revert changed."""

    ending: Ending
    ours: bool
    applied: Applied | None = None


def keep(backend: Backend, asked: Pending) -> Answered:
    """Confirm the apply that was asked about, unless it has ended.

    Raises:
        BackendError: it could not be confirmed, and waits still.
    """
    try:
        backend.confirm(asked.token)
    except BackendError:
        ending = ending_of(backend, asked)
        if ending is None:
            raise
        return Answered(ending, ours=False)
    ending = ending_of(backend, asked)
    if ending is None:
        raise BackendError("it was not confirmed, and waits still", remedy=f"see {backend.own_commands.of('status')}")
    return Answered(ending, ours=ending.how == "confirmed")


def revert(backend: Backend, asked: Pending, progress: Progress | None = None) -> Answered:
    """Revert the apply that was asked about, unless it has ended.

    Raises:
        BackendError: it could not be reverted, and waits still.
    """
    try:
        applied = backend.revert(asked.token, progress)
    except BackendError:
        ending = ending_of(backend, asked)
        if ending is None:
            raise
        return Answered(ending, ours=False)
    ending = ending_of(backend, asked)
    if ending is None:
        raise BackendError(
            "it was not reverted, and waits still", remedy=f"revert it with {backend.own_commands.of('rollback')}"
        )
    return Answered(ending, applied is not None, applied)


def revert_if_overdue(backend: Backend, asked: Pending) -> Ending | None:
    """Revert in the watchdog's place once its time is over and it is gone or late; ``None`` as long as it waits.

    Raises:
        BackendError: it could not be reverted, and waits still.
    """
    ending = ending_of(backend, asked)
    if ending is not None or not is_due(backend, asked):
        return ending
    return revert(backend, asked).ending


def _done(revision: Revision) -> str:
    if revision.action == "apply":
        return f"{revision.policy} has been applied"
    return "everything was removed" if revision.action == "remove" else f"{revision.policy or 'nothing'} is back"
