"""Layer values: what a packet, or what happens for it, has in the fields of one layer of the flow.

A field that is in neither mapping is not known. Sources: the field lists that a running machine reports, fwptypes.h for
FWP_DIRECTION and the flags, ifdef.h for NET_LUID (the type of an interface is its upper 16 bits), and
https://learn.microsoft.com/windows/win32/fwp/ale-layers for what a bind has: without a local address where the program
names none.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ndtui.analysis.trace.matching import Values
from ndtui.analysis.traffic.packet import Packet, type_of_destination
from ndtui.analysis.traffic.packet_flow import (
    BIND_REDIRECT,
    LISTEN,
    RESOURCE_ASSIGNMENT,
    RESOURCE_RELEASE,
    FlowLayer,
    flow_of,
)
from ndtui.analysis.traffic.packet_grammar import LOCAL_TYPES
from ndtui.analysis.traffic.packet_values import field_values
from ndtui.model.vocabulary.layers import INBOUND_IPPACKET, IPFORWARD, OUTBOUND_IPPACKET, stem_of
from ndtui.model.vocabulary.networks import PROFILES

LOOPBACK, SECURED, REAUTHORIZE, WILDCARD_BIND, RAW = 0x1, 0x2, 0x4, 0x8, 0x10
FRAGMENT, FRAGMENT_GROUP, REASSEMBLED = 0x20, 0x40, 0x400
APP_LOOPBACK, NON_APP_LOOPBACK = 0x40_0000, 0x80_0000
TUNNEL_INTERFACE = 131
"""IF_TYPE_TUNNEL: other interfaces have no type of tunnel."""

_PREFIX = "FWPM_CONDITION_"
LUIDS = tuple(f"{_PREFIX}IP_{name}INTERFACE" for name in ("LOCAL_", "ARRIVAL_", "NEXTHOP_"))
_NONE: frozenset[str] = frozenset()
_OF_A_SOCKET = (BIND_REDIRECT, RESOURCE_ASSIGNMENT, LISTEN, RESOURCE_RELEASE)


class Flags(NamedTuple):
    """The flags of FWPM_CONDITION_FLAGS: which are known, and which of them are set."""

    known: int
    set: int


class LayerValues(NamedTuple):
    """What is known at one layer.

    ``open_`` are fields that may have what ``values`` says of them or nothing, ``nothing`` those that have nothing.
    ``interface`` is the type of the interface, ``None`` where nothing is said of it.
    """

    packet: Packet
    values: Values
    flags: Flags
    open_: frozenset[str]
    nothing: frozenset[str]
    interface: int | None


def layer_values(packet: Packet, step: FlowLayer) -> LayerValues:
    """Return what a packet has at one layer of its flow."""
    interface = _interface(packet)
    values: dict[str, Any] = {**field_values(packet), **_named(_numbers(packet, step, interface))}
    open_, nothing = _NONE, _NONE
    if step.stem in _OF_A_SOCKET:
        open_, nothing = _of_a_socket(packet, values)
    if packet.said.forwarded:
        _forwarded(packet, step, values)
    known = {name: value for name, value in values.items() if value is not None}
    return LayerValues(packet, known, _flags(packet, step), open_, nothing, interface)


def values_at(packet: Packet, layer: str) -> LayerValues:
    """Return what a packet has at a layer, by its full name, whether its flow has that layer or not."""
    stem = stem_of(layer)
    met = next((each for each in flow_of(packet) if each.stem == stem), None)
    return layer_values(packet, met or FlowLayer("packet", stem, packet.direction))


def _named(numbers: Mapping[str, int | None]) -> dict[str, int]:
    return {f"{_PREFIX}{name}": number for name, number in numbers.items() if number is not None}


def _interface(packet: Packet) -> int | None:
    """Return the type of the interface: said, or by the LUID that is said."""
    said = field_values(packet).get("FWPM_CONDITION_INTERFACE_TYPE")
    if isinstance(said, int):
        return said
    return None if packet.said.luid is None else packet.said.luid >> 48


def _numbers(packet: Packet, step: FlowLayer, interface: int | None) -> dict[str, int | None]:
    """Return what is said of the network, the socket and the way, by field; the packet passes by one interface."""
    said = packet.said
    tunnel = said.tunnel
    if tunnel is None and interface is not None and interface != TUNNEL_INTERFACE:
        tunnel = 0
    profile = None if packet.profile is None else PROFILES[packet.profile]
    found: dict[str, int | None] = {
        **{f"{side}INTERFACE_TYPE": interface for side in ("", "ARRIVAL_", "NEXTHOP_")},
        **{f"{side}TUNNEL_TYPE": tunnel for side in ("", "ARRIVAL_", "NEXTHOP_")},
        **{f"{name}PROFILE_ID": profile for name in ("CURRENT_", "ORIGINAL_")},
        **{f"{side}_INTERFACE_PROFILE_ID": profile for side in ("LOCAL", "ARRIVAL", "NEXTHOP")},
        **{f"IP_{side}INTERFACE": said.luid for side in ("LOCAL_", "ARRIVAL_", "NEXTHOP_")},
        "INTERFACE_QUARANTINE_EPOCH": said.epoch,
        "COMPARTMENT_ID": said.compartment,
        "ALE_SIO_FIREWALL_SYSTEM_PORT": said.socket,
        "REAUTHORIZE_REASON": 0,
    }
    if step.direction is not None:
        found["DIRECTION"] = 1 if step.direction == "in" else 0
    if step.phase == "answer" and step.direction == "out":
        found["IP_DESTINATION_ADDRESS_TYPE"] = LOCAL_TYPES[type_of_destination(packet.family, packet.remote_address)]
    return found


def _of_a_socket(packet: Packet, values: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Leave out what a socket has that the packet does not tell; return the fields that may have, or have, nothing."""
    address, kind, port = (f"{_PREFIX}IP_LOCAL_{name}" for name in ("ADDRESS", "ADDRESS_TYPE", "PORT"))
    ports = frozenset((port,)) if packet.icmp_type is not None else _NONE
    if ports:
        del values[port]
    if packet.said.bind == "address" and packet.local_type == "unicast":
        return ports, _NONE
    del values[kind]
    if packet.said.bind == "any":
        del values[address]
        return ports | {kind}, frozenset((address,))
    if packet.local_type != "unicast":
        del values[address]
    return ports | {address, kind}, _NONE


