"""A trace in an operator's words: the verdict in a sentence, why a filter did not match, what to bear in mind."""

from collections.abc import Iterator

from ndtui.analysis.trace.matching import Values
from ndtui.analysis.trace.tracer import Step, Trace, Unmet
from ndtui.analysis.traffic.outcome import REQUESTED, REQUIRED, Course, Direction, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.wording.phrases import condition_words, value_words
from ndtui.analysis.wording.properties import origin_words
from ndtui.model.compiled.ike_exemptions import ORIGIN
from ndtui.model.compiled.objects import Condition, Filter, Value
from ndtui.model.compiled.origin import SCENARIO
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT

_SENTENCES: dict[tuple[Direction, Outcomes], str] = {
    ("in", REQUIRED): "Must be protected, and is dropped if it is not: dropped while there is no security association, "
    "accepted once negotiation has succeeded, dropped for good if the peer cannot negotiate.",
    ("out", REQUIRED): "Must be protected, and is dropped if it is not: held back while IPsec negotiates, sent once "
    "that has succeeded, never sent if the peer cannot negotiate.",
    ("in", REQUESTED): "Accepted in clear while IPsec negotiates, protected once that has succeeded and never again "
    "in clear, accepted in clear for good if the peer cannot negotiate.",
    ("out", REQUESTED): "Sent in clear while IPsec negotiates, protected once that has succeeded and never again in "
    "clear, sent in clear for good if the peer cannot negotiate.",
}


def sentence(traced: Trace) -> str:
    """Return what happens to the packet, in one sentence."""
    outcomes = traced.outcomes
    text = _SENTENCES.get((traced.packet.direction, outcomes))
    if text is not None:
        return text
    if outcomes.peer_with_ipsec.first == "exempt":
        return "Left out of IPsec: it passes in clear, whatever the peer can do."
    if outcomes.peer_with_ipsec.first == "untouched":
        return f"Not touched by this policy: {_untouched(traced.packet, traced.steps)}."
    accept = traced.step(ALE_AUTH_RECV_ACCEPT)
    if accept is not None and accept.role == "callout:secure":
        return (
            "Blocked, whatever the peer can do: nothing protects it at INBOUND_TRANSPORT, and ALE_AUTH_RECV_ACCEPT "
            "lets in only what is protected."
        )
    return "Blocked, whatever the peer can do."


def _untouched(packet: Packet, steps: tuple[Step, ...]) -> str:
    if packet.local_type != "unicast":
        return f"its filters ask for unicast, and this is {packet.local_type}"
    if not any(step.filters for step in steps if not all(each.origin == ORIGIN for each in step.filters)):
        return f"it has no filters for IPv{packet.family[1]} where this packet passes"
    return "no filter matches"


def because(traced: Trace) -> str:
    """Return the design element that the outcome is owed to, and its filter; empty where no filter decides."""
    found = traced.responsible
    if found is None:
        return ""
    each = found.filter
    return f"{element(each, traced)}: {each.name} at {short_name(each.slot.layer)}"


def element(each: Filter, traced: Trace) -> str:
    """Return the design element that made a filter, as a person calls it."""
    if each.origin == ORIGIN:
        return "BFE itself"
    return f"scenario {traced.scenario}" if each.origin == SCENARIO else origin_words(each.origin)


def notes(traced: Trace) -> Iterator[str]:
    """Yield what to bear in mind about a trace."""
    packet = traced.packet
    for step in traced.steps:
        layer = short_name(step.layer)
        for sublayer in step.sublayers:
            if sublayer.tied:
                names = " and ".join(each.filter.name for each in (sublayer.deciding, *sublayer.tied))
                yield f"At {layer} {names} weigh the same: which of them decides is undefined."
        if step.veto:
            yield f"At {layer} a callout blocks what a higher sublayer permitted for good: a veto."
        if len(step.sublayers) > 1:
            yield f"At {layer} filters of {len(step.sublayers)} sublayers match: every sublayer has its say."
    if packet.later and packet.direction == "in":
        yield (
            "A later packet does not meet the ALE layer again: a connection that the peer started was accepted by its "
            "first packet, and a connection that is protected once is never taken in clear again."
        )
    elif packet.later:
        yield "A connection that is protected once never goes back to clear."
    if packet.loopback:
        yield (
            "Loopback: no filter here asks for it, so they match as for any packet. What IPsec's callouts do with "
            "loopback traffic is not documented."
        )


def reason(unmet: Unmet, values: Values) -> str:
    """Return why a filter does not match: what it wants, and what the packet has."""
    return unmet_words(unmet.failed, values)


def unmet_words(conditions: tuple[Condition, ...], values: Values) -> str:
    """Return what alternatives on one field want, and what the packet has there."""
    field = conditions[0].field
    wanted = ", ".join(condition_words(conditions))
    if field not in values:
        return f"wants {wanted}, of which the packet has none"
    first = conditions[0].value
    kind = first.element or {"FWP_V4_ADDR_MASK": "FWP_UINT32", "FWP_V6_ADDR_MASK": "FWP_BYTE_ARRAY16_TYPE"}.get(
        first.type, first.type
    )
    return f"wants {wanted}, has {value_words(field, Value(kind, values[field], values[field]))}"


def course_words(course: Course) -> str:
    """Return a course as a person says it: ``first clear, then protected``, or ``exempt throughout``."""
    first, settled = course
    return f"{first} throughout" if first == settled else f"first {first}, then {settled}"
