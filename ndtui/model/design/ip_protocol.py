"""Protocols of IP as a person writes them: by name, or by number."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from ndtui.common.suggestion import near
from ndtui.common.text import brief
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import Family

ProtocolName = Literal["any", "icmp", "tcp", "udp"]

#: Protocols that are called by a name, and their numbers; ``icmp`` is that of the address family.
NUMBERS: Mapping[str, int] = {"tcp": 6, "udp": 17, "icmpv6": 58, "igmp": 2, "gre": 47, "esp": 50, "ah": 51}
#: What a protocol is written as beside its number.
WRITTEN = ("any", "icmp", *NUMBERS)

_PROTOCOL_NAMES = ("any", "icmp", "tcp", "udp")
_PROTOCOL_NUMBERS = {"tcp": "IPPROTO_TCP", "udp": "IPPROTO_UDP"}


def parse_protocol(value: object) -> ProtocolName | int:
    """Return a protocol by name, or by number from 0 to 255. 6 and 17 become their names.

    Other names become their numbers, and ``icmpv6`` becomes ``icmp``, which is ICMPv6 for IPv6.

    Raises:
        ValueError: says what would be right.
    """
    text = str(value).strip().lower() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text in _PROTOCOL_NAMES:
        return text  # type: ignore[return-value]
    if text == "icmpv6":
        return "icmp"
    if text in NUMBERS:
        return NUMBERS[text]
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255):
        meant = near(text, WRITTEN) or f"write {', '.join(WRITTEN)}, or a number from 0 to 255"
        raise ValueError(f"{brief(value)} is no protocol: {meant}")
    known: dict[int, ProtocolName] = {6: "tcp", 17: "udp"}
    return known.get(int(text), int(text))


Protocol = Annotated[
    ProtocolName | int,
    PlainValidator(parse_protocol),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": [*WRITTEN]},
                {"type": "integer", "minimum": 0, "maximum": 255},
            ]
        }
    ),
]


def protocol_number(protocol: ProtocolName | int, family: Family) -> int | None:
    """Return the number that a filter of an address family matches, or ``None`` for any protocol."""
    if protocol == "any":
        return None
    if protocol == "icmp":
        return number_of("IPPROTO_ICMP" if family == "V4" else "IPPROTO_ICMPV6")
    return protocol if isinstance(protocol, int) else number_of(_PROTOCOL_NUMBERS[protocol])
