"""Traffic as Windows Firewall's rules say it: boxes of packets become the parameters of one or more rules.

A rule has lists of addresses and ports, one protocol, one profile and one type of interface; traffic of several becomes
as many rules. Source: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import (
    FIELDS,
    INTERFACES,
    MULTICAST,
    PROFILES,
    Box,
    addresses,
    box_of,
    everything,
    meet,
    replaced,
)
from ndtui.analysis.packet_sets.ranges import Ranges, contains, without
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_values import Parameters
from ndtui.model.compiled.conditions import network_conditions, traffic_conditions
from ndtui.model.compiled.rule_filters import scope_filters
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import PortRange
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary.layers import OUTBOUND_TRANSPORT, Family, layer_name
from ndtui.model.vocabulary.networks import INTERFACES as INTERFACE_NUMBERS
from ndtui.model.vocabulary.networks import PROFILES as PROFILE_NUMBERS

_PROTOCOLS: Mapping[int, str] = {1: "ICMPv4", 6: "TCP", 17: "UDP", 58: "ICMPv6"}
_ICMP: Mapping[int, Family] = {1: "V4", 58: "V6"}
_PROFILES = {"domain": "Domain", "private": "Private", "public": "Public"}
_INTERFACES = {"lan": "Wired", "wireless": "Wireless", "remote-access": "RemoteAccess"}
_ALL_PORTS: Ranges = ((0, 65535),)
_ALL_PROTOCOLS: Ranges = ((0, 255),)


class Part(NamedTuple):
    """Packets of one address family."""

    family: Family
    box: Box


#: All that goes to multicast addresses, or comes from them.
MULTICAST_PARTS = tuple(
    Part(family, everything(family)._replace(**{side: ranges}))
    for family, ranges in MULTICAST.items()
    for side in ("local", "remote")
)


class NotSayableError(Exception):
    """Rules of Windows Firewall cannot say which traffic it is; the text says why."""


def rule_parts(rule: Rule, families: Iterable[Family]) -> tuple[Part, ...]:
    """Return the traffic of a rule; twice where either port is enough."""
    found = []
    for family in rule.scope.reach(tuple(families)):
        for _, conditions in scope_filters(rule.scope, family, layer_name(OUTBOUND_TRANSPORT, family)):
            box = box_of(conditions, family)
            if box is not None:
                found.append(Part(family, box))
    return tuple(found)


def exemption_parts(exemption: Exemption, families: Iterable[Family]) -> tuple[Part, ...]:
    """Return the traffic of an exemption, without its program and its ICMP types."""
    found = []
    for family in exemption.reach(tuple(families)):
        box = box_of((*traffic_conditions(exemption, family), *network_conditions(exemption)), family)
        if box is not None:
            found.append(Part(family, box))
    return tuple(found)


def shared(these: Iterable[Part], those: Sequence[Part]) -> Iterator[Part]:
    """Yield what two kinds of traffic have in common."""
    for one in these:
        for other in those:
            both = meet(one.box, other.box) if one.family == other.family else None
            if both is not None:
                yield Part(one.family, both)


def meets(these: Iterable[Part], those: Sequence[Part]) -> bool:
    """Tell whether two kinds of traffic share a packet."""
    return next(shared(these, those), None) is not None


def apart(part: Part, others: Iterable[Part]) -> tuple[Part, ...]:
    """Return what is left of traffic without other traffic, as parts that do not overlap."""
    left = [part.box]
    for other in others:
        if other.family == part.family:
            left = [piece for box in left for piece in _without(box, other.box)]
    return tuple(Part(part.family, box) for box in left)


def _without(box: Box, other: Box) -> Iterator[Box]:
    both = meet(box, other)
    if both is None:
        yield box
        return
    for place in range(FIELDS):
        rest = without(box[place], both[place])
        if rest:
            yield replaced(box, place, rest)
        box = replaced(box, place, both[place])


def exchanged(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield traffic with this machine and its peer exchanged."""
    for family, box in parts:
        yield Part(
            family,
            box._replace(local=box.remote, remote=box.local, local_port=box.remote_port, remote_port=box.local_port),
        )


