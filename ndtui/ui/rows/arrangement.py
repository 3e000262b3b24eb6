"""Arrangement: the rows of a table filtered, sorted and folded as somebody wants them, worked out a piece at a time."""

import re
from collections.abc import Callable, Container, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from ndtui.ui.rows.table_filter import TableFilter
from ndtui.ui.rows.view import View

#: So many rows are looked at between two places where the work can rest.
_PIECE = 128
#: So many rows that are sorted are put among others between two such places.
_MERGED = 4096
#: Longer runs of digits are no numbers that anybody counts with.
_NUMBERS = re.compile(r"(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the rows of a view are wanted.

    ``sort`` is the number of a column, ``None`` for the view's own order; groups stay, and are sorted inside.
    ``turned`` are the keys of headings whose groups are not folded, or open, as at first.
    """

    filter: TableFilter = field(default_factory=TableFilter)
    sort: int | None = None
    descending: bool = False
    grouped: bool = True
    turned: frozenset[object] = frozenset()

    def leaves(self, view: View) -> bool:
        """Tell whether rows are shown just as they are given."""
        return not self.filter and self.sort is None and self.grouped and not self.turned and view.folded is None

    @property
    def bare(self) -> bool:
        """Whether only the rows themselves are wanted, and headings, and nothing that stands between them."""
        return bool(self.filter) or self.sort is not None or not self.grouped

    def folds(self, view: View, heading: Any) -> bool:
        """Tell whether the group below a heading is folded."""
        at_first = view.folded is not None and not self.filter and view.folded(heading)
        return at_first != (view.key(heading) in self.turned)


class Group(NamedTuple):
    """How many rows a group has, how many of them are found, and whether it is folded."""

    total: int
    found: int
    folded: bool


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is shown; ``found`` and ``total`` count what is folded too, and no headings.

    ``groups`` are those of the headings that are shown, by ``id()`` of the heading.
    """

    rows: Sequence[Any]
    found: int
    total: int
    groups: dict[int, Group] = field(default_factory=dict)


class RowTexts:
    """The text of rows as the filter line looks for words in it, and what they are sorted by.

    Both are kept as long as a row is the same object; of what rows are sorted by only the last column's.
    """

    def __init__(self, view: View, columns: Sequence[int]) -> None:
        self._view = view
        self._usual = tuple(columns) == view.usual
        self._columns = tuple(columns)
        self._kept: dict[int, tuple[Any, str]] = {}
        self._sorted: int | None = None
        self._keys: dict[int, tuple[Any, Any]] = {}

    def of(self, row: Any) -> str:
        """Return all texts of a row, in lower case, however they are cut on the screen."""
        kept = self._kept.get(id(row))
        if kept is None:
            cells = self._view.cells(row) if self._usual else (self._view.cell(row, n) for n in self._columns)
            unseen = self._view.unseen(row)
            kept = self._kept[id(row)] = (row, "\n".join((*cells, *((unseen,) if unseen else ()))).casefold())
        return kept[1]

    def forget(self, most: int) -> None:
        """Forget everything when more rows are kept than twice as many as there are."""
        for kept in (self._kept, self._keys):
            if len(kept) > 2 * most + 1000:
                kept.clear()

    def keys(self, number: int) -> Callable[[Any], Any]:
        """Return what rows are sorted by in a column."""
        key = sort_key(self._view, number)
        if self._view.columns[number].value is not None:
            return key
        if number != self._sorted:
            self._sorted = number
            self._keys.clear()
        keys = self._keys

        def kept(row: Any) -> Any:
            found = keys.get(id(row))
            if found is None:
                found = keys[id(row)] = (row, key(row))
            return found[1]

        return kept


def arrange(
    view: View, rows: Sequence[Any], wanted: Arrangement, texts: RowTexts, gone: Container[int] = ()
) -> Generator[None, None, Arranged]:
    """Work out what is shown; rests after every few rows. ``gone`` are rows that count no more, by ``id()``."""
    groups: list[tuple[Any, list[Any]]] = []
    counts: dict[int, tuple[int, int]] = {}
    found = total = 0
    for heading, members in _groups(view, rows):
        kept = yield from _found(view, heading, members, wanted.filter, texts)
        count = view.count(members, gone)
        hits = view.count(kept, gone)
        total, found = total + count, found + hits
        if heading is not None:
            counts[id(heading)] = (count, hits)
        if kept or (heading is not None and not wanted.filter):
            groups.append((heading, kept))
    if not wanted.grouped:
        flat = [row for _, members in groups for row in members]
        return Arranged((yield from _sorted(flat, wanted, texts)), found, total)
    if wanted.sort is not None:
        groups = yield from _sorted_groups(view, groups, wanted, texts)
    shown: list[Any] = []
    shown_groups: dict[int, Group] = {}
    for heading, members in groups:
        folded = False
        if heading is not None:
            folded = bool(members) and wanted.folds(view, heading)
            shown.append(heading)
            shown_groups[id(heading)] = Group(*counts[id(heading)], folded)
        if not folded:
            shown += members
        yield
    return Arranged(shown, found, total, shown_groups)


def _groups(view: View, rows: Iterable[Any]) -> Generator[tuple[Any, list[Any]], None, None]:
    """Return each heading with the rows below it, and ``None`` for a heading with rows that have none."""
    heading: Any = None
    members: list[Any] = []
    for row in rows:
        begins = view.heading(row)
        if begins or view.outside(row):
            if members or heading is not None:
                yield heading, members
            heading, members = (row, []) if begins else (None, [row])
        else:
            members.append(row)
    if members or heading is not None:
        yield heading, members


def _found(
    view: View, heading: Any, members: list[Any], wanted: TableFilter, texts: RowTexts
) -> Generator[None, None, list[Any]]:
    if not wanted:
        yield
        return members
    test = wanted.test(view)
    above = "" if heading is None else view.name_of_heading(heading).casefold()
    found = []
    for start in range(0, len(members), _PIECE):
        found += [row for row in members[start : start + _PIECE] if test(row, texts.of(row), above)]
        yield
    return found


def _sorted_groups(
    view: View, groups: list[tuple[Any, list[Any]]], wanted: Arrangement, texts: RowTexts
) -> Generator[None, None, list[tuple[Any, list[Any]]]]:
    """Sort inside each group; groups whose headings are rows themselves, and rows outside of any, among each other."""
    inside = []
    for heading, members in groups:
        inside.append((heading, (yield from _sorted(members, wanted, texts))))
    leading = [heading if heading is not None else members[0] for heading, members in inside]
    if not all(map(view.selectable, leading)):
        return inside
    places = {id(row): each for row, each in zip(leading, inside, strict=True)}
    ordered = yield from _sorted(leading, wanted, texts)
    return [places[id(row)] for row in ordered]


def _sorted(rows: list[Any], wanted: Arrangement, texts: RowTexts) -> Generator[None, None, list[Any]]:
    """Sort piece by piece: two runs that are sorted already are put together in next to no time."""
    if wanted.sort is None:
        return rows
    key = texts.keys(wanted.sort)
    runs: list[list[tuple[Any, Any]]] = []
    empty: list[Any] = []
    for start in range(0, len(rows), _PIECE):
        keyed = [(key(row), row) for row in rows[start : start + _PIECE]]
        empty += [row for value, row in keyed if value is None]
        runs.append(_run((pair for pair in keyed if pair[0] is not None), wanted))
        yield
    while len(runs) > 1:
        merged = []
        for place in range(0, len(runs), 2):
            merged.append((yield from _merged(runs[place : place + 2], wanted)))
        runs = merged
    return [*(row for run in runs for _, row in run), *empty]


def _merged(runs: list[list[tuple[Any, Any]]], wanted: Arrangement) -> Generator[None, None, list[tuple[Any, Any]]]:
    """Put two sorted runs together, a piece of the first at a time with what of the second stands before its end."""
    if len(runs) == 1:
        return runs[0]
    first, second = runs
    merged: list[tuple[Any, Any]] = []
    taken = 0
    for start in range(0, len(first), _MERGED):
        piece = first[start : start + _MERGED]
        until = _place_before(second, piece[-1][0], taken, descending=wanted.descending)
        merged += _run(chain(piece, second[taken:until]), wanted)
        taken = until
        yield
    return merged + second[taken:]


def _place_before(run: list[tuple[Any, Any]], key: Any, low: int, *, descending: bool) -> int:
    """Return how many of a sorted run stand before what has a key, by bisection from ``low`` on."""
    high = len(run)
    while low < high:
        middle = (low + high) // 2
        other = run[middle][0]
        if key < other if descending else other < key:
            low = middle + 1
        else:
            high = middle
    return low


def _run(pairs: Iterable[tuple[Any, Any]], wanted: Arrangement) -> list[tuple[Any, Any]]:
    return sorted(pairs, key=_first, reverse=wanted.descending)


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


def sort_key(view: View, number: int) -> Callable[[Any], Any]:
    """Return what the rows of a view are sorted by: a column's value, or its text with numbers as numbers."""
    value = view.columns[number].value
    if value is not None:
        return value

    def text(row: Any) -> Any:
        found = view.cell(row, number).casefold().strip()
        return [int(part) if place % 2 else part for place, part in enumerate(_NUMBERS.split(found))] if found else None

    return text
