"""Ports as a person writes them: ``53``, ``"88, 464"``, ``"49152-65535"``."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from ndtui.common.text import brief, shortened

#: Keywords of Windows Firewall, whose service puts ports in their place as they change, and what they are: those of
#: netsh, of NetSecurity and of group policy, without hyphens.
#: Source: FW_PORT_KEYWORD in https://learn.microsoft.com/openspecs/windows_protocols/ms-fasp and LPORT_KEYWORD_VAL in
#: https://learn.microsoft.com/openspecs/windows_protocols/ms-gpfas
_KEYWORDS = {
    "rpc": "the ports that RPC gives out, such as 49152-65535",
    "rpcepmap": "135",
    **dict.fromkeys(("iphttps", "iphttpsin", "iphttpsout", "iptls", "iptlsin", "iptlsout"), "the port of IP-HTTPS"),
    "teredo": "the port of Teredo",
    **dict.fromkeys(("playtodiscovery", "ply2disc"), "the ports that are meant"),
    "mdns": "5353",
}

#: What means every port elsewhere.
_EVERY = {"any", "*", "all"}


class PortRange(NamedTuple):
    """Ports ``low`` to ``high``, both included, 0 to 65535."""

    low: int
    high: int

    def __str__(self) -> str:
        """Return the range as a person writes it."""
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


def parse_ports(value: object) -> tuple[PortRange, ...]:
    """Return the ports of a number, a text, or a list of either, sorted; overlapping ones are an error.

    Raises:
        ValueError: says which part is no port, and what would be right.
    """
    ranges = sorted(_parse_one(part) for part in _parts(value))
    for before, after in pairwise(ranges):
        if after.low <= before.high:
            raise ValueError(f"port {after} is already in {before}: name each port once")
    return tuple(ranges)


def _parts(value: object) -> Iterable[object]:
    for item in value if isinstance(value, list | tuple) and not isinstance(value, PortRange) else (value,):
        if isinstance(item, str):
            yield from (part for part in item.split(",") if part.strip())
        else:
            yield item


def _parse_one(value: object) -> PortRange:
    if isinstance(value, PortRange):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return PortRange(_port(str(value)), value)
    if not isinstance(value, str):
        raise ValueError(_no_port(value))  # noqa: TRY004
    word = value.strip().casefold()
    if word in _EVERY:
        raise ValueError(f"{brief(value)} is every port: leave the field out")
    keyword = _KEYWORDS.get(word.replace("-", ""))
    if keyword is not None:
        raise ValueError(f"{brief(value)} is a keyword of Windows Firewall, and WFP has numbers only: write {keyword}")
    low, dash, high = (part.strip() for part in value.partition("-"))
    if dash and not (_is_number(low) and _is_number(high)):
        raise ValueError(_no_port(value.strip()))
    found = PortRange(_port(low), _port(high if dash else low))
    if found.low > found.high:
        raise ValueError(f"the port range {value.strip()} runs backwards: write {found.high}-{found.low}")
    return found


def _no_port(value: object) -> str:
    return f"{brief(value)} is no port: write 53, or a range such as 1024-2047"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _port(text: str) -> int:
    if not _is_number(text):
        raise ValueError(_no_port(text))
    if len(text) > 5 or int(text) > 65535:
        raise ValueError(f"port {shortened(text, 40)} is out of range: ports go from 0 to 65535")
    return int(text)


def format_ports(ranges: Iterable[PortRange]) -> list[int | str]:
    """Return ports as they stand in a file: numbers, and texts for ranges."""
    return [r.low if r.low == r.high else str(r) for r in ranges]


Ports = Annotated[
    tuple[PortRange, ...],
    PlainValidator(parse_ports),
    PlainSerializer(format_ports, return_type=list[int | str]),
    WithJsonSchema(
        {
            "type": "array",
            "items": {
                "anyOf": [
                    {"type": "integer", "minimum": 0, "maximum": 65535},
                    {"type": "string", "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$"},
                ]
            },
        }
    ),
]
