"""The tables of an engine's file, and every statement on them.

A temporal design: an object's row says in which change of the engine it was added, and in which removed. What there is
now are the rows not removed yet; what there was after change N are those added by then and not removed by then.
A revision is a change that was recorded in the history.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields, replace
from sys import intern
from typing import cast

from pydantic_core import from_json, to_json

from ndtui.backends.bfe.state import Draft, Objects, Row, State, no_objects
from ndtui.backends.bfe.storage import note_table
from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.contract.history_note import NO_NOTE

VERSION = 2

#: What may be in a cell is asked with OR, the frequent first: for IN, SQLite makes a table anew for every row.
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
        kind TEXT NOT NULL
            CHECK (kind = 'filter' OR kind = 'providerContext' OR kind = 'subLayer' OR kind = 'provider'),
        key TEXT NOT NULL,
        lifetime TEXT NOT NULL
            CHECK (lifetime = 'static' OR lifetime = 'persistent' OR lifetime = 'dynamic' OR lifetime = 'builtin'),
        session TEXT NOT NULL,
        provider TEXT NOT NULL,
        sublayer TEXT NOT NULL,
        context TEXT NOT NULL,
        layer TEXT NOT NULL,
        added_in INTEGER NOT NULL,
        removed_in INTEGER,
        document TEXT NOT NULL
    )""",
)
_INDEX = "CREATE UNIQUE INDEX object_now ON object (kind, key) WHERE removed_in IS NULL"
_TABLES = {"meta", "revision", "object"}
_SCHEMA_THERE = "SELECT type, name FROM sqlite_master"
#: What runs statements of its own when a table is read or written: no store has any.
_ACTIVE = {"trigger", "view"}
#: The types of the cells of a revision's row.
_REVISION_TYPES = (int, str, str, str, int, int, int)
#: A number as text that SQLite and everything that counts on from it can hold.
_DIGITS = 18
#: The year 3000, in seconds since 1970: beyond it not every system has a calendar.
_END_OF_TIME = 32_503_680_000
#: How many members something that waits has: as version 0.2 wrote it, and since then.
_PENDING_LENGTHS = (3, len(fields(Pending)))
#: What a member of something that waits may be in JSON, by its declared type.
_MEMBER_TYPES: Mapping[object, tuple[type, ...]] = {str: (str,), int: (int,), float: (float, int)}

_COLUMNS = "id, position, kind, key, lifetime, session, provider, sublayer, context, layer, document"
_SET_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_META = "SELECT key, value FROM meta"
_ADD_REVISION = "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_REVISIONS = "SELECT number, at, action, policy, added, changed, removed FROM revision ORDER BY number DESC"
_CHANGE_OF = "SELECT change FROM revision WHERE number = ?"
_LATEST = "SELECT number, change, policy FROM revision ORDER BY number DESC LIMIT 1"
_LAST_ID = "SELECT coalesce(max(id), 0) FROM object"
#: By their ids, in the order in which they stand in the file: in that of the index each page is read again and again.
_NOW = f"""SELECT {_COLUMNS} FROM object
    WHERE id IN (SELECT id FROM object WHERE removed_in IS NULL)"""  # noqa: S608 - made of constants
_AT = f"""SELECT {_COLUMNS} FROM object
    WHERE added_in <= :change AND (removed_in IS NULL OR removed_in > :change)"""  # noqa: S608
_ADD = f"INSERT INTO object ({_COLUMNS}, added_in) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_REMOVE = "UPDATE object SET removed_in = ? WHERE id BETWEEN ? AND ?"


def head(connection: sqlite3.Connection, where: str) -> State:
    """Return the state that a file holds, without its objects; an empty database is a new one. ``where`` names it.

    Raises:
        PlaceError: it is the database of another program.
        BackendError: it was written by another version of this one.
    """
    there = set(connection.execute(_SCHEMA_THERE))
    if not there:
        return State()
    tables = {name for kind, name in there if kind == "table"}
    meta = dict(connection.execute(_META)) if tables >= _TABLES else {}
    version, store, number = (str(meta.get(key, "")) for key in ("version", "id", "number"))
    if not (version.isdecimal() and store):
        raise PlaceError(f"{where} is the database of another program", remedy="name another file for the store")
    if len(version) > _DIGITS or int(version) != VERSION:
        later = len(version) > _DIGITS or int(version) > VERSION
        remedy = "update ndtui to use this store" if later else "move it away and apply again"
        age = "a later" if later else "an earlier"
        raise BackendError(f"{where} was written by {age} version of ndtui", remedy=remedy)
    if not number.isdecimal() or len(number) > _DIGITS or any(kind in _ACTIVE for kind, _ in there):
        raise damaged(where)
    revision, recorded, policy = connection.execute(_LATEST).fetchone() or (0, 0, "")
    (last_id,) = connection.execute(_LAST_ID).fetchone()
    if (type(revision), type(recorded), type(policy), type(last_id)) != (int, int, str, int):
        raise damaged(where)
    pending = _pending(meta.get("pending", ""), revision, where)
    return State(store, int(number), last_id, revision, recorded, policy, pending)


