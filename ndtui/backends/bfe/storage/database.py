"""The file of an engine: how it is opened for reading and for writing, and what SQLite's errors mean.

It has a write-ahead log, so that readers do not wait for a writer; a new file gets it after its first change. SQLite
uses a rollback journal of its own accord where the file system has no shared memory. Where the folder cannot be written
the file is read as it stands.
Source: https://www.sqlite.org/wal.html
"""

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from ndtui.backends.bfe.storage.file_stamp import INDEX, JOURNAL, LOG, Stamp, beside, stamp_of
from ndtui.backends.bfe.storage.protocol import timeout
from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.common.files import data_dir, reason
from ndtui.common.kept_waiting import kept_waiting
from ndtui.common.text import in_quotes

T = TypeVar("T")

#: How far a commit goes: onto the disk, so that it outlasts a power failure. Source: PRAGMA synchronous of SQLite.
DURABILITY = "FULL"

#: Bytes of a page of a new file: an object takes one, of which four do not fill a page of the usual 4096.
_PAGE = 16 * 1024
#: KiB of pages that a writer keeps in memory: those of 60,000 filters are written once then, at the commit.
_ROOM = 128 * 1024

#: Seconds to wait for another program when reading, which only waits while a log is being merged into the file.
PATIENCE = 10.0
_PAUSE = 0.01
#: Seconds for which SQLite waits at a time for another writer, before that is said.
_A_TIME = 0.2
_LOGGED = "PRAGMA journal_mode = WAL"

_AS_IT_STANDS = "mode=ro&immutable=1"
#: What is met by who may only read while a log or a journal comes and goes.
_COMES_AND_GOES = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY)
#: The index of a log, which is shared memory, cannot be made: as a rule because the disk is full.
_NO_MEMORY = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP)

