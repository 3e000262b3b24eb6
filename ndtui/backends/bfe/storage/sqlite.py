"""The storage that is a SQLite file, which several programs can use at once."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from ndtui.backends.bfe.state import Draft, Objects, State
from ndtui.backends.bfe.storage import sql_tables
from ndtui.backends.bfe.storage.database import explained, read, real_path, writing
from ndtui.backends.bfe.storage.protocol import Writing
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.engine import SessionInfo
from ndtui.common.files import reason

T = TypeVar("T")

#: How often it is tried to make a session known, while others look at those there are.
_ATTEMPTS = 20


class FileStorage:
    """Keeps the state of an engine in a file, made with the first change. The state read last is cached."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = State()
        self._held: dict[str, sqlite3.Connection] = {}

    def read(self) -> State:
        """Return the state there is.

        Raises:
            BackendError: the file cannot be read.
        """
        return self._look(self._state)

    def _look(self, look: Callable[[sqlite3.Connection], T]) -> T:
        return read(self.path, self._stamp, look)

    def _stamp(self, connection: sqlite3.Connection) -> object:
        found = sql_tables.head(connection, self._where)
        return found.identity, found.number

    def _state(self, connection: sqlite3.Connection) -> State:
        found = sql_tables.head(connection, self._where)
        last = self._last
        if found.number == 0:
            return found
        known = (found.identity, found.number) == (last.identity, last.number)
        self._last = replace(found, objects=last.objects if known else sql_tables.objects_now(connection))
        return self._last

    @property
    def _where(self) -> str:
        return f"the store {self.path}"

    @contextmanager
    def write(self, wait: float) -> Iterator[Writing]:
        """Hold the lock of the file."""
        with writing(self.path, wait) as connection:
            yield _FileWriting(self, connection, self._state(connection))

    def written(self, state: State) -> None:
        """Cache the state that has just been written."""
        self._last = state

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._look(lambda connection: sql_tables.head(connection, self._where).pending)

    def history(self) -> Sequence[Revision]:
        """Return the revisions, latest first."""
        return self._look(self._revisions)

    def _revisions(self, connection: sqlite3.Connection) -> Sequence[Revision]:
        return sql_tables.revisions(connection) if sql_tables.head(connection, self._where).number else []

    def objects_at(self, revision: int) -> Objects:
        """Return the objects there were right after a revision."""
        return self._look(lambda connection: sql_tables.objects_at(connection, revision))

    # A dynamic session is known by a file beside the store, which its process keeps locked: the lock ends with it.

    def announce(self, session: SessionInfo) -> None:
        """Make a dynamic session known, for as long as this process lives."""
        real = real_path(self.path)
        name = real.with_name(f"{real.name}-session-{session.key[1:-1]}-{session.process}")
        for attempt in range(_ATTEMPTS):
            try:
                real.parent.mkdir(parents=True, exist_ok=True)
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
                found.append(SessionInfo(f"{{{key}}}", "ndtui", True, int(process) if process.isdecimal() else 0))
        return found

    def _session_files(self) -> list[Path]:
        real = real_path(self.path)
        prefix = f"{real.name}-session-"
        try:
            beside = list(real.parent.iterdir())
        except OSError:
            return []
        return [path for path in beside if path.name.startswith(prefix) and not path.name.endswith("-journal")]


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
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            with suppress(OSError):  # Windows cannot delete an open file: below, once it is closed
                path.unlink()
    except sqlite3.OperationalError:
        return True
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
        identity = self.state.identity if self.state.number else str(uuid4())
        after = draft.result(identity)
        with explained(self._storage.path):
            if not self.state.number:
                sql_tables.create(self._connection, identity)
            sql_tables.write(self._connection, draft, after)
            self._connection.execute("COMMIT")
        self._storage.written(after)
        self.state = after
        return after
