"""Tables as plain aligned text, without the weight of a screen library."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ndtui.common.text import visible

Row = Sequence[str]

#: A column is padded to at most this; longer cells push the rest of their line.
_WIDEST = 48
_GAP = "  "


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


class Layout:
    """Columns that several groups of rows share, so that they stand below each other."""

    def __init__(self, head: Row, rows: Iterable[Row], indent: str = "") -> None:
        self._head = head
        self._indent = indent
        self._widths = [0] * len(head)
        for row in (head, *rows):
            for column, cell in enumerate(row):
                self._widths[column] = max(self._widths[column], min(width(visible(cell)), _WIDEST))

    def head(self) -> str:
        """Return the line of titles."""
        return self.line(self._head)

    def line(self, row: Row) -> str:
        """Return a row as a line, harmless to a terminal and without blanks at its end."""
        cells = [visible(cell) for cell in row]
        padded = [cell + " " * (wanted - width(cell)) for cell, wanted in zip(cells, self._widths, strict=True)]
        return f"{self._indent}{_GAP.join(padded)}".rstrip()


def table(head: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Return the lines of a table: the titles, then a line per row."""
    layout = Layout(head, rows)
    yield layout.head()
    yield from map(layout.line, rows)


def grouped(head: Row, groups: Sequence[tuple[str, Sequence[Row]]]) -> Iterator[str]:
    """Return the lines of a table in groups: the titles once, then each group's heading and its indented rows."""
    layout = Layout(head, [row for _, rows in groups for row in rows], indent=_GAP)
    yield layout.head()
    for heading, rows in groups:
        yield visible(heading)
        yield from map(layout.line, rows)
