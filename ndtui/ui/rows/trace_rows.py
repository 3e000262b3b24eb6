"""What the trace screen lists: the layers a packet meets, or the timeline of its connection, with details."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from ndtui.analysis.peers.timeline import Event, Timeline
from ndtui.analysis.trace import Matching, Step, Trace
from ndtui.analysis.trace.packet_way import Station, Way
from ndtui.analysis.trace.trace_wording import course_words, element, reason, remarks
from ndtui.analysis.traffic.outcome import Outcome, Role
from ndtui.analysis.traffic.packet_kind import PacketKind
from ndtui.analysis.wording.element_words import rule_origin
from ndtui.analysis.wording.phrases import condition_words, context_word, hex_weight
from ndtui.analysis.wording.properties import Line, why
from ndtui.model.compiled.ike_exemptions import ORIGIN
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import SCENARIO, Origin
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.keying_rows import IkeRow, StageRow, explain_keying, keying_cells
from ndtui.ui.rows.packet_map import IKE
from ndtui.ui.rows.question_rows import QuestionRow, explain_question, question_rows
from ndtui.ui.rows.role_signs import BLOCK, CALLOUT, PERMIT
from ndtui.ui.rows.view import Column, Heading, Sign, Tone, View

#: So many filters of a kind are named; of those that do not match there may be thousands.
MOST = 25

_LAYERS = {
    "FWPM_LAYER_INBOUND_IPPACKET": "every packet that arrives, before it is known whose it is",
    "FWPM_LAYER_INBOUND_TRANSPORT": "every packet that arrives",
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT": "the first packet of a connection that a peer starts",
    "FWPM_LAYER_ALE_AUTH_CONNECT": "the first packet of a connection that this host starts",
    "FWPM_LAYER_OUTBOUND_TRANSPORT": "every packet that is sent",
    "FWPM_LAYER_OUTBOUND_IPPACKET": "every packet that is sent, last of all",
    "FWPM_LAYER_IPFORWARD": "every packet that this host passes on to another",
}
_DOES: dict[Role, str] = {
    "none": "",
    "exempt": "permits",
    "callout:persist": "IPsec checks",
    "callout:require": "IPsec requires",
    "callout:discover": "IPsec asks",
    "callout:secure": "IPsec requires",
    "callout:encrypt": "IPsec encrypts",
    "callout:other": "calls out",
    "block": "blocks",
}
_SIGNS: dict[Role, Sign | None] = {"none": None, "exempt": PERMIT, "block": BLOCK}
_LEADS_TO: dict[Role, str] = {
    "none": "no filter of the policy matches here: it passes this layer",
    "exempt": "it passes this layer, left out of IPsec",
    "callout:persist": "it passes, protected or not; a connection that is protected once stays so",
    "callout:require": "it passes only if it is protected",
    "callout:discover": "it is sent in clear while IPsec negotiates, and protected once that has succeeded",
    "callout:secure": "it passes only if it is protected, and is dropped if it is not",
    "callout:encrypt": "it passes only if it is encrypted, and is dropped if it is not",
    "callout:other": "it is handed to a callout that this program does not know",
    "block": "it is dropped",
}
_OUTCOMES: dict[Outcome, str] = {
    "protected": "IPsec protects it",
    "encrypted": "IPsec protects and encrypts it",
    "exempt": "an exemption leaves it out of IPsec",
    "clear": "IPsec lets it pass in clear",
    "blocked": "it is dropped",
    "untouched": "no filter of the policy matches",
}


@dataclass(frozen=True, slots=True, eq=False)
class StepRow:
    """One layer on the packet's way."""

    step: Step
    trace: Trace

    @property
    def decides(self) -> bool:
        """Whether the outcome is owed to this layer."""
        return self.step.deciding is not None and self.trace.responsible is self.step.deciding

    @property
    def origin(self) -> Origin | None:
        """The design element that made the deciding filter; none where no filter decides."""
        return None if self.step.deciding is None else self.step.deciding.filter.origin


@dataclass(frozen=True, slots=True, eq=False)
class UnmetRow:
    """One layer that the packet does not meet, though others of its direction do; ``kind`` is that of the packet."""

    station: Station
    kind: PacketKind


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Something to bear in mind about a trace."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class EventRow:
    """One moment of the timeline."""

    number: int
    event: Event
    timeline: Timeline

    @property
    def origin(self) -> Origin:
        """The design element that brings it about."""
        if self.event.phase == "negotiation" and self.timeline.agreement is not None:
            return Origin.keying_module(self.timeline.agreement.module)
        return SCENARIO


