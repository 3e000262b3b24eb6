"""PaneRule: a line between panes. It names the panes below it and says how much of those above is out of sight.

Where a pane stands it finds out by itself, so the same line serves panes beside each other and one above the other.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

LIGHT, HEAVY, JOINT = "─", "━", "┴"
_STYLES = ("line", "focus", "title", "more")


class _Piece(NamedTuple):
    """What is said of a pane, between two columns: its title, what is out of sight of it, or where its border is."""

    start: int
    end: int
    title: str = ""
    more: int = 0
    focus: bool = False
    joint: bool = False


_Seen = tuple[int, tuple[_Piece, ...]]


class PaneRule(Widget):
    """A line of one row; ``above`` and ``below`` are selectors of panes that may touch it, those below with titles."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pane-rule--line",
        "pane-rule--focus",
        "pane-rule--title",
        "pane-rule--more",
    }
    DEFAULT_CSS = "PaneRule { height: 1; width: 1fr; }"

    class Dragged(Message):
        """The line was dragged with the mouse by so many rows, down where that is positive."""

        def __init__(self, rule: "PaneRule", rows: int) -> None:
            super().__init__()
            self.rule = rule
            self.rows = rows

        @property
        def control(self) -> "PaneRule":
            """The line, by which a handler can choose whose messages it wants."""
            return self.rule

    def __init__(
        self,
        *,
        above: Iterable[str] = (),
        below: Mapping[str, str] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._above = tuple(above)
        self._below = dict(below or {})
        self._panes: dict[str, Widget] = {}
        self._drawn: _Seen = (0, ())
        self._held: int | None = None

    def on_mount(self) -> None:
        """Look again whenever a pane has moved, scrolled, filled or got the focus."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out, immediate=True)

    def _laid_out(self, screen: Screen[object]) -> None:
        if not self._panes:  # with the first layout all panes are there
            self._panes = {selector: screen.query_one(selector) for selector in (*self._above, *self._below)}
            for pane in self._panes.values():
                for attribute in ("scroll_y", "virtual_size", "has_focus"):
                    self.watch(pane, attribute, self.look, init=False)
        self.look()

    def name_pane(self, selector: str, title: str) -> None:
        """Give a pane below another title."""
        self._below[selector] = title
        self.look()

    def look(self) -> None:
        """Draw the line anew if there is another to draw."""
        seen, drawn = self._seen() if self._panes else (self.region.width, ()), self._drawn
        if seen == drawn:
            return
        self._drawn = seen
        if seen[0] != drawn[0] or len(seen[1]) != len(drawn[1]):
            self.refresh()
            return
        for now, before in zip(seen[1], drawn[1], strict=True):
            if now != before:
                start, end = min(now.start, before.start), max(now.end, before.end) + 1
                self.refresh(Region(start, 0, end - start, 1))

    def _seen(self) -> "_Seen":
        """Return what there is to draw: how wide the line is, and what is said of each pane that it touches."""
        region = self.region
        pieces: list[_Piece] = []
        for selector, title in self._below.items():
            pane = self._panes[selector]
            if pane.display and pane.region.width and pane.region.y == region.bottom:
                start, end = pane.region.x - region.x, pane.region.right - region.x
                pieces.append(_Piece(start, end, title=title, focus=pane.has_focus))
        for selector in self._above:
            pane = self._panes[selector]
            column = self._joint(pane)
            if column is not None:
                pieces.append(_Piece(column, column, joint=True))
            rest = round(pane.max_scroll_y - pane.scroll_offset.y)
            if rest > 0 and pane.display and pane.region.area and pane.region.bottom == region.y:
                pieces.append(_Piece(pane.region.x - region.x, pane.region.right - region.x, more=rest))
        return region.width, tuple(pieces)

    def _joint(self, pane: Widget) -> int | None:
        """Return where the border at the right of the box of a pane above meets the line."""
        box = pane.parent
        if not isinstance(box, Widget) or box.styles.border_right[0] in ("", "none") or not box.region.width:
            return None
        return box.region.right - 1 - self.region.x if box.region.bottom == self.region.y else None

    def render(self) -> Text:
        """Draw the line: titles at the left edge of their panes, what is out of sight at the right edge of its own."""
        return self._line()

    def render_line(self, y: int) -> Strip:
        """Paint a line as it was drawn; the library would look for where to wrap it."""
        lines, style, console = self.render().split(allow_blank=True), self.rich_style, self.app.console
        line = lines[y] if y < len(lines) else Text("")
        drawn = Segment.apply_style(line.render(console), style + console.get_style(line.style))
        return Strip(drawn).adjust_cell_length(self.size.width, style)

    def _line(self, taken: int = 0) -> Text:
        """Draw the line without what would stand in the first cells, which are taken."""
        width, pieces = self._drawn
        style = {name: self.get_component_rich_style(f"pane-rule--{name}", partial=True) for name in _STYLES}
        line = Text(LIGHT * width, style["line"], no_wrap=True, overflow="crop", end="")
        for piece in pieces:
            focus = piece.focus
            if piece.joint:
                line = over(line, piece.start, Text(JOINT, style["line"], end=""))
                continue
            label = f" {piece.title} " if piece.title else f" {piece.more} more "
            size = cell_len(label)
            if size + 2 > piece.end - piece.start:
                continue
            if focus:
                heavy = Text(HEAVY * (piece.end - piece.start), style["focus"], end="")
                line = over(line, piece.start, heavy)
            at = piece.start + 1 if piece.title else piece.end - 1 - size
            if at < taken:
                continue
            line = over(line, at, Text(label, style["focus" if focus else "title" if piece.title else "more"], end=""))
        return line

    def over_line(self, at: int, piece: Text) -> Text:
        """Return the line with a piece written over a part of it; what it would cut is left out."""
        return over(self._line(at + piece.cell_len), at, piece)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line."""
        self._held = event.screen_y
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say by how much it was dragged."""
        if self._held is not None and event.screen_y != self._held:
            self.post_message(self.Dragged(self, event.screen_y - self._held))
            self._held = event.screen_y

    def on_mouse_up(self) -> None:
        """Let go of the line."""
        self._held = None
        self.release_mouse()


def over(line: Text, at: int, piece: Text) -> Text:
    """Return a line with a piece written over a part of it; signs before it are one cell wide."""
    end = at + piece.cell_len
    return Text.assemble(line[:at], piece, line[end:], no_wrap=True, overflow="crop", end="")
