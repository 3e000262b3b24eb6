"""The tables of the embedded store, and every statement on them.

A temporal design: an object's row says from which revision on it was there, and from which on it was there no more. The
current state are the rows nothing has removed; the state after revision N are those added by then and not removed by
then. A changed object keeps its row, and with it its place and its number; a copy of the row keeps what it was.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import count
from operator import attrgetter
from typing import NamedTuple
from uuid import uuid4

from pydantic_core import to_json

from ndtui.analysis.documents import Document
from ndtui.backends.base import Applied, BackendError, Change, Kind, PlaceError, Plan, Progress, Revision
from ndtui.backends.plan import applied, now

VERSION = 1

#: How many changes are written between two reports of progress.
CHUNK = 2_000

_SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE revision (
        number INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('apply', 'remove', 'rollback')),
        policy TEXT NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL
    )""",
    """CREATE TABLE object (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('provider', 'subLayer', 'providerContext', 'filter')),
        key TEXT NOT NULL,
        layer TEXT NOT NULL,
        document TEXT NOT NULL,
        position INTEGER NOT NULL,
        added_in INTEGER NOT NULL REFERENCES revision (number),
        removed_in INTEGER REFERENCES revision (number)
    )""",
    "CREATE UNIQUE INDEX object_now ON object (kind, key) WHERE removed_in IS NULL",
)
_TABLES = {"meta", "revision", "object"}
_TABLES_THERE = "SELECT name FROM sqlite_master WHERE type = 'table'"

_ADD_META = "INSERT INTO meta (key, value) VALUES (?, ?)"
_META = "SELECT key, value FROM meta"
_ADD_REVISION = "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?)"
_REVISIONS = "SELECT number, at, action, policy, added, changed, removed FROM revision ORDER BY number DESC"
_POLICY_AT = "SELECT policy FROM revision WHERE number = ?"
_LATEST = "SELECT coalesce(max(number), 0) FROM revision"
_OBJECTS_AT = """SELECT kind, key, document, position FROM object
    WHERE added_in <= :number AND (removed_in IS NULL OR removed_in > :number)"""
_LAST_ID = "SELECT coalesce(max(id), 0) FROM object"
_ADD = "INSERT INTO object (kind, key, layer, document, position, added_in) VALUES (?, ?, ?, ?, ?, ?)"
_REMOVE = "UPDATE object SET removed_in = ? WHERE kind = ? AND key = ? AND removed_in IS NULL"
_KEEP_OLD = """INSERT INTO object (kind, key, layer, document, position, added_in, removed_in)
    SELECT kind, key, layer, document, position, added_in, ? FROM object
    WHERE kind = ? AND key = ? AND removed_in IS NULL"""
_CHANGE = "UPDATE object SET layer = ?, document = ?, added_in = ? WHERE kind = ? AND key = ? AND removed_in IS NULL"


class Head(NamedTuple):
    """Where a store stands: its own identity and its latest revision."""

    store: str = "new"
    number: int = 0

    @property
    def state(self) -> str:
        """What names this moment."""
        return f"{self.store}:{self.number}"


class Row(NamedTuple):
    """An object as it is stored, its document as JSON."""

    kind: Kind
    key: str
    document: str
    position: int


def encode(document: Document) -> str:
    """Return a document as JSON in one line; the same document is the same text."""
    return to_json(document).decode()


def head(connection: sqlite3.Connection, where: str) -> Head:
    """Return where a store stands; an empty database is a new one. ``where`` names the store in errors.

    Raises:
        PlaceError: it is the database of another program.
        BackendError: it was written by a later version of this one.
    """
    tables = {name for (name,) in connection.execute(_TABLES_THERE)}
    if not tables:
        return Head()
    meta = dict(connection.execute(_META)) if tables >= _TABLES else {}
    version, store = str(meta.get("version", "")), str(meta.get("id", ""))
    if not (version.isdecimal() and store):
        raise PlaceError(f"{where} is the database of another program", remedy="name another file for the store")
    if int(version) > VERSION:
        raise BackendError(f"{where} was written by a later version of ndtui", remedy="update ndtui to use this store")
    (number,) = connection.execute(_LATEST).fetchone()
    return Head(store, number)


def policy_at(connection: sqlite3.Connection, number: int) -> str:
    """Return the name of the design that is applied after a revision; empty when nothing is."""
    found = connection.execute(_POLICY_AT, (number,)).fetchone() if number else None
    return found[0] if found else ""


def rows_at(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return the objects there are after a revision, in the order they came."""
    if number == 0:
        return []
    rows = map(Row._make, connection.execute(_OBJECTS_AT, {"number": number}))
    return sorted(rows, key=attrgetter("position"))  # SQLite would carry the documents along while sorting


def revisions(connection: sqlite3.Connection) -> list[Revision]:
    """Return the history of a store that is not new, latest first."""
    return [Revision(*row) for row in connection.execute(_REVISIONS)]


def create(connection: sqlite3.Connection) -> Head:
    """Make the tables in an empty database, within the caller's transaction."""
    for statement in _SCHEMA:
        connection.execute(statement)
    store = str(uuid4())
    connection.executemany(_ADD_META, [("version", str(VERSION)), ("id", store)])
    return Head(store)


def write(connection: sqlite3.Connection, before: Head, plan: Plan, progress: Progress | None) -> Applied:
    """Write a plan's changes and its revision, within the caller's transaction."""
    after = Head(before.store, before.number + 1)
    result = applied(plan, after.state)
    counts = (result.added, result.changed, result.removed)
    connection.execute(_ADD_REVISION, (after.number, now(), plan.action, plan.policy, *counts))
    (last,) = connection.execute(_LAST_ID).fetchone()
    positions = count(last + 1)
    total = len(plan.changes)
    for start in range(0, total, CHUNK):
        _write_chunk(connection, plan.changes[start : start + CHUNK], after.number, positions)
        if progress is not None:
            progress(min(start + CHUNK, total), total)
    return result


def _write_chunk(
    connection: sqlite3.Connection, chunk: Sequence[Change], number: int, positions: Iterator[int]
) -> None:
    removed, changed, added = [], [], []
    for change in chunk:
        if change.after is None:
            removed.append((number, change.kind, change.key))
        elif change.before is None:
            row = (change.kind, change.key, change.layer, encode(change.after), next(positions), number)
            added.append(row)
        else:
            changed.append((change.layer, encode(change.after), number, change.kind, change.key))
    connection.executemany(_REMOVE, removed)
    connection.executemany(_KEEP_OLD, [row[2:] for row in changed])
    connection.executemany(_CHANGE, changed)
    connection.executemany(_ADD, added)
