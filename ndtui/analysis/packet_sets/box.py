"""Box: a set of packets of one direction and address family, as what each of ten fields may be.

A box is a product: every packet whose fields all are in their ranges. Sets of packets are unions of boxes.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ndtui.analysis.packet_sets.ranges import Ranges, common, merged, without
from ndtui.model.compiled.objects import Condition
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.design.program_path import ALL_PROGRAMS
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.vocabulary.layers import Family


class Box(NamedTuple):
    """Packets by protocol, addresses, ports, the type of the local address, the network, the peer and the program.

    ``local_port`` is the type and ``remote_port`` the code where the protocol is ICMP, as in WFP's own fields;
    ``profile`` and ``interface`` have the numbers of Windows; ``peer`` is 0 for one that may connect, 1 for one that
    authenticates and may not; ``program`` has the numbers that stand for programs, 0 for those that are not named.
    """

    protocol: Ranges
    local: Ranges
    remote: Ranges
    local_port: Ranges
    remote_port: Ranges
    local_type: Ranges
    profile: Ranges
    interface: Ranges
    peer: Ranges
    program: Ranges


FIELDS = len(Box._fields)

_BITS: dict[Family, int] = {"V4": 32, "V6": 128}
_OCTETS: Ranges = ((0, 255),)
_PORTS: Ranges = ((0, 65535),)
_NOTHING: Ranges = ((0, 0),)
_WITH_TYPES: Ranges = merged([(1, 1), (58, 58)])
_WITH_PORTS: Ranges = merged([(6, 6), (17, 17)])
_BARE: Ranges = without(_OCTETS, merged([*_WITH_TYPES, *_WITH_PORTS]))

UNICAST: Ranges = ((1, 1),)
#: Source: RFC 5771, and RFC 4291, 2.7.
MULTICAST: Mapping[Family, Ranges] = {"V4": ((0xE0000000, 0xEFFFFFFF),), "V6": ((0xFF << 120, (1 << 128) - 1),)}
PROFILES: Ranges = ((1, 3),)
INTERFACES: Ranges = ((0, 0xFFFFFFFF),)
PEERS: Ranges = ((0, 1),)
PROGRAMS: Ranges = ((0, ALL_PROGRAMS),)
AUTHORIZED: Ranges = ((0, 0),)
UNAUTHORIZED: Ranges = ((1, 1),)

#: The field of a box that a condition speaks of, by the ``FWPM_CONDITION_*`` name.
_FIELD_OF = {
    "FWPM_CONDITION_IP_PROTOCOL": 0,
    "FWPM_CONDITION_IP_LOCAL_ADDRESS": 1,
    "FWPM_CONDITION_IP_REMOTE_ADDRESS": 2,
    "FWPM_CONDITION_IP_LOCAL_PORT": 3,
    "FWPM_CONDITION_IP_REMOTE_PORT": 4,
    "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE": 5,
    "FWPM_CONDITION_ORIGINAL_ICMP_TYPE": 3,
    "FWPM_CONDITION_CURRENT_PROFILE_ID": 6,
    "FWPM_CONDITION_INTERFACE_TYPE": 7,
    **dict.fromkeys(IDENTITY_FIELDS, 8),  # an access list has the number 0: who is on it may connect
    PROGRAM: 9,
}
#: The fields of conditions of which a packet shows whether they hold.
PACKET_FIELDS = frozenset(_FIELD_OF)


@cache
def addresses(family: Family) -> Ranges:
    """Return all addresses of a family."""
    return ((0, (1 << _BITS[family]) - 1),)


@cache
def everything(family: Family) -> Box:
    """Return the box of all packets of a family."""
    every = addresses(family)
    return Box(_OCTETS, every, every, _PORTS, _PORTS, ((1, 4),), PROFILES, INTERFACES, PEERS, PROGRAMS)


def box_of(conditions: Iterable[Condition], family: Family) -> Box | None:
    """Return the packets that match a filter's conditions; ``None`` where a field decides that packets do not show."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    for condition in conditions:
        if condition.field not in _FIELD_OF:
            return None
        ranges.setdefault(condition.field, []).append((condition.value.low, condition.value.high))
    box = list(everything(family))
    for field, intervals in ranges.items():
        place = _FIELD_OF[field]
        box[place] = common(box[place], merged(intervals) if len(intervals) > 1 else (intervals[0],))
    return Box._make(box)


def meet(one: Box, other: Box) -> Box | None:
    """Return what is in both boxes, ``None`` when nothing is."""
    result = []
    for these, those in zip(one, other):  # noqa: B905 - boxes have as many fields, and this is called a million times
        both = these if these is those else common(these, those)
        if not both:
            return None
        result.append(both)
    return Box._make(result)


def holds(outer: Box, inner: Box) -> bool:
    """Tell whether all of a box is in another."""
    return all(these is those or common(these, those) == those for these, those in zip(outer, inner, strict=True))


def real(box: Box) -> Iterator[Box]:
    """Return the parts of a box that packets can be in, one for each kind of protocol.

    TCP and UDP have ports of sixteen bits, ICMP a type and a code of eight; for the others both fields are one point.
    """
    for protocols, numbers in ((_WITH_PORTS, _PORTS), (_WITH_TYPES, _OCTETS), (_BARE, _NOTHING)):
        part = Box(
            common(box.protocol, protocols),
            box.local,
            box.remote,
            common(box.local_port, numbers),
            common(box.remote_port, numbers),
            *box[5:],
        )
        if all(part):
            yield part


def replaced(box: Box, place: int, ranges: Ranges) -> Box:
    """Return a box with another range in one of its fields; much quicker than ``_replace``."""
    return Box._make((*box[:place], ranges, *box[place + 1 :]))
