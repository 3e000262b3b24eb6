"""Paned: what screens with an explanation have in common: its height, which is one for all of them, and zoom."""

from dataclasses import replace
from typing import ClassVar, Protocol, cast

from textual import events, on
from textual.geometry import Size
from textual.screen import ScreenResultType
from textual.widget import Widget

from ndtui.analysis.wording.properties import Line
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.possible import key_of
from ndtui.ui.painting.styled_once import StyledOnce
from ndtui.ui.state.pane_sizes import LEAST_BELOW, LEAST_ROWS, PaneSizes
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable


class _Sized(Protocol):
    """What a screen with panes asks of the application."""

    sizes: PaneSizes
    """The sizes that the operator has given panes."""


class Paned(StyledOnce[ScreenResultType]):
    """A screen with rows, and below them the explanation of the selected one.

    Its style sheet says what the classes mean: ``-zoomed`` gives the rows the screen, ``-reading`` the explanation, and
    ``-unexplained`` its room to the rows, for there is nothing to explain.
    """

    SCOPE: ClassVar[ScreenScope]
    ROWS: ClassVar[str]
    """The selector of what stands above the explanation in the same box, and gives it room."""

    _last_table: RowTable | None = None

    @on(events.Mount)
    def _watch_sizes(self) -> None:
        """Fit the panes whenever their sizes, or what stands beside them, have changed."""
        self.watch(self.app, "sizes", self.fit_panes, init=False)
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._fit_explanation(), immediate=True)

    @on(events.Resize)
    def _resized(self) -> None:
        """Fit the panes into another size of the screen."""
        self.fit_panes()

    @on(events.DescendantFocus)
    def _pane_focused(self, event: events.DescendantFocus) -> None:
        """Show the rows, or the explanation, when they get the focus while another pane has the screen."""
        if isinstance(event.widget, RowTable):
            self._last_table = event.widget
        if isinstance(event.widget, Detail):
            self.remove_class("-zoomed")
        else:
            self.leave_reading()

    @property
    def sizes(self) -> PaneSizes:
        """The sizes that the operator has given panes."""
        return cast("_Sized", self.app).sizes

    @sizes.setter
    def sizes(self, sizes: PaneSizes) -> None:
        cast("_Sized", self.app).sizes = sizes

    @property
    def explained_table(self) -> RowTable:
        """The table whose selected row is explained: the one that has the focus, or had it last."""
        focused = self.focused
        return focused if isinstance(focused, RowTable) else self._last_table or self.query(RowTable).first()

    # -- the explanation -----------------------------------------------------------------------------------------

    def explain(self, lines: list[Line]) -> None:
        """Show an explanation; where there is none its room goes to the rows."""
        detail = self.query_one(Detail)
        detail.show(lines)
        self.set_class(not lines, "-unexplained")
        if not lines:
            self.leave_reading()
            if detail.has_focus:
                self.explained_table.focus()

    def read_explanation(self) -> None:
        """Give the explanation the screen, and the focus."""
        self.add_class("-reading")
        self.fit_panes()
        self.query_one(Detail).focus()

    def leave_reading(self) -> bool:
        """Show the rows again, where the explanation has the screen; tells whether it had."""
        if not self.has_class("-reading"):
            return False
        self.remove_class("-reading")
        self.fit_panes()
        return True

    @property
    def why_no_height(self) -> str:
        """Why the explanation has no height of its own, as the screen is laid out now; empty where it has."""
        return ""

    # -- sizes ---------------------------------------------------------------------------------------------------

    def fit_panes(self) -> None:
        """Give panes the sizes that the operator has chosen, as far as there is room."""
        self._fit_explanation()

    def _fit_explanation(self) -> None:
        found = self.query(Detail)
        if not found:  # it is being left
            return
        wanted = self.sizes.fit(*self.size).below
        height = 0
        if wanted and not self.has_class("-reading") and not self.why_no_height:
            height = max(LEAST_BELOW, min(wanted, self._room))
        styles = found.first().styles
        if height or styles.inline.has_rule("height"):  # none for none makes the library lay out anew
            styles.height = height or None

    @property
    def _room(self) -> int:
        """The rows that the explanation may have, as everything else in its box was laid out last."""
        detail, rows = self.query_one(Detail), self.query_one(self.ROWS)
        box = cast("Widget", detail.parent)
        others = [each for each in box.displayed_children if each.layer == "default" and each not in (detail, rows)]
        taken = sum(each.outer_size.height for each in others)
        apart = sum(each.styles.margin.height for each in (*others, detail, rows))
        return box.size.height - taken - apart - LEAST_ROWS if box.size != Size() else self.size.height

    def action_higher(self, of: str = "") -> None:  # noqa: ARG002 - the screen, which tells the action from others
        """Make the explanation higher."""
        self.resize_explanation(1)

    def action_lower(self, of: str = "") -> None:  # noqa: ARG002
        """Make the explanation lower."""
        self.resize_explanation(-1)

    def resize_explanation(self, rows: int) -> None:
        """Make the explanation higher by so many rows, as far as there is room."""
        height = self.query_one(Detail).outer_size.height
        wanted = PaneSizes(below=max(1, height + rows)).fit(*self.size).below
        self.sizes = replace(self.sizes, below=max(LEAST_BELOW, min(wanted, self._room)))

    @on(PaneRule.Dragged)
    def _rule_dragged(self, event: PaneRule.Dragged) -> None:
        """Follow the rule above the explanation."""
        touches = event.rule.region.bottom == self.query_one(Detail).region.y
        if touches and not self._why_no_resize():
            self.resize_explanation(-event.rows)

    # -- zoom ----------------------------------------------------------------------------------------------------

    def action_zoom(self, of: str = "") -> None:  # noqa: ARG002
        """Give the focused pane the whole screen, or take it back."""
        reads = isinstance(self.focused, Detail)
        own, other = ("-reading", "-zoomed") if reads else ("-zoomed", "-reading")
        self.toggle_class(own)
        self.remove_class(other)  # together they would hide every pane
        self.fit_panes()

    def why_not(self, action: Action) -> str:
        """Return why a pane cannot get another size now."""
        return self._why_no_resize() if action.verb in ("higher", "lower") else ""

    def _why_no_resize(self) -> str:
        nothing = "Nothing is explained here" if self.has_class("-unexplained") else self.why_no_height
        return self._why_whole_screen() or nothing

    def _why_whole_screen(self) -> str:
        """Return why no pane has a size of its own while one has the whole screen; empty where none has."""
        zoom = "zoom" if self.SCOPE == "designer" else f"zoom_{self.SCOPE}"
        key = key_of(self, f"{self.SCOPE}.{zoom}")
        if self.has_class("-reading"):
            return f"The explanation has the whole screen: {key} takes it back"
        if self.has_class("-zoomed"):
            return f"The rows have the whole screen: {key} takes it back"
        return ""
