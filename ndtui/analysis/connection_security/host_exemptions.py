"""What Windows Firewall leaves out of IPsec for the whole host, by the bits of its setting.

Sources: [MS-GPFAS] 2.2.1.5 (IPsecExempt); [MS-FASP] 2.2.39 for the traffic of each, by which both discoveries are of
ICMPv6; their types, which it does not name, are those of RFC 4861, section 4: all of them, and those of routers.
Set-NetFirewallSetting, Exemptions, for what is usual since Windows 7.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from ndtui.model.design.exemption import Exemption, rebuild

NEIGHBOURS, ICMP, ROUTERS, DHCP = 1, 2, 4, 8
#: What is left out where nobody said anything.
USUAL = NEIGHBOURS | DHCP
#: The exemptions that each bit stands for, in plain data.
LEFT_OUT: tuple[tuple[int, dict[str, Any]], ...] = (
    *(
        (NEIGHBOURS, {"name": f"Neighbour discovery {kind}", "protocol": 58, "icmp_type": kind, "families": ["V6"]})
        for kind in range(133, 138)
    ),
    (ICMP, {"name": "ICMP", "protocol": "icmp"}),
    (ROUTERS, {"name": "Router solicitation", "protocol": 58, "icmp_type": 133, "families": ["V6"]}),
    (ROUTERS, {"name": "Router advertisement", "protocol": 58, "icmp_type": 134, "families": ["V6"]}),
    (DHCP, {"name": "DHCP", "protocol": "udp", "local_ports": [68], "remote_ports": [67], "families": ["V4"]}),
    (DHCP, {"name": "DHCPv6", "protocol": "udp", "local_ports": [546], "remote_ports": [547], "families": ["V6"]}),
)


def left_out_by(bits: int) -> list[dict[str, Any]]:
    """Return the exemptions of some bits, in plain data; router discovery is part of neighbour discovery."""
    needed = bits & ~ROUTERS if bits & NEIGHBOURS else bits
    return [each for bit, each in LEFT_OUT if needed & bit]


def unknown_bits(bits: int) -> list[str]:
    """Return a line on bits that stand for nothing, if there are such."""
    unknown = bits & ~(NEIGHBOURS | ICMP | ROUTERS | DHCP)
    return [f"IPsecExempt: {unknown:#x} stands for nothing that is left out"] if unknown else []


def said_by_bits(exemptions: Iterable[Exemption]) -> tuple[int, frozenset[str]]:
    """Return the bits of which exemptions say all, and the names of the exemptions that say it."""
    bits, names = 0, set[str]()
    held = [(each.name, _nameless(each)) for each in exemptions if each.enabled]
    for bit, wanted in _nameless_ones():
        if bit == ROUTERS and bits & NEIGHBOURS:
            continue
        found = [{name for name, each in held if each == one} for one in wanted]
        if all(found):
            bits |= bit
            names |= set().union(*found)
    return bits, frozenset(names)


@cache
def _nameless_ones() -> tuple[tuple[int, tuple[Exemption, ...]], ...]:
    every = [(bit, _nameless(Exemption.model_validate(each))) for bit, each in LEFT_OUT]
    return tuple((bit, tuple(each for own, each in every if own == bit)) for bit in (NEIGHBOURS, ICMP, ROUTERS, DHCP))


def _nameless(each: Exemption) -> Exemption:
    return rebuild(each, name="nameless", comment="")
