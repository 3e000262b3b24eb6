"""What a policy does with a packet, by plain loops over its documents: slow, short, and made from the pages alone."""

from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import ip_address
from itertools import product
from typing import Any

from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.document_types import Document
from ndtui.model.design.design import Design
from tests.analysis.access import is_met
from tests.support import documents

TRANSPORT_IN, TRANSPORT_OUT = "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"
ACCEPT, CONNECT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT", "FWPM_LAYER_ALE_AUTH_CONNECT"
GROUP, DENIED = "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-9"
IKE = {"V4": (500, 4500), "V6": (500,)}


def true_of(verdict: str) -> tuple[str, ...]:
    """Return what the packets may be of which a verdict is true."""
    several = {"clear": ("requested", "exempt", "untouched"), "protected": ("protected", "encrypted")}
    return several.get(verdict, (verdict,))


class Brute:
    """The documents of a design in the universal sublayer, asked packet by packet."""

    def __init__(self, design: Design) -> None:
        self.layers: dict[str, list[tuple[Document, Matcher]]] = {}
        for each in documents(design)["filters"]:
            if "FWPM_FILTER_FLAG_BOOTTIME" in each["flags"]:
                continue
            self.layers.setdefault(each["layerKey"], []).append((each, matcher(each)))

    def verdict(self, packet: Packet) -> str:
        """Return the verdict of an assertion that is true of the packet, the one that says most."""
        transport, ale = self._both(packet)
        if "block" in (transport, ale):
            return "blocked"
        if transport in ("require", "persist", "discover") and ale == "encrypt":
            return "encrypted"
        if transport == "require":
            return "protected"
        if transport in ("persist", "discover"):
            return "protected" if ale == "secure" else "requested"
        if ale in ("secure", "encrypt"):
            return "blocked"
        return "exempt" if "permit" in (transport, ale) else "untouched"

    def _both(self, packet: Packet) -> tuple[str, str]:
        """Return what the transport layer does and what ALE does; not every packet meets them."""
        if packet.protocol in (50, 51):
            return "none", "none"
        transport, ale = (TRANSPORT_IN, ACCEPT) if packet.direction == "in" else (TRANSPORT_OUT, CONNECT)
        errors = {(1, "V4"): (3, 4, 5, 11, 12), (58, "V6"): range(128)}.get((packet.protocol, packet.family), ())
        at_ale = "none" if packet.icmp_type in errors else self._does(f"{ale}_{packet.family}", packet)
        return self._does(f"{transport}_{packet.family}", packet), at_ale

    def _does(self, layer: str, packet: Packet) -> str:
        if packet.protocol == 17 and packet.local_port in IKE[packet.family]:
            return "permit"
        found = [each for each, matches in self.layers.get(layer, []) if matches(packet)]
        if not found:
            return "none"
        first = max(found, key=lambda each: each["effectiveWeight"]["uint64"])  # of those that tie the first
        if first["action"]["type"] in ("FWP_ACTION_PERMIT", "FWP_ACTION_BLOCK"):
            return "permit" if "PERMIT" in first["action"]["type"] else "block"
        if first["rawContext"] == 8:
            return "encrypt"
        if "INITIATE_SECURE" in first["action"]["filterType"]:
            return "secure"
        return {0: "require", 1: "discover", 2: "persist"}[first["rawContext"]]


Matcher = Callable[[Packet], bool]


def matcher(document: Document) -> Matcher:
    """Return what tells whether a packet meets the conditions: of each field one, of all fields all."""
    fields: dict[str, list[Any]] = {}
    for condition in document["filterCondition"]:
        fields.setdefault(condition["fieldKey"], []).append(condition["conditionValue"])

    def matches(packet: Packet) -> bool:
        return all(any(_holds(name, value, packet) for value in values) for name, values in fields.items())

    return matches


@cache
def _fields(packet: Packet) -> dict[str, Any]:
    icmp = packet.icmp_type is not None
    types = ("unicast", "anycast", "multicast", "broadcast")
    return {
        "FWPM_CONDITION_IP_PROTOCOL": packet.protocol,
        "FWPM_CONDITION_IP_LOCAL_ADDRESS": packet.local_address,
        "FWPM_CONDITION_IP_REMOTE_ADDRESS": packet.remote_address,
        "FWPM_CONDITION_IP_LOCAL_PORT": packet.icmp_type if icmp else packet.local_port,
        "FWPM_CONDITION_IP_REMOTE_PORT": packet.icmp_code if icmp else packet.remote_port,
        "FWPM_CONDITION_ORIGINAL_ICMP_TYPE": packet.icmp_type,
        "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE": types.index(packet.local_type) + 1,
        "FWPM_CONDITION_CURRENT_PROFILE_ID": ("unknown", "public", "private", "domain").index(
            packet.profile or "domain"
        ),
        "FWPM_CONDITION_INTERFACE_TYPE": {"lan": 6, "wireless": 71, None: 6}.get(packet.interface, packet.interface),
        "FWPM_CONDITION_ALE_APP_ID": packet.program.lower(),
    }


