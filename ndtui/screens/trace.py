"""Trace: what happens to a packet under the design as it is in the workbench, at which layer, and why."""

from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from ndtui.analysis.peers.peer_words import KINDS, USUAL, Kind
from ndtui.analysis.peers.timeline import Peer, timeline_of
from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.trace.trace_wording import because
from ndtui.analysis.traffic.examples import START, Ports, turned, usual_ports, with_next_protocol
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.wording.properties import Line
from ndtui.common.errors import InputError
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.screens.paned import Paned
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.actions import OF_PANES, by_name
from ndtui.ui.keys.closes_once import ClosesOnce
from ndtui.ui.keys.key_queue import KeysInTurn, asks
from ndtui.ui.keys.keymap import screen_bindings
from ndtui.ui.keys.possible import keys_of
from ndtui.ui.rows.form_fields import Form
from ndtui.ui.rows.packet_form import LINE, Asked, packet_form
from ndtui.ui.rows.packet_map import map_text
from ndtui.ui.rows.question_rows import QuestionRow, depends_on
from ndtui.ui.rows.times import becomes, sentence_then, standing, verdict_text
from ndtui.ui.rows.trace_rows import (
    STEPS,
    TIMELINE,
    StepRow,
    explain_trace_row,
    row_of,
    step_rows,
    stop_of,
    timeline_rows,
)
from ndtui.ui.state.host import Host
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.widgets.detail import Detail, lines_text
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.packet_field import PacketBar, PacketField
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.trace_note import TraceNote
from ndtui.ui.widgets.trace_verdict import Verdict, Why
from ndtui.ui.widgets.waiting_line import WaitingLine
from ndtui.ui.widgets.way_map import WayMap

#: Why there is nothing to copy, to go to, or to show in another way.
NOTHING_TRACED = "Nothing is traced"
_NOT_YET = "nothing is traced yet: enter in the line above traces this packet"