Row: TypeAlias = StepRow | UnmetRow | IkeRow | StageRow | NoteRow | QuestionRow


def step_rows(way: Way, filterset: FilterSet, *, before_bfe: bool = False) -> list[Row]:
    """Return the layers on a packet's way, in order, how a negotiation goes that it starts, and what is to be known.

    ``filterset`` are the filters that stand at the time, once BFE is up or before.
    """
    rows: list[Row] = [
        UnmetRow(station, way.trace.packet.kind) if station.step is None else StepRow(station.step, way.trace)
        for station in way.stations
    ]
    if way.keying is not None:
        rows.append(IkeRow(way.keying))
        rows += [StageRow(stage, filterset) for stage in way.keying.stages]
    return [*rows, *question_rows(filterset, way.trace), *map(NoteRow, remarks(way.trace, before_bfe=before_bfe))]


def stop_of(row: Any) -> str:
    """Return the stop on the packet's map that a row is about; empty for none."""
    if isinstance(row, StepRow):
        return row.step.stem
    if isinstance(row, UnmetRow):
        return row.station.stem
    if isinstance(row, StageRow):
        return row.stage.name
    return IKE if isinstance(row, IkeRow) else ""


def timeline_rows(timeline: Timeline) -> list[Heading | EventRow]:
    """Return the moments of a timeline, under a heading that names the peer and how it ends."""
    head = Heading("peer", f"with {timeline.peer.name}: {course_words(timeline.course)}")
    return [head, *(EventRow(number, event, timeline) for number, event in enumerate(timeline.events))]


def row_of(origin: Origin | None) -> str:
    """Return what the designer's left pane calls a design element; empty for what is not of the design."""
    if origin is None or origin == ORIGIN:
        return ""
    return origin.name if origin.element == "keying-module" else str(rule_origin(origin))


def _step_cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, NoteRow):
        return (f"Note: {row.text}",)
    if isinstance(row, QuestionRow):
        return (row.text,)
    if isinstance(row, IkeRow | StageRow):
        return keying_cells(row)
    if isinstance(row, UnmetRow):
        return (short_name(row.station.layer), "(not met by this packet)", "", "")
    step: Step = row.step
    if step.deciding is None:
        none = "(no filter matches)" if step.filters else "(no filter here)"
        return (short_name(step.layer), none, "", "")
    each = step.deciding.filter
    return (short_name(step.layer), each.label or each.name, _DOES[step.role], element(each, row.trace))


def _step_sign(row: Any) -> Sign | None:
    return _SIGNS.get(row.step.role, CALLOUT) if isinstance(row, StepRow) else None


def _step_tone(row: Any) -> Tone:
    if isinstance(row, IkeRow) and not row.keying.passes:
        return "warning"
    return (
        "warning"
        if isinstance(row, NoteRow | QuestionRow)
        else "muted"
        if isinstance(row, IkeRow | StageRow | UnmetRow)
        else ""
    )


def _step_gutter(row: Any) -> str:
    if isinstance(row, NoteRow | QuestionRow):
        return "!" if isinstance(row, NoteRow) else "?"
    return ">" if isinstance(row, StepRow) and row.decides else ""


STEPS = View(
    (
        Column("layer", 23, 9),
        Column("deciding filter", 0, 8, least=32, aliases=("filter",)),
        Column("does", 16, 7, sign=_step_sign),
        Column("made by", 30, 3, aliases=("by",)),
    ),
    _step_cells,
    lambda row: row.text if isinstance(row, NoteRow | QuestionRow) else stop_of(row),
    _step_tone,
    _step_gutter,
    empty="no packet is traced",
    name="trace",
)


def _event_cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    return (row.event.at or "then", row.event.outcome, row.event.title)


def _event_tone(row: Any) -> Tone:
    return "head" if isinstance(row, Heading) else ""


