"""The text of a .reg file, version 5.00, and how it is written: in ASCII where that is enough, otherwise in UTF-16.

regedit writes UTF-16 with a byte order mark; a file without one is read too, but not by all alike where it has anything
but ASCII, or texts in hexadecimal. Sources: https://support.microsoft.com/topic/9c7f37cf-a5e9-e1cd-c4fa-2a26218a1a23
(how to add, modify or delete registry subkeys and values by using a .reg file), and for files in ASCII the tests of
Wine's reg, which are run on Windows too (programs/reg/tests/import.c).
"""

import codecs
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ndtui.exporters.connection_security.native_values import in_ascii

HEADER = "Windows Registry Editor Version 5.00"
#: What a text in hexadecimal begins with.
_IN_HEXADECIMAL = "hex(1):"
#: Bytes in a line of hexadecimal; regedit breaks its lines at 80 characters.
_BYTES = 25


class RegistryKey(NamedTuple):
    """A key with its values, texts or numbers.

    With ``below``, keys by their names, it holds nothing else: it is made and removed as a whole.
    """

    path: str
    values: tuple[tuple[str, str | int], ...]
    below: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


def written(lines: Iterable[str]) -> str | bytes:
    """Return a file of lines after its header: a text with LF where all of it is plain ASCII, and else UTF-16."""
    text = "\n".join((HEADER, *lines, ""))
    if text.isascii() and _IN_HEXADECIMAL not in text:
        return text
    return codecs.BOM_UTF16_LE + text.replace("\n", "\r\n").encode("utf-16-le")


def made(keys: Iterable[RegistryKey]) -> Iterator[str]:
    """Yield the lines that make keys and values; what a whole key held before is gone."""
    for key in keys:
        if key.below:
            yield from ("", f"[-{key.path}]")
        yield from _made(key.path, key.values)
        for name, values in key.below:
            yield from _made(f"{key.path}\\{name}", values)


def _made(path: str, values: Iterable[tuple[str, str | int]]) -> Iterator[str]:
    yield from ("", f"[{path}]")
    for name, value in values:
        yield from _value(name, value)


def removed(keys: Iterable[RegistryKey]) -> Iterator[str]:
    """Yield the lines that remove what is made: whole keys as such, of others the values alone."""
    for key in keys:
        yield ""
        if key.below:
            yield f"[-{key.path}]"
        else:
            yield f"[{key.path}]"
            yield from (f"{_quoted(name)}=-" for name, _ in key.values)


def _value(name: str, value: str | int) -> Iterator[str]:
    if isinstance(value, int):
        yield f"{_quoted(name)}=dword:{value:08x}"
    elif value.isprintable():
        yield f"{_quoted(name)}={_quoted(value)}"
    else:
        yield f"; {in_ascii(value)}"
        yield from _hexadecimal(f"{_quoted(name)}={_IN_HEXADECIMAL}", value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _hexadecimal(begun: str, text: str) -> Iterator[str]:
    """Yield a text in hexadecimal, with the character that ends it."""
    numbers = [f"{byte:02x}" for byte in f"{text}\0".encode("utf-16-le")]
    pieces = [",".join(numbers[at : at + _BYTES]) for at in range(0, len(numbers), _BYTES)]
    for number, piece in enumerate(pieces):
        end = "" if number == len(pieces) - 1 else ",\\"
        yield f"{begun if number == 0 else '  '}{piece}{end}"
