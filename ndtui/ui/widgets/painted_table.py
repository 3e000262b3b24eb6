"""PaintedTable: the lines of a table on the screen: titles, the heading of the first row, rows, the filter.

Only rows that are in sight are ever formatted, and each of them once as long as nothing about it changes.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from ndtui.common.text import visible
from ndtui.ui.rows.column_layout import Placed
from ndtui.ui.rows.view import View
from ndtui.ui.widgets.arranged_table import ArrangedTable
from ndtui.ui.widgets.filter_line import FilterState, filter_strips
from ndtui.ui.widgets.fitting import fit, heading_in, wrapped
from ndtui.ui.widgets.quiet_scroll_bar import QuietScrollBar

_MARK_TONES = {"+": "added", "~": "changed", "-": "removed"}
#: What stands before a heading whose group is open or folded, and behind the title of a sorted column.
_OPEN, _FOLDED, _UP, _DOWN = "▾", "▸", "▲", "▼"


class PaintedTable(ArrangedTable, can_focus=True):
    """Paints the rows that are shown, and knows which line is whose."""

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

    def __init__(self, view: View, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(view, rows, **kwargs)
        self.empty = ""
        """What to say instead of the view's own words when there are no rows."""
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._styles: dict[str, Style] = {}
        self._headed: tuple[int, int] = (-1, -1)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar beside the rows; there is one as soon as it is asked for, as the library has it."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = QuietScrollBar(thickness=self.scrollbar_size_vertical)
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def watch_scroll_y(self, before: float, after: float) -> None:
        """Paint the lines where others are in sight now; the bar beside them paints itself."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = after
        if round(before) != round(after):
            lines = self.scrollable_content_region
            self.refresh(Region(0, self._top, lines.width, lines.height - self._top - self._bottom))

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

    @property
    def _in_sight(self) -> range:
        """The places of the rows in sight; the first line may be the heading's of a row above."""
        first = self.scroll_offset.y
        first += first > 0 and self._heading_at(first) not in (-1, first)
        return range(first, min(len(self.rows), self.scroll_offset.y + self._room))

    def _refresh_row(self, place: int) -> None:
        width = self.scrollable_content_region.width  # without the bar beside it
        self.refresh(Region(0, place + self._top - self.scroll_offset.y, width, 1))

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

    def notify_style_update(self) -> None:
        """Forget what was painted in the former style."""
        super().notify_style_update()
        self._strips.clear()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        room = self.scrollable_content_region
        return self._painted(y, room.width, room.height - self._bottom)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint lines; without a border they have nothing of what the library looks for in each."""
        if self.styles.gutter:
            return super().render_lines(crop)
        room, style = self.scrollable_content_region, self.rich_style
        width, last, background = self.size.width, room.height - self._bottom, self.background_colors[1]
        strips = [self._painted(y, room.width, last).adjust_cell_length(width, style) for y in crop.line_range]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _painted(self, y: int, width: int, last: int) -> Strip:
        """Paint a line of so many cells; from line ``last`` on the filter is shown."""
        if y < self._top:
            return self._title(width)
        if y >= last:
            lines = filter_strips(self._filter_state(), width, self._style("title"), self._style("warning"))
            return lines[y - last]
        place = y - self._top + self.scroll_offset.y
        if not self.rows and (words := self._nothing_at(y - self._top, width)):
            return Strip([Segment(words, self._style("muted"))], width)
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

    def _nothing_at(self, line: int, width: int) -> str:
        """Return a line of what stands in place of rows; the last that there is room for is cut with a sign."""
        indent = "  "
        lines = wrapped(self._nothing(), max(1, width - len(indent)))[line:]
        words = lines[0] if lines and line < self._room - 1 else " ".join(lines)
        return fit(indent + words, width, right=False) if words else ""

    def _nothing(self) -> str:
        """Return what stands in place of rows."""
        if self.working:
            return "looking ..."
        if self.wanted.problem:
            return "unreadable: esc shows all"
        return "none found: esc shows all" if self.wanted.filter else self.empty or self.view.empty

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
            whole = heading_in(width, text + visible(cells[0]), self._found_in(row))
            return Strip([Segment(whole, style)], width)
        plain = mark in _MARK_TONES or bool(self.view.tone(row))
        segments = [Segment(text, style)]
        for number, column, size in self.layout_of(width):
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
        titles = " ".join(self._column_title(each) for each in self.layout_of(width))
        return Strip([Segment(set_cell_size(f"  {titles}", width), self._style("title"))], width)

    def _column_title(self, place: Placed) -> str:
        wanted = self.wanted
        if place.number != wanted.sort or place.size < 2:
            return fit(place.column.title, place.size, place.column.right)
        sign = _DOWN if wanted.descending else _UP
        short = fit(place.column.title, min(place.size - 1, cell_len(place.column.title)), right=False)
        return fit(short + sign, place.size, place.column.right)

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
