"""TOML as text: where in it an element stands, what is wrong with it in a line, and what of it would take too long."""

import re
from collections.abc import Mapping
from typing import Any

from ndtui.common.text import visible

#: The deepest key of anything that is read has five; the parser's time and memory grow with the square.
MAX_KEY_PARTS = 32

_PART = r"""(?:"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|[\w-]++)"""
#: A comment, or a key or a text; ``long`` are the parts of a key that has too many.
_TOKEN = re.compile(rf"#.*|{_PART}(?P<long>(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_KEY_PARTS},}}+)?")
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]*)\]")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")

Path = tuple[Any, ...]
"""Where an element stands: names of keys, and numbers of the elements of an array of tables."""


def long_key_line(text: str) -> int | None:
    """Return the line of a key with more parts than ``MAX_KEY_PARTS``, if there is one."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") >= MAX_KEY_PARTS and any(token["long"] for token in _TOKEN.finditer(line)):
            return number
    return None


def syntax_error(error: ValueError, text: str) -> str:
    """Return what the parser says is wrong with a text, the line first where it knows it."""
    message = str(error)
    end = re.search(r"\(at end of document\)", message)
    if end:
        return (
            f"line {text.count(chr(10)) + 1}: {message[: end.start()].strip()}, and the file ends there: is it cut off?"
        )
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if at:
        return f"line {at[1]}: {message[: at.start()].strip()} (column {at[2]})"
    return visible(message).partition(";")[0]  # a number of more digits than Python converts


def line_of(text: str, path: Path) -> int | None:
    """Return the line that a path stands in, or the nearest element around it does; ``None`` when none is known."""
    return line_in(places(text) if text else {}, path)


def line_in(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return what ``line_of`` does, from the places of a text: where many lines are wanted, they are found once."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def places(text: str) -> dict[Path, int]:
    """Return the line of every table and key, by its path; what stands in texts of several lines is passed over."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if quote:
            quote = "" if line.count(quote) % 2 else quote
            continue
        header = _HEADER.match(line)
        if header:
            table = _path(header[2].replace(" ", "").split("."), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                found.setdefault(table, number)
                table = (*table, counts[table] - 1)
            found[table] = number
            continue
        key = _KEY.match(line)
        if key:
            found.setdefault((*table, *key[1].strip().split(".")), number)
        quote = next((q for q in ('"""', "'''") if line.count(q) % 2), "")
    return found


def _path(names: list[str], counts: Mapping[Path, int]) -> Path:
    """Return the path of a heading: below an array of tables it belongs to the last of them."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    return (*path, names[-1])
