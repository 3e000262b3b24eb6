"""Trace on a machine: what its filters do with a packet and its connection, and what a packet would have to say."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from rich.text import Text
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.trace.filter_effect import Callouts
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import visible
from ndtui.screens.trace import NOTHING_TRACED, TraceScreen
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.actions import OF_PANES, by_name
from ndtui.ui.keys.possible import keys_of
from ndtui.ui.rows.form_fields import Form
from ndtui.ui.rows.machine.traced import (
    FOLLOWED,
    AskedRow,
    Followed,
    LayerStep,
    explain_followed,
    follow,
    followed_rows,
    followed_words,
)
from ndtui.ui.rows.packet_form import LINE, Asked, packet_form
from ndtui.ui.state.host import Host
from ndtui.ui.state.machine import Machine
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.widgets.detail import Detail, lines_text
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.packet_field import PacketBar
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.trace_verdict import Verdict, Why
from ndtui.ui.widgets.way_map import WayMap

_NEXT: dict[Callouts, Callouts] = {"open": "pass", "pass": "block", "block": "open"}
#: What a trace of a design has, and why one on a machine has not.
_NOT_HERE = {
    "timeline": "What a machine wrote does not say what can be negotiated: there is no timeline",
    "next_peer": "What a machine wrote does not say what can be negotiated: every peer is told of at once",
    "before_bfe": "On a machine packets are traced once BFE is up; what sleeps then stands apart",
}


class MachineTraceScreen(TraceScreen):
    """Traces packets on a machine, beside the keys; ``go_to`` shows a filter there, once this screen is left."""

    def __init__(
        self, host: Host, machine: Machine, text: str, past: list[str], go_to: Callable[[DumpFilter], None]
    ) -> None:
        super().__init__(host, text, past)
        self._machine = machine
        self._show_there = go_to
        self._callouts: Callouts = "open"
        self._found: Followed | None = None

    def _design_changed(self) -> None:
        """Leave what is traced as it is: a machine has nothing of the design."""

    @property
    def is_traced(self) -> bool:
        """Whether what is shown is what becomes of a packet."""
        return self._found is not None

    def _clear(self, why: str) -> None:
        self._found = None
        super()._clear(why)

    def _start(self, asked: Packet) -> None:
        packet = self._ask_about(asked)
        title = f" Trace on {visible(self._machine.path.name)}"
        self.query_one("#trace-title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))
        self._clear("tracing ...")
        traced = partial(follow, self._machine.dump, packet, self._callouts)
        work = partial(cast("LongWorks", self.app).long, "Tracing", traced)
        _: Worker[Followed] = self.run_worker(work, exclusive=True, name="trace", group="trace", description="trace")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what a thread has traced, unless another packet has been asked about since."""
        result = event.worker.result if event.state is WorkerState.SUCCESS else None
        if isinstance(result, Followed) and result.packet is self._asked:
            self._show_found(result)

    def _show_found(self, found: Followed) -> None:
        self._found = found
        self.query_one(Verdict).show_any(found.trace.outcomes)
        self.query_one("#trace-sentence", Static).update(visible(followed_words(found)))
        self.query_one(Why).show("")
        self.query_one(WayMap).show(None)
        self.query_one("#trace-head", PaneRule).name_pane("#trace-rows", "Layers")
        settling = [each.word for each in found.questions if each.settles]
        key = keys_of(self, by_name("trace.edit_packet"))[0]
        self._note_line.hint(f"It depends on: {' or '.join(settling)}; {key} to say" if settling else "")
        unknown = keys_of(self, by_name("trace.callouts"))[0]
        self._rows.show(followed_rows(self._machine.dump, found, f"The key {unknown}"), FOLLOWED)
        self._rows.go_to(lambda row: isinstance(row, LayerStep) and (row.decides or row.is_open))
        self.query_one(KeyBar).show()

    def _show_bar(self, packet: Packet) -> None:
        self.query_one(PacketBar).show_on_machine(packet, self._callouts)

    def lines_of(self, row: Any) -> list[Line]:
        """Return everything about a row."""
        return explain_followed(row)

    # -- the packet ----------------------------------------------------------------------------------------------

    def form_of(self, shown: Asked, focus: str) -> Form[Asked]:
        """Return the form of the packet in the line, or of the one shown where that is none."""
        asked = [row for row in self._rows.source if isinstance(row, AskedRow) and row.field != LINE]
        open_ = {row.field: f"{row.asking}." for row in asked}
        timeless = shown._replace(before_bfe=None)
        return packet_form(self._field.value, timeless, lambda _: "", focus=focus, open_=open_)

    def action_callouts(self) -> None:
        """Take callouts that nobody knows to let the packet on, to block, or either."""
        packet = self._written()
        if packet is not None:
            self._callouts = _NEXT[self._callouts]
            self._change(packet)

    def action_copy_trace(self) -> None:
        """Copy what is shown."""
        if self._found is None:
            return
        parts = (str(self._found.packet), visible(followed_words(self._found)))
        text = "\n\n".join(("\n".join(parts), self._rows.text(), lines_text(self.query_one(Detail).lines)))
        self._host.copy(text, "the trace")

    # -- back to the machine -------------------------------------------------------------------------------------

    def why_not(self, action: Action) -> str:
        """Return why an action of this screen cannot be done now."""
        if action.verb in OF_PANES:
            return super().why_not(action)
        if action.id in _NOT_HERE:
            return _NOT_HERE[action.id]
        if action.id not in ("because", "copy_trace"):
            return ""
        if self._found is None:
            return NOTHING_TRACED
        nothing = action.id == "because" and self._deciding is None
        return "No layer decides for certain: there is no filter to go to" if nothing else ""

    @property
    def _deciding(self) -> DumpFilter | None:
        return next((row.filter for row in self._rows.rows if isinstance(row, LayerStep) and row.decides), None)

    def choose(self, row: Any) -> None:
        """Go to the filter that decides at a layer, or say what a question asks for."""
        if isinstance(row, AskedRow):
            self.say_it(row.field)
        elif isinstance(row, LayerStep):
            self._go_to_filter(row.filter)

    def action_because(self) -> None:
        """Go to the filter that the outcome is owed to."""
        self._go_to_filter(self._deciding)

    def _go_to_filter(self, found: DumpFilter | None) -> None:
        if found is None:
            self.notify("No filter decides there", markup=False)
            return
        self.dismiss(None)
        self._show_there(found)
