"""The settings as the file that would make them so: everything that can be set, what is the user's own marked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from ndtui.common.settings import Settings
from ndtui.common.settings_file import Entry, SettingsFile

#: The column in which it says whose a setting is.
_MARK_AT = 44

OwnKeys = Mapping[str, tuple[str, ...]]
"""Keys of the user's own as the file writes them, by the name of the action."""


def settings_lines(found: SettingsFile, settings: Settings, own: Iterable[Entry], keys: OwnKeys) -> Iterator[str]:
    """Return the lines of the file; ``settings`` are those that hold, ``own`` the entries of the user's, ``keys`` too.

    Read as a file they give the same settings, without a fault.
    """
    mine = set(own)
    there = "" if found.exists else ", which is not there yet"
    yield f"# {found.path}{there}"
    tables: list[tuple[str, BaseModel]] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            tables.append((name, value))
        elif not isinstance(value, Mapping):
            yield _line(name, value, own=(name,) in mine)
    for title, table in tables:
        yield from ("", f"[{title}]")
        for name in type(table).model_fields:
            yield _line(name, getattr(table, name), own=(title, name) in mine)
    yield from ("", "[keys]")
    if not keys:
        yield "# as they are shipped: ndtui keys lists them"
    for name, each in keys.items():
        yield _line(name, each, own=True)
    yield from ("", "[columns]")
    if not settings.columns:
        yield "# as they are shipped"
    for name, columns in settings.columns.items():
        yield _line(name, columns, own=True)


def _line(name: str, value: Any, *, own: bool) -> str:
    """Return a line; JSON writes texts, numbers and lists as TOML does, but for the character of deletion."""
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    text = f"{name if name.replace('.', '').isidentifier() else json.dumps(name)} = {written}"
    return f"{text:<{_MARK_AT}}  # yours" if own else text
