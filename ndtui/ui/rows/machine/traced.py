"""A packet's way through a machine as rows: the layers it meets, what is not said, what is to be known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter
from ndtui.analysis.trace.dump_tracer import Assumptions, MachineStep, MachineSublayer, MachineTrace, trace_machine
from ndtui.analysis.trace.filter_effect import Callouts
from ndtui.analysis.trace.machine_questions import MachineQuestion, asked_for, machine_questions, word_of
from ndtui.analysis.trace.machine_sentences import (
    filter_line,
    machine_remarks,
    passing_words,
    question_sentence,
    unmet_layers,
)
from ndtui.analysis.trace.machine_wording import after_words, named, outcome_words, status, weight_words
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import PHASES
from ndtui.analysis.wording.properties import Line
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.machine.explained import bounded
from ndtui.ui.rows.packet_form import field_saying
from ndtui.ui.rows.role_signs import BLOCK, CALLOUT, PERMIT
from ndtui.ui.rows.trace_rows import NoteRow
from ndtui.ui.rows.view import Column, Heading, Sign, Tone, View

#: So many conditions of open filters are named in a question's explanation.
_NAMED = 20
#: So many of the filters that may decide in a sublayer are named: hundreds take longer to show than a key may.
_POSSIBLE = 50


class Followed(NamedTuple):
    """What was found of a packet on a machine: its way, and what is not said."""

    trace: MachineTrace
    questions: tuple[MachineQuestion, ...]
    assumptions: Assumptions

    @property
    def packet(self) -> Packet:
        """The packet."""
        return self.trace.packet


@dataclass(frozen=True, slots=True, eq=False)
class LayerStep:
    """A layer on the packet's way; ``decides``: what becomes of the packet is owed to it."""

    step: MachineStep
    decides: bool

    @property
    def is_open(self) -> bool:
        """Whether it is met before the packet is through, and may come to more than one thing."""
        return self.step.bears and len(self.step.roles) > 1

    @property
    def filter(self) -> DumpFilter | None:
        """The filter that decides here, or else the first that may."""
        return next((each for own in self.step.sublayers if (each := _first(own)) is not None), None)


@dataclass(frozen=True, slots=True, eq=False)
class AskedRow:
    """Something that filters ask of a packet and that it does not say."""

    question: MachineQuestion
    trace: MachineTrace

    @property
    def field(self) -> str:
        """The field of the packet's form that says it."""
        return field_saying(self.question.word)

    @property
    def asking(self) -> str:
        """How many filters ask for it."""
        count = self.question.filters
        return "1 filter asks for it" if count == 1 else f"{count} filters ask for it"

    @property
    def text(self) -> str:
        """What is to be said, and whether that decides."""
        return question_sentence(self.question, self.trace.packet)


@dataclass(frozen=True, slots=True, eq=False)
class UnmetRow:
    """Layers that have filters and that the packet does not meet, and why."""

    why: str
    layers: tuple[str, ...]


Row: TypeAlias = Heading | LayerStep | AskedRow | NoteRow | UnmetRow


def follow(dump: Dump, packet: Packet, callouts: Callouts) -> Followed:
    """Return what a machine does with a packet; with many filters that are open it takes half a second."""
    assumptions = Assumptions(callouts)
    trace = trace_machine(dump, packet, assumptions)
    return Followed(trace, machine_questions(dump, trace, assumptions), assumptions)


def followed_rows(dump: Dump, found: Followed, passing: str) -> list[Row]:
    """Return the layers phase by phase, what is not said, what is to be known, and the layers that are not met.

    ``passing`` is what takes callouts that nobody knows to let the packet on.
    """
    trace = found.trace
    rows: list[Row] = []
    phase = ""
    for step in trace.steps:
        if step.phase != phase:
            phase = step.phase
            rows.append(Heading(phase, PHASES[step.phase]))
        rows.append(LayerStep(step, step is _owed_to(trace)))
    if found.questions:
        rows.append(Heading("questions", "not said"))
        rows += [AskedRow(each, trace) for each in found.questions]
    remarks = [*machine_remarks(dump, trace, found.assumptions, passing=passing)]
    if words := passing_words(trace):
        remarks.insert(0, words)
    if remarks:
        rows.append(Heading("remarks", "to be known"))
        rows += map(NoteRow, remarks)
    unmet = unmet_layers(dump, trace.packet)
    if unmet:
        rows.append(Heading("unmet", "not met by this packet"))
        rows += [UnmetRow(why, tuple(f"{short_name(n)} ({c})" for n, c in each.items())) for why, each in unmet.items()]
    return rows


def followed_words(found: Followed) -> str:
    """Return what becomes of a packet: every outcome there may be, and what may become of what follows it."""
    outcomes = [outcome_words(found.trace, each) for each in found.trace.outcomes]
    numbered = ", ".join(f"({number}) {words}" for number, words in enumerate(outcomes, start=1))
    first = f"It may be {numbered}" if len(outcomes) > 1 else outcomes[0]
    after = (f"{each[:1].upper()}{each[1:]}" for each in after_words(found.trace))
    return ". ".join((first, *after))


def _owed_to(trace: MachineTrace) -> MachineStep | None:
    """Return the layer that blocks for certain, or else the last one that permits or hands over on the way."""
    bearing = [step for step in trace.steps if step.bears]
    blocking = next((step for step in bearing if step.roles == ("block",)), None)
    if blocking is not None or len(trace.outcomes) != 1:
        return blocking
    deciding = [step for step in bearing if len(step.roles) == 1 and step.roles != ("none",) and step.phase != "listen"]
    authorizing = [step for step in deciding if "_AUTH_" in step.layer]
    return next(iter(authorizing or deciding[-1:]), None)


