"""Properties: every property of an object with its constant and number, why it is there, and where it is documented."""

from typing import NamedTuple
from uuid import UUID

from ndtui.analysis.wording.element_words import element_words, rule_of
from ndtui.analysis.wording.phrases import condition_words, hex_weight, value_words
from ndtui.analysis.wording.program_words import what_stays
from ndtui.common.text import in_quotes
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, is_for_ikev2_alone
from ndtui.model.compiled.ike_exemptions import ORIGIN as BFE
from ndtui.model.compiled.objects import Condition, Filter, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.design.exemption import PROGRAM_LAYERS
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.scenarios.catalogue import ENCRYPT, MODES
from ndtui.model.vocabulary import guid_of, number_of
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    stem_of,
)
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS


class Line(NamedTuple):
    """One line of an explanation: a label, and what is said."""

    label: str
    text: str


_CALLOUTS = {
    INBOUND_TRANSPORT: "Inbound packets are handed to IPsec, which checks that what must be protected is.",
    OUTBOUND_TRANSPORT: "Outbound packets are handed to IPsec, which protects them or starts a negotiation.",
    ALE_AUTH_RECV_ACCEPT: "A connection that arrives unprotected is dropped here: this filter is what enforces "
    "that inbound must be protected. The ND_SECURE flag alone enforces nothing.",
}

_ENCRYPTED = {
    ALE_AUTH_RECV_ACCEPT: "A connection that arrives unencrypted is dropped here: encryption is guaranteed.",
    ALE_AUTH_CONNECT: "A connection is let out only when it is encrypted: encryption is guaranteed.",
}

_RAW_CONTEXTS = {
    "FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY": "a connection that is protected once stays so",
    "FWPM_CONTEXT_IPSEC_OUTBOUND_NEGOTIATE_DISCOVER": "send in clear and negotiate at the same time",
}

_BASES = {
    "exact": "exact",
    "observed": "as observed on one Windows machine; others differ in number",
    "modelled": "modelled: the order is what counts, not the number",
}


def why(each: Filter) -> str:
    """Return in one sentence why a filter is there."""
    slot = each.slot
    if each.origin == BFE:
        return "Windows lets IKE and AuthIP pass by itself, as long as there is a main mode policy."
    if slot.is_before_bfe:
        return _why_before_bfe(each)
    if slot.role == "policy":
        rule, _, policy = slot.label.rpartition(": ")
        whose = f" of rule {in_quotes(rule)}" if rule else ""
        traffic = "the traffic that it matches" if each.conditions else "all traffic of this address family"
        return f"Tells IPsec which {policy} policy{whose} to negotiate with, for {traffic}."
    if slot.role == "exemption":
        return _why_exempt(each)
    if slot.role == "block":
        return "Drops connections of those who may not connect: it ranks below the filter that lets in those who may."
    return _why_callout(each)


def _why_exempt(each: Filter) -> str:
    if _program_of(each):
        return (
            "Lets connections of this program pass before the IPsec callout at this layer sees them: weight range 0xC "
            "stands above the callout's 0. The transport layers cannot tell programs apart: what IPsec does there "
            "stays."
        )
    return (
        "Lets this traffic pass before the IPsec callout sees it: weight range 0xC stands above the callout's 0. "
        "It is needed at every protected layer, because layers do not know of each other."
    )


def _why_before_bfe(each: Filter) -> str:
    until = "It stands from the start of TCP/IP until BFE is up, when the rest of the policy takes over"
    if each.slot.role == "exemption":
        return f"Lets this traffic pass what blocks before BFE is up. {until}."
    return f"Blocks what would pass in clear, for neither IPsec's callouts nor its policy are there yet. {until}."


def _why_callout(each: Filter) -> str:
    slot = each.slot
    if slot.raw_context_name == ENCRYPT:
        return _ENCRYPTED[stem_of(slot.layer)]
    text = _CALLOUTS.get(stem_of(slot.layer), "Hands traffic to IPsec.")
    if slot.raw_context_name:
        return f"{text} Its raw context: {_RAW_CONTEXTS.get(slot.raw_context_name, slot.raw_context_name)}."
    if stem_of(slot.layer) == OUTBOUND_TRANSPORT:
        return f"{text} Without a raw context clear packets wait until negotiation has succeeded."
    return text


