"""RowTable: a table of any length that only ever formats the rows on the screen.

Rows are any objects; a ``View`` says how they are shown. The cursor stays on the same row, found by its key, when the
rows are exchanged, filtered, sorted or folded; a row that is out of sight gets it back. Text is never markup.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from ndtui.common.text import visible
from ndtui.ui.rows.arrangement import Arranged
from ndtui.ui.rows.column_layout import Placed
from ndtui.ui.rows.row_place import place_beside, place_of
from ndtui.ui.rows.view import View
from ndtui.ui.widgets.arranged_table import GUTTER, ArrangedTable
from ndtui.ui.widgets.filter_line import FilterState, filter_strips
from ndtui.ui.widgets.fitting import fit

_MARK_TONES = {"+": "added", "~": "changed", "-": "removed"}
#: What stands before a heading whose group is open or folded, and behind the title of a sorted column.
_OPEN, _FOLDED, _UP, _DOWN = "▾", "▸", "▲", "▼"


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


class RowTable(ArrangedTable, can_focus=True):
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
        "row-table--protected",
        "row-table--exempt",
        "row-table--policy",
        "row-table--blocked",
        "row-table--cursor",
        "row-table--cursor-blurred",
    }

    cursor = reactive(0, repaint=False)

    class Highlighted(RowMessage):
        """The cursor is on another row, or on none (``row`` is ``None``)."""

        def can_replace(self, message: Message) -> bool:
            """Let a later cursor take the place of an earlier one, so that a held key cannot flood the queue."""
            return isinstance(message, RowTable.Highlighted) and message.table is self.table

    class Activated(RowMessage):
        """The operator chose a row with enter or the mouse."""

    def __init__(self, view: View, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(view, rows, **kwargs)
        self.empty = ""
        """What to say instead of the view's own words when there are no rows."""
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._styles: dict[str, Style] = {}
        self._headed: tuple[int, int] = (-1, -1)

    @property
    def row(self) -> Any:
        """The row under the cursor, or ``None``."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(
        self,
        rows: Sequence[Any],
        view: View | None = None,
        marks: Mapping[int, str] | None = None,
        bare: Callable[[], Iterable[Any]] | None = None,
    ) -> None:
        """Exchange the rows, and the way they are shown; the cursor stays on the row with the same key.

        ``marks`` has a ``+``, ``~`` or ``-`` for rows that changed, by the ``id()`` of the row. ``bare`` makes the rows
        that are filtered and sorted instead, where others stand between them or some are missing.
        """
        self.marks = marks or {}
        if view is not None and view is not self.view:
            self._leave_line()
            self.view, self.rows, self._groups, self._kept = view, (), {}, None
            self._headed = (-1, -1)
            self.set_reactive(RowTable.cursor, 0)
        self.source = rows
        self._bare, self._bared = bare, None
        self.rearrange()

    def take(self, arranged: Arranged) -> None:
        """Show the rows as they were arranged, with the cursor on the row that had it, or next to it."""
        kept = self.row if self._kept is None else self._kept
        place = 0 if kept is None else self._place_of(kept, arranged)
        self.rows, self._groups = arranged.rows, arranged.groups
        self._headed = (-1, -1)
        self._strips.clear()
        self._fit_height()
        self.set_reactive(RowTable.cursor, self._nearest(place, 1))
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Highlighted(self, self.row))

    def _place_of(self, kept: Any, arranged: Arranged) -> int:
        place = place_of(self.view, kept, arranged.rows, self.cursor)
        if place < 0:
            place = place_beside(self.view, kept, self.arranged_from, arranged)
        if place < 0:
            self._kept = None
            place = min(self.cursor, len(arranged.rows) - 1)
        return place

    def go_to(self, matches: Callable[[Any], bool], *, reveal: bool = True) -> bool:
        """Put the cursor on the first row that matches; tells whether there was one.

        With ``reveal`` one that is filtered out or folded away is brought into sight.
        """
        for place, row in enumerate(self.rows):
            if matches(row):
                self.cursor = self._nearest(place, 1)
                self._kept = self.row
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

    @property
    def _top(self) -> int:
        return 1 if self.view.head else 0

    @property
    def _bottom(self) -> int:
        return self._filter_state().height(self.scrollable_content_region.width)

    @property
    def _room(self) -> int:
        """How many rows are in sight."""
        return self.scrollable_content_region.height - self._top - self._bottom

    def _fit_height(self) -> None:
        self.virtual_size = Size(0, len(self.rows) + self._top + self._bottom)

    def laid_out(self) -> None:
        """Make room for the filter line, or take it back."""
        self._fit_height()
        self._scroll_to_cursor()
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
        for place in (before, after):
            self._refresh_row(place)
        self._scroll_to_cursor()
        self.post_message(self.Highlighted(self, self.row))

    def _refresh_row(self, place: int) -> None:
        width = self.scrollable_content_region.width  # without the bar beside it
        self.refresh(Region(0, place + self._top - self.scroll_offset.y, width, 1))

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

    def _heading_at(self, place: int) -> int:
        """Return where the heading of a shown row stands, -1 for none; what was found last is remembered."""
        if not self.wanted.grouped or not 0 <= place < len(self.rows):
            return -1
        heading, upto = self._headed
        if heading >= 0 and heading <= place <= upto:
            return heading
        stop = upto + 1 if 0 <= heading <= upto < place else 0
        found = self.view.heading_above(self.rows, place, stop)
        if found < 0 and stop and not any(map(self.view.outside, self.rows[stop : place + 1])):
            found = heading
        if found >= 0:
            self._headed = (found, place)
        return found

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self._strips.clear()
        self._fit_height()
        self.call_after_refresh(self._scroll_to_cursor)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show the cursor as one that keys do not move, and keep the filter as it is."""
        super().on_blur()
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
        last = self.scrollable_content_region.height - self._bottom
        if y >= last:
            lines = filter_strips(self._filter_state(), width, self._style("title"), self._style("warning"))
            return lines[y - last]
        place = y - self._top + self.scroll_offset.y
        if not self.rows and y == self._top:
            text = set_cell_size(f"  {self._nothing()}", width)
            return Strip([Segment(text, self._style("muted"))], width)
        if place >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        if y == self._top and place > 0 and (heading := self._heading_at(place)) >= 0:
            place = heading
        state = (place == self.cursor) * (2 if self.has_focus else 1)
        cached = self._strips.get((place, state, bool(width)))
        if cached is not None and cached.cell_length == width:
            return cached
        if len(self._strips) > 4096:
            self._strips.clear()
        strip = self._paint(self.rows[place], width, state)
        self._strips[place, state, bool(width)] = strip
        return strip

    def _nothing(self) -> str:
        """Return what stands in place of rows."""
        if self.working:
            return "looking ..."
        return "nothing is found: esc shows all" if self.wanted.filter else self.empty or self.view.empty

    def _filter_state(self) -> FilterState:
        wanted = self.wanted
        order = ""
        if wanted.sort is not None and wanted.sort not in self.placed:
            order = f"by {self.view.columns[wanted.sort].title} {_DOWN if wanted.descending else _UP}"
        return FilterState(self.line, wanted.text, wanted.problem, self.counts, self.working, order)

    def _paint(self, row: Any, width: int, state: int) -> Strip:
        mark = self.marks.get(id(row)) or self.view.mark(row) or self._fold_mark(row)
        style = self._style(_MARK_TONES.get(mark) or self.view.tone(row))
        if state:
            style += self._style("cursor" if state == 2 else "cursor-blurred")
        cells = self.view.cells(row)
        text = f"{mark or ' '} "
        if len(cells) == 1:
            return Strip([Segment(set_cell_size(text + visible(cells[0]) + self._found_in(row), width), style)], width)
        plain = mark in _MARK_TONES or bool(self.view.tone(row))
        segments = [Segment(text, style)]
        for number, column, size in self._layout(width):
            sign = column.sign(row) if column.sign is not None else None
            cell = visible(cells[number] if column.cell is None else column.cell(row))
            fitted = fit(f"{sign.glyph} {cell}" if sign else cell, size, column.right)
            tint = style if sign is None or plain else style + self._tint(sign.tone)
            if segments[-1].style == tint:
                segments[-1] = Segment(f"{segments[-1].text}{fitted} ", tint)
            else:
                segments.append(Segment(f"{fitted} ", tint))
        rest = width - sum(each.cell_length for each in segments)
        if rest > 0 and segments[-1].style == style:
            segments[-1] = Segment(f"{segments[-1].text}{' ' * rest}", style)
        return Strip(segments).adjust_cell_length(width, style)

    def _fold_mark(self, row: Any) -> str:
        if not self.view.heading(row):
            return ""
        group = self._groups.get(id(row))
        return _FOLDED if group is not None and group.folded else _OPEN

    def _found_in(self, row: Any) -> str:
        """Return what stands behind a heading: how many of its rows are found, or folded."""
        group = self._groups.get(id(row))
        if group is not None and self.wanted.filter:
            return f": {group.found:,} found"
        counted = any(map(str.isdigit, self.view.cells(row)[0]))  # most headings say themselves how many rows they have
        return f": {group.found:,} folded" if group is not None and group.folded and not counted else ""

    def _title(self, width: int) -> Strip:
        titles = " ".join(self._column_title(each) for each in self._layout(width))
        return Strip([Segment(set_cell_size(f"  {titles}", width), self._style("title"))], width)

    def _column_title(self, place: Placed) -> str:
        wanted = self.wanted
        if place.number != wanted.sort or place.size < 2:
            return fit(place.column.title, place.size, place.column.right)
        sign = _DOWN if wanted.descending else _UP
        short = fit(place.column.title, min(place.size - 1, cell_len(place.column.title)), right=False)
        return fit(short + sign, place.size, place.column.right)

    def _layout(self, width: int) -> list[Placed]:
        """Return the columns that there is room for."""
        return self.layout_of(width)

    def _style(self, tone: str) -> Style:
        if tone not in self._styles:
            base = self.rich_style
            name = f"row-table--{tone}"
            self._styles[tone] = base + self.get_component_rich_style(name, partial=True) if tone else base
        return self._styles[tone]

    def _tint(self, tone: str) -> Style:
        """Return the colour of a tone alone, which a cell has on whatever its row looks like."""
        if f"{tone} tint" not in self._styles:
            found = self.get_component_rich_style(f"row-table--{tone}", partial=True)
            self._styles[f"{tone} tint"] = Style(color=found.color)
        return self._styles[f"{tone} tint"]

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
        for each in self._layout(self.scrollable_content_region.width):
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
