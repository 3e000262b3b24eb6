"""Traffic as boxes, boxes as traffic, and a packet out of a box that a person can picture."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TypedDict

from ndtui.analysis.packet_sets.box import (
    AUTHORIZED,
    INTERFACES,
    MULTICAST,
    PROFILES,
    PROGRAMS,
    UNAUTHORIZED,
    UNICAST,
    Box,
    addresses,
    everything,
    meet,
    real,
)
from ndtui.analysis.packet_sets.box_kinds import ANY_PROTOCOL
from ndtui.analysis.packet_sets.ranges import Ranges, contains, merged, without
from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet import (
    ECHO_REQUEST,
    TCP,
    UDP,
    Packet,
    interface_named,
    protocol_name,
)
from ndtui.analysis.traffic.packet_grammar import LOCAL_TYPES
from ndtui.analysis.traffic.packet_kind import ICMP
from ndtui.analysis.traffic.packet_values import network_numbers, program_number_of
from ndtui.common.quoted_words import quoted
from ndtui.model.design.addresses import AddressRange, parse_addresses
from ndtui.model.design.assertion import Side, Traffic, reach
from ndtui.model.design.ports import PortRange
from ndtui.model.design.program_path import program_number, program_of
from ndtui.model.vocabulary.layers import Family
from ndtui.model.vocabulary.networks import PROFILES as PROFILE_NUMBERS
from ndtui.model.vocabulary.networks import InterfaceType, Profile

_MULTICAST_TYPE: Ranges = ((LOCAL_TYPES["multicast"], LOCAL_TYPES["multicast"]),)
_NOT_UNICAST: dict[Family, tuple[str, ...]] = {
    "V4": ("127.0.0.0/8", "224.0.0.0/4", "255.255.255.255"),
    "V6": ("::1", "ff00::/8"),
}
_PROTOCOLS = (TCP, UDP, 1, 58)
_SERVICES = (443, 80, 445, 53)
_CLIENTS = (51000, 49152)
#: Addresses to picture: this host's, its peer's.
_HERE: dict[Family, tuple[str, ...]] = {"V4": ("10.0.0.9", "192.0.2.9"), "V6": ("2001:db8::9", "fe80::9")}
_THERE: dict[Family, tuple[str, ...]] = {"V4": ("10.0.0.5", "192.0.2.5"), "V6": ("2001:db8::5", "fe80::5")}


@cache
def _numbers(texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((each.low, each.high) for text in texts for each in parse_addresses(text))


@cache
def on_the_network(direction: Direction, family: Family, *, multicast: bool = False) -> Box:
    """Return all packets of a direction that are not loopback: unicast ones, or those to multicast addresses.

    The packets of IPsec itself are left out: no filter of a policy sees them.
    """
    host = without(addresses(family), merged(_numbers(_NOT_UNICAST[family])))
    group = MULTICAST[family] if multicast else host
    local, remote = (group, host) if direction == "in" else (host, group)
    return everything(family)._replace(
        protocol=ANY_PROTOCOL,
        local=local,
        remote=remote,
        local_type=_MULTICAST_TYPE if multicast else UNICAST,
    )


def boxes_of(traffic: Traffic, direction: Direction, family: Family) -> tuple[Box, ...]:
    """Return the packets of traffic in one direction and family, as disjoint boxes."""
    if direction not in traffic.directions or family not in reach(traffic):
        return ()
    ends = (traffic.source, traffic.destination)
    remote, local = ends if direction == "in" else reversed(ends)
    asked = everything(family)._replace(
        protocol=_protocol_ranges(traffic.protocols, family),
        local=_address_ranges(local, family),
        remote=_address_ranges(remote, family),
        local_port=_port_ranges(local, traffic.icmp_types),
        remote_port=_port_ranges(remote, traffic.icmp_codes),
        profile=merged((number, number) for number in map(PROFILE_NUMBERS.__getitem__, traffic.profiles)) or PROFILES,
        interface=merged((each.low, each.high) for each in traffic.interfaces) or INTERFACES,
        program=_program_ranges(traffic),
        peer=UNAUTHORIZED if traffic.unauthorized else AUTHORIZED,
    )
    base = on_the_network(direction, family, multicast=traffic.multicast)
    met = meet(base._replace(protocol=((0, 255),)), asked)
    return tuple(real(met)) if met is not None else ()


def _protocol_ranges(protocols: tuple[str | int, ...], family: Family) -> Ranges:
    numbers = [ICMP[family] if isinstance(each, str) else each for each in protocols]
    return merged((number, number) for number in numbers) or ANY_PROTOCOL


def _program_ranges(traffic: Traffic) -> Ranges:
    named = merged((number, number) for number in map(program_number, traffic.programs))
    return without(PROGRAMS, named) if traffic.other_programs else named or PROGRAMS


def _address_ranges(side: Side, family: Family) -> Ranges:
    if not side.addresses:
        return addresses(family)
    return merged((each.low, each.high) for each in side.addresses if each.family == family)


def _port_ranges(side: Side, icmp: tuple[PortRange, ...]) -> Ranges:
    return merged((each.low, each.high) for each in icmp or side.ports) or ((0, 65535),)


def packet_in(box: Box, direction: Direction, family: Family) -> Packet:
    """Return a packet of a box, one that looks like a packet where there is a choice."""
    protocol = _pick(box.protocol, _PROTOCOLS)
    local = _pick(box.local, [low for low, _ in _numbers(_HERE[family])], inside=True)
    wanted = [low for low, _ in _numbers(_THERE[family])]
    remote = _pick(without(box.remote, ((local, local),)) or box.remote, wanted, inside=True)
    name = next(name for name, number in LOCAL_TYPES.items() if number == _pick(box.local_type, (1, 3)))
    packet = Packet(direction, family, protocol, local, remote, local_type=name, **_network_in(box))
    if protocol in ECHO_REQUEST:
        kind, code = _pick(box.local_port, (ECHO_REQUEST[protocol],)), _pick(box.remote_port, (0,))
        return replace(packet, icmp_type=kind, icmp_code=code)
    if protocol not in (TCP, UDP):
        return packet
    here, there = (_SERVICES, _CLIENTS) if direction == "in" else (_CLIENTS, _SERVICES)
    return replace(packet, local_port=_pick(box.local_port, here), remote_port=_pick(box.remote_port, there))


class _Network(TypedDict):
    profile: Profile | None
    interface: InterfaceType | int | None
    unauthorized: bool
    program: str


def _network_in(box: Box) -> _Network:
    """Return what a packet of a box says of its network and its peer; nothing where the usual is what it may be."""
    profile, interface = _pick(box.profile, (2, 1)), _pick(box.interface, (6, 71, 23))
    return {
        "profile": None
        if box.profile == PROFILES
        else next(name for name, number in PROFILE_NUMBERS.items() if number == profile),
        "interface": None if box.interface == INTERFACES else interface_named(interface),
        "unauthorized": box.peer == UNAUTHORIZED,
        "program": _program_in(box.program),
    }


def _program_in(ranges: Ranges) -> str:
    """Return a program that a box has; none where it has some that are not named.

    Filters and traffic name single programs, or all but some: what holds for one that is not named holds for all.
    """
    named = _named_programs(ranges)
    return "" if named is None else program_of(named[0])


def _named_programs(ranges: Ranges) -> tuple[int, ...] | None:
    """Return the numbers of the programs that a box has, where they all are named."""
    single = all(low == high and low for low, high in ranges)
    return tuple(low for low, _ in ranges) if single else None


def _pick(ranges: Ranges, wanted: Iterable[int], *, inside: bool = False) -> int:
    """Return one of the numbers wanted, or else the first there is; ``inside`` leaves out the first of a network."""
    for number in wanted:
        if any(low <= number <= high for low, high in ranges):
            return number
    low, high = next((each for each in ranges if inside and each[1] - each[0] > 1), ranges[0])
    return low + 1 if inside and high - low > 1 else low


def point_of(packet: Packet) -> Box:
    """Return the box that holds just one packet."""
    kind = packet.icmp_type is not None
    numbers = (
        packet.protocol,
        packet.local_address,
        packet.remote_address,
        (packet.icmp_type if kind else packet.local_port) or 0,
        (packet.icmp_code if kind else packet.remote_port) or 0,
        LOCAL_TYPES[packet.local_type],
        *network_numbers(packet),
        int(packet.unauthorized),
        program_number_of(packet),
    )
    return Box._make(((number, number),) for number in numbers)


def traffic_words(box: Box, direction: Direction, family: Family) -> str:
    """Return a box in the grammar of traffic, as far as that can say it; a box holds one kind of protocol."""
    words = [direction, family.lower()]
    if box.local_type != UNICAST:
        words.append("multicast")
    words.append(_protocol_words(box.protocol))
    icmp = all(low == high and low in ECHO_REQUEST for low, high in box.protocol)
    words += _icmp_words(box) if icmp else []
    base = on_the_network(direction, family, multicast=box.local_type != UNICAST)
    ported = all(low == high and low in (TCP, UDP) for low, high in box.protocol)
    local = _side_words(box.local, base.local, box.local_port if ported else ((0, 65535),), family)
    remote = _side_words(box.remote, base.remote, box.remote_port if ported else ((0, 65535),), family)
    source, destination = (remote, local) if direction == "in" else (local, remote)
    words += ["from", *source] if source else []
    words += ["to", *destination] if destination else []
    return " ".join([*words, *_network_words(box)])


def _network_words(box: Box) -> Iterator[str]:
    if box.profile != PROFILES:
        yield f"profile {','.join(name for name, number in PROFILE_NUMBERS.items() if contains(box.profile, number))}"
    if box.interface != INTERFACES:
        yield f"interface {_list(_interface_words(low, high) for low, high in box.interface)}"
    if box.program != PROGRAMS:
        named = _named_programs(box.program)
        yield f"app {quoted(map(program_of, named))}" if named else _other_programs(box.program)
    if box.peer == UNAUTHORIZED:
        yield "unauthorized"


def _other_programs(ranges: Ranges) -> str:
    """Return the words for every program but some."""
    left = (low for low, high in without(PROGRAMS, ranges) if low == high)
    return f"app not {quoted(map(program_of, left))}"


def _interface_words(low: int, high: int) -> object:
    return interface_named(low) if low == high else PortRange(low, high)


def _protocol_words(ranges: Ranges) -> str:
    if ranges == ANY_PROTOCOL:
        return "any"
    return ",".join(protocol_name(low) if low == high else f"{low}-{high}" for low, high in ranges)


def _icmp_words(box: Box) -> Iterator[str]:
    for word, ranges in (("type", box.local_port), ("code", box.remote_port)):
        if ranges != ((0, 255),):
            yield f"{word} {_list(PortRange(low, high) for low, high in ranges)}"


def _side_words(ranges: Ranges, whole: Ranges, ports: Ranges, family: Family) -> list[str]:
    words = []
    if ranges != whole:
        words.append(_list(_network(family, low, high) for low, high in ranges))
    if ports != ((0, 65535),):
        words += [] if words else ["any"]
        words += ["port", _list(PortRange(low, high) for low, high in ports)]
    return words


def _network(family: Family, low: int, high: int) -> AddressRange:
    """Return an interval of addresses as a network where it is one."""
    width = (high - low).bit_length()
    bits = 32 if family == "V4" else 128
    exact = high - low + 1 == 1 << width and not low & ((1 << width) - 1)
    return AddressRange(family, low, high, bits - width if exact else None)


def _list(parts: Iterable[object]) -> str:
    return ",".join(map(str, parts))
