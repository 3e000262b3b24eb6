"""A trace in an operator's words: the verdict in a sentence, why a filter did not match, what to bear in mind."""

from collections.abc import Iterator
from itertools import chain

from ndtui.analysis.trace.circumstance_wording import answers_to_many, of_fragment, of_kind, of_security, unasked
from ndtui.analysis.trace.identity_wording import refusal, turning_notes, unmet_identity, unsaid_notes
from ndtui.analysis.trace.matching import Values
from ndtui.analysis.trace.tracer import Step, Trace, Unmet
from ndtui.analysis.traffic.outcome import ENCRYPTED, REQUESTED, REQUIRED, Course, Direction, Outcomes, Role
from ndtui.analysis.traffic.packet import Packet, protocol_name
from ndtui.analysis.traffic.packet_values import FLAGS
from ndtui.analysis.wording.element_words import element_words, rule_of
from ndtui.analysis.wording.phrases import condition_words, value_words
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, ORIGIN, is_for_ikev2_alone
from ndtui.model.compiled.objects import Condition, Filter, Value
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
)

_SENTENCES: dict[tuple[Direction, Outcomes], str] = {
    ("in", REQUIRED): "Must be protected, and is dropped if it is not: dropped while there is no security association, "
    "accepted once negotiation has succeeded, dropped for good if the peer cannot negotiate.",
    ("out", REQUIRED): "Must be protected, and is dropped if it is not: dropped while IPsec negotiates, sent once "
    "that has succeeded, never sent if the peer cannot negotiate.",
    ("in", REQUESTED): "Accepted in clear while IPsec negotiates, protected once that has succeeded and never again "
    "in clear, accepted in clear for good if the peer cannot negotiate.",
    ("out", REQUESTED): "Sent in clear while IPsec negotiates, protected once that has succeeded and never again in "
    "clear, sent in clear for good if the peer cannot negotiate.",
    (
        "in",
        ENCRYPTED,
    ): "Must be protected, encrypted, and is dropped if it is not: dropped while there is no security association, "
    "accepted once an encrypted one has been negotiated, dropped for good if the peer cannot negotiate.",
    (
        "out",
        ENCRYPTED,
    ): "Must be protected, encrypted, and is dropped if it is not: dropped while IPsec negotiates, sent once it "
    "is encrypted, never sent if the peer cannot negotiate.",
}
_DEMANDS: dict[Role, str] = {"callout:secure": "protected", "callout:encrypt": "encrypted"}


def sentence(traced: Trace) -> str:
    """Return what happens to the packet, in one sentence, and what of that no document of Microsoft's says."""
    return " ".join([_what_happens(traced), *_not_documented(traced)])


def _what_happens(traced: Trace) -> str:
    outcomes = traced.outcomes
    text = _SENTENCES.get((traced.packet.direction, outcomes))
    if text is not None:
        return text
    if outcomes.peer_with_ipsec.first == "exempt":
        return "Left out of IPsec: it passes in clear, whatever the peer can do."
    if outcomes.peer_with_ipsec.first == "untouched":
        return f"Not touched by this policy: {_untouched(traced.packet, traced.steps)}."
    return _blocked(traced)


def _blocked(traced: Trace) -> str:
    found = traced.responsible
    each = None if found is None else found.filter
    if each is not None and not each.slot.callout:
        rule = rule_of(each.origin, traced.design)
        refused = "" if rule is None else refusal(rule, traced.packet)
        return refused or "Blocked, whatever the peer can do."
    for stem, transport, way in (
        (ALE_AUTH_RECV_ACCEPT, INBOUND_TRANSPORT, "in"),
        (ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT, "out"),
    ):
        step = traced.step(stem)
        if step is not None and step.role in _DEMANDS:
            return (
                f"Blocked, whatever the peer can do: nothing protects it at {short_name(transport)}, and "
                f"{short_name(stem)} lets {way} only what is {_DEMANDS[step.role]}."
            )
    return "Blocked, whatever the peer can do."


def _not_documented(traced: Trace) -> Iterator[str]:
    """Yield what of an outcome no document says."""
    packet = traced.packet
    if packet.loopback and any(step.role.startswith("callout:") for step in traced.steps):
        yield "Whether IPsec's callouts do that with loopback traffic is not documented."
    if packet.direction == "out" and packet.local_type == "multicast":
        yield (
            "Whether filters see the type of the group's address, as is taken here, or that of the sender's, is not "
            "documented."
        )
    for step in traced.steps:
        if len(step.sublayers) > 1 and any(each.deciding.filter.origin == ORIGIN for each in step.sublayers):
            yield (
                "In which sublayer BFE has its own exemptions for IKE is not documented: it is taken to be the "
                "universal one."
            )
            break
    of_bfe = any(step.deciding is not None and step.deciding.filter.origin == ORIGIN for step in traced.steps)
    if of_bfe and is_for_ikev2_alone(traced.design):
        yield OF_IKEV2_ALONE
    half = _half_exemption(traced)
    if half:
        yield f"What IPsec does with the answers, which {half} still hands to it, is not documented."


