"""Packets for the trace screen: the next one to ask about at the press of a key, and one that an exemption matches."""

from dataclasses import replace
from ipaddress import ip_address

from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet import ECHO_REQUEST, TCP, UDP, Packet
from ndtui.analysis.traffic.packet_kind import ICMP
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import PortRange
from ndtui.model.design.scope import Scope
from ndtui.model.vocabulary.layers import OUTBOUND_TRANSPORT, Family

START = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
"""What is traced first, when nothing else suggests itself."""

Ports = tuple[int | None, int | None]
"""The local and the remote port."""

_CLIENT, _SERVICE = 51000, 443
_LOCAL: dict[Family, str] = {"V4": "10.0.0.9", "V6": "2001:db8::9"}
_REMOTE: dict[Family, str] = {"V4": "10.0.0.5", "V6": "2001:db8::5"}


def turned(packet: Packet) -> Packet:
    """Return the packet that goes the other way between the same hosts, for the same service.

    What goes to many at once keeps its destination: then it is this host that sends it.
    """
    other: Direction = "out" if packet.direction == "in" else "in"
    back = replace(packet, direction=other, local_port=packet.remote_port, remote_port=packet.local_port)
    if packet.local_type in ("multicast", "broadcast"):
        return replace(back, local_address=packet.remote_address, remote_address=packet.local_address)
    return back


def with_next_protocol(packet: Packet, ports: Ports) -> Packet:
    """Return the packet with the next of TCP, UDP and ICMP; ``ports`` are for one that had none."""
    if packet.protocol == UDP:
        number = ICMP[packet.family]
        bare = replace(packet, protocol=number, local_port=None, remote_port=None)
        return replace(bare, icmp_type=ECHO_REQUEST[number], icmp_code=0)
    if packet.protocol == TCP:
        return replace(packet, protocol=UDP)
    bare = replace(packet, protocol=TCP, icmp_type=None, icmp_code=None)
    return replace(bare, local_port=ports[0], remote_port=ports[1])


def usual_ports(direction: Direction) -> Ports:
    """Return the ports of a client and a service, the client being the one that sends."""
    return (_SERVICE, _CLIENT) if direction == "in" else (_CLIENT, _SERVICE)


def matching(exemption: Exemption, families: tuple[Family, ...], layer: str = "") -> Packet | None:
    """Return a packet that an exemption matches, of the families of a design; none where the two share no family.

    ``layer`` is the full name of one at which it has a filter, if that is the one in question: it says which way the
    packet goes and of which family it is. Otherwise a packet goes out to a remote port, and comes in to everything else
    that is covered inbound.
    """
    reach = exemption.reach(families)
    if not reach:
        return None
    family = reach[0]
    if layer:
        family = "V6" if layer.endswith("_V6") else "V4"
    elif exemption.protocol == 58 and "V6" in reach:
        family = "V6"
    number = exemption.protocol_number(family)
    number = TCP if number is None else number
    direction = _direction(exemption, layer)
    ports: Ports = (None, None)
    if number in (TCP, UDP):
        usual = usual_ports(direction)
        ports = (_first(exemption.local_ports, usual[0]), _first(exemption.remote_ports, usual[1]))
    kind = exemption.icmp_type
    if kind is None:
        kind = ECHO_REQUEST.get(number)
    return Packet(
        direction=direction,
        family=family,
        protocol=number,
        local_address=_address(exemption.local_addresses, family, _LOCAL),
        remote_address=_address(exemption.remote_addresses, family, _REMOTE),
        local_port=ports[0],
        remote_port=ports[1],
        icmp_type=kind,
        icmp_code=None if kind is None else exemption.icmp_code or 0,
        profile=exemption.profiles[0] if exemption.profiles else None,
        interface=exemption.interfaces[0] if exemption.interfaces else None,
        program=exemption.program,
    )


def in_scope(scope: Scope, families: tuple[Family, ...], layer: str = "") -> Packet | None:
    """Return a packet of a rule's scope, as ``matching`` has one of an exemption's.

    Where the service may be on either side it is here.
    """
    said = scope.model_dump(mode="json", exclude_defaults=True, exclude={"either_port"})
    if scope.either_port:
        del said["remote_ports"]
    return matching(Exemption.model_validate({"name": "traffic", **said}), families, layer)


def _direction(exemption: Exemption, layer: str) -> Direction:
    stems = (layer,) if layer else exemption.stems
    ways: list[Direction] = ["out" if _goes_out(stem) else "in" for stem in stems]
    towards = bool(exemption.remote_ports) and not exemption.local_ports
    wanted: Direction = "out" if towards else "in"
    return wanted if wanted in ways else ways[0]


def _goes_out(layer: str) -> bool:
    return layer.startswith((OUTBOUND_TRANSPORT, "FWPM_LAYER_OUTBOUND_", "FWPM_LAYER_ALE_AUTH_CONNECT"))


def _first(ports: tuple[PortRange, ...], usual: int | None) -> int | None:
    return usual if not ports or any(usual is not None and p.low <= usual <= p.high for p in ports) else ports[0].low


def _address(ranges: tuple[AddressRange, ...], family: Family, usual: dict[Family, str]) -> int:
    """Return the usual address where it may be, otherwise one of those that are asked for: no network's own address."""
    number = int(ip_address(usual[family]))
    own = [each for each in ranges if each.family == family]
    if not own or any(each.low <= number <= each.high for each in own):
        return number
    low, high = own[0].low, own[0].high
    return low if high - low < 2 else low + 1
