"""View: how rows are shown, as data: columns, cells, tones, marks."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

Tone = Literal[
    "", "head", "muted", "added", "changed", "removed", "error", "warning", "protected", "exempt", "policy", "blocked"
]

#: Returns the key that an action has now, by the name of the action, such as ``designer.undo``.
KeyOf: TypeAlias = Callable[[str], str]


class Sign(NamedTuple):
    """A sign of one cell in front of a text, and the tone that both have."""

    glyph: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the rows of a layer; ``part`` tells it from another of the same layer."""

    layer: str
    text: str
    part: str = ""

    @property
    def key(self) -> str:
        """What makes it the same heading after a change."""
        return f"{self.layer} {self.part}" if self.part else self.layer


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``width`` cells, or 0 for what is left; ``column_layout`` says who gets room, by ``priority``.

    ``least`` is what a column without a width has before columns of lower priority get anything, and the least that
    one with a width is shown with; ``ample`` is what the former has before columns of very low priority get anything,
    and before those without a width share what is left.
    ``aliases`` are short names for the filter line. ``value`` is what rows are sorted by, their text otherwise, and
    compared by where it is a ``number``; ``None`` comes last. A column with a ``cell`` of its own is an extra one: it
    is not among the cells of the view, and shown only where somebody chose it.
    ``sign`` says what is drawn in front of the text of a row; it is no part of the text. ``also`` returns what else the
    filter line finds a row by in this column: the constant or key of what the cell has in words.
    """

    title: str
    width: int
    priority: int = 9
    least: int = 12
    right: bool = False
    sign: Callable[[Any], Sign | None] | None = None
    aliases: tuple[str, ...] = ()
    value: Callable[[Any], Any] | None = None
    number: bool = False
    ample: int = 0
    cell: Callable[[Any], str] | None = None
    also: Callable[[Any], tuple[str, ...]] | None = None


def _never(_: Any) -> bool:
    return False


def _unmarked(_: Any) -> str:
    return ""


def without_count(heading: str) -> str:
    """Return the text of a heading without the count, which stands behind two blanks."""
    return heading.partition("  ")[0]


@dataclass(frozen=True, slots=True)
class View:
    """How rows are shown.

    ``cells`` returns a text per column, or a single one for a row that spans all; ``key`` is what makes a row the
    same row after an exchange; ``selectable`` is false for rows the cursor passes over.

    ``heading`` is true of a row above a group, which folds and counts as none; ``outside`` of a row that belongs to no
    group although it comes behind one; ``folded`` of a heading whose group is folded at first. ``gone`` is true
    of a row that is still shown and counts no more. ``name`` is what the
    table is called where a choice of columns is kept; empty for one that has nothing to choose. ``group_column`` is the
    number of the column that says what group a row is of; groups can be dissolved where there is one. ``unseen`` is the
    text of a row in which words of the filter line are found although no column shows it. ``heading_name`` is what of a
    heading they are found in: not how many rows it has, nor what it says of them or of others. ``looked_up`` is
    true where a filter looks something up: its first row gets the cursor, which otherwise stays where it was or near.
    """

    columns: tuple[Column, ...]
    cells: Callable[[Any], tuple[str, ...]]
    key: Callable[[Any], object]
    tone: Callable[[Any], Tone] = lambda _: ""
    mark: Callable[[Any], str] = _unmarked
    selectable: Callable[[Any], bool] = lambda _: True
    head: bool = True
    empty: str = "nothing here"
    heading: Callable[[Any], bool] = _never
    outside: Callable[[Any], bool] = _never
    folded: Callable[[Any], bool] | None = None
    gone: Callable[[Any], bool] = _never
    name: str = ""
    group_column: int | None = None
    unseen: Callable[[Any], str] = _unmarked
    heading_name: Callable[[Any], str] | None = None
    looked_up: bool = False

    @property
    def identity(self) -> tuple[int, str]:
        """What two views have in common that show one table in other words: the same columns, and their name."""
        return id(self.columns), self.name

    def cell(self, row: Any, number: int) -> str:
        """Return the text of one column of a row; empty in a row that has fewer."""
        column = self.columns[number]
        if column.cell is not None:
            return "" if self.heading(row) else column.cell(row)
        cells = self.cells(row)
        return cells[number] if number < len(cells) else ""

    def called(self, row: Any, number: int) -> tuple[str, ...]:
        """Return all that a row is called in one column, the text of the cell first."""
        also = self.columns[number].also
        text = self.cell(row, number)
        return (text,) if also is None or self.heading(row) else (text, *also(row))

    def name_of_heading(self, heading: Any) -> str:
        """Return the name of a heading: its text without the count where the view does not say otherwise."""
        return without_count(self.cells(heading)[0]) if self.heading_name is None else self.heading_name(heading)

    def numbers_of(self, titles: Iterable[str]) -> tuple[int, ...]:
        """Return the columns of these titles, in this order; the usual ones where there is none of them."""
        numbers = {column.title: number for number, column in enumerate(self.columns)}
        return tuple(dict.fromkeys(numbers[title] for title in titles if title in numbers)) or self.usual

    def count(self, rows: Sequence[Any], gone: Container[int]) -> int:
        """Return how many rows count: not those that are gone, which ``gone`` names by ``id()``."""
        if not gone and self.gone is _never:
            return len(rows)
        return sum(id(row) not in gone and not self.gone(row) for row in rows)

    def first_marked(self, rows: Sequence[Any], marks: Container[int]) -> int:
        """Return where the first row stands that a change has marked, here or by its ``id()``; -1 for none."""
        if self.mark is _unmarked:
            return next((n for n, row in enumerate(rows) if id(row) in marks), -1) if marks else -1
        return next((n for n, row in enumerate(rows) if id(row) in marks or self.mark(row)), -1)

    @property
    def has_groups(self) -> bool:
        """Whether there are headings."""
        return self.heading is not _never

    def heading_above(self, rows: Sequence[Any], place: int, stop: int = 0) -> int:
        """Return where the heading of a row's group stands, looking no further up than ``stop``; -1 for none."""
        if self.has_groups:
            for at in range(place, stop - 1, -1):
                if self.heading(rows[at]):
                    return at
                if self.outside(rows[at]):
                    return -1
        return -1

    @property
    def usual(self) -> tuple[int, ...]:
        """The columns that are shown where nobody chose others, by number."""
        return tuple(number for number, column in enumerate(self.columns) if column.cell is None)
