"""Where the cursor of a table goes when its rows are exchanged, filtered, sorted or folded."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from ndtui.ui.rows.arrangement import Arranged
from ndtui.ui.rows.view import View


def place_of(view: View, kept: Any, rows: Sequence[Any], near: int) -> int:
    """Return where a row stands, by its key; ``near`` is where to look first. -1 where it is not there."""
    key = view.key(kept)
    for place in (near, near + 1, near - 1):
        if 0 <= place < len(rows) and view.key(rows[place]) == key:
            return place
    same = next((place for place, row in enumerate(rows) if row is kept), -1)  # a key takes ten times as long to make
    return same if same >= 0 else next((place for place, row in enumerate(rows) if view.key(row) == key), -1)


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
    places = {id(row): place for place, row in enumerate(arranged.rows)}
    behind = islice(source, start, None)
    return next((places[id(row)] for row in behind if id(row) in places), len(arranged.rows) - 1)
