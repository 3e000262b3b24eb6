"""What ``ndtui trace`` says about a dump: what that machine would do with a packet, as far as its filters tell."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from textwrap import wrap
from typing import Any

from ndtui.analysis.dump import Dump, DumpFilter, order_is_of_the_file, read_dump, sublayer_weights
from ndtui.analysis.dump.dump_wording import condition_line, does, flag_words
from ndtui.analysis.trace.dump_tracer import Assumptions, MachineStep, MachineTrace, trace_machine
from ndtui.analysis.trace.filter_effect import PERMIT_UNREGISTERED, Callouts
from ndtui.analysis.trace.machine_questions import NAMED, MachineQuestion, machine_questions
from ndtui.analysis.trace.machine_wording import (
    after_words,
    foreign_callouts,
    hardness,
    kind_words,
    named,
    outcome_words,
    status,
    unregistered_callouts,
    weight_words,
)
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import PHASES, flow_of, unmet_by, why_unmet
from ndtui.cli.printing.dump_trace_json import machine_trace_document
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.cli.printing.trace_text import labelled, wrapped
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import layer_name

_MOST_NAMED = 3


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
        yield "Cannot be decided from what is known. It may be:"
    for each in traced.outcomes:
        yield from wrap(f"- {outcome_words(traced, each)}", 80, subsequent_indent="  ")
    for words in after_words(traced):
        yield from wrap(f"- {words}", 80, subsequent_indent="  ")
    if len(traced.outcomes) > 1 and len(traced.passing) == 1:
        yield from wrapped(f"But for callouts that nobody here knows: {outcome_words(traced, traced.passing[0])}.")
    yield from _questions(machine_questions(dump, traced, assumptions))


def _questions(questions: Sequence[MachineQuestion]) -> Iterator[str]:
    for each in questions:
        if each.settles:
            verb = "asks" if each.filters == 1 else "ask"
            filters = count(each.filters, "filter")
            yield from wrapped(f"Say {NAMED[each.word]} ({each.word}): {filters} {verb} for it, and it decides.")
    others = [each for each in questions if not each.settles]
    if others:
        asked = ", ".join(f"{each.word or ', '.join(map(short_name, each.fields))} ({each.filters})" for each in others)
        only = "" if len(others) < len(questions) else " No single answer decides."
        yield from wrapped(f"What else is not said, and how many filters ask for it: {asked}.{only}")


def _notes(dump: Dump, traced: MachineTrace, assumptions: Assumptions) -> Iterator[str]:
    for words in kind_words(traced.packet):
        yield from wrapped(f"Note: {words}")
    for step, each in unregistered_callouts(traced):
        what = "permits, for it has PERMIT_IF_CALLOUT_UNREGISTERED" if PERMIT_UNREGISTERED in each.flags else "blocks"
        yield from wrapped(
            f"Note: no driver has registered the callout of {named(each)} (filter {each.filter_id}) at "
            f"{short_name(step.layer)}, so the filter {what}."
        )
    if len(traced.outcomes) > 1:
        yield from _foreign(traced)
    if assumptions.callouts != "open":
        taken = "let the packet on" if assumptions.callouts == "pass" else "block"
        yield from wrapped(f"Note: callouts that nobody here knows were taken to {taken}.")
    weights = sublayer_weights(dump)
    of_the_file = any(
        any(own.weight is None for own in step.sublayers)
        and order_is_of_the_file(dump, [own.sublayer for own in step.sublayers], weights)
        for step in traced.steps
    )
    if of_the_file:
        yield from wrapped(
            "Note: netsh wfp show filters does not tell the weights of sublayers; they are asked in the order of the "
            "file."
        )


def _foreign(traced: MachineTrace) -> Iterator[str]:
    """Yield that nobody knows what some callouts do, with the first few of them."""
    found = [
        f"{named(each)} (filter {each.filter_id}) at {short_name(step.layer)}"
        for step, each in foreign_callouts(traced)
    ]
    if not found:
        return
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    listed = f"{', '.join(found[:_MOST_NAMED])}{more}"
    one = len(found) == 1
    yield from wrapped(
        f"Note: nobody here knows what the callout{'' if one else 's'} of {listed} {'does: it' if one else 'do: each'} "
        f"may block. --callouts pass takes {'it' if one else 'them'} to let the packet on."
    )


def _step(step: MachineStep, most: int | None) -> Iterator[str]:
    sleeping = f", {step.asleep} of {step.count} asleep" if step.asleep else ""
    yield f"{short_name(step.layer)}: {' or '.join(step.roles)} ({status(step)}{sleeping})"
    for sublayer in step.sublayers:
        if sublayer.deciding is None and not sublayer.before:
            continue
        yield f"  sublayer {short_name(sublayer.sublayer) or '-'}, {weight_words(sublayer)}"
        for possible in islice(sublayer.before, most):
            yield from labelled("may", _filter(possible.filter))
            if possible.undecided:
                asks = ", ".join(dict.fromkeys(short_name(c.field) for c in possible.undecided))
                yield from labelled("", f"if {asks} fits")
        left = len(sublayer.before) - (len(sublayer.before) if most is None else most)
        if left > 0:
            yield from labelled("", f"and {left} more that may decide; --all shows them")
        if sublayer.deciding is not None:
            yield from labelled("decides", _filter(sublayer.deciding))


def _filter(each: DumpFilter) -> str:
    flags = flag_words(each)
    about = f"{each.filter_id} {named(each)}: {hardness(each)} {does(each)}; "
    return f"{about}{shortened(visible(condition_line(each)), 200)}{f'; {flags}' if flags else ''}"


def _not_met(dump: Dump, packet: Packet) -> Iterator[str]:
    """Yield the layers that have filters and that this packet does not meet, and why."""
    counts = Counter(each.layer for each in dump.filters)
    named_layers = {layer_name(each.stem, packet.family): each.why for each in unmet_by(packet)}
    met = {layer_name(each.stem, packet.family) for each in flow_of(packet)}
    unmet = {layer: named_layers.get(layer) or why_unmet(layer, packet) for layer in counts if layer not in met}
    by_reason: dict[str, list[str]] = {}
    for layer, why in unmet.items():
        by_reason.setdefault(why, []).append(f"{short_name(layer)} ({counts[layer]})")
    if by_reason:
        yield "Not met by this packet, with their filters:"
        for why, layers in by_reason.items():
            yield from wrap(f"- {', '.join(layers)}: {why}", 80, subsequent_indent="  ")
        yield ""
