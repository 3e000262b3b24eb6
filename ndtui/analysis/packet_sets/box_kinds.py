"""Kinds of packets as boxes: what of a box is an error of ICMP or a packet of IPsec itself, and what is neither."""

from collections.abc import Iterator

from ndtui.analysis.packet_sets.box import Box
from ndtui.analysis.packet_sets.ranges import Ranges, common, without
from ndtui.analysis.traffic.packet_kind import ICMP, ICMP_ERRORS, IPSEC_PROTOCOLS, PacketKind
from ndtui.model.vocabulary.layers import Family

#: Every protocol but those of IPsec itself: what is meant where none is named.
ANY_PROTOCOL: Ranges = without(((0, 255),), IPSEC_PROTOCOLS)


def by_kind(box: Box, family: Family) -> Iterator[tuple[PacketKind, Box]]:
    """Yield the parts of a box with the kind of all their packets; together they are the box."""
    icmp: Ranges = ((ICMP[family], ICMP[family]),)
    errors = ICMP_ERRORS[family]
    messages = common(box.protocol, icmp)
    parts: tuple[tuple[PacketKind, Ranges, Ranges], ...] = (
        ("usual", without(common(box.protocol, ANY_PROTOCOL), icmp), box.local_port),
        ("usual", messages, without(box.local_port, errors)),
        ("icmp-error", messages, common(box.local_port, errors)),
        ("ipsec", common(box.protocol, IPSEC_PROTOCOLS), box.local_port),
    )
    for kind, protocol, local_port in parts:
        if protocol and local_port:
            yield kind, box._replace(protocol=protocol, local_port=local_port)
