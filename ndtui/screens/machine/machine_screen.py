"""Machine: its filters in effective order, sublayers, layers, providers, contexts and sessions, from a file."""

from typing import ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from ndtui.analysis.dump import DumpFilter, DumpProvider, DumpSublayer
from ndtui.analysis.events.event_packet import packet_of
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name
from ndtui.screens.machine.machine_bar import MachineBar
from ndtui.screens.paned import Paned
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.actions import OF_PANES
from ndtui.ui.keys.closes_once import ClosesOnce
from ndtui.ui.keys.keymap import screen_bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.machine.event_table import explain_event
from ndtui.ui.rows.machine.explained import explain_machine_row
from ndtui.ui.rows.machine.object_tables import LayerRow
from ndtui.ui.rows.machine.placed_among import explain_placed, placed_there
from ndtui.ui.rows.machine.views import LOOKS, Look, MachineViews
from ndtui.ui.state.host import Host
from ndtui.ui.state.machine import FilterRow, Machine
from ndtui.ui.state.machine_events import Events
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.widgets.detail import Detail, lines_text
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.waiting_line import WaitingLine


class MachineScreen(Paned[None], ClosesOnce[None]):
    """Shows a machine; what is found there is looked at, and nothing of it changes."""

    CSS_PATH = "machine.tcss"
    AUTO_FOCUS = "#machine-rows"
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (22, "-normal"), (34, "-tall")]  # noqa: RUF012 - textual declares it
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings("machine")
    SCOPE: ClassVar[ScreenScope] = "machine"
    ROWS: ClassVar[str] = "#machine-rows"

    def __init__(self, host: Host, machine: Machine, events: Events | None = None, look: Look = "filters") -> None:
        super().__init__()
        self._host = host
        self._views = MachineViews(machine, events)
        self.look_name: Look = look

    def compose(self) -> ComposeResult:
        """Make the panes."""
        yield Static("", id="machine-title", markup=False)
        yield Static("", id="machine-remarks", markup=False)
        yield MachineBar()
        yield RowTable(self._views.of("filters")[0], id="machine-rows")
        yield PaneRule(above=("#machine-rows",), below={"#machine-detail": "Explanation"}, id="machine-divider")
        yield Detail(id="machine-detail")
        yield WaitingLine()
        yield MessageLine(above=("#machine-rows", "#machine-detail"))
        yield KeyBar("machine")

    @property
    def machine(self) -> Machine:
        """The machine that is shown."""
        return self._views.machine

    @property
    def _rows(self) -> RowTable:
        return self.query_one("#machine-rows", RowTable)

    def on_mount(self) -> None:
        """Show the filters."""
        self._show_machine()

    def show(self, machine: Machine, events: Events | None, look: Look) -> None:
        """Show another machine, another state of this one, or other events."""
        if (machine, events) != (self._views.machine, self._views.events):
            self._views = MachineViews(machine, events)
        self.look_name = look
        self._show_machine()

    def _show_machine(self) -> None:
        machine, dump = self.machine, self.machine.dump
        written = f", written {dump.time_stamp}" if dump.time_stamp else ""
        title = f" Machine {visible(machine.path.name)}: show {dump.kind}{visible(written)}"
        events = self._views.events
        if not self.machine.is_known:
            title = (
                f" Events {visible(events.path.name) if events else ''}: no state of the machine is open beside them"
            )
        elif events is not None:
            title = f" Machine {visible(machine.path.name)}, events {visible(events.path.name)}"
        self.query_one("#machine-title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))
        remarks = self.query_one("#machine-remarks", Static)
        said = [*machine.remarks, *([events.remark] if events is not None and events.remark else [])]
        remarks.display = bool(said)
        remarks.update(visible(" ".join(said)))
        self._show_view()

    def _show_view(self) -> None:
        filterset = self._host.workbench.filterset
        placing = self.look_name == "ours" and self._views.placed_for is None
        view, rows = self._views.of(self.look_name)
        self._rows.empty = "placing ..." if placing else ""
        if placing:
            rows = ()
            self._place(filterset)
        self.query_one(MachineBar).show(self.look_name, self._views.counts)
        self._rows.show(rows, view)
        self.query_one(KeyBar).show()

    @work(group="placing", exclusive=True, name="placing")
    async def _place(self, filterset: FilterSet) -> None:
        """Find beside the keys where our filters would land, and show it if that is still wanted."""
        views, dump = self._views, self.machine.dump
        try:
            rows = await self._works.long("Placing our filters", lambda: placed_there(filterset, dump))
        except LeftError:
            self._rows.empty = f"left; {key_of(self, 'machine.look_ours')} begins anew"
            self._rows.refresh()
            return
        views.place(filterset, rows)
        if self.is_attached and views is self._views and self.look_name == "ours":
            self._show_view()

    @property
    def _works(self) -> LongWorks:
        return cast("LongWorks", self.app)

    @on(RowTable.Highlighted)
    def _explain(self, event: RowTable.Highlighted) -> None:
        event.stop()
        if isinstance(event.row, NetworkEvent):
            lines = explain_event(event.row, self._views.decisions)
        elif self.look_name == "ours":
            lines = explain_placed(event.row, self.machine, self._host.workbench.filterset)
        else:
            lines = explain_machine_row(event.row, self.machine)
        self.explain(lines)
        self.query_one(KeyBar).show()

    # -- what is shown -------------------------------------------------------------------------------------------

    @on(MachineBar.Chosen)
    def _view_chosen(self, event: MachineBar.Chosen) -> None:
        self.action_look(event.name)

    def action_look(self, name: Look) -> None:
        """Show one of the views."""
        self.look_name = name
        self.leave_reading()
        self._show_view()
        self._rows.focus()

    def action_next_look(self) -> None:
        """Show the next view."""
        self.action_look(LOOKS[(LOOKS.index(self.look_name) + 1) % len(LOOKS)])

    def action_next_group(self) -> None:
        """Go to the first filter of the next layer or sublayer."""
        self._go_group(1)

    def action_previous_group(self) -> None:
        """Go to the first filter of the layer or sublayer before."""
        self._go_group(-1)

    def _go_group(self, step: int) -> None:
        table = self._rows
        heads = [place for place, row in enumerate(table.rows) if table.view.heading(row)]
        ways = [place for place in heads if (place > table.cursor if step > 0 else place < table.cursor)]
        if step < 0:
            ways = ways[:-1]  # the last of them is the heading of the row's own group
        if ways:
            heading = table.rows[ways[0] if step > 0 else ways[-1]]
            table.go_to(lambda row: row is heading)
        table.focus()

    @on(RowTable.Activated)
    def _chosen(self, event: RowTable.Activated) -> None:
        """Read the explanation of a filter; of a layer, a sublayer or a provider show the filters."""
        event.stop()
        row = event.row
        if isinstance(row, LayerRow):
            self._show_filters("layer", row.name)
        elif isinstance(row, DumpSublayer):
            self._show_filters("sublayer", row.key)
        elif isinstance(row, DumpProvider):
            self._show_filters("provider", row.key)
        else:
            self.read_explanation()

    def _show_filters(self, column: str, key: str) -> None:
        """Show the filters that have something in a column."""
        if not self.machine.filters_of.get(key):
            self.notify(f"No filter of this machine has that {column}", markup=False)
            return
        self.action_look("filters")
        if not self._rows.filter_by(f'{column}="{short_name(key)}"'):  # of a name that no filter can have
            self._rows.clear_filter()
            self._rows.go_to(lambda row: isinstance(row, FilterRow) and getattr(row.filter, column) == key)

    # -- events --------------------------------------------------------------------------------------------------

    @property
    def packet(self) -> str:
        """The packet of the selected event, in words; empty where no event is selected.

        Raises:
            NoPacketError: the event has none.
        """
        row = self._rows.row
        return str(packet_of(row)) if isinstance(row, NetworkEvent) else ""

    def action_to_filter(self) -> None:
        """Go to the filter that decided the selected event."""
        found = self._decider
        if found is not None:
            self.show_filter(found)

    @property
    def _decider(self) -> DumpFilter | None:
        row, decisions = self._rows.row, self._views.decisions
        return decisions.filter(row.filter_id) if isinstance(row, NetworkEvent) and decisions is not None else None

    def why_not(self, action: Action) -> str:
        """Return why an action of this screen cannot be done now."""
        if action.verb in OF_PANES:
            return super().why_not(action)
        if action.id in ("trace_machine", "take_over") and not self.machine.is_known:
            return "No state of the machine is open beside its events"
        if action.id != "to_filter" or self._decider is not None:
            return ""
        if not isinstance(self._rows.row, NetworkEvent):
            return "Select an event first"
        return "The event names no filter that this machine has"

    def show_filter(self, found: DumpFilter) -> None:
        """Show the filters with the cursor on one."""
        self.action_look("filters")
        self._rows.go_to(lambda row: isinstance(row, FilterRow) and row.filter is found)

    def action_copy_object(self) -> None:
        """Copy the explanation of the selected row."""
        self._host.copy(lines_text(self.query_one(Detail).lines), "the selected row")

    def action_copy_objects(self) -> None:
        """Copy the table as it is shown."""
        left_out = "the shown" if self._rows.filter_text else "all"
        self._host.copy(self._rows.text(), f"{left_out} {self.look_name}")

    # -- leaving -------------------------------------------------------------------------------------------------

    def action_leave_machine(self) -> None:
        """Leave the text; then the screen."""
        if self.leave_reading():
            self._rows.focus()
        else:
            self.dismiss(None)
