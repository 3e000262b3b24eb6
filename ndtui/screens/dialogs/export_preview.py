"""What an export will look like, as lines that fit a preview and act on no terminal."""

from collections.abc import Iterator

from ndtui.exporters.contract import Export
from ndtui.screens.dialogs.preset_browser import visible_lines

_LINES = 400
_LINES_OF_EACH = 40
#: Of long lines there are fewer: more than so many characters take too long to be wrapped.
_CHARACTERS = 40_000
#: Of a line so many characters are shown: some formats write a whole design into one.
_LONGEST = 300
_BYTES = 1024
_BYTES_IN_A_LINE = 16


def preview(export: Export) -> str:
    """Return the beginning of an export: a text as it is, bytes as numbers, each of several files under its name."""
    if not isinstance(export.content, tuple):
        return _of(export.content, _LINES)
    return "\n\n".join(f"{name}, {_size(content)}\n{_of(content, _LINES_OF_EACH)}" for name, content in export.content)


def _of(content: str | bytes, most: int) -> str:
    if isinstance(content, bytes):
        return "\n".join(_numbers(content))
    lines: list[str] = []
    start = room = 0
    while start <= len(content) and len(lines) < most and room < _CHARACTERS:
        end = content.find("\n", start)
        end = len(content) if end < 0 else end
        lines.append(_beginning(content[start:end]))
        room += len(lines[-1])
        start = end + 1
    cut = f"\n... {content.count(chr(10), start):,} more lines" if start <= len(content) else ""
    return visible_lines("\n".join(lines)) + cut


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
