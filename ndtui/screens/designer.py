"""The designer: decisions at the left, the live table at the right, the explanation of the selected row below."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.screens.checking import Checking
from ndtui.screens.comparing import LOOK_EVERY, Comparing
from ndtui.screens.paned import Paned
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.keymap import screen_bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.rows.change_rows import ChangeRow
from ndtui.ui.rows.decision_rows import DECISIONS, decision_rows, failing_tests, row_id
from ndtui.ui.rows.design_rows import VIEW_NAMES, VIEWS, ViewName, bare_rows_of, marks_of, rows_of, subject_of
from ndtui.ui.rows.explanation import explain_row
from ndtui.ui.rows.finding_rows import new_findings
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import RangeRow
from ndtui.ui.state.host import Host
from ndtui.ui.state.pane_sizes import PaneSizes
from ndtui.ui.state.selection import Selection
from ndtui.ui.state.waiting import Waiting
from ndtui.ui.state.workbench import Changes, Workbench
from ndtui.ui.widgets.detail import Detail, lines_text
from ndtui.ui.widgets.file_bar import FileBar
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.status_line import Destination, StatusLine
from ndtui.ui.widgets.view_bar import ViewBar

if TYPE_CHECKING:
    from ndtui.ui.state.comparison import Base

#: Columns from which on panes stand beside each other.
BESIDE = 80
#: The panes that scroll above the explanation.
_TABLES = ("#decisions", "#table")


class DesignerHost(Host, Protocol):
    """What the designer asks of the application beyond what an action may."""

    @property
    def waiting(self) -> Waiting:
        """What waits to be confirmed on the backend, with the time that is left."""

    def leave_of(self, screen: Screen[Any]) -> bool:
        """Leave the work that a screen does beside the keys; tells whether there is one."""


class DesignerScreen(Paned[None]):
    """The workbench as a screen. It shows state and hands keys on to the app, which alone edits."""

    BINDINGS: ClassVar[list[BindingType]] = screen_bindings("designer")
    SCOPE: ClassVar[ScreenScope] = "designer"
    ROWS: ClassVar[str] = "#panes"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (BESIDE, "-normal"), (140, "-wide")]  # noqa: RUF012 - textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-short"), (36, "-tall")]  # noqa: RUF012

    def __init__(self, host: DesignerHost) -> None:
        super().__init__(classes="-on-decisions")  # from the beginning: a class that comes later styles all anew
        self._host = host
        self.view_name: ViewName = "filters"
        self._opened: set[object] = set()
        """The ranges of weight that are unfolded, by the key of their row."""
        self._checking = Checking(self, self._show_findings)
        self._comparing = Comparing(self, self._show_changes)
        self._shown: Workbench | None = None
        self._failing: frozenset[str] = frozenset()
        self._explains = False
        """Whether rows are explained: not before the first frame is there, for that takes the trace engine."""

    def compose(self) -> ComposeResult:
        """Make the panes."""
        yield FileBar()
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield PaneRule(below={"#decisions": "Decisions"})
                yield RowTable(DECISIONS, id="decisions")
            with Vertical(id="right"):
                yield ViewBar()
                yield Static(id="against", markup=False)
                yield RowTable(VIEWS["filters"], id="table")
        yield PaneRule(above=_TABLES, below={"#detail": "Explanation"}, id="divider")
        yield Detail(id="detail")
        yield MessageLine(above=(*_TABLES, "#detail"))
        yield StatusLine()
        yield KeyBar("designer")

    @property
    def decisions(self) -> RowTable:
        """The left pane."""
        return self.query_one("#decisions", RowTable)

    @property
    def table(self) -> RowTable:
        """The right pane."""
        return self.query_one("#table", RowTable)

    def on_mount(self) -> None:
        """Watch the state, and put the focus on the decisions."""
        self.watch(self.app, "workbench", self.show)
        self.watch(self.app, "waiting", self.on_resize)
        self.set_interval(LOOK_EVERY, self._look_at_base)
        self.decisions.focus()
        self.call_after_refresh(self._begin_to_explain)

    def _begin_to_explain(self) -> None:
        self._explains = True
        self._show_detail(self.explained_table)

    def on_resize(self) -> None:
        """Fit the status line."""
        if self._shown is not None:
            self._show_status(self._shown)

    def show(self, workbench: Workbench) -> None:
        """Show a state: every view at once, marked with what has changed."""
        before, self._shown = self._shown, workbench
        if before is not None and workbench.changes is not before.changes:
            self.table.reveal_changes()
        self._failing = failing_tests(workbench)
        self.decisions.show(decision_rows(workbench.design, self._failing))
        self._checking.show(workbench)
        self._show_table(workbench)
        self._show_status(workbench)
        self.query_one(KeyBar).show()

    def _show_findings(self, workbench: Workbench) -> None:
        if failing_tests(workbench) != self._failing:
            self._failing = failing_tests(workbench)
            self.decisions.show(decision_rows(workbench.design, self._failing))
        self._show_table(workbench)
        self._show_status(workbench)

    def on_key(self, event: events.Key) -> None:
        """Leave what is worked out beside the keys, where escape left nothing else."""
        if event.key == "escape" and self._host.leave_of(self):
            event.stop()

    def on_unmount(self) -> None:
        """Let what is worked out leave off: the program ends."""
        self._checking.leave_off()
        self._comparing.leave_off()

    def _show_status(self, workbench: Workbench) -> None:
        options = self._host.options
        backend = Destination(options.backend, self._host.waiting.brief)
        line = self.query_one(StatusLine)
        line.show(workbench, backend, read_only=options.read_only, unchecked=self._checking.brief)

    def _show_table(self, workbench: Workbench) -> None:
        counts = {"filters": len(workbench.filterset.filters), "contexts": len(workbench.filterset.contexts)}
        counts["findings"] = len(workbench.findings) if workbench.checked else 0
        counts["changes"] = self._comparing.count(workbench)
        self.query_one(ViewBar).show(self.view_name, counts)
        rows = self._rows_of(workbench)
        self._show_base()
        bare = bare_rows_of(self.view_name, workbench)
        marks = new_findings(rows, workbench.known) if self.view_name == "findings" else marks_of(workbench)
        self.table.show(rows, VIEWS[self.view_name], marks, bare)

    def _rows_of(self, workbench: Workbench) -> Sequence[Any]:
        if self.view_name != "changes":
            unknown = self.view_name == "findings" and not workbench.checked
            self.table.empty = self._checking.words if unknown else ""
            return rows_of(self.view_name, workbench, self._opened)
        rows = self._comparing.rows(workbench)
        self.table.empty = visible(self._comparing.words)
        return rows

    def _show_base(self) -> None:
        """Say above the changes what the design is compared with."""
        line = self.query_one("#against", Static)
        line.display = self.view_name == "changes"
        if line.display:
            words = f"  against {visible(self._comparing.title)}"
            line.update(Text(words, no_wrap=True, overflow="ellipsis"), layout=False)

    @on(events.ScreenResume)
    def _look_at_base(self) -> None:
        """Look whether what the design is compared with has changed, as an apply does with what a backend holds."""
        if self.view_name == "changes" and self.is_current:
            self.run_worker(self._comparing.look(), group="base")

    def _show_changes(self) -> None:
        if self._shown is not None and self.view_name == "changes" and self.query(ViewBar):  # not while it is closed
            self._show_table(self._shown)

    def compare_with(self, choice: "Callable[[Workbench], Base]") -> None:
        """Show how the design differs from something else, which may depend on the workbench."""
        self._comparing.choose(choice)
        self.action_view("changes")

    @on(RowTable.Highlighted)
    def _explain(self, event: RowTable.Highlighted) -> None:
        if event.table.has_focus or event.table is self.explained_table:
            self._show_detail(event.table)
            self.query_one(KeyBar).show()

    def on_descendant_focus(self) -> None:
        """Explain what the pane that has the focus shows; in a narrow terminal show that pane."""
        table = self.explained_table
        self.set_class(table is self.decisions, "-on-decisions")
        self.query_one(ViewBar).show_focus(has_focus=self.table.has_focus)
        self._show_detail(table)
        self.query_one(KeyBar).show()

    def _show_detail(self, table: RowTable) -> None:
        if self._shown is not None and self._explains:
            self.explain(explain_row(table.row, self._shown.filterset, KeyMap(self._host.options.keys).first))

    @on(ViewBar.Chosen)
    def _view_chosen(self, event: ViewBar.Chosen) -> None:
        self.action_view(event.name)

    def action_view(self, name: ViewName) -> None:
        """Show one of filters, weights, contexts, findings and changes."""
        self.view_name = name
        if name == "findings":
            self._checking.again()
        if self._shown is not None:
            self._show_table(self._shown)
            self._show_status(self._shown)
        self._look_at_base()
        self.table.focus()

    def action_next_view(self) -> None:
        """Show the next view."""
        self.action_view(VIEW_NAMES[(VIEW_NAMES.index(self.view_name) + 1) % len(VIEW_NAMES)])

    def action_next_layer(self) -> None:
        """Go to the first row of the next layer."""
        self._go_layer(1)

    def action_previous_layer(self) -> None:
        """Go to the first row of the layer before."""
        self._go_layer(-1)

    def action_next_change(self) -> None:
        """Go to the next row that the last change has marked."""
        self._go_change(1)

    def action_previous_change(self) -> None:
        """Go to the row before that the last change has marked."""
        self._go_change(-1)

    def _go_change(self, step: int) -> None:
        """Go to a marked row, round and round: whatever table has the focus, it is one of the right pane."""
        target = self.table.next_marked(step)
        if target is None:
            self.notify(self._nothing_marked(), markup=False)
            return
        self.table.focus()
        self.table.go_to(lambda row: row is target)

    def _nothing_marked(self) -> str:
        """Return why there is no marked row to go to."""
        changes = self._shown.changes if self._shown is not None else Changes()
        if self.table.hides_marked:
            return "What has changed here is filtered out: esc shows all"
        if self.view_name == "findings" and self._shown is not None and self._shown.known is None and changes.marks:
            return "Nothing here is marked: what the checker said before the last change was not worked out"
        if changes.context_words() and not changes.words():
            key = key_of(self, "designer.view_contexts")
            return f"Nothing here is marked: the last change touched provider contexts alone, which {key} shows"
        return "Nothing here is marked: no change touched this view"

    def _go_layer(self, step: int) -> None:
        heads = [n for n, row in enumerate(self.table.rows) if isinstance(row, Heading)]
        if step > 0:
            target = next((n for n in heads if n > self.table.cursor), None)
        else:
            own = next((n for n in reversed(heads) if n <= self.table.cursor), 0)
            target = next((n for n in reversed(heads) if n < own), None)
        if target is not None:
            heading = self.table.rows[target]
            self.table.go_to(lambda row: row is heading)
            self.table.scroll_to(y=target, animate=False, force=True)
        self.table.focus()

    def fit_panes(self) -> None:
        """Give panes the sizes that the operator has chosen, where more than one is in sight."""
        super().fit_panes()
        beside = self.size.width >= BESIDE and not self.has_class("-zoomed")
        left, width = self.query_one("#left").styles, self.sizes.fit(*self.size).left if beside else 0
        if width or left.inline.has_rule("width"):  # none for none makes the library lay out anew
            left.width = width or None

    def action_narrower(self) -> None:
        """Make the left pane narrower."""
        self._widen(-2)

    def action_wider(self) -> None:
        """Make the left pane wider."""
        self._widen(2)

    def _widen(self, columns: int) -> None:
        width = self.query_one("#left").outer_size.width
        self.sizes = replace(self.sizes, left=PaneSizes(left=width + columns).fit(*self.size).left)

    def why_not(self, action: Action) -> str:
        """Return why a pane cannot get another size now."""
        if action.verb not in ("narrower", "wider"):
            return super().why_not(action)
        if self.size.width < BESIDE:
            return f"One pane at a time is shown here; from {BESIDE} columns on they stand side by side"
        return self._why_whole_screen()

    @property
    def selection(self) -> Selection:
        """What is selected in the pane that is in use."""
        workbench, row = self._host.workbench, self.explained_table.row
        change = row.change if isinstance(row, ChangeRow) else None
        return Selection(subject_of(row), workbench.exemptions, workbench.design, change)

    def select(self, identity: str, *, focus: bool = False) -> None:
        """Put the cursor of the left pane on a decision or an exemption, and with ``focus`` the focus too."""
        if focus:
            self.leave_reading()
            self.decisions.focus()
        self.decisions.go_to(lambda row: row_id(row) == identity)

    def show_filter(self, identity: object) -> None:
        """Show the filters with the cursor on one; ``identity`` is what tells it from others."""
        self.action_view("filters")
        self.table.go_to(lambda row: not isinstance(row, Heading) and row.identity == identity)

    def action_copy_row(self) -> None:
        """Copy the explanation of the selected row."""
        self._host.copy(lines_text(self.query_one(Detail).lines), "the selected row")

    def action_copy_all(self) -> None:
        """Copy the table as it is shown."""
        left_out = "the shown" if self.table.filter_text else "all"
        self._host.copy(self.table.text(), f"{left_out} {self.view_name}")

    @property
    def links(self) -> tuple[str, ...]:
        """The pages that the explanation names."""
        return self.query_one(Detail).links

    @on(RowTable.Activated, "#decisions")
    def _activate_decision(self, event: RowTable.Activated) -> None:
        event.stop()
        self.app.call_later(self.app.run_action, "app.edit")

    @on(RowTable.Activated, "#table")
    def _read_row(self, event: RowTable.Activated) -> None:
        if isinstance(event.row, RangeRow) and event.row.unfolds and self._shown is not None:
            self._opened ^= {event.row.key}
            self._show_table(self._shown)
        else:
            self.query_one(Detail).focus()
