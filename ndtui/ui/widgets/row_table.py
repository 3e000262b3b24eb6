"""RowTable: a table of any length that only ever formats the rows on the screen.

Rows are any objects; a ``View`` says how they are shown. The cursor stays on the same row, found by its key, when the
rows are exchanged. Text is never markup.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ndtui.common.text import visible
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.rows.view import Column, View

_MARK_TONES = {"+": "added", "~": "changed", "-": "removed"}


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


class RowTable(ScrollView, can_focus=True):
    """A virtual table with a cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-table--title",
        "row-table--head",
        "row-table--muted",
        "row-table--added",
        "row-table--changed",
        "row-table--removed",
        "row-table--error",
        "row-table--warning",
        "row-table--cursor",
        "row-table--cursor-blurred",
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings("lists")

    cursor = reactive(0, repaint=False)

    class Highlighted(RowMessage):
        """The cursor is on another row, or on none (``row`` is ``None``)."""

        def can_replace(self, message: Message) -> bool:
            """Let a later cursor take the place of an earlier one, so that a held key cannot flood the queue."""
            return isinstance(message, RowTable.Highlighted) and message.table is self.table

    class Activated(RowMessage):
        """The operator chose a row with enter or the mouse."""

    def __init__(self, view: View, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.view = view
        self.rows: Sequence[Any] = rows
        self.marks: Mapping[int, str] = {}
        self.empty = ""
        """What to say instead of the view's own words when there are no rows."""
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._styles: dict[str, Style] = {}

    @property
    def row(self) -> Any:
        """The row under the cursor, or ``None``."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Any], view: View | None = None, marks: Mapping[int, str] | None = None) -> None:
        """Exchange the rows, and the way they are shown; the cursor stays on the row with the same key.

        ``marks`` has a ``+``, ``~`` or ``-`` for rows that changed, by the ``id()`` of the row.
        """
        self.marks = marks or {}
        kept = self.row if view is None or view is self.view else None
        self.view = view or self.view
        place = self._place_of(kept, rows) if kept is not None else 0
        self.rows = rows
        self._strips.clear()
        self.virtual_size = Size(0, len(rows) + self._top)
        self.set_reactive(RowTable.cursor, self._nearest(place, 1))
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Highlighted(self, self.row))

    def _place_of(self, kept: Any, rows: Sequence[Any]) -> int:
        key = self.view.key(kept)
        near = (self.cursor, self.cursor + 1, self.cursor - 1)
        for place in chain((n for n in near if 0 <= n < len(rows)), range(len(rows))):
            if rows[place] is kept or self.view.key(rows[place]) == key:
                return place
        return min(self.cursor, len(rows) - 1)

    def go_to(self, matches: Callable[[Any], bool]) -> bool:
        """Put the cursor on the first row that matches; tells whether there was one."""
        for place, row in enumerate(self.rows):
            if matches(row):
                self.cursor = self._nearest(place, 1)
                return True
        return False

    @property
    def _top(self) -> int:
        return 1 if self.view.head else 0

    def _nearest(self, place: int, step: int) -> int:
        """Return the selectable row at or next to a place, looking first the way the cursor goes."""
        last = len(self.rows) - 1
        place = max(0, min(place, last))
        for direction in (step, -step):
            at = place
            while 0 <= at <= last:
                if self.view.selectable(self.rows[at]):
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
        for place in (before, after):
            self._refresh_row(place)
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(self, self.row))

    def _refresh_row(self, place: int) -> None:
        self.refresh(Region(0, place + self._top - self.scroll_offset.y, self.size.width, 1))

    def _scroll_to_cursor(self) -> None:
        height = self.scrollable_content_region.height - self._top
        if height <= 0 or self.cursor < 0:
            return
        top = self.scroll_offset.y
        first = self.cursor
        while first > 0 and first > self.cursor - 2 and not self.view.selectable(self.rows[first - 1]):
            first -= 1  # keep a heading in sight with the first row under it
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self._strips.clear()
        self.call_after_refresh(self._scroll_to_cursor)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show the cursor as one that keys do not move."""
        self._refresh_row(self.cursor)

    def notify_style_update(self) -> None:
        """Forget what was painted in the former style."""
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        width = self.scrollable_content_region.width
        if y < self._top:
            return self._title(width)
        place = y - self._top + self.scroll_offset.y
        if not self.rows and y == self._top:
            return Strip(
                [Segment(set_cell_size(f"  {self.empty or self.view.empty}", width), self._style("muted"))], width
            )
        if place >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        state = (place == self.cursor) * (2 if self.has_focus else 1)
        cached = self._strips.get((place, state, bool(width)))
        if cached is not None and cached.cell_length == width:
            return cached
        if len(self._strips) > 4096:
            self._strips.clear()
        strip = self._paint(self.rows[place], width, state)
        self._strips[place, state, bool(width)] = strip
        return strip

    def _paint(self, row: Any, width: int, state: int) -> Strip:
        mark = self.marks.get(id(row)) or self.view.mark(row)
        style = self._style(_MARK_TONES.get(mark) or self.view.tone(row))
        if state:
            style += self._style("cursor" if state == 2 else "cursor-blurred")
        cells = self.view.cells(row)
        text = f"{mark or ' '} "
        if len(cells) == 1:
            text += visible(cells[0])
        else:
            text += " ".join(
                _fit(visible(cells[number]), size, column.right) for number, column, size in self._layout(width)
            )
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _title(self, width: int) -> Strip:
        titles = " ".join(_fit(column.title, size, column.right) for _, column, size in self._layout(width))
        return Strip([Segment(set_cell_size(f"  {titles}", width), self._style("title"))], width)

    def _layout(self, width: int) -> list[tuple[int, Column, int]]:
        """Return (number, column, width) for the columns that there is room for."""
        chosen = list(enumerate(self.view.columns))
        room = width - 2
        while len(chosen) > 1 and sum((c.width or c.least) + 1 for _, c in chosen) - 1 > room:
            chosen.remove(min(chosen, key=lambda pair: pair[1].priority))
        flexible = [c for _, c in chosen if not c.width]
        left = room - sum(c.width for _, c in chosen) - (len(chosen) - 1)
        share = max(1, left // len(flexible)) if flexible else 0
        return [(number, column, column.width or share) for number, column in chosen]

    def _style(self, tone: str) -> Style:
        if tone not in self._styles:
            base = self.rich_style
            name = f"row-table--{tone}"
            self._styles[tone] = base + self.get_component_rich_style(name, partial=True) if tone else base
        return self._styles[tone]

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse points; a click on the row that already has it chooses it."""
        place = event.y - self._top + self.scroll_offset.y
        if event.y < self._top or place >= len(self.rows) or not self.view.selectable(self.rows[place]):
            return
        if place == self.cursor or event.chain > 1:
            self.post_message(self.Activated(self, self.rows[place]))
        self.cursor = place

    def action_cursor_down(self) -> None:
        """Go to the next row."""
        self._move(self.cursor + 1, 1)

    def action_cursor_up(self) -> None:
        """Go to the row before; above the first one scroll its heading into view."""
        self._move(self.cursor - 1, -1)

    def action_page_down(self) -> None:
        """Go down by as many rows as are in view."""
        self._move(self.cursor + max(1, self.size.height - self._top - 1), 1)

    def action_page_up(self) -> None:
        """Go up by as many rows as are in view."""
        self._move(self.cursor - max(1, self.size.height - self._top - 1), -1)

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
        """Choose the row under the cursor."""
        if self.row is not None:
            self.post_message(self.Activated(self, self.row))

    def text(self) -> str:
        """Return the whole table as text, columns separated by tabs, for the clipboard."""
        lines = ["\t".join(column.title for column in self.view.columns)] if self.view.head else []
        lines += ["\t".join(visible(cell) for cell in self.view.cells(row)) for row in self.rows]
        return "\n".join(lines)


def _fit(text: str, size: int, right: bool) -> str:
    """Return text in exactly ``size`` cells, cut with an ellipsis where something is left out."""
    length = cell_len(text)
    if length > size:
        return set_cell_size(text, size - 1) + "…" if size > 1 else set_cell_size(text, size)
    return " " * (size - length) + text if right else text + " " * (size - length)
