"""A trace as JSON: names of elements as Windows spells them where it has a word for them."""

from itertools import islice

from ndtui.analysis.trace.packet_way import unmet_layers
from ndtui.analysis.trace.trace_wording import because, notes, reason, sentence
from ndtui.analysis.trace.tracer import Matching, Step, SublayerStep, Trace, Unmet
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet import Packet, protocol_name
from ndtui.analysis.wording.element_words import rule_of
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.documents import condition_document
from ndtui.model.design.addresses import format_address
from ndtui.model.vocabulary.layers import layer_name


def trace_document(traced: Trace, most: int | None = None) -> dict[str, object]:
    """Return a trace as JSON, with at most so many of the filters that do not match at each layer."""
    responsible = traced.responsible
    rule = None if responsible is None else rule_of(responsible.filter.origin, traced.design)
    return {
        "packet": packet_document(traced.packet),
        "outcome": outcome_document(traced.outcomes),
        "encrypted": traced.encrypted,
        "sentence": sentence(traced),
        "because": because(traced),
        "rule": None if rule is None else rule.name,
        "responsible": None if responsible is None else _filter(responsible),
        "notes": list(notes(traced)),
        "steps": [step_document(step, most) for step in traced.steps],
        "notMet": [
            {"layerKey": layer_name(stem, traced.packet.family), "why": why}
            for stem, why in unmet_layers(traced.packet).items()
        ],
    }


def outcome_document(outcomes: Outcomes) -> dict[str, object]:
    """Return what becomes of a packet: ``peer_with_ipsec`` and ``peer_without_ipsec``, each first and settled."""
    return {name: course._asdict() for name, course in outcomes._asdict().items()}


def packet_document(packet: Packet) -> dict[str, object]:
    """Return a packet as JSON, addresses as text."""
    return {
        "text": str(packet),
        "direction": packet.direction,
        "family": packet.family,
        "protocol": packet.protocol,
        "protocolName": protocol_name(packet.protocol),
        "localAddress": format_address(packet.family, packet.local_address),
        "remoteAddress": format_address(packet.family, packet.remote_address),
        "localPort": packet.local_port,
        "remotePort": packet.remote_port,
        "icmpType": packet.icmp_type,
        "icmpCode": packet.icmp_code,
        "localAddressType": packet.local_type,
        "loopback": packet.loopback,
        "later": packet.later,
        "profile": packet.profile,
        "interface": packet.interface,
        "program": packet.program or None,
        "machine": None if packet.machine is None else list(packet.machine.sids),
        "user": None if packet.user is None else list(packet.user.sids),
        "unauthorized": packet.unauthorized,
        **packet.said.document,
    }


def step_document(step: Step, most: int | None) -> dict[str, object]:
    """Return one layer of a trace as JSON, with at most so many of the filters that do not match."""
    count = len(step.filters) - sum(1 + len(each.outranked) for each in step.sublayers)
    return {
        "layerKey": step.layer,
        "role": step.role,
        "deciding": None if step.deciding is None else _filter(step.deciding),
        "veto": step.veto,
        "subLayers": [_sublayer(each) for each in step.sublayers],
        "notMatching": [_unmet(each, step) for each in islice(step.others(), most)],
        "notMatchingCount": count,
    }


def _sublayer(each: SublayerStep) -> dict[str, object]:
    return {
        "subLayerKey": each.sublayer,
        "weight": each.weight,
        "deciding": braces(each.deciding.filter.key),
        "beaten": [_filter(outranked) for outranked in each.outranked],
        "tied": [braces(tied.filter.key) for tied in each.tied],
    }


def _filter(matching: Matching) -> dict[str, object]:
    each, weight = matching
    return {
        "filterKey": braces(each.key),
        "name": each.name,
        "layerKey": each.slot.layer,
        "subLayerKey": each.slot.sublayer,
        "action": {"type": each.slot.action, "filterType": each.slot.callout or None},
        "rawContext": each.slot.raw_context,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": weight.value},
        "basis": weight.basis,
        "origin": str(each.origin),
    }


def _unmet(unmet: Unmet, step: Step) -> dict[str, object]:
    each = unmet.filter
    return {
        "filterKey": braces(each.key),
        "name": each.name,
        "origin": str(each.origin),
        "failed": [condition_document(condition) for condition in unmet.failed],
        "reason": reason(unmet, step.values),
    }
