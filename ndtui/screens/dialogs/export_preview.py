"""What an export will look like, as lines that fit a preview and act on no terminal."""

import zlib
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from ndtui.common.text import visible
from ndtui.exporters.contract import Export
from ndtui.exporters.exporting import Exported
from ndtui.screens.dialogs.preset_browser import visible_lines

_LINES = 400
_LINES_OF_EACH = 40
#: Of long lines there are fewer: more than so many characters take too long to be wrapped.
_CHARACTERS = 40_000
#: So many characters are looked through in one go.
_STEP = 8 * 1024 * 1024
#: Of a line so many characters are shown: some formats write a whole design into one.
_LONGEST = 300
_BYTES = 1024
_BYTES_IN_A_LINE = 16
#: What a zip file begins with, how many of its files are shown, and how much of each is unpacked for that.
_ZIP = b"PK\x03\x04"
_FILES = 20
_UNPACKED = 400_000


def preview(export: Export) -> str:
    """Return the beginning of an export: a text as it is, bytes as numbers, each of several files under its name.

    A zip file is several files.
    """
    if not isinstance(export.content, tuple):
        return _of(export.content, _LINES)
    return "\n\n".join(f"{name}, {_size(content)}\n{_of(content, _LINES_OF_EACH)}" for name, content in export.content)


class Told(NamedTuple):
    """What has to be known before an export is written, line by line, and how much of what there is."""

    lines: tuple[str, ...] = ()
    counts: str = ""


def told(made: Exported) -> Told:
    """Return what is left out of an export, and what is found."""
    lost = [f"left out: {each.element} ({each.why})" for each in made.lost]
    kinds = Counter([*("left out" for _ in lost), *(each.severity for each in made.findings)])
    counts = ", ".join(f"{n} {kind}{'s' if n > 1 and kind != 'left out' else ''}" for kind, n in kinds.items())
    return Told(tuple(visible(line) for line in (*lost, *(each.line for each in made.findings))), counts)


def _of(content: str | bytes, most: int) -> str:
    if isinstance(content, bytes):
        return _of_zip(content) if content.startswith(_ZIP) else "\n".join(_numbers(content))
    lines: list[str] = []
    start = room = 0
    while start <= len(content) and len(lines) < most and room < _CHARACTERS:
        end = content.find("\n", start)
        end = len(content) if end < 0 else end
        lines.append(_beginning(content[start:end]))
        room += len(lines[-1])
        start = end + 1
    cut = f"\n... {_line_ends(content, start):,} more lines" if start <= len(content) else ""
    return visible_lines("\n".join(lines)) + cut


def _line_ends(content: str, start: int) -> int:
    """Return how many lines end from a place on; in steps, since no thread goes on while 100 MB are looked through."""
    return sum(content.count("\n", at, at + _STEP) for at in range(start, len(content), _STEP))


def _of_zip(content: bytes) -> str:
    """Return the beginning of each file in a zip file; of one that cannot be read, its bytes as numbers."""
    try:
        archive = ZipFile(BytesIO(content))
        entries = archive.infolist()
        parts = [_of_entry(archive, each) for each in entries[:_FILES]]
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        return "\n".join(_numbers(content))
    more = [f"... {len(entries) - _FILES:,} more files"] if entries[_FILES:] else []
    return "\n\n".join((*parts, *more))


def _of_entry(archive: ZipFile, entry: ZipInfo) -> str:
    with archive.open(entry) as file:
        data = file.read(_UNPACKED)  # never more, whatever it says of itself
    head = f"{visible(entry.filename)}, {_size(data)}{' and more' if entry.file_size > len(data) else ''}"
    try:
        text = getincrementaldecoder("utf-8")().decode(data).replace("\r\n", "\n")  # it may be cut within a character
    except UnicodeDecodeError:
        return "\n".join((head, *_numbers(data)))
    return f"{head}\n{_of(text, _LINES_OF_EACH)}"


def _beginning(line: str) -> str:
    """Return the beginning of a line; tabs before its text are blanks, of which more fit into a preview."""
    text = line.lstrip("\t")
    line = "  " * (len(line) - len(text)) + text
    more = len(line) - _LONGEST
    return f"{line[:_LONGEST]} ... {more:,} more characters" if more > 0 else line


def _size(content: str | bytes) -> str:
    number, unit = (len(content), "byte") if isinstance(content, bytes) else (content.count("\n"), "line")
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _numbers(content: bytes) -> Iterator[str]:
    """Return bytes in hexadecimal, with what of them is ASCII beside it."""
    for start in range(0, min(len(content), _BYTES), _BYTES_IN_A_LINE):
        line = content[start : start + _BYTES_IN_A_LINE]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in line)
        yield f"{start:06x}  {line.hex(' '):<{3 * _BYTES_IN_A_LINE}} {letters}"
    if len(content) > _BYTES:
        yield f"... {len(content) - _BYTES:,} more bytes"
