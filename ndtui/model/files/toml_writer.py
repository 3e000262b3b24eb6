"""TOML as a person would write it, keeping the comments and the layout of the file it replaces."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, Item, Null, Table, Whitespace
from tomlkit.toml_document import TOMLDocument

from ndtui.model.files.toml_pieces import same, write_pieces

#: What tables are known by: exemptions by name, assertions by their traffic, suppressions by the finding's id.
_NAMING = ("name", "traffic", "id")
#: More keys than any table has.
_SAME = 1_000
#: Entries that are changed, times those there are, or pairs of entries that say the same, in an array that is changed
#: rather than written anew.
_MOST_STEPS = 2_000_000


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
    if any(key not in table for key in data):
        _keep_above_tables(table)
    for key, value in data.items():
        before = table.get(key)
        if before is None:
            like = next(filter(_holds_tables, table.values()), None)  # as those that stand there already
            table.append(key, _item(value) if like is None else _written_over(like, value))
        elif isinstance(before, Table) and isinstance(value, dict):
            _merge(before, value)
        elif not same(_plain(before), value):
            remarked = isinstance(before, Array) and isinstance(value, list) and _has_remarks(before)
            table[key] = _entries(before, value) if remarked else _written_over(before, value)


def _keep_above_tables(table: TOMLDocument | Table) -> None:
    """Let what stands right above the first table in a table go with that, so that a new key comes before both."""
    body = (table.value if isinstance(table, Table) else table).body
    at = next((number for number, (_, item) in enumerate(body) if isinstance(item, AoT | Table)), 0)
    start = at
    while start and isinstance(body[start - 1][1], Comment):
        start -= 1
    if start == at:
        return
    if start and isinstance(body[start - 1][1], Whitespace):
        start -= 1
    below = body[at][1]
    heading = below[0] if isinstance(below, AoT) else below
    heading.trivia.indent = "".join(item.as_string() for _, item in body[start:at]) + heading.trivia.indent
    for number in range(start, at):
        body[number] = (None, Null())


def _written_over(before: Any, value: Any) -> Item:
    """Return a value as it is written where another stands: tables that stand in a line stay there."""
    if isinstance(before, AoT):
        return _tables(before, value)
    tables = isinstance(value, list) and len(value) > 0 and all(isinstance(each, dict) for each in value)
    return _inline_tables(value) if tables and _holds_tables(before) else _item(value)


def _has_remarks(array: Array) -> bool:
    """Tell whether there is a comment between the entries of an array."""
    return any(group.comment is not None for group in array._value)


def _entries(array: Array, values: list[Any]) -> Item:
    """Change an array in which remarks stand: an entry that stays or moves keeps its own, and lines of remarks stay.

    One that would take long to change is written anew.
    """
    before, after = [_told_apart(_plain(each)) for each in array], list(map(_told_apart, values))
    there, wanted = Counter(before), Counter(after)
    if sum(count * wanted[each] for each, count in there.items()) > _MOST_STEPS:
        return _item(values)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = sum(end - start + stop - first for tag, start, end, first, stop in steps if tag != "equal")
    if changed * (len(before) + len(after)) > _MOST_STEPS:
        return _item(values)
    moving = dict(zip(before, (group.comment for group in _groups(array)), strict=True))
    for tag, start, end, first, stop in reversed(steps):
        if tag == "equal":
            continue
        for _ in range(start, end):
            del array[start]
        for at, value in enumerate(values[first:stop], start):
            array.insert(at, _in_line(value))
            _groups(array)[at].comment = moving.get(_told_apart(value))
    return array


def _groups(array: Array) -> list[Any]:
    """Return the entries of an array with what the library keeps beside each: its comment, its comma, its indent."""
    return [group for group in array._value if group.value is not None and not isinstance(group.value, Null)]


def _told_apart(value: Any) -> str:
    """Return a text that is the same for entries that say the same, and for no others."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{key!r}:{_told_apart(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_told_apart, value))}]"
    return repr(value)


def _in_line(value: Any) -> Item:
    """Return an entry of an array, a table in a line."""
    if not isinstance(value, dict):
        return _item(value)
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline


def _holds_tables(item: Any) -> bool:
    """Tell whether tables stand in a line."""
    return isinstance(item, Array) and len(item) > 0 and all(isinstance(each, dict) for each in item)


def _tables(before: AoT, values: list[dict[str, Any]]) -> AoT:
    """Return an array of tables in which each table of the same name keeps its comments.

    Of tables without a name, such as proposals, the one that says the same keeps them, or else the one most alike.
    """
    last = _with_remarks_above(before)
    paired = _paired(before, values)
    after = tomlkit.aot()
    for value, table in zip(values, paired, strict=True):
        if table is not None:
            _merge(table, value)
        after.append(cast("Table", _item(value)) if table is None else table)
    for one, other in pairwise(after):
        if one.as_string().endswith("\n\n"):  # the library puts an empty line between them, where one is already
            other.trivia.indent = other.trivia.indent.removeprefix("\n")
    for key, remark in last if after else ():
        after[-1].value.body.append((key, remark))
    return after


def _with_remarks_above(tables: AoT) -> list[tuple[Any, Any]]:
    """Let comments right above the heading of a table go with that table, not with the one before it.

    What stands so behind the last table belongs to what follows all of them, and is returned.
    """
    remarks: list[tuple[Any, Any]] = []
    for number, table in enumerate(tables):
        if remarks:
            table.trivia.indent = "".join(item.as_string() for _, item in remarks) + table.trivia.indent
        body = table.value.body
        start = len(body)
        while start and isinstance(body[start - 1][1], Comment):
            start -= 1
        remarks = body[start:] if number + 1 < len(tables) or body[start:] else []
        del body[start:]
    return remarks


def _paired(tables: AoT, values: list[dict[str, Any]]) -> list[Table | None]:
    """Return the table that each value takes the place of, if it does of any."""
    named = {_name(table): table for table in tables if _name(table)}
    paired: list[Table | None] = [named.pop(_name(value), None) if _name(value) else None for value in values]
    left = [(table, _plain(table)) for table in tables if not _name(table)]
    for least in (_SAME, 1):
        for number, value in enumerate(values):
            if paired[number] is not None or _name(value) or not left:
                continue
            best = max(left, key=lambda each, value=value: _in_common(each[1], value))  # type: ignore[misc]
            if _in_common(best[1], value) >= least:
                paired[number] = best[0]
                left.remove(best)
    return paired


def _in_common(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Return how many keys say the same in both; as many as never are where all do."""
    return _SAME if same(one, other) else sum(key in other and same(value, other[key]) for key, value in one.items())


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
        array.append(_in_line(value))
    return array.multiline(len(values) > 1 or len(str(values)) > 90)


def _array_of_tables(values: list[dict[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for value in values:
        tables.append(_item(value))
    return tables