def explain_filter(each: Filter, filterset: FilterSet) -> list[Line]:
    """Return everything that can be said of a filter, most wanted first."""
    slot = each.slot
    weight = effective_weight(each)
    lines = [
        Line("Name", each.name),
        Line("Why", why(each)),
        *_staying(each, filterset),
        *_undocumented(each, filterset),
        Line("Made by", element_words(each.origin, filterset.design)),
        Line("Matches", ", ".join(condition_words(each.conditions)) or "everything at this layer"),
        Line("Layer", _with_guid(slot.layer)),
        Line("Sublayer", _sublayer(each, filterset)),
        Line("Action", f"{slot.action} (0x{number_of(slot.action):04x})"),
    ]
    if slot.callout:
        lines.append(Line("Callout", _with_guid(slot.callout)))
    if slot.context is not None:
        lines.append(Line("Context", _context(slot.context, filterset)))
    elif slot.raw_context_name:
        lines.append(Line("Raw context", f"{slot.raw_context_name} ({slot.raw_context})"))
    else:
        lines.append(Line("Raw context", "0"))
    submitted = slot.weight.type if slot.weight.value is None else f"{slot.weight.type} 0x{slot.weight.value:X}"
    if slot.role == "exemption":
        submitted += " FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS"
    lines.append(Line("Weight", f"{submitted}, effective 0x{hex_weight(weight.value)} ({_BASES[weight.basis]})"))
    lines += [Line("Condition", _condition(c)) for c in each.conditions]
    if slot.flags:
        lines.append(Line("Flags", ", ".join(f"{flag} (0x{number_of(flag):x})" for flag in slot.flags)))
    lines.append(Line("Key", "one that Windows makes up" if each.origin == BFE else f"{{{each.key}}}"))
    lines += [Line("See", page) for page in _pages(each, filterset)]
    return lines


def _program_of(each: Filter) -> str:
    return next((condition.value.element for condition in each.conditions if condition.field == PROGRAM), "")


def _staying(each: Filter, filterset: FilterSet) -> list[Line]:
    """Return what an exemption for a program leaves as it is."""
    if each.slot.role != "exemption" or not _program_of(each):
        return []
    design = filterset.design
    covered = next((e.stems for e in design.exemptions if e.name == each.origin.name), PROGRAM_LAYERS)
    words = what_stays((rule for rule in design.rules if rule.enabled), covered)
    return [Line("Stays", words)] if words else []


def _undocumented(each: Filter, filterset: FilterSet) -> list[Line]:
    """Return what no document says of one of BFE's own filters."""
    return [Line("Beware", OF_IKEV2_ALONE)] if each.origin == BFE and is_for_ikev2_alone(filterset.design) else []


def _with_guid(name: str) -> str:
    return f"{name} {{{guid_of(name)}}}"


def _sublayer(each: Filter, filterset: FilterSet) -> str:
    name = each.slot.sublayer
    if name in BUILTIN_WEIGHTS:
        open_question = "; modelled: Microsoft's page leaves the sublayer open" if each.origin == BFE else ""
        return f"{_with_guid(name)}, weight {BUILTIN_WEIGHTS[name]}{open_question}"
    weight = next((own.weight for own in filterset.sublayers if f"{{{own.key}}}" == name), None)
    return f"{name}, own, {'which the design has no more' if weight is None else f'weight {weight}'}"


def _context(key: UUID, filterset: FilterSet) -> str:
    """Return a provider context; a filter that was removed a moment ago may refer to one that is gone with it."""
    context = filterset.contexts_by_key.get(key)
    if context is None:
        return f"{{{key}}}, which the design has no more"
    return f"{context.type} ({number_of(context.type)}) {{{key}}}"


def _condition(condition: Condition) -> str:
    value = condition.value
    numbers = value.element or f"{value.low}" if value.low == value.high else f"{value.low}-{value.high}"
    words = value_words(condition.field, value)
    numbers = words if condition.field == PROGRAM else numbers  # the number that stands for a program is our own
    shown = words if condition.field.endswith("_ADDRESS") or words == numbers else f"{numbers} ({words})"
    return f"{condition.field} {condition.match} ({number_of(condition.match)}) {value.type} {shown}"


def _pages(each: Filter, filterset: FilterSet) -> list[str]:
    if each.origin == BFE:
        return [PAGES["ike-exemptions"], PAGES["filter-weight"]]
    if each.slot.is_before_bfe:
        return [PAGES["object-management"], PAGES["filter"]]
    rule = rule_of(each.origin, filterset.design) or filterset.design.rules[0]
    scenario = PAGES[MODES[rule.mode].page]
    if each.slot.role == "callout" and each.slot.raw_context_name == ENCRYPT:
        return [PAGES["encryption"], scenario]
    if each.slot.role == "block" or any(condition.field in IDENTITY_FIELDS for condition in each.conditions):
        return [PAGES["remote-identity"], scenario]
    if each.slot.role == "exemption":
        asked = [PAGES["conditions"]] if _program_of(each) else []
        return [*asked, PAGES["ike-exemptions"], PAGES["filter-weight"], scenario]
    return [scenario, PAGES["sample"]]
