"""Kinds of packets that do not meet every layer: errors of ICMP, the packets of IPsec itself, and what is passed on.

Sources: https://learn.microsoft.com/windows/win32/fwp/ale-stateful-filtering, by which only ICMP messages that are no
errors are indicated to ALE; https://learn.microsoft.com/windows-hardware/drivers/network/developing-ipsec-compatible-callout-drivers,
by which IPsec is below the transport layers, that meet what ESP and AH carried as it was before. Which messages are
errors: RFC 1122, section 3.2.2, and RFC 4443, section 2.1. What is passed on to another host meets IPFORWARD in place
of the transport layers: https://learn.microsoft.com/windows/win32/fwp/management-filtering-layer-identifiers-
"""

from collections.abc import Mapping
from typing import Literal

from ndtui.model.vocabulary.layers import Family

PacketKind = Literal["usual", "icmp-error", "ipsec", "forwarded"]

ICMP: Mapping[Family, int] = {"V4": 1, "V6": 58}
#: The types of ICMP messages that are errors, as intervals.
ICMP_ERRORS: Mapping[Family, tuple[tuple[int, int], ...]] = {"V4": ((3, 5), (11, 12)), "V6": ((0, 127),)}
#: The protocols of IPsec itself, ESP and AH, as an interval.
IPSEC_PROTOCOLS: tuple[tuple[int, int], ...] = ((50, 51),)


def kind_of(family: Family, protocol: int, icmp_type: int | None) -> PacketKind:
    """Return which kind of packet has a protocol and, of ICMP, a type, among those that begin or end at this host."""
    if _within(protocol, IPSEC_PROTOCOLS):
        return "ipsec"
    error = protocol == ICMP[family] and icmp_type is not None and _within(icmp_type, ICMP_ERRORS[family])
    return "icmp-error" if error else "usual"


def _within(number: int, intervals: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= number <= high for low, high in intervals)