class TraceScreen(Paned[str | None], ClosesOnce[str | None]):
    """Traces packets; returns the design element to go to, as the left pane of the designer calls it, if any.

    ``past`` holds the packets that were traced before, the last one last, and takes those traced here. ``note`` says
    where the first packet comes from.
    """

    CSS_PATH = "trace.tcss"
    AUTO_FOCUS = "#trace-rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012 - textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (24, "-medium"), (36, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings("trace")
    SCOPE: ClassVar[ScreenScope] = "trace"
    ROWS: ClassVar[str] = "#trace-rows"

    def __init__(self, host: Host, text: str, past: list[str], note: str = "") -> None:
        super().__init__()
        self._host = host
        self._text = text
        self._past = past
        self._note = note
        self._packet: Packet | None = None
        self._asked: Packet | None = None
        """The packet that is traced, or is being traced; none while what is written is no packet."""
        self._ports: Ports | None = None
        self._trace: Trace | None = None
        self._filterset: FilterSet | None = None
        self._kind: Kind = USUAL
        self._as_timeline = False
        self._before_bfe = False

    def compose(self) -> ComposeResult:
        """Make the form line, the verdict, the rows and the details."""
        yield Static("", id="trace-title", markup=False)
        with Horizontal(id="trace-form"):
            yield Static(" Packet ", id="trace-label", markup=False)
            yield PacketField(self._text, self._past)
        yield PacketBar(id="trace-bar")
        yield TraceNote(id="trace-problem")
        yield Verdict(id="trace-verdict")
        yield Static("", id="trace-sentence", markup=False)
        yield Why(id="trace-why")
        yield WayMap(id="trace-map")
        yield PaneRule(below={"#trace-rows": "Layers", "#trace-detail": "Explanation"}, id="trace-head")
        with Container(id="trace-body"):
            yield RowTable(STEPS, id="trace-rows")
            yield PaneRule(above=("#trace-rows",), below={"#trace-detail": "Explanation"}, id="trace-divider")
            yield Detail(id="trace-detail")
        yield WaitingLine()
        yield MessageLine(above=("#trace-rows", "#trace-detail"))
        yield KeyBar("trace")

    def on_mount(self) -> None:
        """Trace the first packet; the rows have the focus, so that letters are keys."""
        self.watch(self.app, "workbench", self._design_changed, init=False)
        self._read(self._note)

    @property
    def _rows(self) -> RowTable:
        return self.query_one("#trace-rows", RowTable)

    @property
    def _field(self) -> PacketField:
        return self.query_one(PacketField)

    @property
    def _note_line(self) -> TraceNote:
        return self.query_one(TraceNote)

    # -- tracing -------------------------------------------------------------------------------------------------

    def _design_changed(self) -> None:
        """Trace the same packet under what the design has become."""
        if self._host.workbench.filterset is not self._filterset and self._asked is not None:
            self._start(self._asked)

    def _read(self, note: str = "") -> bool:
        """Trace what is in the field, or say what is wrong with it; tells whether it is a packet."""
        try:
            packet = parse_packet(self._field.value)
        except InputError as error:
            self._refuse(error)
            return False
        self._note_line.say(note)
        text = str(packet)
        self._field.value = text
        self._field.keep(text)
        self._start(packet)
        return True

    def _refuse(self, error: InputError) -> None:
        """Say what is wrong with what is written; what became of the packet before is not left standing beside it."""
        self._note_line.say(str(error), wrong=True)
        self._leave_untraced("nothing is traced: this is no packet")

    def _leave_untraced(self, why: str) -> None:
        """Say why what is written is not traced; of a packet before nothing is left, and is taken away once."""
        if self._asked is not None:
            self._asked = None
            self.query_one(PacketBar).clear()
            self._clear(why)
        else:
            self.query_one(Verdict).say(why)

    def _clear(self, why: str) -> None:
        """Take away what became of the packet before, and say why nothing stands there."""
        self._trace = None
        self._note_line.hint("")
        self.query_one(Verdict).say(why)
        self.query_one("#trace-sentence", Static).update("")
        self.query_one(Why).show("")
        self.query_one(WayMap).show(None)
        self._rows.show([])
        self.query_one(Detail).show([])
        self.query_one(KeyBar).show()

    @property
    def why_no_height(self) -> str:
        """Why the explanation has no height of its own: on a wide screen it stands beside the rows."""
        return (
            "The explanation stands beside the rows here, and is as high as they are" if self.has_class("-wide") else ""
        )

    @property
    def is_traced(self) -> bool:
        """Whether what is shown is what becomes of a packet."""
        return self._trace is not None

    def _at_once(self, filterset: FilterSet) -> bool:
        """Tell whether a first trace, which needs an index, is made at once; beyond so many filters in a thread."""
        return len(filterset.filters) <= self._host.options.settings.thresholds.trace_at_once

    def _ask_about(self, asked: Packet) -> Packet:
        """Take a packet for the one that is traced, and show what it is.

        It is an object of its own for each trace: what a thread has found for the same packet before is told by it.
        """
        self._packet = self._asked = packet = replace(asked)
        if packet.local_port is not None:
            self._ports = (packet.local_port, packet.remote_port)
        self._show_bar(packet)
        return packet

    def _start(self, asked: Packet) -> None:
        workbench = self._host.workbench
        self._filterset = workbench.filterset
        packet = self._ask_about(asked)
        title = f" Trace {visible(workbench.design.name)}{', before BFE is up' if self._before_bfe else ''}"
        self.query_one("#trace-title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))
        filterset = standing(workbench.filterset, before_bfe=self._before_bfe)
        if self._at_once(filterset):
            self._show(trace(filterset, packet))
        else:
            self._clear("tracing ...")
            work = partial(cast("LongWorks", self.app).long, "Tracing", lambda: trace(filterset, packet))
            _: Worker[Trace] = self.run_worker(work, exclusive=True, name="trace", group="trace", description="trace")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what a thread has traced, unless another packet or design has been asked about since."""
        result = event.worker.result if event.state is WorkerState.SUCCESS else None
        if event.worker.group == "trace" and isinstance(result, Trace) and result.packet is self._asked:
            self._show(result)

    def _show(self, traced: Trace) -> None:
        self._trace = traced
        self.query_one(Verdict).show(traced.outcomes, before_bfe=self._before_bfe)
        self.query_one("#trace-sentence", Static).update(visible(sentence_then(traced, before_bfe=self._before_bfe)))
        self.query_one(Why).show(because(traced))
        self._show_rows(traced)
        self.query_one(KeyBar).show()

    def _show_bar(self, packet: Packet) -> None:
        bar = self.query_one(PacketBar)
        bar.show(packet, self._kind, as_timeline=self._as_timeline, before_bfe=self._before_bfe)

    def _show_rows(self, traced: Trace) -> None:
        self.set_class(self._as_timeline, "-timeline")
        self.query_one("#trace-head", PaneRule).name_pane("#trace-rows", "Timeline" if self._as_timeline else "Layers")
        if self._as_timeline and self._filterset is not None:
            self.query_one(WayMap).show(None)
            self._note_line.hint("")
            self._rows.show(timeline_rows(timeline_of(self._filterset, traced.packet, Peer(self._kind))), TIMELINE)
            return
        filterset = standing(self._host.workbench.filterset, before_bfe=self._before_bfe)
        way = way_of(filterset, traced)
        self.query_one(WayMap).show(way)
        rows = step_rows(way, filterset, before_bfe=self._before_bfe)
        self._note_line.hint(depends_on(rows, keys_of(self, by_name("trace.edit_packet"))[0]))
        self._rows.show(rows, STEPS)
        self._rows.go_to(lambda row: isinstance(row, StepRow) and row.decides)

    def lines_of(self, row: Any) -> list[Line]:
        """Return everything about a row."""
        return explain_trace_row(row)

    @on(RowTable.Highlighted)
    def _explain(self, event: RowTable.Highlighted) -> None:
        self.explain(self.lines_of(event.row))
        self.query_one(WayMap).point(stop_of(event.row))

    @on(WayMap.Chosen)
    def _stop_chosen(self, event: WayMap.Chosen) -> None:
        self._rows.go_to(lambda row: stop_of(row) == event.place)
        self._rows.focus()

    # -- the packet ----------------------------------------------------------------------------------------------

    @asks
    async def action_edit_packet(self) -> None:
        """Edit the packet in a form."""
        await self._edit()

    async def _edit(self, focus: str = LINE) -> None:
        """Edit the packet in a form that starts at a field of it, and trace what comes of it."""
        from ndtui.screens.dialogs.form_screen import FormScreen  # noqa: PLC0415 - no trace needs it to be there

        shown = Asked(self._packet or parse_packet(START), self._before_bfe)
        asked: Asked | None = await self.app.push_screen_wait(FormScreen(self.form_of(shown, focus)))
        if asked is not None:
            self._set_time(before_bfe=bool(asked.before_bfe))
            self._change(asked.packet)

    def form_of(self, shown: Asked, focus: str) -> Form[Asked]:
        """Return the form of the packet in the line, or of the one shown where that is none."""
        open_ = {row.field: f"{row.asking}." for row in self._rows.rows if isinstance(row, QuestionRow)}
        return packet_form(self._field.value, shown, self._what_becomes, focus=focus, open_=open_)

    def _what_becomes(self, asked: Asked) -> str:
        """Return what becomes of a packet; nothing where finding that out may take its time."""
        before_bfe = bool(asked.before_bfe)
        filterset = standing(self._host.workbench.filterset, before_bfe=before_bfe)
        return becomes(trace(filterset, asked.packet), before_bfe=before_bfe) if self._at_once(filterset) else ""

    def action_write_packet(self) -> None:
        """Write another packet in the line."""
        self._field.focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._read():
            self._rows.focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        """Let what became of a packet stand beside that one alone, and say of what else is written why it does not."""
        try:
            packet = parse_packet(self._field.value)
        except InputError as error:
            self._note_line.say("")
            self._leave_untraced(f"nothing is traced: {error.message}")
            return
        if packet == self._asked:
            return
        self._note_line.say("")
        if packet == self._packet:
            self._start(packet)
        else:
            self._leave_untraced(_NOT_YET)

    @on(PacketField.Left)
    def _left(self) -> None:
        self._note_line.say("")
        if self._packet is not None:
            self._field.value = str(self._packet)
            if not self.is_traced:
                self._start(self._packet)
        self._rows.focus()

    def _change(self, packet: Packet) -> None:
        self._field.value = str(packet)
        self._read()

    def _written(self) -> Packet | None:
        """Return the packet in the field, which may have been left without being traced; none if it is none."""
        try:
            return parse_packet(self._field.value)
        except InputError as error:
            self._refuse(error)
            return None

    def action_turn(self) -> None:
        """Turn the packet round."""
        packet = self._written()
        if packet is not None:
            self._ports = self._ports and (self._ports[1], self._ports[0])
            self._change(turned(packet))

    def action_next_protocol(self) -> None:
        """Change the protocol."""
        packet = self._written()
        if packet is not None:
            self._change(with_next_protocol(packet, self._ports or usual_ports(packet.direction)))

    def action_first_or_later(self) -> None:
        """Make a later packet of a first one, and the reverse."""
        packet = self._written()
        if packet is not None:
            self._change(replace(packet, later=not packet.later))

    def action_loopback(self) -> None:
        """Make a loopback packet of one that is none, and the reverse."""
        packet = self._written()
        if packet is not None:
            self._change(replace(packet, loopback=not packet.loopback))
            if packet.loopback and self._packet is not None and self._packet.loopback:
                key = keys_of(self, by_name("trace.edit_packet"))[0]
                self._note_line.say(f"it is loopback by its addresses: {key} to write others")

    def action_before_bfe(self) -> None:
        """Ask about the time before BFE is up, or after."""
        packet = self._written()
        if packet is not None:
            self._set_time(before_bfe=not self._before_bfe)
            self._change(packet)

    def _set_time(self, *, before_bfe: bool) -> None:
        self._before_bfe = before_bfe
        self._as_timeline = self._as_timeline and not before_bfe

    # -- what is shown -------------------------------------------------------------------------------------------

    def action_timeline(self) -> None:
        """Show the timeline of the connection, or the layers again."""
        self._as_timeline = not self._as_timeline
        self._refresh()

    def action_next_peer(self) -> None:
        """Change what the peer of the timeline can do."""
        if self._as_timeline:
            self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._as_timeline = True
        self._refresh()

    def _refresh(self) -> None:
        if self._asked is not None:
            self._show_bar(self._asked)
        if self._trace is not None:
            self._show_rows(self._trace)

    def action_callouts(self) -> None:
        """Take callouts that nobody knows for something else: those of a machine alone, which has them."""

    def action_copy_trace(self) -> None:
        """Copy what is shown."""
        if self._trace is None:
            return
        parts = [
            *verdict_text(self._trace, before_bfe=self._before_bfe),
            "\n".join(map_text(self.query_one(WayMap).lines)),
            self._rows.text(),
            lines_text(self.query_one(Detail).lines),
        ]
        text = "\n\n".join(filter(None, parts))
        self._host.copy(text, "the trace")

    # -- back to the design --------------------------------------------------------------------------------------

    def why_not(self, action: Action) -> str:
        """Return why an action of this screen cannot be done now."""
        if action.verb in OF_PANES:
            return super().why_not(action)
        if action.id in ("timeline", "next_peer"):
            return self._why_no_timeline
        if action.id == "callouts":
            return "A design calls no callouts that nobody knows; those of a machine may be"
        if action.id not in ("because", "copy_trace"):
            return ""
        if self._trace is None:
            return NOTHING_TRACED
        nothing = action.id == "because" and self._trace.responsible is None
        return "No filter decides: there is no design element to go to" if nothing else ""

    @property
    def _why_no_timeline(self) -> str:
        if self._before_bfe:
            return "Before BFE is up nothing negotiates: there is no timeline"
        return NOTHING_TRACED if self._asked is None else ""

    @on(RowTable.Activated)
    def _chosen(self, event: RowTable.Activated) -> None:
        self.choose(event.row)

    def choose(self, row: Any) -> None:
        """Go to the design element that a row is owed to, or say what a question asks for."""
        if isinstance(row, QuestionRow):
            self.say_it(row.field)
        else:
            self._go_to(getattr(row, "origin", None))

    def say_it(self, field: str) -> None:
        """Edit the packet in a form that starts at a field of it."""
        cast("KeysInTurn[Any]", self.app).ask(self, partial(self._edit, field))

    @on(Why.Chosen)
    def _why_chosen(self) -> None:
        self.action_because()

    def action_because(self) -> None:
        """Go to the design element that the outcome is owed to."""
        responsible = None if self._trace is None else self._trace.responsible
        self._go_to(None if responsible is None else responsible.filter.origin)

    def _go_to(self, origin: Origin | None) -> None:
        row = row_of(origin)
        if row:
            self.dismiss(row)
        else:
            why = "Windows makes that filter by itself" if origin else "No filter decides"
            self.notify(f"{why}: there is no design element to go to", markup=False)

    def action_to_design(self) -> None:
        """Leave the explanation, where it has the screen; else go back to the design."""
        if self.leave_reading():
            self._rows.focus()
        else:
            self.dismiss(None)
