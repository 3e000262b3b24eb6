"""The storage that is a SQLite file, which several programs can use at once."""

import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import uuid4

from ndtui.backends.bfe.state import Draft, Objects, State, all_rows, content_of
from ndtui.backends.bfe.storage import sql_tables
from ndtui.backends.bfe.storage.database import explained, make_folder, read, real_path, uri, writing
from ndtui.backends.bfe.storage.file_stamp import FileStamp, Stamp, stamp_of
from ndtui.backends.bfe.storage.protocol import Writing
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.engine import SessionInfo
from ndtui.common.files import reason

T = TypeVar("T")

#: How often it is tried to make a session known, while others look at those there are.
_ATTEMPTS = 20

#: How the name of a session's file goes on after the store's name: the session's key, and the process.
_SESSION = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]{1,10}"


class _Read(NamedTuple):
    """What was read last, and what the files were then; ``None`` where that does not tell whether it is still so."""

    files: tuple[FileStamp, ...] | None
    state: State


class FileStorage:
    """Keeps the state of an engine in a file, made with the first change. The state read last is cached."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = _Read(None, State())
        self._held: dict[str, sqlite3.Connection] = {}

    def read(self) -> State:
        """Return the state there is.

        Raises:
            BackendError: the file cannot be read.
        """
        before = stamp_of(real_path(self.path))
        state = self._look(lambda connection: self._state(connection, before))
        self._keep(state, before)
        return state

    def _look(self, look: Callable[[sqlite3.Connection], T]) -> T:
        return read(self.path, look)

    def _state(self, connection: sqlite3.Connection, before: Stamp) -> State:
        """Return the state that a connection sees; ``before`` is a stamp from before it was opened.

        The objects are those read last only if nothing was written to the files since then: the number of a change
        alone does not tell, since a copy that was put back may have gone another way.
        """
        found = sql_tables.head(connection, self._where)
        if found.number == 0:
            return found
        files, last = self._last
        if files != before.files or (found.identity, found.number) != (last.identity, last.number):
            objects = sql_tables.objects_now(connection, self._where)
            last = replace(found, objects=objects, content=content_of(all_rows(objects)))
        return replace(found, objects=last.objects, content=last.content)

    def _keep(self, state: State, before: Stamp) -> None:
        self._last = _Read(before.files if before.settled else None, state)

    @property
    def _where(self) -> str:
        return f"the store {self.path}"

    @contextmanager
    def write(self, wait: float) -> Iterator[Writing]:
        """Hold the lock of the file."""
        before = stamp_of(real_path(self.path))
        with writing(self.path, wait) as connection:
            state = self._state(connection, before)
            self._keep(state, before)
            yield _FileWriting(self, connection, state)

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._look(lambda connection: sql_tables.head(connection, self._where).pending)

    def history(self) -> Sequence[Revision]:
        """Return the revisions, latest first."""
        return self._look(self._revisions)

    def _revisions(self, connection: sqlite3.Connection) -> Sequence[Revision]:
        head = sql_tables.head(connection, self._where)
        return sql_tables.revisions(connection, self._where) if head.number else []

    def objects_at(self, revision: int) -> Objects:
        """Return the objects there were right after a revision."""
        return self._look(lambda connection: sql_tables.objects_at(connection, revision, self._where))

    # A dynamic session is known by a file beside the store, which its process keeps locked: the lock ends with it.

    def announce(self, session: SessionInfo) -> None:
        """Make a dynamic session known, for as long as this process lives."""
        real = real_path(self.path)
        name = real.with_name(f"{real.name}-session-{session.key[1:-1]}-{session.process}")
        for attempt in range(_ATTEMPTS):
            try:
                make_folder(real, self.path)
                self._held[session.key] = _locked(name)
            except (OSError, sqlite3.Error) as error:  # another process may have deleted it, see _is_locked
                if attempt + 1 < _ATTEMPTS:
                    continue
                text = reason(error) if isinstance(error, OSError) else str(error)
                raise BackendError(f"no session can be opened on the store {self.path}", remedy=text) from error
            return

    def withdraw(self, session: str) -> None:
        """Make known that a dynamic session has ended."""
        connection = self._held.pop(session, None)
        if connection is not None:
            connection.close()
        for path in self._session_files():
            if session[1:-1] in path.name:
                with suppress(OSError):
                    path.unlink()

    def announced(self) -> Sequence[SessionInfo]:
        """Return the dynamic sessions that are open, of whatever process; files of ended ones are deleted."""
        found = []
        for path in self._session_files():
            key, _, process = path.name.rpartition("-session-")[2].rpartition("-")
            if f"{{{key}}}" in self._held or _is_locked(path):
                found.append(SessionInfo(f"{{{key}}}", "ndtui", True, int(process)))
        return found

    def _session_files(self) -> list[Path]:
        real = real_path(self.path)
        name = re.compile(re.escape(f"{real.name}-session-") + _SESSION)
        try:
            return [path for path in real.parent.iterdir() if name.fullmatch(path.name) and _is_session(path)]
        except OSError:
            return []


def _is_session(path: Path) -> bool:
    """Whether a file may be a session's: nothing but its lock matters, and so it is empty. Links are not followed."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def _locked(path: Path) -> sqlite3.Connection:
    """Return a connection that holds a session's file, which is still there."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        path.stat()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_locked(path: Path) -> bool:
    """Whether a process holds a session's file. One that no process holds is deleted, while it is locked here."""
    try:
        with closing(sqlite3.connect(uri(path, "mode=rw"), timeout=0, isolation_level=None, uri=True)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            with suppress(OSError):  # Windows cannot delete an open file: below, once it is closed
                path.unlink()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN or _is_session(path)
    if sys.platform == "win32":
        with suppress(OSError):
            path.unlink()
    return False


class _FileWriting:
    def __init__(self, storage: FileStorage, connection: sqlite3.Connection, state: State) -> None:
        self._storage = storage
        self._connection = connection
        self.state = state

    def keep(self, draft: Draft) -> State:
        """Write a draft and commit it."""
        after = draft.result(self.state.identity if self.state.number else str(uuid4()))
        with explained(self._storage.path):
            sql_tables.write(self._connection, draft, after)
            self._connection.execute("COMMIT")
        self.state = after
        return after
