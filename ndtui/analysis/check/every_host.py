"""What is every host, every port, and no host at all, however the addresses and ports are written."""

from collections.abc import Iterable, Sequence

from ndtui.analysis.packet_sets.ranges import common, merged, without
from ndtui.analysis.packet_sets.traffic_sets import on_the_network
from ndtui.model.design.addresses import AddressRange, parse_addresses
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import PortRange
from ndtui.model.vocabulary.layers import Family

#: Port 0 is reserved and no service has it (RFC 6335, section 6).
_PORTS = ((1, 65535),)
#: RFC 6335, section 6, and what Windows gives out unless it is told else.
_DYNAMIC = ((49152, 65535),)
_LOOPBACK: dict[Family, str] = {"V4": "127.0.0.0/8", "V6": "::1"}


def is_every_host(ranges: Sequence[AddressRange], family: Family) -> bool:
    """Tell whether addresses leave out no host of a family: none are named, or all are."""
    if not ranges:
        return True
    hosts = on_the_network("in", family).remote
    if not any(each.family == family and each.low <= hosts[0][0] for each in ranges):
        return False  # the usual case
    return not without(hosts, merged((each.low, each.high) for each in ranges if each.family == family))


def every_host_in(families: Iterable[Family], *sides: Sequence[AddressRange]) -> tuple[Family, ...]:
    """Return those of some families in which the addresses of each side leave out no host."""
    return tuple(family for family in families if all(is_every_host(ranges, family) for ranges in sides))


def everywhere(exemption: Exemption, families: tuple[Family, ...]) -> tuple[Family, ...]:
    """Return those of some families in which an exemption holds for all addresses, networks and programs."""
    if exemption.profiles or exemption.interfaces or exemption.program:
        return ()
    return every_host_in(exemption.reach(families), exemption.local_addresses, exemption.remote_addresses)


def has_hosts(ranges: Sequence[AddressRange], family: Family) -> bool:
    """Tell whether addresses of hosts are among ranges, or those by which this one reaches itself."""
    asked = merged((r.low, r.high) for r in ranges if r.family == family)
    own = merged((r.low, r.high) for r in parse_addresses(_LOOPBACK[family]))
    return bool(common(asked, on_the_network("in", family).remote) or common(asked, own))


def has_clients(ranges: Sequence[PortRange]) -> bool:
    """Tell whether ports leave out none that a client is given by itself: none are named, or all dynamic ones are."""
    return not ranges or not without(_DYNAMIC, merged((each.low, each.high) for each in ranges))


def is_every_port(ranges: Sequence[PortRange]) -> bool:
    """Tell whether ports leave none out: none are named, or all are."""
    return not ranges or not without(_PORTS, merged((each.low, each.high) for each in ranges))
