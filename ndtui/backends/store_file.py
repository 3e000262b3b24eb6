"""The file of the embedded store: how it is opened for reading and for writing, and what its errors mean to a person.

The journal is SQLite's rollback journal, not a write-ahead log: a log keeps two more files beside the store even while
it is read, cannot be read in a read-only folder, and does not work on a share.
Source: https://www.sqlite.org/wal.html#advantages and https://www.sqlite.org/lockingv3.html#hot_journals
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ndtui.backends.base import BackendError, PlaceError
from ndtui.files import reason

#: Seconds to wait for another program that is writing.
PATIENCE = 10.0

#: What SQLite's result codes mean to a person: the error, what it says of the store, and the remedy.
_MEANINGS: dict[int, tuple[type[BackendError], str, str]] = {
    sqlite3.SQLITE_NOTADB: (PlaceError, "is no store of ndtui", "name another file for the store"),
    sqlite3.SQLITE_CORRUPT: (BackendError, "is damaged", "put a copy back, or move it away and apply again"),
    sqlite3.SQLITE_BUSY: (BackendError, "is in use by another program", "try again when that is done"),
    sqlite3.SQLITE_LOCKED: (BackendError, "is in use by another program", "try again when that is done"),
    sqlite3.SQLITE_FULL: (BackendError, "has no room left on its disk", "make room and try again"),
    sqlite3.SQLITE_READONLY: (BackendError, "cannot be written", "check who may write the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: (BackendError, "cannot be opened", "check who may use the file and its folder"),
}


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store to read one consistent state; where there is none, an empty database that is nowhere.

    Raises:
        PlaceError: there is something else than a store.
        BackendError: it cannot be read.
    """
    where = ":memory:"
    real = _real(path)
    if _is_there(real, path):
        # A journal may be left by a program that was killed; SQLite undoes its work, which it cannot when read-only.
        where = _uri(real, "rw" if real.with_name(f"{real.name}-journal").exists() else "ro")
    with _explained(path), _connected(where) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store, made where there is none, for one transaction: written as a whole, or not when the block raises.

    Raises:
        PlaceError: there is something else than a store.
        BackendError: it cannot be written; it is as before.
    """
    real = _real(path)
    if not _is_there(real, path):
        try:
            real.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BackendError(f"the folder of the store {path} cannot be made", remedy=reason(error)) from None
    with _explained(path), _connected(_uri(real, "rwc")) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_spill = OFF")  # others can read until everything is written
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _connected(where: str) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=True))


def _real(path: Path) -> Path:
    """Return the absolute path without links: SQLite's journal stands beside the file itself."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise PlaceError(f"the store {str(path)!r} cannot be reached", remedy=reason(error)) from None


def _is_there(real: Path, path: Path) -> bool:
    try:
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise BackendError(f"the store {path} cannot be reached", remedy=reason(error)) from None
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "no file"
        raise PlaceError(f"{path} is {what}", remedy="name a file for the store")
    return True


def _uri(real: Path, mode: str) -> str:
    """Return a path as SQLite's URI. Unlike ``Path.as_uri`` it keeps ``//server/share`` out of the authority."""
    path = real.as_posix()
    return f"file://{quote(os.fsencode(path if path.startswith('/') else f'/{path}'))}?mode={mode}"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)  # the module's own errors have none
        kind, what, remedy = _MEANINGS.get(
            sqlite3.SQLITE_ERROR if code is None else code & 0xFF, (BackendError, "cannot be used", str(error))
        )
        raise kind(f"the store {path} {what}", remedy=remedy) from error
