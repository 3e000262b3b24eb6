"""Where the cursor of a table goes when its rows are exchanged, filtered, sorted or folded."""

from collections.abc import Sequence
from itertools import compress, count, islice, repeat
from operator import is_
from typing import Any

from ndtui.ui.rows.arrangement import Arranged
from ndtui.ui.rows.view import View


def place_of(view: View, kept: Any, rows: Sequence[Any], near: int, source: Sequence[Any] = ()) -> int:
    """Return where a row stands, by its key; ``near`` is where to look first. -1 where it is not there.

    ``source`` are the rows of which these are some: one that is among those has no other with its key.
    """
    key = view.key(kept)
    for place in (near, near + 1, near - 1):
        if 0 <= place < len(rows) and view.key(rows[place]) == key:
            return place
    same = _same(rows, kept)  # a key takes ten times as long to make
    if same >= 0 or (source is not rows and _same(source, kept) >= 0):
        return same
    return next((place for place, row in enumerate(rows) if view.key(row) == key), -1)


def _same(rows: Sequence[Any], kept: Any) -> int:
    """Return where a row itself stands, -1 where it is not there."""
    return next(compress(count(), map(is_, rows, repeat(kept))), -1)


def place_beside(view: View, kept: Any, source: Sequence[Any], arranged: Arranged) -> int:
    """Return where the cursor goes from a row that is out of sight: to its folded heading, or to the next row shown.

    ``source`` has all rows. -1 where the row is gone from those too.
    """
    at = -1 if arranged.rows is source else place_of(view, kept, source, -1)
    if at < 0:
        return -1
    heading = view.heading_above(source, at)
    group = arranged.groups.get(id(source[heading])) if heading >= 0 else None
    start = heading if group is not None and group.folded else at
    shown = set(map(id, arranged.rows))
    behind = next((row for row in islice(source, start, None) if id(row) in shown), None)
    return len(arranged.rows) - 1 if behind is None else _same(arranged.rows, behind)
