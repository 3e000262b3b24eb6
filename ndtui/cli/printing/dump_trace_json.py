"""A trace on a machine as JSON: names of elements as Windows spells them where it has a word for them."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.analysis.trace.dump_tracer import MachineStep, MachineSublayer, MachineTrace, Possible, undecided_fields
from ndtui.analysis.trace.machine_questions import MachineQuestion
from ndtui.analysis.trace.machine_wording import (
    after_words,
    hardness,
    kind_words,
    outcome_words,
    status,
    unlisted_words,
)
from ndtui.analysis.trace.trace_json import outcome_document, packet_document
from ndtui.analysis.traffic.packet_flow import flow_of, unmet_by, why_unmet
from ndtui.model.vocabulary.layers import layer_name


def machine_trace_document(
    dump: Dump, traced: MachineTrace, questions: Sequence[MachineQuestion], most: int | None
) -> dict[str, Any]:
    """Return a trace on a machine as JSON, with at most so many of the filters that may decide in each sublayer."""
    outcomes = [outcome_document(each) for each in traced.outcomes]
    return {
        "packet": packet_document(traced.packet),
        "decided": len(outcomes) == 1,
        "outcome": outcomes[0] if len(outcomes) == 1 else None,
        "outcomes": outcomes,
        "sentences": [outcome_words(traced, each) for each in traced.outcomes],
        "ifCalloutsPass": [outcome_document(each) for each in traced.passing],
        "afterwards": list(after_words(traced)),
        "notes": [*kind_words(traced.packet), *unlisted_words(dump, traced)],
        "questions": [
            {
                "say": each.word or None,
                "fields": list(each.fields),
                "filterCount": each.filters,
                "decides": each.settles,
                "wanted": list(each.wanted),
            }
            for each in questions
        ],
        "undecidedFields": dict(undecided_fields(traced.steps)),
        "steps": [_step(step, most) for step in traced.steps],
        "notMet": _not_met(dump, traced),
    }


def _step(step: MachineStep, most: int | None) -> dict[str, Any]:
    return {
        "layerKey": step.layer,
        "phase": step.phase,
        "status": status(step),
        "roles": list(step.roles),
        "filterCount": step.count,
        "asleepCount": step.asleep,
        "subLayers": [_sublayer(each, most) for each in step.sublayers],
    }


def _sublayer(each: MachineSublayer, most: int | None) -> dict[str, Any]:
    return {
        "subLayerKey": each.sublayer,
        "weight": each.weight,
        "deciding": None if each.deciding is None else _filter(each.deciding, each),
        "mayDecide": [_possible(possible, each) for possible in islice(each.before, most)],
        "mayDecideCount": len(each.before),
    }


def _possible(possible: Possible, sublayer: MachineSublayer) -> dict[str, Any]:
    undecided = list(dict.fromkeys(condition.field for condition in possible.undecided))
    return {**_filter(possible.filter, sublayer), "undecided": undecided}


def _filter(each: DumpFilter, sublayer: MachineSublayer) -> dict[str, Any]:
    return {
        "filterKey": each.key,
        "filterId": each.filter_id,
        "name": each.name,
        "flags": list(each.flags),
        "hard": hardness(each) == "hard",
        "action": {"type": each.action, "filterType": each.callout or None},
        "calloutUnregistered": each in sublayer.unregistered,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.effective_weight},
    }


def _not_met(dump: Dump, traced: MachineTrace) -> list[dict[str, Any]]:
    packet = traced.packet
    counts = Counter(each.layer for each in dump.filters)
    reasons = {layer_name(each.stem, packet.family): each.why for each in unmet_by(packet)}
    met = {layer_name(each.stem, packet.family) for each in flow_of(packet)}
    others = {layer: why_unmet(layer, packet) for layer in counts if layer not in met and layer not in reasons}
    return [
        {"layerKey": layer, "why": why, "filterCount": counts[layer]} for layer, why in {**reasons, **others}.items()
    ]
