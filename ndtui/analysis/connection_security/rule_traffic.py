"""The traffic of connection security rules as a design has it: in the scope of a rule, or in an exemption."""

from collections.abc import Sequence
from typing import Any

from ndtui.analysis.connection_security.security_rules import SecurityRule
from ndtui.analysis.packet_sets.box import MULTICAST, addresses
from ndtui.analysis.packet_sets.ranges import merged
from ndtui.model.design.addresses import AddressRange, parse_addresses
from ndtui.model.vocabulary.layers import Family

_EVERY: dict[Family, str] = {"V4": "0.0.0.0/0", "V6": "::/0"}
#: Protocols of one address family: a rule for them never has a packet of the other.
_OF_FAMILY: dict[int | None, Family] = {1: "V4", 58: "V6"}


def traffic_of(rule: SecurityRule) -> dict[str, Any]:
    """Return which traffic a rule is for, as a scope and an exemption have it."""
    protocol: str | int = "any" if rule.protocol is None else rule.protocol
    said: dict[str, Any] = {
        "local_addresses": _with_multicast(rule.addresses[0]),
        "remote_addresses": _with_multicast(rule.addresses[1]),
        "protocol": protocol,
        "local_ports": [*rule.ports[0]],
        "remote_ports": [*rule.ports[1]],
        "profiles": [*rule.profiles],
        "interfaces": [*rule.interfaces],
    }
    return {name: value for name, value in said.items() if value not in ([], "any")}


def scope_of(rule: SecurityRule) -> dict[str, Any]:
    """Return the scope of a rule; one for ICMP is for one address family, which addresses say there."""
    family = _OF_FAMILY.get(rule.protocol)
    if family and not any(rule.addresses):
        return {**traffic_of(rule), "remote_addresses": [_EVERY[family]]}
    return traffic_of(rule)


def exempt_traffic_of(rule: SecurityRule) -> dict[str, Any]:
    """Return the traffic of a rule as an exemption has it, which names the address families that it is for."""
    family = _OF_FAMILY.get(rule.protocol)
    return {**traffic_of(rule), **({"families": [family]} if family else {})}


def _with_multicast(texts: Sequence[str]) -> list[str]:
    """Return addresses; those of a family that all are there but multicast ones, which no rule has, as all of it.

    Source: [MS-FASP] 2.2.55.
    """
    try:
        parsed = [(text, parse_addresses(text)) for text in texts]
    except ValueError:
        return [*texts]  # no design has such a rule, which is said of it
    whole = [family for family in _EVERY if _has_all([each for _, ranges in parsed for each in ranges], family)]
    kept = [text for text, ranges in parsed if any(each.family not in whole for each in ranges)]
    return [*kept, *(_EVERY[family] for family in whole)]


def _has_all(ranges: Sequence[AddressRange], family: Family) -> bool:
    held = [(each.low, each.high) for each in ranges if each.family == family]
    return merged([*held, *MULTICAST[family]]) == addresses(family)