def ends_only(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return traffic as main mode knows it: by addresses and profiles alone."""
    found: dict[Part, None] = {}
    for family, box in parts:
        part = Part(family, everything(family)._replace(local=box.local, remote=box.remote, profile=box.profile))
        found[part] = None
    return tuple(found)


# -- parameters --------------------------------------------------------------------------------------------------------


def has_port_ranges(parts: Iterable[Part]) -> bool:
    """Tell whether traffic is limited to ports of which some are ranges."""
    return any(
        ranges != _ALL_PORTS and any(low != high for low, high in _apart_ports(ranges))
        for _, box in parts
        for ranges in (box.local_port, box.remote_port)
    )


def _apart_ports(ranges: Ranges) -> Iterator[tuple[int, int]]:
    """Yield ports as they may be written: neighbours that are few, one by one."""
    for low, high in ranges:
        if high - low < _FEW:
            yield from ((port, port) for port in range(low, high + 1))
        else:
            yield low, high


#: Neighbouring ports up to this number are written one by one.
_FEW = 16


def endpoints(parts: Sequence[Part], target: NativeTarget) -> Iterator[Parameters]:
    """Yield the parameters of the rules that together have the traffic.

    Raises:
        NotSayableError: they cannot say it.
    """
    pairs: dict[tuple[Ranges, ...], dict[Family, Box]] = {}
    single: list[dict[Family, Box]] = []
    for family, box in parts:
        kind = (box.protocol, *box[3:])
        known = pairs.setdefault(kind, {})
        if family in known:
            single.append({family: box})
        else:
            known[family] = box
    for boxes in (*pairs.values(), *single):
        yield from _rules(boxes, target)


def _rules(boxes: Mapping[Family, Box], target: NativeTarget) -> Iterator[Parameters]:
    box = next(iter(boxes.values()))
    protocols = _protocols(box, tuple(boxes))
    ports = tuple(
        (name, tuple(str(PortRange(*each)) for each in _apart_ports(ranges)))
        for name, ranges in (("LocalPort", box.local_port), ("RemotePort", box.remote_port))
        if ranges != _ALL_PORTS
    )
    networks = product(
        _named(box.profile, PROFILES, dict(PROFILE_NUMBERS.items()), _PROFILES), _interfaces(box.interface)
    )
    is_icmp = bool(set(protocols) & set(_ICMP))
    for (profile, interface), ends in product(networks, list(_ends(boxes, target, is_icmp=is_icmp))):
        for protocol in protocols:
            said: list[tuple[str, str | tuple[str, ...]]] = [("Profile", profile), ("InterfaceType", interface), *ends]
            if protocol is not None:
                said.append(("Protocol", _PROTOCOLS.get(protocol, str(protocol))))
            yield (*said, *ports)


def _protocols(box: Box, families: tuple[Family, ...]) -> tuple[int | None, ...]:
    """Return the protocols of a box by number, ``None`` for any."""
    if box.protocol == _ALL_PROTOCOLS:
        if box.local_port != _ALL_PORTS or box.remote_port != _ALL_PORTS:
            raise NotSayableError("ports need a protocol")
        return (None,)
    numbers = tuple(number for low, high in box.protocol for number in range(low, high + 1))
    if len(numbers) > _FEW:
        raise NotSayableError("a rule has one protocol or any, and not all but some")
    for number in numbers:
        if number in _ICMP and (box.local_port != _ALL_PORTS or box.remote_port != _ALL_PORTS):
            raise NotSayableError("the pages do not agree on how an IPsec rule names a type of ICMP")
        if any(_ICMP.get(number, family) != family for family in families):
            raise NotSayableError(f"protocol {number} is ICMP of the other address family, which its rules never match")
    return numbers


def _named(ranges: Ranges, every: Ranges, numbers: Mapping[str, int], names: Mapping[str, str]) -> tuple[str, ...]:
    if ranges == every:
        return ("Any",)
    return tuple(names[name] for name, number in numbers.items() if contains(ranges, number))


def _interfaces(ranges: Ranges) -> tuple[str, ...]:
    known = set(INTERFACE_NUMBERS.values())
    if ranges != INTERFACES and any(low != high or low not in known for low, high in ranges):
        raise NotSayableError("a rule has types of interfaces that have names, and not all but some")
    return _named(ranges, INTERFACES, dict(INTERFACE_NUMBERS.items()), _INTERFACES)


def _ends(
    boxes: Mapping[Family, Box], target: NativeTarget, *, is_icmp: bool
) -> Iterator[tuple[tuple[str, tuple[str, ...]], ...]]:
    """Yield the addresses of both sides, in rules of not too many."""
    sides = {}
    for name, place in (("LocalAddress", 1), ("RemoteAddress", 2)):
        whole = [family for family, box in boxes.items() if box[place] == addresses(family)]
        sides[name] = () if len(whole) == len(boxes) else tuple(_texts(boxes, place, target))
    if not any(sides.values()) and len(boxes) == 1 and not is_icmp:
        sides["RemoteAddress"] = tuple(_texts(boxes, 2, target))  # nothing else says that it is one address family
    most = target.most_addresses
    pieces = [
        [(name, texts[at : at + most]) for at in range(0, len(texts), most)] for name, texts in sides.items() if texts
    ]
    yield from product(*pieces)


def _texts(boxes: Mapping[Family, Box], place: int, target: NativeTarget) -> Iterator[str]:
    for family, box in boxes.items():
        ranges = box[place] if target.has_multicast else without(box[place], MULTICAST[family])
        if not ranges:
            raise NotSayableError("rules have no multicast addresses ([MS-FASP])")
        for low, high in ranges:
            yield from _address_texts(family, low, high)


def _address_texts(family: Family, low: int, high: int) -> Iterator[str]:
    """Yield an interval of addresses; all of them as two halves, for no page shows a prefix of no bits."""
    ((_, last),) = addresses(family)
    if (low, high) == (0, last):
        half = (last + 1) // 2
        yield str(AddressRange(family, 0, half - 1, 1))
        yield str(AddressRange(family, half, last, 1))
        return
    width = (high - low).bit_length()
    exact = high - low + 1 == 1 << width and not low & ((1 << width) - 1)
    bits = last.bit_length()
    yield str(AddressRange(family, low, high, bits - width if exact else None))
