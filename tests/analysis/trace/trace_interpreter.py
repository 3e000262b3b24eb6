"""What a packet meets, once more and by the book: plain loops over documents, nothing of the tracer.

It reads the JSON a bundle holds and the filters the emulated engine adds for IKE, asks every filter in turn, and plays
the packet through, once in clear and once secured, instead of following rules about which role outranks which.
"""

from ipaddress import ip_address
from itertools import product
from typing import Any

from ndtui.analysis.traffic.packet import Packet
from ndtui.backends.bfe.rules.builtin_exemptions import ike_exemptions
from ndtui.model.design.design import Design
from tests.analysis.access import is_met
from tests.support import documents

Filter = dict[str, Any]
Outcome = tuple[tuple[str, str], tuple[str, str]]

NUMBERS = ("uint8", "uint16", "uint32", "uint64")
SUBLAYERS = {"FWPM_SUBLAYER_UNIVERSAL": 0x8000}
ADDRESS_TYPES = {"unicast": 1, "anycast": 2, "multicast": 3, "broadcast": 4}
INBOUND = ("INBOUND_IPPACKET", "INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT")
OUTBOUND = ("ALE_AUTH_CONNECT", "OUTBOUND_TRANSPORT", "OUTBOUND_IPPACKET")
FORWARDED = ("INBOUND_IPPACKET", "IPFORWARD", "OUTBOUND_IPPACKET")


class Machine:
    """A machine with the policy of a design."""

    def __init__(self, design: Design) -> None:
        made = documents(design)
        self.filters: list[Filter] = [f for f in made["filters"] if "FWPM_FILTER_FLAG_BOOTTIME" not in f["flags"]]
        self.weights = SUBLAYERS | {each["subLayerKey"]: each["weight"] for each in made["subLayers"]}
        if any("MM_CONTEXT" in context["type"] for context in made["providerContexts"]):
            self.filters += [self._weighed(each) for each in ike_exemptions()]

    @staticmethod
    def _weighed(exemption: Filter) -> Filter:
        """Give one of BFE's filters an effective weight: any in range 0xC, for there it only meets permits."""
        return {**exemption, "effectiveWeight": {"uint64": 0xC << 60}}

    def layers(self, packet: Packet) -> list[str]:
        """Return the layers the packet meets: what is passed on to another host is none of this host's traffic."""
        if packet.said.forwarded:
            return [f"FWPM_LAYER_{name}_{packet.family}" for name in FORWARDED]
        names = INBOUND if packet.direction == "in" else OUTBOUND
        met = [name for name in names if not (packet.later and name.startswith("ALE"))]
        if packet.protocol in (50, 51):  # ESP and AH: decrypted below the transport layers
            met = [name for name in met if name.endswith("IPPACKET")]
        if packet.protocol == 1 and packet.family == "V4" and packet.icmp_type in (3, 4, 5, 11, 12):
            met = [name for name in met if not name.startswith("ALE")]
        if packet.protocol == 58 and packet.family == "V6" and (packet.icmp_type or 0) < 128:
            met = [name for name in met if not name.startswith("ALE")]
        return [f"FWPM_LAYER_{name}_{packet.family}" for name in met]

    def at(self, layer: str) -> list[Filter]:
        """Return the filters of a layer."""
        return [each for each in self.filters if each["layerKey"] == layer]

    def matching(self, layer: str, packet: Packet) -> dict[str, list[Filter]]:
        """Return the filters that match, by sublayer, the sublayers by weight."""
        found: dict[str, list[Filter]] = {}
        for each in self.at(layer):
            if first_failed(each, packet) is None:
                found.setdefault(each["subLayerKey"], []).append(each)
        return {key: found[key] for key in sorted(found, key=lambda key: -self.weights[key])}

    def deciding(self, layer: str, packet: Packet) -> list[list[Filter]]:
        """Return per sublayer the matching filters of the highest weight, any of which may decide."""
        return [[f for f in own if weight(f) == max(map(weight, own))] for own in self.matching(layer, packet).values()]

    def possible(self, packet: Packet) -> set[Outcome]:
        """Return what may become of a packet: more than one thing where filters that tie do not do the same."""
        choices = [product(*map(distinct, self.deciding(layer, packet))) for layer in self.layers(packet)]
        return {self.outcome([list(own) for own in layers]) for layers in product(*choices)}

    def outcome(self, layers: list[list[Filter]]) -> Outcome:
        """Return (first, settled) with a peer that can negotiate, and with one that cannot, by what decides."""

        def through(kind: str) -> bool:
            return all(passes(own, kind) for own in layers)

        clear = self._word(layers) if through("clear") else "blocked"
        if not any(touches(each) for own in layers for each in own if "TRANSPORT" in own[0]["layerKey"]):
            return (clear, clear), (clear, clear)
        secured = next((kind for kind in ("protected", "encrypted") if through(kind)), "blocked")
        return (clear, secured), (clear, clear)

    @staticmethod
    def _word(layers: list[list[Filter]]) -> str:
        """Return how a packet that passes in clear is called."""
        filters = [each for own in layers for each in own if "IPPACKET" not in each["layerKey"]]
        if any(touches(each) for each in filters if "TRANSPORT" in each["layerKey"]):
            return "clear"
        return "exempt" if filters else "untouched"


