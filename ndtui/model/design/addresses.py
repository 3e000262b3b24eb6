"""Addresses as a person writes them: ``10.0.0.1``, ``10.0.0.0/8``, ``fe80::/10``, ``10.0.0.1-10.0.0.9``."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from ndtui.common.text import brief
from ndtui.model.vocabulary.layers import Family

#: Keywords of Windows Firewall, whose service puts addresses in their place as the network changes, and what they are.
#: Its console has some of them in words, "Local subnet" and "DNS servers".
_KEYWORDS = {
    "localsubnet": "the prefixes of the networks that this machine is in",
    "localsubnet4": "the IPv4 prefixes of the networks that this machine is in",
    "localsubnet6": "the IPv6 prefixes of the networks that this machine is in",
    "dns": "the addresses of the DNS servers",
    "dhcp": "the addresses of the DHCP servers",
    "wins": "the addresses of the WINS servers",
    "defaultgateway": "the addresses of the default gateways",
    "internet": "the networks that are meant",
    "intranet": "the networks that are meant",
    "rmtintranet": "the networks that are meant",
    "intranetremoteaccess": "the networks that are meant",
    "ply2renders": "the addresses of the devices",
    "playtodevice": "the addresses of the devices",
    "captiveportal": "the addresses of the portal",
}

#: What means every address elsewhere.
_EVERY = {"any", "*", "all"}

_BITS: dict[Family, int] = {"V4": 32, "V6": 128}


class AddressRange(NamedTuple):
    """Addresses ``low`` to ``high`` of one family as whole numbers, both included.

    ``prefix`` is the prefix length when it was written as a single address or in CIDR form, ``None`` for a range.
    """

    family: Family
    low: int
    high: int
    prefix: int | None

    def __str__(self) -> str:
        """Return the range as a person writes it."""
        low = format_address(self.family, self.low)
        if self.low == self.high:
            return low
        return f"{low}/{self.prefix}" if self.prefix is not None else f"{low}-{format_address(self.family, self.high)}"


def format_address(family: Family, number: int) -> str:
    """Return an address in its usual text form."""
    return str(IPv4Address(number) if family == "V4" else IPv6Address(number))


def parse_addresses(value: object) -> tuple[AddressRange, ...]:
    """Return the addresses of a text or a list of texts, V4 first, sorted; overlapping ones are an error.

    Raises:
        ValueError: says which part is no address, and what would be right.
    """
    ranges = sorted((_parse_one(part) for part in _parts(value)), key=lambda r: r[:3])
    for before, after in pairwise(ranges):
        if after.family == before.family and after.low <= before.high:
            raise ValueError(f"{after} overlaps {before}: name each address once")
    return tuple(ranges)


def _parts(value: object) -> Iterable[object]:
    for item in value if isinstance(value, list | tuple) and not isinstance(value, AddressRange) else (value,):
        if isinstance(item, str):
            yield from (part.strip() for part in item.split(",") if part.strip())
        else:
            yield item


def _parse_one(value: object) -> AddressRange:
    if isinstance(value, AddressRange):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{brief(value)} is no address: write a text such as 10.0.0.1, 10.0.0.0/8 or fe80::/10")  # noqa: TRY004
    if value.strip().casefold() in _EVERY:
        raise ValueError(f"{brief(value)} is every address: leave the field out")
    keyword = _KEYWORDS.get("".join(value.casefold().split()).removesuffix("servers"))
    if keyword is not None:
        raise ValueError(
            f"{brief(value)} is a keyword of Windows Firewall, and WFP has addresses only: write {keyword}"
        )
    if "%" in value:
        raise ValueError(f"{brief(value)} has a zone: WFP matches addresses without one, so leave %... out")
    if "/" in value:
        return _parse_network(value)
    low, dash, high = value.partition("-")
    first = _parse_address(low)
    if not dash:
        return AddressRange(*first, first[1], _BITS[first[0]])
    last = _parse_address(high)
    if first[0] != last[0]:
        raise ValueError(f"the range {value} starts in one address family and ends in the other")
    if first[1] > last[1]:
        raise ValueError(f"the range {value} runs backwards: write {high.strip()}-{low.strip()}")
    return AddressRange(*first, last[1], _BITS[first[0]] if first[1] == last[1] else None)


def _parse_address(text: str) -> tuple[Family, int]:
    try:
        address = ip_address(text.strip())
    except ValueError:
        raise ValueError(f"{brief(text.strip())} is no address: write 10.0.0.1, 10.0.0.0/8 or fe80::/10") from None
    return ("V4" if address.version == 4 else "V6"), int(address)


def _parse_network(text: str) -> AddressRange:
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"{brief(text.strip())} is no network: write 10.0.0.0/8 or fe80::/10") from None
    family, low = _parse_address(text.partition("/")[0])
    if int(network.network_address) != low:
        raise ValueError(f"{text.strip()} has host bits set: write {network.with_prefixlen}, or the single address")
    return AddressRange(family, low, int(network.broadcast_address), network.prefixlen)


def format_addresses(ranges: Iterable[AddressRange]) -> list[str]:
    """Return addresses as they stand in a file."""
    return [str(r) for r in ranges]


Addresses = Annotated[
    tuple[AddressRange, ...],
    PlainValidator(parse_addresses),
    PlainSerializer(format_addresses, return_type=list[str]),
    WithJsonSchema({"type": "array", "items": {"type": "string", "minLength": 2}}),
]
