"""The emulated engine itself: opens sessions, and knows the state its storage keeps."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import RLock
from uuid import uuid4

from ndtui.backends.bfe.rules.builtin_exemptions import remove_exemptions
from ndtui.backends.bfe.session import BfeSession
from ndtui.backends.bfe.state import Draft, Objects, State, all_rows
from ndtui.backends.bfe.storage.protocol import MemoryStorage, Storage
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.engine import LOCK_WAIT, SessionInfo
from ndtui.model.compiled.document_names import braces


def _storage(path: Path | None) -> Storage:
    if path is None:
        return MemoryStorage()
    from ndtui.backends.bfe.storage.sqlite import FileStorage  # noqa: PLC0415 - an engine in memory needs no SQLite

    return FileStorage(path)


class BfeEngine:
    """An engine that keeps its objects in a file, or in this process's memory where there is no path."""

    def __init__(self, path: Path | None = None) -> None:
        self.storage = _storage(path)
        self._open: dict[str, BfeSession] = {}
        self._lock = RLock()

    def open(
        self, *, dynamic: bool = False, read_only: bool = False, name: str = "ndtui", wait: float = LOCK_WAIT
    ) -> BfeSession:
        """Open a session."""
        info = SessionInfo(braces(uuid4()), name, dynamic, os.getpid())
        session = BfeSession(self, info, read_only=read_only, wait=wait)
        if dynamic:
            self.storage.announce(info)
        with self._lock:
            self._open[info.key] = session
        return session

    def state(self) -> State:
        """Return what there is, without the objects of dynamic sessions that have ended."""
        state = self.storage.read()
        if not self._ended(state.objects):
            return state
        draft = self.draft(state)
        return replace(draft.base, objects=draft.objects)

    def draft(self, state: State) -> Draft:
        """Return a working copy of a state, without the objects of dynamic sessions that have ended."""
        ended = self._ended(state.objects)
        draft = Draft(replace(state, ended=tuple(sorted(ended))))
        if ended:
            draft.remove_sessions(ended)
            remove_exemptions(draft)
        return draft

    def _ended(self, objects: Objects) -> set[str]:
        owners = {row.session for row in all_rows(objects) if row.session}
        return owners - {info.key for info in self.storage.announced()} if owners else set()

    def forget(self, key: str, *, dynamic: bool) -> None:
        """Drop a session that has ended; the objects of a dynamic one are deleted."""
        with self._lock:
            self._open.pop(key, None)
        if dynamic:
            with suppress(
                BackendError
            ):  # in use, or the disk is full: they count as gone, and the next writer deletes them
                self._delete_of(key)
            self.storage.withdraw(key)

    def _delete_of(self, key: str) -> None:
        """Delete the objects of a session."""
        if not any(row.session == key for row in all_rows(self.storage.read().objects)):
            return
        with self.storage.write(wait=0) as writing:
            draft = Draft(writing.state)
            draft.remove_sessions({key})
            remove_exemptions(draft)
            writing.keep(draft)

    def sessions(self) -> list[SessionInfo]:
        """Return the sessions that are open: all of this engine object, and the dynamic ones of others."""
        with self._lock:
            ours = [session.info for session in self._open.values()]
        known = {info.key for info in ours}
        return [*ours, *(info for info in self.storage.announced() if info.key not in known)]

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self.storage.pending()

    def history(self) -> Sequence[Revision]:
        """Return the revisions, latest first."""
        return self.storage.history()

    def objects_at(self, revision: int) -> Objects:
        """Return the objects there were right after a revision; after revision 0 there were none."""
        return self.storage.objects_at(revision)
