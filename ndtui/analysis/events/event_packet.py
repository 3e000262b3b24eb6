"""The packet of an event, as the trace takes one."""

from ipaddress import IPv4Address, ip_address

from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.traffic.packet import ECHO_REQUEST, TCP, UDP, Packet, parse_packet
from ndtui.common.errors import InputError
from ndtui.common.quoted_words import quoted
from ndtui.model.design.addresses import format_address
from ndtui.model.design.program_path import parse_program
from ndtui.model.vocabulary.layer_ids import layer_direction
from ndtui.model.vocabulary.layers import Family


class NoPacketError(ValueError):
    """An event tells of no packet that could be traced; says what is missing."""


def packet_of(event: NetworkEvent) -> Packet:
    """Return the packet of an event.

    Its direction is that of the layer, where only one direction meets that: an event at a layer for connections that
    arrive may be about a packet that answers. What the event does not say stays open, and so does the network's
    profile: by which numbers events name it is not documented.

    Raises:
        NoPacketError: there is none; says why.
    """
    if not event.remote_address:
        raise NoPacketError("the event names no peer: it is about a port, not about a packet")
    way = direction(event)
    if event.protocol is None:
        raise NoPacketError("the event names no protocol")
    family, local = _address(event.local_address, "local")
    other, remote = _address(event.remote_address, "remote")
    if family != other:
        raise NoPacketError("the addresses of the event are of two families")
    ports = event.protocol in (TCP, UDP)
    if ports and (event.local_port is None or event.remote_port is None):
        raise NoPacketError("the event names no ports")
    ends = [
        _end(family, local, event.local_port if ports else None),
        _end(family, remote, event.remote_port if ports else None),
    ]
    if way == "in":
        ends.reverse()
    words = [way, str(event.protocol), ends[0], "->", ends[1], *_words(event)]
    try:
        return parse_packet(" ".join(words))
    except InputError as error:
        raise NoPacketError(f"the event's packet cannot be traced: {error.message}") from None


def direction(event: NetworkEvent) -> str:
    """Return ``in`` or ``out``.

    Raises:
        NoPacketError: nothing tells, or the packet was one to forward.
    """
    way = layer_direction(event.layer) or event.way
    if way in ("in", "out"):
        return way
    if way == "forward":
        raise NoPacketError("the packet was one to forward, which no trace follows")
    raise NoPacketError("nothing tells whether the packet arrived or was sent")


def _words(event: NetworkEvent) -> list[str]:
    words = []
    if event.protocol in ECHO_REQUEST:
        if event.local_port is None or event.remote_port is None:
            raise NoPacketError("the event names no ICMP type and code")
        if event.local_port > 255 or event.remote_port > 255:
            raise NoPacketError("the event's ICMP type and code are no numbers from 0 to 255")
        words += ["type", str(event.local_port), "code", str(event.remote_port)]
    if event.loopback:
        words.append("loopback")
    if _is_path(event.program):
        words += ["app", quoted([event.program])]
    return words


def _is_path(program: str) -> bool:
    """Tell whether a program is the path of a file: Windows also names its kernel, "System"."""
    try:
        return bool(parse_program(program))
    except ValueError:
        return False


def _address(text: str, which: str) -> tuple[Family, int]:
    if not text:
        raise NoPacketError(f"the event names no {which} address")
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        raise NoPacketError(f"the {which} address of the event is none") from None
    return ("V4" if isinstance(address, IPv4Address) else "V6"), int(address)


def _end(family: Family, address: int, port: int | None) -> str:
    text = format_address(family, address)
    if port is None:
        return text
    return f"[{text}]:{port}" if family == "V6" else f"{text}:{port}"
