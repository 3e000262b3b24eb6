"""What ``ndtui trace`` says about a dump: what that machine would do with a packet, as far as its filters tell."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from textwrap import wrap
from typing import Any

from ndtui.analysis.dump import Dump, read_dump
from ndtui.analysis.trace.dump_tracer import Assumptions, MachineStep, MachineTrace, trace_machine
from ndtui.analysis.trace.filter_effect import Callouts
from ndtui.analysis.trace.machine_questions import machine_questions
from ndtui.analysis.trace.machine_sentences import (
    OPEN,
    filter_line,
    machine_remarks,
    other_questions,
    outcome_lines,
    passing_words,
    question_sentence,
    unmet_layers,
)
from ndtui.analysis.trace.machine_wording import status, weight_words
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import PHASES
from ndtui.cli.printing.dump_trace_json import machine_trace_document
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.trace_text import labelled, wrapped
from ndtui.model.vocabulary import short_name


def show_machine(path: Path, packets: Sequence[Packet], callouts: Callouts, *, most: int | None) -> None:
    """Trace packets through the filters of a dump, and print; ``most`` filters that may decide in each sublayer."""
    dump = read_dump(path)
    write_lines(line for each in packets for line in machine_lines(dump, each, most, callouts))


def show_machine_json(
    path: Path, packets: Sequence[Packet], callouts: Callouts, *, most: int | None, many: bool
) -> None:
    """Print the same as JSON; ``many``: as a list, of one packet too."""
    dump = read_dump(path)
    documents = [machine_document(dump, each, most, callouts) for each in packets]
    write_json({"traces": documents} if many else documents[0])


def machine_document(dump: Dump, packet: Packet, most: int | None, callouts: Callouts = "open") -> dict[str, Any]:
    """Return what a machine would do with a packet, for JSON."""
    assumptions = Assumptions(callouts)
    traced = trace_machine(dump, packet, assumptions)
    return machine_trace_document(dump, traced, machine_questions(dump, traced, assumptions), most)


def machine_lines(dump: Dump, packet: Packet, most: int | None, callouts: Callouts = "open") -> Iterator[str]:
    """Yield what a machine would do with a packet, in lines."""
    assumptions = Assumptions(callouts)
    return _lines(dump, trace_machine(dump, packet, assumptions), assumptions, most)


def _lines(dump: Dump, traced: MachineTrace, assumptions: Assumptions, most: int | None) -> Iterator[str]:
    yield str(traced.packet)
    phase = ""
    for step in traced.steps:
        if step.phase != phase:
            phase = step.phase
            yield from ("", f"{PHASES[step.phase]}:")
        yield from _step(step, most)
    yield ""
    yield from _not_met(dump, traced.packet)
    yield from _outcome(dump, traced, assumptions)
    yield from _notes(dump, traced, assumptions)


def _outcome(dump: Dump, traced: MachineTrace, assumptions: Assumptions) -> Iterator[str]:
    if len(traced.outcomes) > 1:
        yield OPEN
    for each in outcome_lines(traced):
        yield from wrap(f"- {each}", 80, subsequent_indent="  ")
    if words := passing_words(traced):
        yield from wrapped(words)
    questions = machine_questions(dump, traced, assumptions)
    settling = [question_sentence(each, traced.packet) for each in questions if each.settles]
    for each in (*settling, other_questions(questions)):
        if each:
            yield from wrapped(each)


def _notes(dump: Dump, traced: MachineTrace, assumptions: Assumptions) -> Iterator[str]:
    for words in machine_remarks(dump, traced, assumptions):
        yield from wrapped(f"Note: {words}")


def _step(step: MachineStep, most: int | None) -> Iterator[str]:
    sleeping = f", {step.asleep} of {step.count} asleep" if step.asleep else ""
    yield f"{short_name(step.layer)}: {' or '.join(step.roles)} ({status(step)}{sleeping})"
    for sublayer in step.sublayers:
        if sublayer.deciding is None and not sublayer.before:
            continue
        yield f"  sublayer {short_name(sublayer.sublayer) or '-'}, {weight_words(sublayer)}"
        for possible in islice(sublayer.before, most):
            yield from labelled("may", filter_line(possible.filter))
            if possible.undecided:
                asks = ", ".join(dict.fromkeys(short_name(c.field) for c in possible.undecided))
                yield from labelled("", f"if {asks} fits")
        left = len(sublayer.before) - (len(sublayer.before) if most is None else most)
        if left > 0:
            yield from labelled("", f"and {left} more that may decide; --all shows them")
        if sublayer.deciding is not None:
            yield from labelled("decides", filter_line(sublayer.deciding))


def _not_met(dump: Dump, packet: Packet) -> Iterator[str]:
    """Yield the layers that have filters and that this packet does not meet, and why."""
    unmet = unmet_layers(dump, packet)
    if unmet:
        yield "Not met by this packet, with their filters:"
        for why, layers in unmet.items():
            listed = ", ".join(f"{short_name(layer)} ({count})" for layer, count in layers.items())
            yield from wrap(f"- {listed}: {why}", 80, subsequent_indent="  ")
        yield ""
