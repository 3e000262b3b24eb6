"""Packet flow: the layers that a packet and its connection meet, in order, from bind to close, and those they do not.

Sources: https://learn.microsoft.com/windows/win32/fwp/tcp-packet-flows and .../udp-packet-flows for the order, by which
everything that is not TCP follows UDP; .../ale-layers and .../ale-stateful-filtering for what meets ALE and that errors
of ICMP are seen at the ICMP_ERROR layers in its place; .../management-filtering-layer-identifiers- for the others.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet import TCP, Packet
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    INBOUND_IPPACKET,
    INBOUND_TRANSPORT,
    IPFORWARD,
    OUTBOUND_IPPACKET,
    OUTBOUND_TRANSPORT,
)

BIND_REDIRECT = "FWPM_LAYER_ALE_BIND_REDIRECT"
RESOURCE_ASSIGNMENT = "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT"
LISTEN = "FWPM_LAYER_ALE_AUTH_LISTEN"
CONNECT_REDIRECT = "FWPM_LAYER_ALE_CONNECT_REDIRECT"
FLOW_ESTABLISHED = "FWPM_LAYER_ALE_FLOW_ESTABLISHED"
STREAM = "FWPM_LAYER_STREAM"
DATAGRAM_DATA = "FWPM_LAYER_DATAGRAM_DATA"
RESOURCE_RELEASE = "FWPM_LAYER_ALE_RESOURCE_RELEASE"
ENDPOINT_CLOSURE = "FWPM_LAYER_ALE_ENDPOINT_CLOSURE"
INBOUND_ICMP_ERROR = "FWPM_LAYER_INBOUND_ICMP_ERROR"
OUTBOUND_ICMP_ERROR = "FWPM_LAYER_OUTBOUND_ICMP_ERROR"

Phase = Literal["bind", "listen", "connect", "packet", "answer", "flow", "data", "close"]
#: What happens in each phase.
PHASES: dict[Phase, str] = {
    "bind": "the program's socket is bound",
    "listen": "the program listens",
    "connect": "the program connects",
    "packet": "the packet",
    "answer": "the answer of the handshake",
    "flow": "the connection is established",
    "data": "data of the connection, either way",
    "close": "the connection is closed",
}
#: The phases after the packet, which do not decide about the packet itself.
AFTER: tuple[Phase, ...] = ("answer", "data", "close")


class FlowLayer(NamedTuple):
    """One layer on the way, without its address family: in which phase it is met, and the way of what meets it.

    ``direction`` is missing for what goes either way.
    """

    phase: Phase
    stem: str
    direction: Direction | None


class UnmetLayer(NamedTuple):
    """A layer that is not met, without its family, and why."""

    stem: str
    why: str


def flow_of(packet: Packet) -> tuple[FlowLayer, ...]:
    """Return the layers that a packet and its connection meet, in order."""
    return tuple(_flow(packet))


def _flow(packet: Packet) -> Iterator[FlowLayer]:
    way = packet.direction
    if packet.kind == "forwarded":
        yield from _layers("packet", "in", INBOUND_IPPACKET, IPFORWARD)
        yield FlowLayer("packet", OUTBOUND_IPPACKET, "out")
    elif packet.kind == "ipsec":
        yield FlowLayer("packet", INBOUND_IPPACKET if way == "in" else OUTBOUND_IPPACKET, way)
    elif packet.kind == "icmp-error":
        if way == "in":
            yield from _layers("packet", way, INBOUND_IPPACKET, INBOUND_TRANSPORT, INBOUND_ICMP_ERROR)
        else:
            yield from _layers("packet", way, OUTBOUND_ICMP_ERROR, OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)
    elif packet.later:
        yield from _later(packet)
    elif packet.protocol == TCP:
        yield from _tcp(way)
    else:
        yield from _datagram(way)


def _later(packet: Packet) -> Iterator[FlowLayer]:
    data = STREAM if packet.protocol == TCP else DATAGRAM_DATA
    if packet.direction == "in":
        yield from _layers("packet", "in", INBOUND_IPPACKET, INBOUND_TRANSPORT, data)
    else:
        yield from _layers("packet", "out", data, OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)


def _tcp(way: Direction) -> Iterator[FlowLayer]:
    yield from _layers("bind", way, BIND_REDIRECT, RESOURCE_ASSIGNMENT)
    if way == "in":
        yield from _layers("listen", way, LISTEN)
        yield from _layers("packet", way, INBOUND_IPPACKET, INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT)
        yield from _layers("answer", "out", OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)
    else:
        yield from _layers("connect", way, CONNECT_REDIRECT, ALE_AUTH_CONNECT)
        yield from _layers("packet", way, OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)
        yield from _layers("answer", "in", INBOUND_IPPACKET, INBOUND_TRANSPORT)
    yield from _layers("flow", way, FLOW_ESTABLISHED)
    yield FlowLayer("data", STREAM, None)
    yield from _layers("close", way, ENDPOINT_CLOSURE, RESOURCE_RELEASE)


def _datagram(way: Direction) -> Iterator[FlowLayer]:
    yield from _layers("bind", way, BIND_REDIRECT, RESOURCE_ASSIGNMENT)
    if way == "in":
        yield from _layers("packet", way, INBOUND_IPPACKET, INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT)
        yield from _layers("flow", way, FLOW_ESTABLISHED)
        yield from _layers("packet", way, DATAGRAM_DATA)
    else:
        yield from _layers("connect", way, CONNECT_REDIRECT, ALE_AUTH_CONNECT)
        yield from _layers("flow", way, FLOW_ESTABLISHED)
        yield from _layers("packet", way, DATAGRAM_DATA, OUTBOUND_TRANSPORT, OUTBOUND_IPPACKET)
    yield from _layers("close", way, ENDPOINT_CLOSURE, RESOURCE_RELEASE)


def _layers(phase: Phase, direction: Direction, *stems: str) -> Iterator[FlowLayer]:
    yield from (FlowLayer(phase, stem, direction) for stem in stems)


_ALL = (
    BIND_REDIRECT,
    RESOURCE_ASSIGNMENT,
    LISTEN,
    CONNECT_REDIRECT,
    ALE_AUTH_CONNECT,
    INBOUND_IPPACKET,
    INBOUND_TRANSPORT,
    ALE_AUTH_RECV_ACCEPT,
    OUTBOUND_TRANSPORT,
    OUTBOUND_IPPACKET,
    FLOW_ESTABLISHED,
    STREAM,
    DATAGRAM_DATA,
    INBOUND_ICMP_ERROR,
    OUTBOUND_ICMP_ERROR,
    IPFORWARD,
    ENDPOINT_CLOSURE,
    RESOURCE_RELEASE,
)


def unmet_by(packet: Packet) -> tuple[UnmetLayer, ...]:
    """Return the layers of the documented flows that a packet and its connection do not meet, and why."""
    met = {each.stem for each in flow_of(packet)}
    return tuple(UnmetLayer(stem, _why(stem, packet)) for stem in _ALL if stem not in met)


def why_unmet(layer: str, packet: Packet) -> str:
    """Return why a packet does not meet a layer, by its full name, that is on no flow of its own."""
    family = layer.rpartition("_")[2]
    if family in FAMILIES and family != packet.family:
        return "of the other address family"
    return next((why for part, why in _ELSEWHERE.items() if part in layer), "on none of the documented flows")


#: Layers on no flow, by a part of their names.
_ELSEWHERE = {
    "_DISCARD": "only what was dropped is shown there, to be logged",
    "VSWITCH": "of a virtual switch, and this is the host's own traffic",
    "MAC_FRAME": "of frames, which the documented flows do not have",
    "RPC": "of remote procedure calls, by their own service",
    "IKEEXT": "where IKE looks up its policy, which no packet meets",
    "FWPM_LAYER_IPSEC": "where IPsec looks up its policy, which no packet meets",
    "KM_AUTHORIZATION": "where IKE asks who may negotiate, which no packet meets",
}


def _why(stem: str, packet: Packet) -> str:
    if packet.kind == "forwarded":
        return "it passes through this host, and belongs to no program here"
    if stem == IPFORWARD:
        return "it is not forwarded"
    if packet.kind == "icmp-error":
        return "it goes the other way" if "BOUND_" in stem else "an ICMP error belongs to no connection of its own"
    if "ICMP_ERROR" in stem:
        return "it is no ICMP error"
    return _why_of_kind(stem, packet)


def _why_of_kind(stem: str, packet: Packet) -> str:
    if packet.kind == "ipsec":
        return "it is IPsec itself: what it carries meets this layer decrypted"
    if packet.later and "_ALE_" in stem:
        return "its connection was authorised by the first packet"
    return _why_of_protocol(stem, packet)


def _why_of_protocol(stem: str, packet: Packet) -> str:
    if stem == DATAGRAM_DATA:
        return "TCP carries a stream"
    if stem in (STREAM, LISTEN) and packet.protocol != TCP:
        return "only TCP has it"
    if stem == LISTEN:
        return "this host connects, and does not listen"
    return "it goes the other way"
