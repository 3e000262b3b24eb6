"""The tables of an engine's file, and every statement on them.

A temporal design: an object's row says in which change of the engine it was added, and in which removed. What there is
now are the rows not removed yet; what there was after change N are those added by then and not removed by then.
A revision is a change that was recorded in the history.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress

from pydantic_core import from_json, to_json

from ndtui.backends.bfe.state import Draft, Objects, Row, State, no_objects
from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.backends.contract.changes import Pending, Revision

VERSION = 2

_SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE revision (
        number INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('apply', 'remove', 'rollback')),
        policy TEXT NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL,
        change INTEGER NOT NULL
    )""",
    """CREATE TABLE object (
        id INTEGER PRIMARY KEY,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('provider', 'subLayer', 'providerContext', 'filter')),
        key TEXT NOT NULL,
        lifetime TEXT NOT NULL CHECK (lifetime IN ('dynamic', 'static', 'persistent', 'builtin')),
        session TEXT NOT NULL,
        provider TEXT NOT NULL,
        sublayer TEXT NOT NULL,
        context TEXT NOT NULL,
        layer TEXT NOT NULL,
        added_in INTEGER NOT NULL,
        removed_in INTEGER,
        document TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX object_now ON object (kind, key) WHERE removed_in IS NULL",
)
_TABLES = {"meta", "revision", "object"}
_TABLES_THERE = "SELECT name FROM sqlite_master WHERE type = 'table'"

_COLUMNS = "id, position, kind, key, lifetime, session, provider, sublayer, context, layer, document"
_SET_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_META = "SELECT key, value FROM meta"
_ADD_REVISION = "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_REVISIONS = "SELECT number, at, action, policy, added, changed, removed FROM revision ORDER BY number DESC"
_CHANGE_OF = "SELECT change FROM revision WHERE number = ?"
_LATEST = "SELECT number, change, policy FROM revision ORDER BY number DESC LIMIT 1"
_LAST_ID = "SELECT coalesce(max(id), 0) FROM object"
_NOW = f"SELECT {_COLUMNS} FROM object WHERE removed_in IS NULL"  # noqa: S608 - made of constants
_AT = f"""SELECT {_COLUMNS} FROM object
    WHERE added_in <= :change AND (removed_in IS NULL OR removed_in > :change)"""  # noqa: S608
_ADD = f"INSERT INTO object ({_COLUMNS}, added_in) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_REMOVE = "UPDATE object SET removed_in = ? WHERE id = ?"


def head(connection: sqlite3.Connection, where: str) -> State:
    """Return the state that a file holds, without its objects; an empty database is a new one. ``where`` names it.

    Raises:
        PlaceError: it is the database of another program.
        BackendError: it was written by another version of this one.
    """
    tables = {name for (name,) in connection.execute(_TABLES_THERE)}
    if not tables:
        return State()
    meta = dict(connection.execute(_META)) if tables >= _TABLES else {}
    version, store, number = (str(meta.get(key, "")) for key in ("version", "id", "number"))
    if not (version.isdecimal() and store):
        raise PlaceError(f"{where} is the database of another program", remedy="name another file for the store")
    if int(version) != VERSION:
        age = "a later" if int(version) > VERSION else "an earlier"
        remedy = "update ndtui to use this store" if int(version) > VERSION else "move it away and apply again"
        raise BackendError(f"{where} was written by {age} version of ndtui", remedy=remedy)
    if not number.isdecimal():
        raise damaged(where)
    revision, recorded, policy = connection.execute(_LATEST).fetchone() or (0, 0, "")
    (last_id,) = connection.execute(_LAST_ID).fetchone()
    return State(store, int(number), last_id, revision, recorded, policy, _pending(str(meta.get("pending", ""))))


def damaged(where: str) -> BackendError:
    """Return the error of a file that another program has altered."""
    return BackendError(
        f"{where} is damaged: what it holds cannot be read", remedy="put a copy back, or move it away and apply again"
    )


def _pending(text: str) -> Pending | None:
    with suppress(ValueError, TypeError):
        return Pending(*from_json(text))
    return None


def objects_now(connection: sqlite3.Connection) -> Objects:
    """Return the objects there are."""
    return _objects(connection.execute(_NOW))


def objects_at(connection: sqlite3.Connection, revision: int) -> Objects:
    """Return the objects there were right after a revision; after revision 0 there were none."""
    found = connection.execute(_CHANGE_OF, (revision,)).fetchone() if revision else None
    return _objects(connection.execute(_AT, {"change": found[0]})) if found else no_objects()


def _objects(rows: Iterable[tuple[object, ...]]) -> Objects:
    objects = no_objects()
    known: dict[object, object] = {}
    for number, position, kind, key, *references, document in rows:
        # what rows refer to is the same again and again, and SQLite makes a text of its own for each
        shared = [known.setdefault(each, each) for each in references]
        row = Row._make((number, position, known.setdefault(kind, kind), key, *shared, document))
        objects[row.kind][row.key] = row
    return objects


def revisions(connection: sqlite3.Connection) -> list[Revision]:
    """Return the history of a file that is not new, latest first."""
    return [Revision(*row) for row in connection.execute(_REVISIONS)]


def create(connection: sqlite3.Connection, identity: str) -> None:
    """Make the tables in an empty database, within the caller's transaction."""
    for statement in _SCHEMA:
        connection.execute(statement)
    connection.executemany(_SET_META, [("version", str(VERSION)), ("id", identity)])


def write(connection: sqlite3.Connection, draft: Draft, after: State) -> None:
    """Write what a draft has added and removed, within the caller's transaction."""
    connection.executemany(_REMOVE, ((after.number, row.id) for row in draft.removed.values()))
    connection.executemany(_ADD, ((*row, after.number) for row in draft.added.values()))
    if draft.revision is not None:
        connection.execute(_ADD_REVISION, (after.revision, *draft.revision[:6], after.number))
    pending = after.pending
    waiting = "" if pending is None else to_json([pending.token, pending.back_to, pending.deadline]).decode()
    connection.executemany(_SET_META, [("number", str(after.number)), ("pending", waiting)])
