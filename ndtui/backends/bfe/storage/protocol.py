"""Storages of an engine's state: what each of them offers, and the one in this process's memory."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Protocol
from uuid import uuid4

from ndtui.backends.bfe.state import Draft, Objects, State, no_objects
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.engine import EngineError, SessionInfo


class Writing(Protocol):
    """A storage whose lock is held: no other session writes until it is released."""

    state: State

    def keep(self, draft: Draft) -> State:
        """Write a draft of the state, all of it or nothing, and return the state it leads to."""


class Storage(Protocol):
    """Keeps the state of an engine and its history, and knows which dynamic sessions are open."""

    def read(self) -> State:
        """Return the state there is."""

    def write(self, wait: float) -> AbstractContextManager[Writing]:
        """Hold the lock, after at most ``wait`` seconds. What is not written by the end of the block is dropped.

        Raises:
            EngineError: FWP_E_TIMEOUT, another session holds it.
        """

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed, without reading more than that."""

    def history(self) -> Sequence[Revision]:
        """Return the revisions, latest first."""

    def objects_at(self, revision: int) -> Objects:
        """Return the objects there were right after a revision; after revision 0 there were none."""

    def announce(self, session: SessionInfo) -> None:
        """Make a dynamic session known to others; it ends by itself with this process."""

    def withdraw(self, session: str) -> None:
        """Make known that a dynamic session has ended."""

    def announced(self) -> Sequence[SessionInfo]:
        """Return the dynamic sessions that are open, of whatever process."""


def timeout(wait: float) -> EngineError:
    """Return the error of a transaction that waited too long for another one."""
    return EngineError(
        "FWP_E_TIMEOUT",
        f"another transaction is going on, and did not end within {wait:g} s",
        remedy="try again when that is done",
    )


class MemoryStorage:
    """Keeps everything in this process's memory. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state = State(str(uuid4()))  # so that its states have other names than another memory's
        self._past: list[tuple[Revision, Objects]] = []
        self._sessions: dict[str, SessionInfo] = {}

    def read(self) -> State:
        """Return the state there is."""
        return self._state

    @contextmanager
    def write(self, wait: float) -> Iterator[Writing]:
        """Hold the lock."""
        if not self._lock.acquire(timeout=wait):
            raise timeout(wait)
        try:
            yield _MemoryWriting(self, self._state)
        finally:
            self._lock.release()

    def replace(self, state: State, draft: Draft) -> None:
        """Replace the state by the one a draft leads to. Only while the lock is held."""
        if draft.revision is not None:
            self._past.append((draft.revision.numbered(state.revision), state.objects))
        self._state = state

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._state.pending

    def history(self) -> Sequence[Revision]:
        """Return the revisions, latest first."""
        return [revision for revision, _ in reversed(self._past)]

    def objects_at(self, revision: int) -> Objects:
        """Return the objects there were right after a revision."""
        return self._past[revision - 1][1] if revision else no_objects()

    def announce(self, session: SessionInfo) -> None:
        """Make a dynamic session known."""
        self._sessions[session.key] = session

    def withdraw(self, session: str) -> None:
        """Make known that a dynamic session has ended."""
        self._sessions.pop(session, None)

    def announced(self) -> Sequence[SessionInfo]:
        """Return the dynamic sessions that are open."""
        return list(self._sessions.values())


class _MemoryWriting:
    def __init__(self, storage: MemoryStorage, state: State) -> None:
        self._storage = storage
        self.state = state

    def keep(self, draft: Draft) -> State:
        """Replace the state by what a draft leads to."""
        state = draft.result(self.state.identity)
        self._storage.replace(state, draft)
        self.state = state
        return state
