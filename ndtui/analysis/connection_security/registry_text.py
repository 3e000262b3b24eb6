"""The text of a .reg file: keys with their values, as regedit writes them.

Source: https://support.microsoft.com/topic/9c7f37cf-a5e9-e1cd-c4fa-2a26218a1a23 (how to add, modify or delete registry
subkeys and values by using a .reg file).
"""

import re
from collections.abc import Iterator, Mapping

from ndtui.common.errors import InputError
from ndtui.common.text import brief

#: What its first line is, of the version that is written today and of the one before.
HEADS = ("Windows Registry Editor Version 5.00", "REGEDIT4")

_KEY = re.compile(r"\[(-?)([^\]]+)\]")
_VALUE = re.compile(r'(@|"[^"\\]*(?:\\.[^"\\]*)*")\s*=\s*(.*)', re.DOTALL)
_TEXT = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_NUMBER = re.compile(r"dword:([0-9a-fA-F]{1,8})")
_EXPANDABLE = re.compile(r"hex\([12]\):((?:[0-9a-fA-F]{2},?)*)")
#: What stands in the place of a value that is deleted.
_DELETED = "-"
#: A value of another type.
_OTHER = re.compile(rf"hex(?:\([0-9a-fA-F]+\))?:(?:[0-9a-fA-F]{{2}},?)*|{_DELETED}")

Values = Mapping[str, str | int]


def is_registry(text: str) -> bool:
    """Whether a text begins as a .reg file does."""
    return text.lstrip("\ufeff \r\n").startswith(HEADS)


def read_registry(text: str, where: str) -> Mapping[str, Values]:
    """Return the values of each key by name: texts and numbers, and others as they are written there.

    Raises:
        InputError: a line is none of a .reg file; names it.
    """
    found: dict[str, dict[str, str | int]] = {}
    values: dict[str, str | int] | None = None
    for number, line in _lines(text):
        if line in HEADS:
            continue
        key = _KEY.fullmatch(line)
        if key is not None:
            values = found.setdefault(key[2], {}) if not key[1] else None  # one that is deleted has nothing to say
            continue
        value = _VALUE.fullmatch(line)
        if value is None:
            raise InputError(f"{where}: line {number}: {brief(line)} is in no .reg file", remedy="is it cut off?")
        if values is not None:
            name, read = _unescaped(value[1][1:-1]), _value(value[2].strip())
            if read is None:
                raise InputError(f"{where}: line {number}: {brief(line)} is in no .reg file", remedy="is it cut off?")
            if read == _DELETED:
                values.pop(name, None)
            else:
                values[name] = read
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Return the lines that say something, with their numbers; one that ends with a backslash goes on in the next."""
    begun, first = "", 0
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not begun and (not line or line.startswith(";")):
            continue
        first = first or number
        if line.endswith("\\") and not line.startswith("["):
            begun += line[:-1]
            continue
        yield first, begun + line
        begun, first = "", 0
    if begun:
        yield first, begun


def _value(text: str) -> str | int | None:
    """Return a value, and ``None`` for what is none."""
    written = _TEXT.fullmatch(text)
    if written is not None:
        return _unescaped(written[1])
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return int(number[1], 16)
    expandable = _EXPANDABLE.fullmatch(text.replace(" ", ""))
    if expandable is not None:
        return bytes.fromhex(expandable[1].replace(",", "")).decode("utf-16-le", "replace").rstrip("\0")
    return text if _OTHER.fullmatch(text.replace(" ", "")) else None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