def damaged(where: str) -> BackendError:
    """Return the error of a file that another program has altered."""
    return BackendError(
        f"{where} is damaged: what it holds cannot be read", remedy="put a copy back, or move it away and apply again"
    )


def _pending(text: object, latest: int, where: str) -> Pending | None:
    """Return what waits to be confirmed, from its JSON, a list of its members; an empty text is nothing.

    Members that a version added may be missing.
    """
    if text == "":
        return None
    try:
        members = from_json(text if isinstance(text, str) else "")
        found = Pending(*members)
    except (ValueError, TypeError):
        raise damaged(where) from None
    kinds = [_MEMBER_TYPES[member.type] for member in fields(Pending)]
    if len(members) not in _PENDING_LENGTHS or not all(
        type(member) in kind for member, kind in zip(members, kinds, strict=False)
    ):
        raise damaged(where)
    if not (0 <= found.back_to <= latest and 0 <= found.deadline <= _END_OF_TIME):
        raise damaged(where)
    return found


def objects_now(connection: sqlite3.Connection, where: str) -> Objects:
    """Return the objects there are."""
    return _objects(connection.execute(_NOW), where)


def objects_at(connection: sqlite3.Connection, revision: int, where: str) -> Objects:
    """Return the objects there were right after a revision; after revision 0 there were none."""
    found = connection.execute(_CHANGE_OF, (revision,)).fetchone() if revision else None
    return _objects(connection.execute(_AT, {"change": found[0]}), where) if found else no_objects()


def _objects(rows: Iterable[tuple[object, ...]], where: str) -> Objects:
    objects = no_objects()
    known: dict[tuple[object, ...], tuple[str, ...]] = {}
    for number, position, kind, key, lifetime, session, provider, sublayer, context, layer, document in rows:
        # what rows refer to is the same again and again, and SQLite makes a text of its own for each
        refers = (kind, lifetime, session, provider, sublayer, context, layer)
        shared = known.get(refers)
        if shared is None:
            if kind not in objects or set(map(type, refers)) != {str}:
                raise damaged(where)
            known[refers] = shared = tuple(map(intern, cast("tuple[str, ...]", refers)))
        if not (type(number) is type(position) is int and type(key) is type(document) is str):
            raise damaged(where)
        row = Row._make((number, position, shared[0], key, *shared[1:], document))
        objects[row.kind][row.key] = row
    return objects


def revisions(connection: sqlite3.Connection, where: str) -> list[Revision]:
    """Return the history of a file that is not new, latest first."""
    found = connection.execute(_REVISIONS).fetchall()
    if any(tuple(map(type, cells)) != _REVISION_TYPES for cells in found):
        raise damaged(where)
    notes = note_table.notes(connection)
    if notes is None:
        raise damaged(where)
    return [replace(Revision(*cells), note=notes.get(cells[0], NO_NOTE)) for cells in found]


def write(connection: sqlite3.Connection, draft: Draft, after: State) -> None:
    """Write what a draft has added and removed, into an empty database the tables too, in the caller's transaction."""
    new = not draft.base.number
    if new:
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.executemany(_SET_META, [("version", str(VERSION)), ("id", after.identity)])
    gone = runs(row.id for row in draft.removed.values())
    connection.executemany(_REMOVE, ((after.number, first, last) for first, last in gone))
    connection.executemany(_ADD, ((*row, after.number) for row in draft.added.values()))
    if draft.revision is not None:
        connection.execute(_ADD_REVISION, (after.revision, *draft.revision[:6], after.number))
        note_table.add(connection, after.revision, draft.revision.note)
    pending = after.pending
    waiting = "" if pending is None else to_json(astuple(pending)).decode()
    connection.executemany(_SET_META, [("number", str(after.number)), ("pending", waiting)])
    if new:  # at once, which is quicker than with every row
        connection.execute(_INDEX)


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return whole numbers as runs without a gap, each by its first and its last one."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