TIMELINE = View(
    (Column("time", 18, 9, value=lambda row: row.number), Column("packet", 9, 7), Column("what happens", 0, 8)),
    _event_cells,
    lambda row: row.text if isinstance(row, Heading) else row.number,
    _event_tone,
    lambda row: "" if isinstance(row, Heading) else "|",
    selectable=lambda row: not isinstance(row, Heading),
    empty="no packet is traced",
    heading=lambda row: isinstance(row, Heading),
    name="timeline",
    heading_name=lambda _: "",
)


def explain_trace_row(row: Any) -> list[Line]:
    """Return everything about a row."""
    if isinstance(row, StepRow):
        return list(_explain_step(row.step, row.trace))
    if isinstance(row, EventRow):
        return list(_explain_event(row.event))
    if isinstance(row, UnmetRow):
        return list(_explain_unmet(row))
    if isinstance(row, IkeRow | StageRow):
        return list(explain_keying(row))
    if isinstance(row, QuestionRow):
        return list(explain_question(row))
    return [Line("Note", row.text)] if isinstance(row, NoteRow) else []


def _explain_event(event: Event) -> Iterator[Line]:
    yield Line("Time", event.at or "then")
    yield Line("What", event.title)
    yield Line("Why", event.detail)
    yield Line("The packet", f"{event.outcome}: {_OUTCOMES[event.outcome]}")
    if event.page:
        yield Line("See", event.page)


def _explain_unmet(row: UnmetRow) -> Iterator[Line]:
    station = row.station
    yield Line("Not met", f"the packet does not meet this layer: {station.why}")
    yield Line("Layer", f"{short_name(station.layer)}: {_LAYERS[station.stem]}")
    yield Line("See", PAGES["ale-stateful-filtering" if row.kind in ("usual", "icmp-error") else "layer-identifiers"])


def _explain_step(step: Step, trace: Trace) -> Iterator[Line]:
    if step.deciding is not None:
        each, weight = step.deciding
        made_by = element(each, trace)
        yield Line("Decides", each.name)
        yield Line("Does", f"{_action(step.deciding)}: {_LEADS_TO[step.role]}")
        yield Line("Matches", _matches(step.deciding))
        yield Line("Made by", f"{made_by}; enter goes there" if row_of(each.origin) else made_by)
        yield Line("Why", why(step.deciding.filter))
        yield Line("Weight", f"{hex_weight(weight.value)} ({weight.basis})")
    else:
        yield Line("Decides", "no filter matches" if step.filters else "the policy has no filter here")
        yield Line("Does", _LEADS_TO["none"])
    if len(step.sublayers) > 1:
        for own in step.sublayers:
            stands = ", and stands" if own.deciding is step.deciding else ""
            decides = f"{own.deciding.filter.name} decides{stands}"
            yield Line("Sublayer", f"{short_name(own.sublayer)}, weight {own.weight}: {decides}")
    yield from _outranked(step, trace)
    yield from _unmet(step)
    yield Line("Layer", f"{short_name(step.layer)}: {_LAYERS[step.stem]}")
    yield Line("See", PAGES["filter-arbitration"])


def _outranked(step: Step, trace: Trace) -> Iterator[Line]:
    tied = {id(each.filter) for each in step.tied}
    for each in step.outranked[:MOST]:
        label = "Ties with" if id(each.filter) in tied else "Outranks"
        made_by = element(each.filter, trace)
        yield Line(label, f"{each.filter.name}: {_action(each)}, matches {_matches(each)}, made by {made_by}")
    if len(step.outranked) > MOST:
        yield Line("", f"and {len(step.outranked) - MOST} more that match and were not asked")


def _unmet(step: Step) -> Iterator[Line]:
    shown = list(islice(step.others(), MOST))
    for each in shown:
        yield Line("Not met", f"{each.filter.name}: {reason(each, step.values)}")
    left = len(step.filters) - len(shown) - sum(1 + len(own.outranked) for own in step.sublayers)
    if left:
        yield Line("", f"and {left} more that do not match")


def _action(matching: Matching) -> str:
    slot = matching.filter.slot
    if not slot.callout:
        return "permits" if slot.action == "FWP_ACTION_PERMIT" else "blocks"
    handed = f" with {context_word(matching.filter)}" if slot.raw_context_name else ""
    return f"calls {short_name(slot.callout)}{handed}"


def _matches(matching: Matching) -> str:
    return ", ".join(condition_words(matching.filter.conditions)) or "everything at this layer"