def weight(each: Filter) -> int:
    """Return the effective weight of a filter."""
    return int(each["effectiveWeight"]["uint64"])


def distinct(filters: list[Filter]) -> list[Filter]:
    """Return one filter of each kind: those that hand the same to the same callout, or permit, or block."""
    kinds = {(f["action"]["type"], f["action"]["filterType"], f["rawContext"] or 0): f for f in filters}
    return list(kinds.values())


def touches(each: Filter) -> bool:
    """Tell whether a filter hands packets to IPsec."""
    return "CALLOUT" in each["action"]["type"]


def says(each: Filter, kind: str) -> str:
    """Return what a filter says to a packet that is clear, protected without encryption, or encrypted."""
    callout = each["action"]["filterType"] or ""
    if each["action"]["type"] == "FWP_ACTION_BLOCK":
        return "block"
    if kind == "encrypted" or not touches(each):
        return "permit"
    if "INITIATE_SECURE" in callout or "ALE_CONNECT" in callout:
        return "block" if kind == "clear" or each["rawContext"] == 8 else "permit"
    if kind == "protected":
        return "permit"
    lenient = {"FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT": 2, "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT": 1}
    return "permit" if each["rawContext"] == lenient[callout[:-3]] else "block"


def passes(filters: list[Filter], kind: str) -> bool:
    """Tell whether a layer lets a packet pass, given what decides in each sublayer, the heaviest sublayer first.

    Plain permits are soft here and callouts' blocks are too: what a lower sublayer says counts.
    """
    action = "permit"
    for each in filters:
        action = says(each, kind)
        if action == "block" and not touches(each):
            return False
    return action == "permit"


def first_failed(each: Filter, packet: Packet) -> str | None:
    """Return the field of the first condition that the packet fails; none if it matches."""
    fields = list(dict.fromkeys(c["fieldKey"] for c in each["filterCondition"]))
    for field in fields:
        values = [c["conditionValue"] for c in each["filterCondition"] if c["fieldKey"] == field]
        if not any(meets(field.removeprefix("FWPM_CONDITION_"), value, packet) for value in values):
            return field
    return None


def meets(field: str, value: dict[str, Any], packet: Packet) -> bool:
    """Tell whether a packet meets one condition; the account that has the IKE ports is the local system.

    Who may connect is whoever is not said to be unauthorized; networks are domain networks and LANs unless it is said,
    and a program is none that is named.
    """
    if field == "ALE_USER_ID":
        return "SY" in value["sd"]
    if field in ("ALE_REMOTE_MACHINE_ID", "ALE_REMOTE_USER_ID"):
        return is_met(field, value["sd"], packet)
    if field == "CURRENT_PROFILE_ID":
        return number(value) == {None: 3, "domain": 3, "private": 2, "public": 1}[packet.profile]
    if field == "INTERFACE_TYPE":
        known = {None: 6, "lan": 6, "wireless": 71, "remote-access": 23}
        return number(value) == known.get(packet.interface, packet.interface)
    if field == "ALE_APP_ID":
        return value["byteBlob"]["asString"].lower() == packet.program.lower()
    has = {
        "IP_PROTOCOL": packet.protocol,
        "IP_LOCAL_ADDRESS_TYPE": ADDRESS_TYPES[packet.local_type],
        "IP_LOCAL_ADDRESS": packet.local_address,
        "IP_REMOTE_ADDRESS": packet.remote_address,
        "IP_LOCAL_PORT": packet.local_port if packet.local_port is not None else packet.icmp_type,
        "IP_REMOTE_PORT": packet.remote_port if packet.remote_port is not None else packet.icmp_code,
        "ORIGINAL_ICMP_TYPE": packet.icmp_type,
    }[field]
    if has is None:
        return False
    if value["type"] == "FWP_RANGE_TYPE":
        low, high = (number(value["rangeValue"][end]) for end in ("valueLow", "valueHigh"))
        return low <= has <= high
    if value["type"] == "FWP_V4_ADDR_MASK":
        subnet = value["v4AddrMask"]
        mask = int(ip_address(subnet["mask"]))
        return has & mask == int(ip_address(subnet["addr"])) & mask
    if value["type"] == "FWP_V6_ADDR_MASK":
        subnet = value["v6AddrMask"]
        hosts = 128 - subnet["prefixLength"]
        return has >> hosts == int(ip_address(subnet["addr"])) >> hosts
    return has == number(value)


def number(value: dict[str, Any]) -> int:
    """Return the number a plain value holds; addresses are texts."""
    found = next(value[member] for member in (*NUMBERS, "byteArray16") if member in value)
    return int(ip_address(found)) if isinstance(found, str) else int(found)