def _half_exemption(traced: Trace) -> str:
    """Return the transport layer at which the exemption that an outcome is owed to leaves nothing out."""
    found = traced.responsible
    name = None if found is None else found.filter.origin.exemption_name
    if name is None or traced.outcomes.peer_with_ipsec.first != "exempt":
        return ""
    exemption = next((each for each in traced.design.exemptions if each.name == name), None)
    transport = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT)
    own, other = transport if traced.packet.direction == "in" else reversed(transport)
    protected = frozenset[str]().union(*(rule.stems for rule in traced.design.rules if rule.enabled))
    if exemption is None or own not in exemption.stems or other in exemption.stems or other not in protected:
        return ""
    return short_name(other)


def _untouched(packet: Packet, steps: tuple[Step, ...]) -> str:
    if packet.kind == "ipsec":
        name = protocol_name(packet.protocol).upper()
        return f"{name} is IPsec itself, and what it protects meets the transport layers decrypted"
    if packet.kind == "forwarded":
        return "it passes through this host, and the filters are for what this host itself sends and receives"
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
    return element_words(each.origin, traced.design)


def notes(traced: Trace, *, before_bfe: bool = False) -> Iterator[str]:
    """Yield what to bear in mind about a trace, and what was taken for granted."""
    yield from remarks(traced, before_bfe=before_bfe)
    if traced.taken:
        words = ", ".join(traced.taken)
        yield f"The packet was taken to be {words}: a filter asks for that, and the packet does not say."
    for step in traced.steps:
        yield from unsaid_notes(step, traced.packet)


def remarks(traced: Trace, *, before_bfe: bool = False) -> Iterator[str]:
    """Yield what to bear in mind about a trace; until BFE is up nothing is protected, and nothing said of that."""
    packet = traced.packet
    for step in traced.steps:
        yield from _step_notes(step)
    if not before_bfe:
        yield from _of_protection(packet)
    met = list(chain.from_iterable(step.filters for step in traced.steps))
    if packet.loopback and met and not any(map(_asks_for_flags, met)):
        yield "Loopback: no filter here asks for it, so they match as for any packet."
    yield from of_kind(packet)
    yield from of_fragment(packet)
    yield from answers_to_many(packet)
    yield from unasked(packet)
    for step in traced.steps:
        yield from turning_notes(step, packet)


def _of_protection(packet: Packet) -> Iterator[str]:
    if packet.later and packet.direction == "in":
        yield (
            "A later packet does not meet the ALE layer again: a connection that the peer started was accepted by its "
            "first packet, and a connection that is protected once is never taken in clear again."
        )
    elif packet.later:
        yield "A connection that is protected once never goes back to clear."
    yield from of_security(packet)


def _asks_for_flags(each: Filter) -> bool:
    return any(condition.field == FLAGS for condition in each.conditions)


def _step_notes(step: Step) -> Iterator[str]:
    layer = short_name(step.layer)
    for sublayer in step.sublayers:
        if sublayer.tied:
            names = " and ".join(each.filter.name for each in (sublayer.deciding, *sublayer.tied))
            yield f"At {layer} {names} weigh the same: which of them decides is undefined."
    if step.veto:
        yield f"At {layer} a callout blocks what a higher sublayer permitted for good: a veto."
    if len(step.sublayers) > 1:
        yield f"At {layer} filters of {len(step.sublayers)} sublayers match: every sublayer has its say."


def reason(unmet: Unmet, values: Values) -> str:
    """Return why a filter does not match: what it wants, and what the packet has."""
    return unmet_words(unmet.failed, values)


def unmet_words(conditions: tuple[Condition, ...], values: Values) -> str:
    """Return what alternatives on one field want, and what the packet has there."""
    field = conditions[0].field
    wanted = ", ".join(condition_words(conditions))
    has = values.get(field)
    if field in IDENTITY_FIELDS:
        return f"wants {wanted}, and {unmet_identity(conditions, has)}"
    if not isinstance(has, int):
        return f"wants {wanted}, of which the packet has none"
    first = conditions[0].value
    kind = first.element or {"FWP_V4_ADDR_MASK": "FWP_UINT32", "FWP_V6_ADDR_MASK": "FWP_BYTE_ARRAY16_TYPE"}.get(
        first.type, first.type
    )
    return f"wants {wanted}, has {value_words(field, Value(kind, has, has))}"


def course_words(course: Course) -> str:
    """Return a course as a person says it: ``first clear, then protected``, or ``exempt throughout``."""
    first, settled = course
    return f"{first} throughout" if first == settled else f"first {first}, then {settled}"


def outcomes_words(outcomes: Outcomes) -> str:
    """Return what becomes of a packet with either peer: ``with IPsec protected throughout; without ...``."""
    with_ipsec, without = map(course_words, outcomes)
    return with_ipsec if with_ipsec == without else f"with IPsec {with_ipsec}; without {without}"