def _forwarded(packet: Packet, step: FlowLayer, values: dict[str, Any]) -> None:
    """Put the ends of a packet that is passed on where a layer has them; by what it leaves is not known."""
    source, target = packet.remote_address, packet.local_address
    if step.stem == IPFORWARD:
        values[f"{_PREFIX}IP_SOURCE_ADDRESS"], values[f"{_PREFIX}IP_DESTINATION_ADDRESS"] = source, target
        kind = type_of_destination(packet.family, target)
        values[f"{_PREFIX}IP_DESTINATION_ADDRESS_TYPE"] = LOCAL_TYPES[kind]
        values[f"{_PREFIX}IP_PHYSICAL_ARRIVAL_INTERFACE"] = packet.said.luid
    if step.stem == OUTBOUND_IPPACKET:
        values[f"{_PREFIX}IP_LOCAL_ADDRESS"], values[f"{_PREFIX}IP_REMOTE_ADDRESS"] = source, target
    if step.stem in (IPFORWARD, OUTBOUND_IPPACKET):
        for name in ("INTERFACE_TYPE", "TUNNEL_TYPE", "IP_LOCAL_INTERFACE", "NEXTHOP_INTERFACE_PROFILE_ID"):
            values.pop(f"{_PREFIX}{name}", None)


def _flags(packet: Packet, step: FlowLayer) -> Flags:
    """Return the flags: a packet reauthorises nothing; a socket that takes loopback may be bound to any address."""
    said = packet.said
    known = LOOPBACK | REAUTHORIZE
    has = LOOPBACK if packet.loopback else 0
    if step.stem in _OF_A_SOCKET and packet.loopback:
        known, has = known & ~LOOPBACK, 0
    if not packet.loopback:
        known |= APP_LOOPBACK | NON_APP_LOOPBACK
    elif said.app_loopback is not None:
        known |= APP_LOOPBACK | NON_APP_LOOPBACK
        has |= APP_LOOPBACK if said.app_loopback else NON_APP_LOOPBACK
    if said.secured is not None:
        known |= SECURED
        has |= SECURED if said.secured else 0
    if said.raw:
        known, has = known | RAW, has | RAW
    if step.stem == RESOURCE_ASSIGNMENT and said.bind is not None:
        if said.bind == "any":
            known, has = known | WILDCARD_BIND, has | WILDCARD_BIND
        elif packet.direction == "in":
            known |= WILDCARD_BIND
    fragments, of_them = _fragments(packet, step)
    return Flags(known | fragments, has | of_them)


def _fragments(packet: Packet, step: FlowLayer) -> tuple[int, int]:
    """Return the flags of fragments that are known, and those that are set: the layers that have them see each alone.

    Source: https://learn.microsoft.com/windows/win32/fwp/filtering-condition-flags-
    """
    said, every = packet.said.fragment, FRAGMENT | FRAGMENT_GROUP | REASSEMBLED
    if step.stem == INBOUND_IPPACKET:
        here = FRAGMENT | REASSEMBLED
        if said is None:
            return every & ~here, 0
        return (every & ~REASSEMBLED, FRAGMENT) if said else (every, 0)
    if step.stem == IPFORWARD and said is not False:
        return every & ~FRAGMENT_GROUP, 0
    return every, 0
