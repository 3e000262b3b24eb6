"""Column layout: which columns of a table there is room for, and how wide each is."""

from collections.abc import Sequence
from typing import NamedTuple

from ndtui.ui.rows.view import Column

#: A column without a width is not shown with less, unless it is the only one.
_USEFUL = 12
#: Columns of a lower priority wait until those without a width have what is ample for them.
_LATE = 5


class Placed(NamedTuple):
    """A column with its number in the view and the cells it gets."""

    number: int
    column: Column
    size: int


def placed(columns: Sequence[Column], chosen: Sequence[int], room: int) -> list[Placed]:
    """Return the chosen columns that there is room for, in their order, one blank apart.

    Room is given by priority. A column without a width first gets its ``least``. When every other column stands whole,
    and before those of very low priority, it gets what is ``ample`` for it; what is left then they share. So no column
    ever gets narrower as the room grows, and none goes; a column to come waits for its room.
    """
    sizes: dict[int, int] = {}
    left = room + 1
    whole = True
    by_priority = sorted(chosen, key=lambda number: -columns[number].priority)
    flexible = [number for number in by_priority if not columns[number].width]
    for number in by_priority:
        if columns[number].priority < _LATE:
            left -= _widen(columns, sizes, flexible, left)
            whole = whole and all(sizes[each] >= columns[each].ample for each in flexible if each in sizes)
        size = _size(columns[number], left - 1, alone=not sizes) if whole else 0
        if size:
            sizes[number] = size
            left -= size + 1
        whole = whole and size >= (columns[number].width or columns[number].least)
        if not whole:
            break  # what comes behind would have to go again when there is room for this one
    shown = [number for number in flexible if whole and number in sizes]
    left -= _widen(columns, sizes, shown, left)
    for place, number in enumerate(shown):
        share = left // (len(shown) - place)
        sizes[number] += share
        left -= share
    return [Placed(number, columns[number], sizes[number]) for number in chosen if number in sizes]


def _widen(columns: Sequence[Column], sizes: dict[int, int], flexible: Sequence[int], left: int) -> int:
    """Give the columns without a width what is ample for them, of so many cells; returns how many they took."""
    taken = 0
    for number in flexible:
        if number in sizes:
            more = max(0, min(columns[number].ample - sizes[number], left - taken))
            sizes[number] += more
            taken += more
    return taken


def _size(column: Column, left: int, *, alone: bool) -> int:
    """Return how wide a column begins where so many cells are left, 0 for not at all."""
    wanted = column.width or column.least
    useful = min(wanted, column.least if column.width else _USEFUL)
    if left >= useful:
        return min(wanted, left)
    return max(1, left) if alone else 0
