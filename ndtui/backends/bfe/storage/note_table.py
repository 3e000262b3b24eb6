"""Who made each revision of an engine's file, why and how: a table of its own beside that of the revisions.

Version 0.2 wrote files without it. It is made when the first note is written; a program of that version goes on reading
and writing the file, for nothing of its own tables is another than it was, and what it adds to the history has no note.
"""

import sqlite3
from typing import cast, get_args

from ndtui.backends.contract.history_note import LONGEST_MESSAGE, LONGEST_NAME, Cause, Note
from ndtui.common.text import shortened

_SCHEMA = """CREATE TABLE IF NOT EXISTS revision_note (
    number INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    host TEXT NOT NULL,
    message TEXT NOT NULL,
    cause TEXT NOT NULL,
    back_to INTEGER
)"""
_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'revision_note'"
_ADD = "INSERT OR REPLACE INTO revision_note (number, user, host, message, cause, back_to) VALUES (?, ?, ?, ?, ?, ?)"
_ALL = "SELECT number, user, host, message, cause, back_to FROM revision_note"
_TYPES = (int, str, str, str, str)


def add(connection: sqlite3.Connection, number: int, note: Note) -> None:
    """Write the note of a revision, in the caller's transaction."""
    connection.execute(_SCHEMA)
    connection.execute(_ADD, (number, note.user, note.host, note.message, note.cause, note.back_to))


def notes(connection: sqlite3.Connection) -> dict[int, Note] | None:
    """Return the notes there are, by the number of their revision; ``None`` where another program has altered them."""
    if connection.execute(_THERE).fetchone() == (0,):
        return {}
    found: dict[int, Note] = {}
    for cells in connection.execute(_ALL):
        number, user, host, message, cause, back_to = cells
        if tuple(map(type, cells[:-1])) != _TYPES or type(back_to) not in (int, type(None)):
            return None
        known = cast("Cause", cause if cause in get_args(Cause) else "")  # a later version may know more of them
        names = shortened(user, LONGEST_NAME), shortened(host, LONGEST_NAME)
        found[number] = Note(*names, shortened(message, LONGEST_MESSAGE), known, back_to)
    return found