#: What SQLite's result codes mean: the error, what it says of the store, and the remedy.
_MEANINGS: dict[int, tuple[type[BackendError], str, str]] = {
    sqlite3.SQLITE_NOTADB: (PlaceError, "is no store of ndtui", "name another file for the store"),
    sqlite3.SQLITE_CORRUPT: (BackendError, "is damaged", "put a copy back, or move it away and apply again"),
    sqlite3.SQLITE_BUSY: (BackendError, "is in use by another program", "try again when that is done"),
    sqlite3.SQLITE_LOCKED: (BackendError, "is in use by another program", "try again when that is done"),
    sqlite3.SQLITE_FULL: (BackendError, "has no room left on its disk", "make room and try again"),
    sqlite3.SQLITE_READONLY: (BackendError, "cannot be written", "check who may write the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: (BackendError, "cannot be opened", "check who may use the file and its folder"),
}


def read(path: Path, look: Callable[[sqlite3.Connection], T]) -> T:
    """Return what a look at a store sees, all of one state; where there is no store, at an empty database.

    Where the look has to be repeated, because somebody was writing, ``look`` is called again.

    Raises:
        PlaceError: there is something else than a store.
        BackendError: it cannot be read.
    """
    real = real_path(path)
    with explained(path):
        if not _is_there(real, path):
            with _connected(":memory:", PATIENCE) as connection:
                return look(connection)
        opened = _opened(real) if _writable(real) else None
        if opened is not None:
            with closing(opened) as connection:
                return look(connection)
        return _read_only(real, look)


def _opened(real: Path) -> sqlite3.Connection | None:
    """Return a connection that reads one consistent state; what a program that was killed left behind is put in order.

    There is none on a full disk, which has no room for the log's index.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    try:
        return _begun(uri(real, "mode=rw"))
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) in _NO_MEMORY and not stamp_of(real).in_writing:
            return None
        raise


def _begun(where: str) -> sqlite3.Connection:
    """Return a connection in a transaction that sees the state of now."""
    connection = sqlite3.connect(where, timeout=_A_TIME, isolation_level=None, uri=True, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        _patiently(connection, "SELECT count(*) FROM sqlite_master", PATIENCE)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_only(real: Path, look: Callable[[sqlite3.Connection], T]) -> T:
    """Look at a file that may not be written, and so cannot be locked against who writes; until a look is undisturbed.

    Raises:
        sqlite3.Error: it cannot be read, or somebody writes all the time.
        BackendError: what there is cannot be read.
    """
    end = time.monotonic() + PATIENCE / 5
    while True:
        before = stamp_of(real)
        try:
            if not before.in_writing:
                return _undisturbed(real, before, look)
            # SQLite reads the log as well, as long as it does not come or go at this moment
            with closing(_begun(uri(real, "mode=ro"))) as connection:
                return look(connection)
        except _DisturbedError:
            if time.monotonic() >= end:
                raise
        except sqlite3.OperationalError as error:
            passing = before.in_writing and getattr(error, "sqlite_errorcode", 0) & 0xFF in _COMES_AND_GOES
            if not passing or time.monotonic() >= end:
                raise
        time.sleep(_PAUSE)


def _undisturbed(real: Path, before: Stamp, look: Callable[[sqlite3.Connection], T]) -> T:
    """Look at a file as it stands, without a lock, and make sure that nobody wrote to it meanwhile.

    What the look returns or raises counts only if the stamp from before is that of afterwards, and whatever is written
    makes another one; half of what is being written to a file is no store.

    Raises:
        _DisturbedError: somebody wrote, or may have written.
        sqlite3.Error: it cannot be read.
        BackendError: what there is cannot be read.
    """
    if not before.settled:
        raise _DisturbedError
    failure: sqlite3.Error | BackendError | None = None
    try:
        with closing(_begun(uri(real, _AS_IT_STANDS))) as connection:
            seen = look(connection)
    except (sqlite3.Error, BackendError) as error:
        failure = error
    if stamp_of(real).files != before.files:
        raise _DisturbedError from failure
    if failure is not None:
        raise failure
    return seen


class _DisturbedError(sqlite3.OperationalError):
    """Somebody wrote to a file while it was read."""

    sqlite_errorcode = sqlite3.SQLITE_BUSY


@contextmanager
def writing(path: Path, wait: float) -> Iterator[sqlite3.Connection]:
    """Open a store, made where there is none, for one transaction; what the caller does not commit is rolled back.

    ``wait`` is how many seconds to wait for another writer. What ``kept_waiting`` raises meanwhile leaves it as it is.

    Raises:
        EngineError: FWP_E_TIMEOUT, the other writer did not end.
        PlaceError: there is something else than a store.
        BackendError: it cannot be written; it is as before.
    """
    real = real_path(path)
    new = not _is_there(real, path)
    if new:
        make_folder(real, path)
    elif not _writable(real):
        raise BackendError(f"the store {path} cannot be written", remedy="check who may write the file and its folder")
    with explained(path), _connected(uri(real, "mode=rwc"), min(wait, _A_TIME)) as connection:
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            if not new:  # what a new file begins with is written once, and not into a log before
                _keep_a_log(connection, wait)
            connection.execute(f"PRAGMA synchronous = {DURABILITY}")
            connection.execute(f"PRAGMA cache_size = -{_ROOM}")
            _patiently(connection, "BEGIN IMMEDIATE", wait)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise timeout(wait) from error
            raise
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if new:  # from here on; where somebody reads at this moment, the next writer does it
            with suppress(sqlite3.OperationalError):
                connection.execute(_LOGGED)


def make_folder(real: Path, path: Path) -> None:
    """Make the program's own folder for its owner alone; one that is there stays as it is, and no other is made.

    Raises:
        PlaceError: the folder is another one, and not there.
        BackendError: it cannot be made.
    """
    if real.parent.is_dir():
        return
    if real.parent != real_path(data_dir()):
        raise PlaceError(
            f"the store {path} cannot be made: there is no folder {path.parent}",
            remedy="make it first, or name another place",
        )
    try:
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackendError(f"the folder of the store {path} cannot be made", remedy=reason(error)) from None


def _keep_a_log(connection: sqlite3.Connection, wait: float) -> None:
    """Switch to a write-ahead log. SQLite does not wait by itself for another process that switches at that moment."""
    end = time.monotonic() + wait
    while True:
        try:
            connection.execute(_LOGGED)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            kept_waiting()
            time.sleep(_PAUSE)
        else:
            return


def _patiently(connection: sqlite3.Connection, statement: str, wait: float) -> None:
    """Execute a statement as soon as no other program is in the way, and say meanwhile that one is.

    SQLite waits for a moment by itself on the connection; whatever comes after the statement waits as long as this.
    """
    end = time.monotonic() + wait
    while True:
        try:
            connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            kept_waiting()
        else:
            break
    connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")


def _connected(where: str, wait: float) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(where, timeout=wait, isolation_level=None, uri=True, check_same_thread=False))


def _writable(real: Path) -> bool:
    return os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)


def real_path(path: Path) -> Path:
    """Return the absolute path without links: SQLite's log stands beside the file itself."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise PlaceError(f"the store {in_quotes(str(path))} cannot be reached", remedy=reason(error)) from None


def _is_there(real: Path, path: Path) -> bool:
    """Tell whether there is a file for a store, or nothing yet.

    Raises:
        PlaceError: there is something else, or something else than a file where SQLite keeps its log: a link would
            lead it to write elsewhere, a pipe to wait for ever.
        BackendError: it cannot be reached.
    """
    for ending in (LOG, INDEX, JOURNAL):
        if not _is_file_or_nothing(beside(real, ending)):
            raise PlaceError(
                f"{path}{ending} is no file of the store", remedy="find out who put it there, and remove it"
            )
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


def _is_file_or_nothing(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return True


def uri(real: Path, query: str) -> str:
    """Return a path as SQLite's URI. Unlike ``Path.as_uri`` it keeps ``//server/share`` out of the authority."""
    path = real.as_posix()
    return f"file://{quote(os.fsencode(path if path.startswith('/') else f'/{path}'))}?{query}"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about a store into errors that say what is wrong and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)  # the module's own errors have none
        known = sqlite3.SQLITE_FULL if code in _NO_MEMORY else sqlite3.SQLITE_ERROR if code is None else code & 0xFF
        kind, what, remedy = _MEANINGS.get(known, (BackendError, "cannot be used", str(error)))
        raise kind(f"the store {path} {what}", remedy=remedy) from error
    except OverflowError as error:  # a number in the file from which nothing can be counted on
        kind, what, remedy = _MEANINGS[sqlite3.SQLITE_CORRUPT]
        raise kind(f"the store {path} {what}", remedy=remedy) from error
