"""RowTable: a table of any length with a cursor, which keys and the mouse move.

Rows are any objects; a ``View`` says how they are shown. The cursor stays on the same row, found by its key, when the
rows are exchanged, filtered, sorted or folded; a row that is out of sight gets it back. Text is never markup.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from textual import events
from textual.geometry import Size
from textual.message import Message

from ndtui.ui.rows.arrangement import Arranged
from ndtui.ui.rows.row_place import place_beside, place_of
from ndtui.ui.rows.view import View
from ndtui.ui.widgets.arranged_table import GUTTER
from ndtui.ui.widgets.painted_table import PaintedTable

#: Rows above the first changed one that is scrolled to, where there is room.
_ABOVE = 3


class RowMessage(Message):
    """Something about a row of a table."""

    def __init__(self, table: "RowTable", row: Any) -> None:
        super().__init__()
        self.table = table
        self.row = row

    @property
    def control(self) -> "RowTable":
        """The table, by which a handler can choose whose messages it wants."""
        return self.table


class RowTable(PaintedTable, can_focus=True):
    """A virtual table with a cursor."""

    class Highlighted(RowMessage):
        """The cursor is on another row, or on none (``row`` is ``None``)."""

        def can_replace(self, message: Message) -> bool:
            """Let a later cursor take the place of an earlier one, so that a held key cannot flood the queue."""
            return isinstance(message, RowTable.Highlighted) and message.table is self.table

    class Activated(RowMessage):
        """The operator chose a row with enter or the mouse."""

    _reveals = False
    """Whether a row that a change has marked is to be in sight rather than the cursor."""

    @property
    def row(self) -> Any:
        """The row under the cursor, or ``None``."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(
        self,
        rows: Sequence[Any],
        view: View | None = None,
        marks: Mapping[int, str] | None = None,
        bare: Callable[[], Iterable[Sequence[Any]]] | None = None,
    ) -> None:
        """Exchange the rows, and the way they are shown; the cursor stays on the row with the same key.

        A view of the identity of the one before shows them in other words: the filter line and the cursor stay as they
        are.

        ``marks`` has a ``+``, ``~`` or ``-`` for rows that changed, by the ``id()`` of the row. ``bare`` makes the rows
        that are filtered and sorted instead, a piece at a time, where others stand between them or some are missing.
        """
        self.marks = marks or {}
        if view is not None and view is not self.view:
            if view.identity != self.view.identity:
                self._leave_line()
                self.rows, self._groups, self._kept = (), {}, None
                self._headed = (-1, -1)
                self.set_reactive(RowTable.cursor, 0)
            self.view = view
        self.source = rows
        self._bare, self._bared = bare, None
        self.rearrange()

    def take(self, arranged: Arranged) -> None:
        """Show the rows as they were arranged, with the cursor on the row that had it, or next to it.

        While something is looked up it is on the first row that is found, and stays there when all are shown again.
        """
        kept = self.row if self._kept is None else self._kept
        if self.view.looked_up and self.line is not None and self.wanted.filter:
            kept = self._kept = None
        place = 0 if kept is None else self._place_of(kept, arranged)
        self.rows, self._groups = arranged.rows, arranged.groups
        self._headed = (-1, -1)
        self._strips.clear()
        self._fit_height()
        self.set_reactive(RowTable.cursor, self._nearest(place, 1))
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Highlighted(self, self.row))

    def _place_of(self, kept: Any, arranged: Arranged) -> int:
        place = place_of(self.view, kept, arranged.rows, self.cursor, self.arranged_from)
        if place < 0:
            place = place_beside(self.view, kept, self.arranged_from, arranged)
        if place < 0:
            self._kept = None
            place = min(self.cursor, len(arranged.rows) - 1)
        return place

    def next_marked(self, step: int) -> Any:
        """Return the row that a change has marked next, or before with -1, round and round; ``None`` for none.

        Rows of folded groups are among them, where they are not folded from the first on, and nothing is filtered.
        """
        whole = not self.wanted.filter and self.view.folded is None
        in_its_order = () if self.wanted.arrangement.bare else (self.source,)
        for rows in (*in_its_order, self.rows, self.source) if whole else (self.rows,):
            marked = [n for n, row in enumerate(rows) if self._is_marked(row)]
            here = next((n for n, row in enumerate(rows) if row is self.row), -1)
            ways = [n for n in marked if (n - here) * step > 0] or marked
            if ways:
                return rows[min(ways) if step > 0 else max(ways)]
        return None

    @property
    def hides_marked(self) -> bool:
        """Whether rows that a change has marked are filtered out."""
        return bool(self.wanted.filter) and any(map(self._is_marked, self.source))

    def _is_marked(self, row: Any) -> bool:
        return bool(self.marks.get(id(row)) or self.view.mark(row))

    def go_to(self, matches: Callable[[Any], bool], *, reveal: bool = True) -> bool:
        """Put the cursor on the first row that matches; tells whether there was one.

        With ``reveal`` one that is filtered out or folded away is brought into sight.
        """
        for place, row in enumerate(self.rows):
            if matches(row):
                self.cursor = self._nearest(place, 1)
                self._kept = self.row
                self._reveals = False
                self._scroll_to_cursor()
                return True
        hidden = reveal and self.rows is not self.source
        at = next((n for n, row in enumerate(self.source) if matches(row)), -1) if hidden else -1
        if at < 0:
            return False
        self._kept = self.source[at]
        self.clear_filter()
        heading = self.view.heading_above(self.source, at)
        if heading >= 0 and self._folded(self.source[heading]):
            self.fold(self.source[heading], keep=self.source[at])
        return True

    def _fit_height(self) -> None:
        self.virtual_size = Size(0, len(self.rows) + self._top + self._bottom)

    def laid_out(self) -> None:
        """Make room for the filter line, or take it back."""
        self._fit_height()
        self._keep_in_sight()
        self.refresh()

    def _selectable(self, place: int) -> bool:
        row = self.rows[place]
        return self.view.selectable(row) or ((group := self._groups.get(id(row))) is not None and group.folded)

    def _nearest(self, place: int, step: int) -> int:
        """Return the selectable row at or next to a place, looking first the way the cursor goes."""
        last = len(self.rows) - 1
        place = max(0, min(place, last))
        for direction in (step, -step):
            at = place
            while 0 <= at <= last:
                if self._selectable(at):
                    return at
                at += direction
        return -1

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(-1, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Repaint the two rows and say where the cursor is."""
        if before == after:
            return
        self._kept = self.row
        self._reveals = False
        for place in (before, after):
            self._refresh_row(place)
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(self, self.row))

    def reveal_changes(self) -> None:
        """Keep a row that a change has marked in sight, from the next rows on, until keys move the cursor here.

        The cursor stays where it is. While the table has the focus nothing of it moves.
        """
        self._reveals = not self.has_focus

    def _keep_in_sight(self) -> None:
        """Scroll to the cursor, or to the first row that a change has marked where none of them is in sight."""
        if not self._reveals or self._room <= 0:
            self._scroll_to_cursor()
            return
        shown = self._in_sight
        if self.view.first_marked(self.rows[shown.start : shown.stop], self.marks) >= 0:
            return
        place = self.view.first_marked(self.rows, self.marks)
        if place < 0:
            self._scroll_to_cursor()
        else:
            self.scroll_to(y=max(0, place - 1 - min(_ABOVE, self._room // 4)), animate=False, force=True)

    def _scroll_to_cursor(self) -> None:
        height = self._room
        if height <= 0 or self.cursor < 0:
            return
        top = self.scroll_offset.y
        heading = self._heading_at(self.cursor)
        first = self.cursor
        if heading >= 0 and heading != first:
            first -= 1  # the first line is the heading's, wherever it stands
        while first > 0 and first > self.cursor - 2 and not self._selectable(first - 1):
            first -= 1  # keep a heading in sight with the first row under it
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self._strips.clear()
        self._fit_height()
        self.call_after_refresh(self._keep_in_sight)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move, in sight; what the mouse points at stays where it is."""
        self._refresh_row(self.cursor)
        self.call_later(self._come_to_cursor)  # behind the mouse's own event, where it was the mouse

    def on_mouse_down(self) -> None:
        """Leave what the mouse points at where it is."""
        self._reveals = False

    def _come_to_cursor(self) -> None:
        if self._reveals:
            self._reveals = False
            self._scroll_to_cursor()

    def on_blur(self) -> None:
        """Show the cursor as one that keys do not move, and keep the filter as it is."""
        super().on_blur()
        self._refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse points; a click on the row that already has it chooses it.

        A click on a title sorts by its column, one on a heading folds its group.
        """
        if event.y < self._top:
            self._click_title(event.x)
            return
        place = event.y - self._top + self.scroll_offset.y
        if event.y == self._top and (heading := self._heading_at(place)) >= 0:
            place = heading
        if event.y - self._top >= self._room or place >= len(self.rows):
            return
        row = self.rows[place]
        if self.view.heading(row):
            self.fold(row)
        elif self._selectable(place):
            if place == self.cursor or event.chain > 1:
                self.post_message(self.Activated(self, row))
            self.cursor = place

    def _click_title(self, x: int) -> None:
        start = GUTTER
        for each in self.layout_of(self.scrollable_content_region.width):
            if start <= x < start + each.size:
                self.sort_title(each.number)
            start += each.size + 1

    def action_cursor_down(self) -> None:
        """Go to the next row."""
        self._move(self.cursor + 1, 1)

    def action_cursor_up(self) -> None:
        """Go to the row before; above the first one scroll its heading into view."""
        self._move(self.cursor - 1, -1)

    def action_page_down(self) -> None:
        """Go down by as many rows as are in view."""
        self._move(self.cursor + max(1, self._room - 1), 1)

    def action_page_up(self) -> None:
        """Go up by as many rows as are in view."""
        self._move(self.cursor - max(1, self._room - 1), -1)

    def action_top(self) -> None:
        """Go to the first row."""
        self._move(0, 1)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self._move(len(self.rows) - 1, -1)

    def _move(self, place: int, step: int) -> None:
        if not 0 <= place < len(self.rows):
            place = 0 if place < 0 else len(self.rows) - 1
        self.cursor = self._nearest(place, step)

    def action_activate(self) -> None:
        """Choose the row under the cursor; a heading folds and unfolds."""
        if self.row is None:
            return
        if self.view.heading(self.row):
            self.fold(self.row)
        else:
            self.post_message(self.Activated(self, self.row))

    def action_fold(self) -> None:
        """Fold the group that the cursor is in; the cursor goes to its heading."""
        heading = self._heading_at(self.cursor)
        if heading >= 0 and not self._folded(self.rows[heading]):
            self.fold(self.rows[heading])

    def action_unfold(self) -> None:
        """Unfold the group under the cursor."""
        if self.row is not None and self.view.heading(self.row) and self._folded(self.row):
            self.fold(self.row)