def _first(own: MachineSublayer) -> DumpFilter | None:
    if own.deciding is not None:
        return own.deciding
    return own.before[0].filter if own.before else None


def _cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    if isinstance(row, NoteRow):
        return (f"Note: {row.text}",)
    if isinstance(row, AskedRow):
        return (row.text,)
    if isinstance(row, UnmetRow):
        return (f"{', '.join(row.layers)}: {row.why}",)
    step: MachineStep = row.step
    roles = " or ".join(step.roles) if step.roles != ("none",) else ""
    return (short_name(step.layer), _decider(row), roles, status(step))


def _decider(row: LayerStep) -> str:
    """Return the filter that decides at a layer; of an open one how many may."""
    may = sum(len(own.before) for own in row.step.sublayers)
    if may:
        return f"{may} filter{'' if may == 1 else 's'} may decide"
    found = row.filter
    return "" if found is None else f"{found.filter_id} {named(found)}"


def _sign(row: Any) -> Sign | None:
    if not isinstance(row, LayerStep) or len(row.step.roles) != 1:
        return None
    role = row.step.roles[0]
    return {"none": None, "exempt": PERMIT, "block": BLOCK}.get(role, CALLOUT)


def _tone(row: Any) -> Tone:
    if isinstance(row, Heading):
        return "head"
    if isinstance(row, UnmetRow):
        return "muted"
    return "warning" if isinstance(row, NoteRow | AskedRow) else ""


def _gutter(row: Any) -> str:
    if isinstance(row, NoteRow | AskedRow):
        return "!" if isinstance(row, NoteRow) else "?"
    return ">" if isinstance(row, LayerStep) and row.decides else ""


def _key(row: Any) -> object:
    if isinstance(row, LayerStep):
        return row.step.layer
    return row.key if isinstance(row, Heading) else _cells(row)


FOLLOWED = View(
    (
        Column("layer", 27, 9, least=22),
        Column("deciding filter", 0, 8, least=24, aliases=("filter",)),
        Column("does", 16, 7, least=10, sign=_sign),
        Column("state", 18, 6, least=8, aliases=("status",)),
    ),
    _cells,
    _key,
    _tone,
    _gutter,
    selectable=lambda row: not isinstance(row, Heading),
    empty="no packet is traced",
    heading=lambda row: isinstance(row, Heading),
    name="machine_trace",
)


def explain_followed(row: Any) -> list[Line]:
    """Return everything about a row."""
    if isinstance(row, LayerStep):
        return bounded(_explain_step(row.step))
    if isinstance(row, AskedRow):
        return bounded(_explain_asked(row))
    if isinstance(row, UnmetRow):
        return [Line("Not met", row.why), *_labelled("Layers", row.layers)]
    return [Line("Note", row.text)] if isinstance(row, NoteRow) else []


def _explain_step(step: MachineStep) -> Iterator[Line]:
    yield Line("Layer", step.layer)
    yield Line("Comes to", f"{' or '.join(step.roles)}: {status(step)}")
    yield Line("Filters", f"{step.count}, {step.asleep} of them asleep" if step.asleep else str(step.count))
    for own in step.sublayers:
        if own.deciding is None and not own.before:
            continue
        yield Line("Sublayer", f"{own.sublayer or '-'}, {weight_words(own)}")
        for possible in own.before[:_POSSIBLE]:
            yield Line("May decide", filter_line(possible.filter))
            if possible.undecided:
                asks = ", ".join(dict.fromkeys(short_name(each.field) for each in possible.undecided))
                yield Line("", f"if {asks} fits")
        if len(own.before) > _POSSIBLE:
            yield Line("", f"and {len(own.before) - _POSSIBLE} more that may decide; ndtui trace --all shows them")
        if own.deciding is not None:
            yield Line("Decides", filter_line(own.deciding))
    yield Line("When", PHASES[step.phase])
    yield Line("See", PAGES["filter-arbitration"])


def _explain_asked(row: AskedRow) -> Iterator[Line]:
    question = row.question
    yield Line("Not said", asked_for(question, row.trace.packet))
    yield Line("Asked by", row.asking)
    yield Line("Decides", "yes, whatever the answer is" if question.settles else "not alone")
    yield from _labelled("Fields", question.fields)
    if question.word:
        yield Line("Say it", f"enter goes to the field of the packet; as a word: {question.word}")
    asking = [
        possible.filter
        for step in row.trace.steps
        for own in step.sublayers
        for possible in own.before
        if any(_word(possible.filter, each, row.trace) == question.word for each in possible.undecided)
    ]
    yield from _labelled("Asks", [filter_line(each) for each in asking[:_NAMED]])
    if len(asking) > _NAMED:
        yield Line("", f"and {len(asking) - _NAMED} more")


def _word(each: DumpFilter, condition: DumpCondition, trace: MachineTrace) -> str:
    value = dict(zip(each.conditions, each.values, strict=True))[condition]
    return word_of(condition, trace, None if value is None else value.low)


def _labelled(label: str, texts: Sequence[str]) -> Iterator[Line]:
    for number, text in enumerate(texts):
        yield Line("" if number else label, text)
