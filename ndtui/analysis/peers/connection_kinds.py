"""Kinds of connections: TCP between two hosts, as far as the filters of their policies tell connections apart.

Every connection is of one kind: that of the boxes it is in. Both hosts are on one network, of one profile and one type
of interface.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import (
    AUTHORIZED,
    FIELDS,
    PEERS,
    UNAUTHORIZED,
    Box,
    box_of,
    holds,
    meet,
    replaced,
)
from ndtui.analysis.packet_sets.ranges import without
from ndtui.analysis.packet_sets.traffic_sets import on_the_network, packet_in, traffic_words
from ndtui.analysis.traffic.packet import TCP, Packet
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    IKEEXT,
    INBOUND_TRANSPORT,
    IPSEC,
    OUTBOUND_TRANSPORT,
    Family,
    layer_name,
)

_SENDING = (ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT, IKEEXT, IPSEC)
_ACCEPTING = (INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT, IKEEXT, IPSEC)

MOST = 2_000
"""Boxes into which the connections between two hosts are cut at most, for each address family."""


class Kind(NamedTuple):
    """Connections that the filters of both hosts do not tell apart, as the initiator's first packet.

    ``within`` is the narrowest traffic that the filters name and all of them are in, in how many boxes that is
    ``depth``; ``example`` is one of them.
    """

    family: Family
    within: Box
    depth: int
    example: Packet

    @property
    def words(self) -> str:
        """The traffic in words, without its direction."""
        return traffic_words(self.within, "out", self.family).removeprefix("out ")


class Kinds(NamedTuple):
    """The kinds of connections between two hosts; not ``complete`` where the filters cross in too many ways."""

    found: tuple[Kind, ...]
    complete: bool


def kinds_between(initiator: FilterSet | None, responder: FilterSet | None) -> Kinds:
    """Return the kinds of connections from one host to another; ``None`` is one without a policy.

    Where the responder asks who connects, those of peers that authenticate and may not connect are kinds of their own.
    """
    found: list[Kind] = []
    complete = True
    for family in FAMILIES:
        boxes = dict.fromkeys((*_sent(initiator, family), *_accepted(responder, family)))
        whole = on_the_network("out", family)._replace(protocol=((TCP, TCP),))
        asking = [box for box in _accepted(responder, family) if box.peer != PEERS] if initiator is not None else []
        refused = dict.fromkeys(met for box in asking if (met := meet(whole, box._replace(peer=UNAUTHORIZED))))
        for space in (whole._replace(peer=AUTHORIZED), *refused):
            kinds, all_of_it = _kinds(family, space, list(boxes))
            found += kinds
            complete = complete and all_of_it
    return Kinds(tuple(found), complete)


def _sent(host: FilterSet | None, family: Family) -> Iterator[Box]:
    return _boxes(host, _SENDING, family)


def _accepted(host: FilterSet | None, family: Family) -> Iterator[Box]:
    """Return the boxes of the filters of a responder, as the initiator sees their packets."""
    for box in _boxes(host, _ACCEPTING, family):
        yield box._replace(local=box.remote, remote=box.local, local_port=box.remote_port, remote_port=box.local_port)


def _boxes(host: FilterSet | None, stems: Iterable[str], family: Family) -> Iterator[Box]:
    by_layer = {} if host is None else host.by_layer
    for stem in stems:
        for each in by_layer.get(layer_name(stem, family), ()):
            box = box_of(each.conditions, family)
            if box is not None:
                yield box


def _kinds(family: Family, space: Box, boxes: Sequence[Box]) -> tuple[list[Kind], bool]:
    """Return the kinds that boxes cut a space into, and whether these are all of them."""
    clipped = dict.fromkeys(met for box in boxes if (met := meet(space, box)) is not None and met != space)
    narrowing = sorted(clipped, key=lambda box: -sum(1 for other in clipped if holds(box, other)))
    cut, complete = _cut(space, narrowing)
    kinds = []
    for mask, parts in cut.items():
        within = space
        for number, box in enumerate(narrowing):
            if mask >> number & 1:
                within = meet(within, box) or within
        kinds.append(Kind(family, within, mask.bit_count(), packet_in(parts[0], "out", family)))
    return kinds, complete


def _cut(space: Box, boxes: Sequence[Box]) -> tuple[dict[int, list[Box]], bool]:
    """Return the parts of a space by the boxes that they are in, a bit for each, and whether all boxes were cut."""
    found = {0: [space]}
    for number, box in enumerate(boxes):
        cut: dict[int, list[Box]] = {}
        for mask, parts in found.items():
            for part in parts:
                met = meet(part, box)
                if met is None:
                    cut.setdefault(mask, []).append(part)
                    continue
                cut.setdefault(mask | 1 << number, []).append(met)
                for rest in _minus(part, met):
                    cut.setdefault(mask, []).append(rest)
        if sum(map(len, cut.values())) > MOST:
            return found, False
        found = cut
    return found, True


def _minus(part: Box, inner: Box) -> Iterator[Box]:
    """Return what of a box is not in one inside it, as disjoint boxes."""
    for place in range(FIELDS):
        rest = without(part[place], inner[place])
        if rest:
            yield replaced(part, place, rest)
        part = replaced(part, place, inner[place])
