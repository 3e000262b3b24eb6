"""What is to be borne in mind because of what a packet is and what is said of it, whichever filters it meets.

Sources, below https://learn.microsoft.com/windows/win32/fwp/: ale-multicast-broadcast-traffic for answers to many,
ale-stateful-filtering for errors of ICMP, management-filtering-layer-identifiers- for fragments.
"""

from collections.abc import Iterator
from dataclasses import fields

from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_circumstances import Circumstances

#: What a design's outcomes tell apart by themselves, and what says by which way a packet goes.
_TELLING = ("secured", "forwarded", "fragment")
_NAMES = {"app_loopback": "loopback of app packages"}


def answers_to_many(packet: Packet) -> Iterator[str]:
    """Yield what becomes of the answers to a multicast or broadcast packet."""
    if packet.direction == "out" and packet.local_type in ("multicast", "broadcast") and not packet.later:
        yield (
            "For four seconds after a multicast or broadcast packet went out, answers are let in without being asked "
            "for at ALE, unless a filter sets another time."
        )


def of_kind(packet: Packet) -> Iterator[str]:
    """Yield what is to be known, under a design, of a packet that does not meet every layer."""
    if packet.kind == "icmp-error":
        yield (
            "An ICMP error does not meet the ALE layers: only ICMP messages that are no errors do. At the ICMP_ERROR "
            "layers, which it meets in their place, a design has no filters."
        )


def of_fragment(packet: Packet) -> Iterator[str]:
    """Yield which layer meets a fragment, and which what it is a part of."""
    if packet.said.fragment and packet.kind != "forwarded":
        yield (
            "A fragment meets INBOUND_IPPACKET as it arrives; the layers above meet what it is a part of, once that is "
            "put together."
        )


def of_security(packet: Packet) -> Iterator[str]:
    """Yield which of the outcomes under a design are those of a packet that is said to be secured, or clear."""
    secured = packet.said.secured
    if secured is None or packet.kind in ("ipsec", "forwarded"):
        return
    if secured:
        yield "It is said to be secured: what holds is what a peer with IPsec comes to once negotiation has ended."
    else:
        yield "It is said to be clear: what holds is what comes while IPsec negotiates, and of a peer without IPsec."


def unasked(packet: Packet) -> Iterator[str]:
    """Yield what is said of a packet that no filter of a design asks for."""
    said = _said(packet.said)
    if said:
        yield f"What is said of {', '.join(said)} changes nothing here: no filter of a design asks for it."


def _said(circumstances: Circumstances) -> tuple[str, ...]:
    names = (each.name for each in fields(circumstances) if each.name not in _TELLING)
    return tuple(_NAMES.get(name, name) for name in names if getattr(circumstances, name) is not None)
