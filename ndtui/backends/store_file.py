"""The file of the embedded store: how it is opened for reading and for writing, and what its errors mean to a person.

The journal is SQLite's own, undone or done as a whole after a crash, and not a write-ahead log: a log needs a second
and a third file beside the store even to read it, and does not work in a read-only place or on a share.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ndtui.backends.base import BackendError, PlaceError
from ndtui.files import reason

#: Seconds to wait for another program that is writing.
PATIENCE = 10.0


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a store to read one consistent state; where there is none, an empty database that is nowhere.

    Raises:
        PlaceError: there is something else than a store.
        BackendError: it cannot be read.
    """
    with _explained(path):
        if not _exists(path):
            where = ":memory:"
        elif _beside(path).exists():
            where = _uri(path, "rw")  # whoever was writing may have been killed: only then SQLite may undo it
        else:
            where = _uri(path, "ro")
        with closing(sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=True)) as connection:
            connection.execute("BEGIN")
            yield connection


@contextmanager
def writing(path: Path, *, create: bool) -> Iterator[sqlite3.Connection]:
    """Open a store for one transaction that is written as a whole, or not at all when the block raises.

    With ``create`` its folder and its file are made where there are none.

    Raises:
        PlaceError: there is something else than a store.
        BackendError: it cannot be written; it is as before.
    """
    with _explained(path):
        if not _exists(path) and create:
            path.parent.mkdir(parents=True, exist_ok=True)
        where = _uri(path, "rwc" if create else "rw")
        with closing(sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=True)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_spill = OFF")  # so that others can read until the very end
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


def _exists(path: Path) -> bool:
    if path.is_dir():
        raise PlaceError(f"{path} is a directory", remedy="name a file for the store")
    if path.exists() and not path.is_file():
        raise PlaceError(f"{path} is no file", remedy="name a file for the store")
    return path.exists()
