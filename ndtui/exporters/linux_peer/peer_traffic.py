"""Traffic as the peer of a Windows host sees it: what is local there is remote here."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range
from itertools import product
from typing import NamedTuple

from ndtui.common.errors import InputError
from ndtui.exporters.contract import ExportError, Inexpressible
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ip_protocol import protocol_number
from ndtui.model.design.ports import PortRange
from ndtui.model.design.scope import Scope
from ndtui.model.vocabulary.layers import Family

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

EVERYTHING: dict[Family, Network] = {"V4": IPv4Network("0.0.0.0/0"), "V6": IPv6Network("::/0")}
#: More is no configuration that anybody reads; it is kept from using the machine up.
MOST = 256

#: What of a scope or an exemption is looked at here or where it is used. Anything else that is said is named: a peer
#: cannot know it.
_SEEN = frozenset(
    {
        *("local_addresses", "remote_addresses", "protocol", "local_ports", "remote_ports", "either_port"),
        *("name", "enabled", "families", "comment"),
    }
)
_WHY = {
    "profiles": "the kind of network that Windows is in is known to Windows alone",
    "interfaces": "the kind of interface that Windows uses is known to Windows alone",
    "layers": "it holds at some layers of Windows only, and a peer has one way in and one out",
    "icmp_type": "it would need both ends of a selector, which the programs read differently",
    "program": "which program of Windows sends or receives is known to Windows alone",
    "icmp_code": "it would need both ends of a selector, which the programs read differently",
}


class Service(NamedTuple):
    """A protocol by its number and the port of each side; ``None`` is any."""

    protocol: int | None
    peer_port: int | None = None
    windows_port: int | None = None


class Passage(NamedTuple):
    """Traffic that goes in clear: networks of the peer and of Windows, and a service."""

    family: Family
    peer: Network
    windows: Network
    service: Service


def family_of(address: Address) -> Family:
    """Return the family of an address."""
    return "V4" if address.version == 4 else "V6"


def networks(ranges: Iterable[AddressRange], family: Family) -> tuple[Network, ...]:
    """Return addresses of a family as networks; no addresses are none.

    Raises:
        ExportError: they would be too many.
    """
    found: list[Network] = []
    for each in ranges:
        if each.family == family:
            found += _summary(each)
        _check_number(len(found), "networks of addresses")
    return tuple(found)


def _summary(each: AddressRange) -> Iterator[Network]:
    if each.family == "V4":
        yield from summarize_address_range(IPv4Address(each.low), IPv4Address(each.high))
    else:
        yield from summarize_address_range(IPv6Address(each.low), IPv6Address(each.high))


def _check_number(number: int, what: str) -> None:
    if number > MOST:
        raise ExportError(f"the peer would have more than {MOST} {what}", remedy="choose a rule with fewer")


def unseen(traffic: Scope | Exemption, place: str) -> Iterator[Inexpressible]:
    """Return what is said of traffic that a peer cannot know."""
    for name, field in type(traffic).model_fields.items():
        value = getattr(traffic, name)
        if name not in _SEEN and value != field.get_default(call_default_factory=True):
            yield Inexpressible(f"{place}.{name}", _WHY.get(name, "a Linux peer has no such condition"))


def port_ranges(traffic: Scope | Exemption, place: str) -> Iterator[Inexpressible]:
    """Return the ranges of ports: the selectors of the Linux kernel are one port or all."""
    for name in ("local_ports", "remote_ports"):
        for each in getattr(traffic, name):
            if each.low != each.high:
                yield Inexpressible(
                    f"{place}.{name} {each}", "a selector of the Linux kernel is one port or all of them"
                )


def services(traffic: Scope | Exemption, family: Family) -> tuple[Service, ...]:
    """Return the services of traffic; none if all its ports are ranges.

    Raises:
        ExportError: they would be too many.
    """
    number = protocol_number(traffic.protocol, family)
    here, there = _ports(traffic.remote_ports), _ports(traffic.local_ports)
    _check_number(len(here) * len(there), "pairs of ports")
    if getattr(traffic, "either_port", False):
        return (*(Service(number, None, port) for port in there), *(Service(number, port) for port in here))
    return tuple(Service(number, peer, windows) for peer, windows in product(here, there))


def _ports(ranges: Sequence[PortRange]) -> tuple[int | None, ...]:
    if not ranges:
        return (None,)
    return tuple(each.low for each in ranges if each.low == each.high)


def passages(exemption: Exemption, families: Iterable[Family], windows: Address | None) -> Iterator[Passage]:
    """Return what an exemption lets through in clear, of a Windows host where one is named.

    Raises:
        ExportError: it would be too much.
    """
    for family in exemption.reach(families):
        theirs = networks(exemption.local_addresses, family) or (EVERYTHING[family],)
        if windows is not None:
            if family_of(windows) != family or not any(windows in network for network in theirs):
                continue
            theirs = (host(windows),)
        ours = networks(exemption.remote_addresses, family) or (EVERYTHING[family],)
        found = services(exemption, family)
        _check_number(len(ours) * len(theirs) * len(found), "selectors of an exemption")
        yield from (Passage(family, peer, there, service) for peer, there, service in product(ours, theirs, found))


def host(address: Address) -> Network:
    """Return the network of one address."""
    return IPv4Network(address) if isinstance(address, IPv4Address) else IPv6Network(address)


def check_address(address: Address, ranges: Sequence[AddressRange], families: Sequence[Family], option: str) -> None:
    """Make sure that an address is one that a rule is for.

    Raises:
        InputError: it is none; says which are.
    """
    family = family_of(address)
    if family not in families:
        raise InputError(f"{option} {address} is {family}, which the rule leaves out", remedy=f"name {families[0]}")
    inside = [each for each in ranges if each.family == family and each.low <= int(address) <= each.high]
    if ranges and not inside:
        *others, last = map(str, ranges[:4])
        raise InputError(
            f"{option} {address} is no address of the rule", remedy=f"name one of {', '.join([*others, last])}"
        )
