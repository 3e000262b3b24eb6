"""Objects in an operator's words: conditions, actions, contexts and origins as short readable text."""

from collections.abc import Sequence

from ndtui.analysis.wording.number_names import flag_set_words, words_of_numbers
from ndtui.model.compiled.ike_exemptions import LOCAL_SYSTEM
from ndtui.model.compiled.objects import Condition, Filter, Value
from ndtui.model.design.access_list import words_of
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.ports import PortRange
from ndtui.model.design.program_path import program_of
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.networks import PROFILES

_FIELDS = {
    "IP_LOCAL_ADDRESS_TYPE": "local address type",
    "IP_PROTOCOL": "protocol",
    "IP_LOCAL_ADDRESS": "local",
    "IP_REMOTE_ADDRESS": "remote",
    "IP_LOCAL_PORT": "local port",
    "IP_REMOTE_PORT": "remote port",
    "ORIGINAL_ICMP_TYPE": "ICMP type",
    "ALE_USER_ID": "the account",
    "CURRENT_PROFILE_ID": "profile",
    "INTERFACE_TYPE": "interface",
    "ARRIVAL_INTERFACE_TYPE": "arrival interface",
    "NEXTHOP_INTERFACE_TYPE": "next-hop interface",
    "TUNNEL_TYPE": "tunnel",
    "ARRIVAL_TUNNEL_TYPE": "arrival tunnel",
    "NEXTHOP_TUNNEL_TYPE": "next-hop tunnel",
    "REAUTHORIZE_REASON": "reauthorize reason",
    "ALE_SIO_FIREWALL_SYSTEM_PORT": "socket property",
    "ALE_APP_ID": "app",
    "ALE_REMOTE_MACHINE_ID": "machines:",
    "ALE_REMOTE_USER_ID": "users:",
}
_PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"}
#: Words for numbers, by field.
_NAMED: dict[str, dict[int, str]] = {
    "IP_PROTOCOL": _PROTOCOLS,
    "IP_LOCAL_ADDRESS_TYPE": {1: "unicast", 2: "anycast", 3: "multicast", 4: "broadcast"},
    "CURRENT_PROFILE_ID": {number: name for name, number in PROFILES.items()},
    **words_of_numbers(),
}


def value_words(field: str, value: Value) -> str:
    """Return a condition's value as a person reads it: ``unicast``, ``TCP``, ``10.0.0.0/8``, ``1024-2047``."""
    name = short_name(field)
    if value.type == "FWP_SECURITY_DESCRIPTOR_TYPE":
        return "local system" if value.element == LOCAL_SYSTEM else _access_words(value.element)
    if name == "ALE_APP_ID":
        return value.element or program_of(value.low) or "none that is named"
    if flags := flag_set_words(name, value.low):
        return " and ".join(flags)
    if name in _NAMED and value.low == value.high:
        return _NAMED[name].get(value.low, str(value.low))
    if name.endswith("_ADDRESS"):
        v6 = "BYTE_ARRAY16" in (value.type + value.element) or value.type == "FWP_V6_ADDR_MASK"
        bits = 128 if v6 else 32
        prefix = None if value.type == "FWP_RANGE_TYPE" else bits - (value.high - value.low).bit_length()
        return str(AddressRange("V6" if v6 else "V4", value.low, value.high, prefix))
    return str(PortRange(value.low, value.high))


def _access_words(sddl: str) -> str:
    """Return who is let through; a list that somebody else wrote may say what has no words here."""
    try:
        return words_of(sddl)
    except ValueError:
        return sddl


def condition_words(conditions: tuple[Condition, ...]) -> list[str]:
    """Return one text per field; several conditions on a field are alternatives: ``remote port 53 or 88``."""
    fields: dict[str, list[str]] = {}
    for condition in conditions:
        words = value_words(condition.field, condition.value)
        negated = condition.match == "FWP_MATCH_FLAGS_NONE_SET"
        fields.setdefault(condition.field, []).append(f"not {words}" if negated else words)
    protocol = next(iter(fields.get("FWPM_CONDITION_IP_PROTOCOL", [])), "")
    return [field_phrase(field, values, protocol) for field, values in fields.items()]


def field_phrase(field: str, values: Sequence[str], protocol: str = "") -> str:
    """Return what is asked of a field, by alternatives; what ICMP has in the place of ports is type and code."""
    name = short_name(field)
    joined = " or ".join(values)
    if name in ("IP_LOCAL_ADDRESS_TYPE", "IP_PROTOCOL", "FLAGS", "DIRECTION"):
        return joined
    words = _FIELDS.get(name, name)
    if protocol.startswith("ICMP"):
        words = {"IP_LOCAL_PORT": "type", "IP_REMOTE_PORT": "code", "ORIGINAL_ICMP_TYPE": "type"}.get(name, words)
    return f"{words} {joined}"


def layer_words(each: Filter) -> str:
    """Return the layer of a filter by its short name, and that it stands there only until BFE is up, if it does."""
    return layer_heading(each.layer, before_bfe=each.slot.is_before_bfe)


def layer_heading(layer: str, *, before_bfe: bool) -> str:
    """Return a layer by its short name, with the time that what stands there is for."""
    return f"{short_name(layer)} before BFE" if before_bfe else short_name(layer)


def conditions_line(each: Filter) -> str:
    """Return all conditions of a filter in one line."""
    return ", ".join(condition_words(each.conditions)) or "everything"


def matches_line(each: Filter) -> str:
    """Return what a filter matches; of those that lead to policy, which often match everything, also which."""
    line = conditions_line(each)
    return f"{each.label}, for {line}" if each.slot.role == "policy" else line


def action_word(each: Filter) -> str:
    """Return what a filter does, in one word: ``permit``, ``block``, ``callout`` or ``policy``."""
    if each.slot.role == "policy":
        return "policy"
    if each.slot.callout:
        return "callout"
    return "block" if each.slot.action == "FWP_ACTION_BLOCK" else "permit"


def context_word(each: Filter) -> str:
    """Return what a filter hands on: its raw context by short name, or that it refers to a provider context."""
    if each.slot.context is not None:
        return "provider context"
    name = short_name(each.slot.raw_context_name)
    return name.removeprefix("IPSEC_").removeprefix("INBOUND_").removeprefix("OUTBOUND_")


def weight_word(each: Filter) -> str:
    """Return the weight as it is submitted: ``empty``, ``range 0xC``, or the number."""
    weight = each.slot.weight
    if weight.type == "FWP_EMPTY":
        return "empty"
    return f"range 0x{weight.value:X}" if weight.type == "FWP_UINT8" else f"0x{weight.value:016x}"


def hex_weight(number: int) -> str:
    """Return an effective weight in hex, grouped so that the range stands apart: ``c 800 0800 0000 0000``."""
    digits = f"{number:016x}"
    return f"{digits[0]} {digits[1:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}"
