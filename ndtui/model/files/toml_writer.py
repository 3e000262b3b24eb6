"""TOML as a person would write it, keeping the comments and the layout of the file it replaces."""

import tomllib
from collections.abc import Mapping
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Item, Table
from tomlkit.toml_document import TOMLDocument

from ndtui.model.files.toml_pieces import same, write_pieces

#: What tables are known by: exemptions by name, assertions by their traffic, suppressions by the finding's id.
_NAMING = ("name", "traffic", "id")


def write(data: dict[str, Any], existing: str = "") -> str:
    """Return ``data`` as TOML; values that are already so in ``existing`` stay as they were written there.

    What is returned always reads back as ``data``: where the layout of ``existing`` does not allow that (dotted keys,
    tables in pieces), it is written anew.
    """
    by_pieces = write_pieces(data, existing, _write_whole)
    return _write_whole(data, existing) if by_pieces is None else by_pieces


def _write_whole(data: dict[str, Any], existing: str) -> str:
    try:
        document = tomlkit.parse(existing)
        _merge(document, data)
        text = document.as_string()
        if same(tomllib.loads(text), data):
            return text
    except (TOMLKitError, tomllib.TOMLDecodeError, TypeError, ValueError):
        pass  # a layout that cannot be kept, or no TOML at all
    fresh = tomlkit.document()
    _merge(fresh, data)
    return fresh.as_string()


def _merge(table: TOMLDocument | Table, data: dict[str, Any]) -> None:
    for key in [k for k in table if k not in data]:
        table.remove(key)
    for key, value in data.items():
        before = table.get(key)
        if before is None:
            table.append(key, _item(value))
        elif isinstance(before, Table) and isinstance(value, dict):
            _merge(before, value)
        elif not same(_plain(before), value):
            table[key] = _tables(before, value) if isinstance(before, AoT) else _item(value)


def _tables(before: AoT, values: list[dict[str, Any]]) -> AoT:
    """Return an array of tables in which each table of the same name keeps its comments."""
    named = {_name(table): table for table in before}
    after = tomlkit.aot()
    for value in values:
        table = named.pop(_name(value), None) if _name(value) else None
        if table is None:
            table = cast("Table", _item(value))
        else:
            _merge(table, value)
        after.append(table)
    return after


def _name(table: Mapping[str, Any]) -> str:
    """Return what tells a table from others of its array; empty where nothing does."""
    return next((f"{key}:{table[key]}" for key in _NAMING if key in table), "")


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _item(value: Any) -> Item:
    if isinstance(value, dict):
        table = tomlkit.table()
        for key, inner in value.items():
            table.append(key, _item(inner))
        return table
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return _inline_tables(value) if _is_small(value) else _array_of_tables(value)
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(value)
        return array.multiline(len(str(value)) > 90)
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return cast("Item", tomlkit.item(value))


def _is_small(values: list[dict[str, Any]]) -> bool:
    return all(len(v) <= 3 and not any(isinstance(i, list | dict) for i in v.values()) for v in values) and not any(
        key in v for v in values for key in _NAMING
    )


def _inline_tables(values: list[dict[str, Any]]) -> Array:
    array = tomlkit.array()
    for value in values:
        inline = tomlkit.inline_table()
        inline.update(value)
        array.append(inline)
    return array.multiline(len(values) > 1 or len(str(values)) > 90)


def _array_of_tables(values: list[dict[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for value in values:
        tables.append(_item(value))
    return tables