def _holds(field: str, value: Any, packet: Packet) -> bool:
    if value["type"] == "FWP_SECURITY_DESCRIPTOR_TYPE":
        return is_met(field, value["sd"], packet)
    return _equal(value, _fields(packet)[field])


def _equal(value: Any, number: Any) -> bool:
    if number is None:
        return False
    if value["type"] == "FWP_BYTE_BLOB_TYPE":
        return value["byteBlob"]["asString"].lower() == number
    if value["type"] == "FWP_RANGE_TYPE":
        ends = value["rangeValue"]
        return _number(ends["valueLow"]) <= number <= _number(ends["valueHigh"])
    if "v4AddrMask" in value:
        mask = value["v4AddrMask"]
        bits = _address(mask["mask"])
        return _address(mask["addr"]) & bits == number & bits
    if "v6AddrMask" in value:
        mask = value["v6AddrMask"]
        return _address(mask["addr"]) >> (128 - mask["prefixLength"]) == number >> (128 - mask["prefixLength"])
    return _number(value) == number


def _number(value: Any) -> int:
    member = next(member for name, member in value.items() if name != "type")
    return member if isinstance(member, int) else _address(member)


@cache
def _address(text: str) -> int:
    return int(ip_address(text))


#: A small world: every end of a range that ``small`` draws is in it, and beside them one of each that is in none.
REMOTES = [int(ip_address(f"10.0.0.{n}")) for n in (0, 1, 2, 3, 4, 5, 6, 7, 200)]
LOCALS = [int(ip_address(f"10.1.0.{n}")) for n in (0, 1, 2, 3, 200)]
REMOTE_PORTS = [0, 1, 2, 3, 4, 9000]
LOCAL_PORTS = [0, 1, 2, 500, 9000]
V6 = (int(ip_address("2001:db8::9")), int(ip_address("2001:db8::5")))


@cache
def world(direction: str, family: str) -> tuple[Packet, ...]:
    """Return one packet of each kind that designs drawn by ``small`` can tell apart."""
    return tuple(_world(direction, family))


def _world(direction: str, family: str) -> Iterator[Packet]:
    pairs = product(LOCALS, REMOTES) if family == "V4" else [V6]
    for local, remote in pairs:
        ends: Any = (direction, family)
        for protocol, mine, theirs in product((6, 17), LOCAL_PORTS, REMOTE_PORTS):
            yield Packet(*ends, protocol, local, remote, mine, theirs)
        for kind, code in product((0, 3, 8, 77), (0, 1)):
            yield Packet(*ends, 1 if family == "V4" else 58, local, remote, icmp_type=kind, icmp_code=code)
        for protocol in (47, 50):
            yield Packet(*ends, protocol, local, remote)


PROGRAMS = (r"C:\a b\x.exe", r"C:\Y.exe")
#: A smaller world in which rules are told apart too: networks, who the peer is, and programs.
_WHO: list[Any] = list(
    product(("domain", "private", "public"), ("lan", "wireless", 131), (False, True), ("", *PROGRAMS))
)


@cache
def ruled_world(direction: str, family: str) -> tuple[Packet, ...]:
    """Return one packet of each kind that designs drawn by ``small_ruled_designs`` can tell apart."""
    return tuple(_ruled_world(direction, family))


def _ruled_world(direction: str, family: str) -> Iterator[Packet]:
    pairs = product((LOCALS[0], LOCALS[-1]), (REMOTES[0], REMOTES[2], REMOTES[-1])) if family == "V4" else [V6]
    for (local, remote), (profile, interface, unauthorized, program) in product(pairs, _WHO):
        ends: Any = (direction, family)
        said: Any = {"profile": profile, "interface": interface, "unauthorized": unauthorized}
        said["program"] = program
        for mine, theirs in product((0, 2, 9000), repeat=2):
            yield Packet(*ends, 6, local, remote, mine, theirs, **said)
        for mine in (0, 500, 4500):
            yield Packet(*ends, 17, local, remote, mine, 9000, **said)
        for kind in (0, 3, 8, 200):
            yield Packet(*ends, 1 if family == "V4" else 58, local, remote, icmp_type=kind, icmp_code=0, **said)
        for protocol in (47, 50):
            yield Packet(*ends, protocol, local, remote, **said)
