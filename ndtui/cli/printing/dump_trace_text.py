"""What ``ndtui trace`` says about a dump: what that machine would do with a packet, as far as its filters tell."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from textwrap import wrap
from typing import Any

from ndtui.analysis.dump import Dump, DumpFilter, read_dump
from ndtui.analysis.trace.dump_tracer import MachineStep, MachineTrace, Possible, trace_machine, undecided_fields
from ndtui.analysis.trace.trace_json import outcome_document, packet_document
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.cli.printing.dump_text import condition_line, does
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.trace_text import labelled, wrapped
from ndtui.common.text import shortened, visible
from ndtui.model.vocabulary import short_name


def show_machine(path: Path, packets: Sequence[Packet], *, many: bool, most: int | None, as_json: bool) -> None:
    """Trace packets through the filters of a dump, and print."""
    dump = read_dump(path)
    traces = [trace_machine(dump, packet) for packet in packets]
    if as_json:
        documents = [_document(each, most) for each in traces]
        write_json({"traces": documents} if many else documents[0])
    else:
        write_lines(line for each in traces for line in _lines(each, most))


def _lines(traced: MachineTrace, most: int | None) -> Iterator[str]:
    yield str(traced.packet)
    for step in traced.steps:
        yield ""
        yield from _step(step, most)
    yield ""
    if len(traced.outcomes) > 1:
        yield "Cannot be decided from the packet alone. It may be:"
    for each in traced.outcomes:
        yield from wrap(f"- {_words(each)}", 80, subsequent_indent="  ")
    fields = undecided_fields(traced.steps)
    if len(traced.outcomes) > 1 and fields:
        asked = ", ".join(f"{short_name(field)} ({number})" for field, number in fields.items())
        yield from wrapped(f"What a packet does not tell, and how many filters ask for it: {asked}.")


def _words(outcomes: Outcomes) -> str:
    with_ipsec, without = outcomes
    first = with_ipsec.first
    if with_ipsec == without and first == with_ipsec.settled:
        return {
            "blocked": "blocked",
            "exempt": "permitted; no filter hands it to IPsec",
            "untouched": "let through: no filter matches",
        }.get(first, first)
    return f"peer with IPsec: {first}, then {with_ipsec.settled}; without: {without.first}, then {without.settled}"


def _step(step: MachineStep, most: int | None) -> Iterator[str]:
    yield f"{short_name(step.layer)}: {' or '.join(step.roles)}"
    if not step.count:
        yield "  the dump has no filter here"
    for sublayer in step.sublayers:
        if sublayer.deciding is None and not sublayer.before:
            continue
        weight = "unknown weight" if sublayer.weight is None else f"weight {sublayer.weight}"
        yield f"  sublayer {short_name(sublayer.sublayer) or '-'} of {weight}"
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
    return f"{shortened(visible(each.name), 60)}: {does(each)}; {shortened(visible(condition_line(each)), 200)}"


def _document(traced: MachineTrace, most: int | None) -> dict[str, Any]:
    outcomes = [outcome_document(each) for each in traced.outcomes]
    return {
        "packet": packet_document(traced.packet),
        "decided": len(outcomes) == 1,
        "outcome": outcomes[0] if len(outcomes) == 1 else None,
        "outcomes": outcomes,
        "undecidedFields": dict(undecided_fields(traced.steps)),
        "steps": [
            {
                "layerKey": step.layer,
                "roles": list(step.roles),
                "filterCount": step.count,
                "subLayers": [
                    {
                        "subLayerKey": each.sublayer,
                        "weight": each.weight,
                        "deciding": None if each.deciding is None else _filter_document(each.deciding),
                        "mayDecide": [_possible(possible) for possible in islice(each.before, most)],
                        "mayDecideCount": len(each.before),
                    }
                    for each in step.sublayers
                ],
            }
            for step in traced.steps
        ],
    }


def _possible(possible: Possible) -> dict[str, Any]:
    undecided = list(dict.fromkeys(condition.field for condition in possible.undecided))
    return {**_filter_document(possible.filter), "undecided": undecided}


def _filter_document(each: DumpFilter) -> dict[str, Any]:
    return {
        "filterKey": each.key,
        "name": each.name,
        "action": {"type": each.action, "filterType": each.callout or None},
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.effective_weight},
    }


def machine_lines(dump: Dump, packet: Packet, most: int | None) -> Iterator[str]:
    """Yield what a machine would do with a packet; ``most`` is how many filters that may decide are shown."""
    return _lines(trace_machine(dump, packet), most)


def machine_document(dump: Dump, packet: Packet, most: int | None) -> dict[str, Any]:
    """Return what a machine would do with a packet, for JSON."""
    return _document(trace_machine(dump, packet), most)
