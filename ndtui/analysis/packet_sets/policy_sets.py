"""Policy sets: which filter of a policy decides over which packets, layer by layer, as sets rather than one by one.

A layer is a list of tiers, first match first: filters of like role that stand together in the order of weight. What a
packet meets is the first tier that holds it, and at which of the layers on its way that is tells what becomes of it.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, groupby, product
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import PEERS, Box, box_of, everything, real
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import clipped, uncovered, without_edges
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.traffic_sets import point_of
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT, Decision, arbitrate
from ndtui.analysis.traffic.outcome import Direction, Outcomes, Role, outcomes, owed_to, path, role_of
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_kind import PacketKind
from ndtui.common.counted import counted
from ndtui.common.letting_go import let_go
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM, exemptions_beside
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import AUTO_BITS, effective_weight
from ndtui.model.design.access_check import Identities, Token
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    Family,
    layer_name,
    stem_of,
)
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

_DECIDING = frozenset((INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT, ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT))


@cache
def _layers(direction: Direction, kind: PacketKind) -> tuple[str, ...]:
    """Return the layers that decide what becomes of packets of a kind."""
    return tuple(stem for stem in path(direction, kind=kind) if stem in _DECIDING)


_FEW = 64
"""Tiers with more boxes each are not compared, to find that no packet is in both."""


class Tier(NamedTuple):
    """Filters of one role that stand together in the order of their sublayer."""

    decision: Decision
    boxes: BoxIndex[Filter]


Sublayer = tuple[Tier, ...]
"""The tiers of a sublayer, first match first."""


class Case(NamedTuple):
    """The packets whose deciding filters are in certain tiers: in all of ``inside``, in none of ``outside``."""

    outcomes: Outcomes
    inside: tuple[Tier, ...]
    outside: tuple[Tier, ...]


class PolicySets:
    """The filters of a policy as sets of packets. Layers are read when they are first asked for."""

    def __init__(
        self,
        filters: Mapping[str, Sequence[Filter]],
        weights: Mapping[str, int],
        identities: Identities | None = None,
    ) -> None:
        """Take filters by layer, the weights of sublayers that are not built in, and who the peer is if it is said."""
        self._filters = filters
        self._weights = {**BUILTIN_WEIGHTS, **weights}
        self._layers: dict[tuple[str, Family], tuple[Sublayer, ...]] = {}
        self._cases: dict[tuple[Direction, Family, PacketKind], list[Case]] = {}
        self._identities = identities or {}
        self._of_peers: dict[tuple[tuple[str, Token], ...], PolicySets] = {}

    @classmethod
    def of(cls, filterset: FilterSet) -> "PolicySets":
        """Return the sets of a compiled design, with the exemptions that BFE adds by itself."""
        filters = {layer: list(own) for layer, own in filterset.by_layer.items() if stem_of(layer) in _DECIDING}
        for each in exemptions_beside(filterset):
            filters.setdefault(each.slot.layer, []).append(each)
        return cls(filters, {f"{{{each.key}}}": each.weight for each in filterset.sublayers})

    def let_go(self) -> None:
        """Free what was found out about the filters, a tier at a time; asked again, it is found out again."""
        tiers = [tier for sublayers in self._layers.values() for sublayer in sublayers for tier in sublayer]
        for each in self._of_peers.values():
            each.let_go()
        self._of_peers.clear()
        self._layers.clear()
        self._cases.clear()
        let_go(tiers)

    def of_peer(self, identities: Identities) -> "PolicySets":
        """Return the sets of what the policy does with a peer, as far as it is said who that is."""
        if not identities or self._identities:
            return self
        key = tuple(identities.items())
        if key not in self._of_peers:
            of_peer = self._of_peers[key] = PolicySets(self._filters, self._weights, identities)
            nobody_asks = (at for at in self._layers if at[0] != ALE_AUTH_RECV_ACCEPT)
            of_peer._layers = {at: self._layers[at] for at in nobody_asks}
        return self._of_peers[key]

    @property
    def count(self) -> int:
        """How many filters there are."""
        return sum(map(len, self._filters.values()))

    def layer(self, stem: str, family: Family) -> tuple[Sublayer, ...]:
        """Return the sublayers of a layer that have filters, high to low."""
        if (stem, family) not in self._layers:
            by_sublayer: dict[str, list[Filter]] = {}
            for each in self._filters.get(layer_name(stem, family), ()):
                by_sublayer.setdefault(each.slot.sublayer, []).append(each)
            ordered = sorted(by_sublayer.items(), key=lambda own: -self._weights.get(own[0], 0))
            self._layers[stem, family] = tuple(tuple(_tiers(own, family, self._identities)) for _, own in ordered)
        return self._layers[stem, family]

    def cases(self, direction: Direction, family: Family, kind: PacketKind = "usual") -> Sequence[Case]:
        """Return the cases there are for packets of a direction and kind: each packet is in one of them."""
        if (direction, family, kind) not in self._cases:
            self._cases[direction, family, kind] = list(self._find_cases(direction, family, kind))
        return self._cases[direction, family, kind]

    def placed(self, direction: Direction, family: Family) -> Iterator[tuple[Box, Hashable]]:
        """Yield the packets of each filter that decides about a direction, with what it does and what place it has.

        A packet that is in the same boxes with the same places under two policies has the same outcome under both.
        """
        for stem in _layers(direction, "usual"):
            for number, sublayer in enumerate(self.layer(stem, family)):
                by_weight: dict[int, list[tuple[Box, Decision]]] = {}
                for tier in sublayer:
                    for box, each in counted(tier.boxes.items):
                        by_weight.setdefault(effective_weight(each).value, []).append((box, tier.decision))
                for weight, own in by_weight.items():
                    several = len({decision for _, decision in own}) > 1
                    tied = tuple(own) if several else ()  # which of them is first counts then
                    yield from ((box, (stem, number, weight, decision, tied)) for box, decision in own)

    def asking(self, family: Family) -> Iterator[Filter]:
        """Yield the filters that ask who connects."""
        for each in self._filters.get(layer_name(ALE_AUTH_RECV_ACCEPT, family), ()):
            if any(condition.field in IDENTITY_FIELDS for condition in each.conditions):
                yield each

    def asking_who(self, family: Family) -> Iterator[Box]:
        """Yield the packets of filters that ask who connects, whoever does."""
        for each in self.asking(family):
            box = _box(each, family, {})
            if box is not None:
                yield box._replace(peer=PEERS)

    def _find_cases(self, direction: Direction, family: Family, kind: PacketKind) -> Iterator[Case]:
        layers = [(stem, self.layer(stem, family)) for stem in _layers(direction, kind)]
        choices = (product(*([*sublayer, None] for sublayer in sublayers)) for _, sublayers in layers)
        meetings = Meetings()
        for choice in product(*choices):
            if not meetings.in_all([tier for chosen in choice for tier in chosen if tier is not None]):
                continue
            inside: list[Tier] = []
            outside: list[Tier] = []
            roles: dict[str, Role] = {}
            for (stem, sublayers), chosen in zip(layers, choice, strict=True):
                for sublayer, tier in zip(sublayers, chosen, strict=True):
                    inside += [] if tier is None else [tier]
                    outside += sublayer if tier is None else sublayer[: sublayer.index(tier)]
                roles[stem] = arbitrate(stem, [tier.decision for tier in chosen if tier is not None]).role
            yield Case(outcomes(direction, roles), tuple(inside), tuple(outside))

    def owed_to(self, packet: Packet) -> Filter | None:
        """Return the filter that what becomes of a packet is owed to; ``None`` where no filter decides."""
        decisions = {stem: (role, each) for (stem, role), each in self._decisions(packet) if each is not None}
        return owed_to(packet.direction, decisions)

    def outcome(self, packet: Packet) -> Outcomes:
        """Return what becomes of one packet."""
        return outcomes(packet.direction, {stem: role for (stem, role), _ in self._decisions(packet)})

    def _decisions(self, packet: Packet) -> Iterator[tuple[tuple[str, Role], Filter | None]]:
        point, sets = point_of(packet), self.of_peer(packet.identities)
        for stem in _layers(packet.direction, packet.kind):
            firsts = [_first(sublayer, point) for sublayer in sets.layer(stem, packet.family)]
            found = [each for each in firsts if each is not None]
            verdict = arbitrate(stem, [decision for decision, _ in found])
            yield (stem, verdict.role), found[verdict.place][1] if found else None


class Changes:
    """The packets of filters that only one of two policies has in their place: of no others can outcomes differ."""

    def __init__(self, before: PolicySets, after: PolicySets, direction: Direction, family: Family) -> None:
        placed = set(before.placed(direction, family)) ^ set(after.placed(direction, family))
        boxes = list(dict.fromkeys(box for box, _ in placed))
        self._boxes = boxes if len(boxes) <= _FEW else [everything(family)]
        self._known: dict[int, int] = {}

    def reached(self, case: Case) -> int:
        """Return which of the boxes all tiers of a case reach: a bit each, none where no packet of it can differ."""
        bits = (1 << len(self._boxes)) - 1
        for tier in case.inside:
            bits &= self._of(tier)
        return bits

    def _of(self, tier: Tier) -> int:
        if id(tier) not in self._known:
            met = (next(tier.boxes.meeting(box), None) is not None for box in self._boxes)
            self._known[id(tier)] = sum(1 << number for number, meets in enumerate(met) if meets)
        return self._known[id(tier)]


class Meetings:
    """Which tiers have a packet in common, each pair found out once; where that is long to find out, they may."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._tiers: list[Tier] = []  # kept, for what is known of them is known by their ids

    def in_all(self, tiers: Sequence[Tier]) -> bool:
        """Tell whether a packet may be in all of some tiers."""
        return all(self._both(one, other) for one, other in combinations(tiers, 2))

    def _both(self, one: Tier, other: Tier) -> bool:
        pair = (id(one), id(other))
        if pair not in self._known:
            self._tiers += (one, other)
            self._known[pair] = _meeting(one, other)
        return self._known[pair]


def cases_in(box: Box, cases: Iterable[Case]) -> list[Case]:
    """Return those of several cases that a packet of a box may be in."""
    met: dict[int, bool] = {}

    def reaches(tier: Tier) -> bool:
        if id(tier) not in met:
            met[id(tier)] = next(tier.boxes.meeting(box), None) is not None
        return met[id(tier)]

    return [case for case in cases if all(map(reaches, case.inside))]


def _meeting(one: Tier, other: Tier) -> bool:
    small, large = (one.boxes, other.boxes) if len(one.boxes) <= len(other.boxes) else (other.boxes, one.boxes)
    return len(small) > _FEW or any(next(large.meeting(box), None) is not None for box, _ in small.items)


def _first(sublayer: Sublayer, point: Box) -> tuple[Decision, Filter] | None:
    """Return the filter of a sublayer that decides over a packet, and what it does; the heaviest of its tier."""
    for tier in sublayer:
        matching = [each for _, each in tier.boxes.meeting(point)]
        if matching:
            return tier.decision, max(matching, key=lambda each: effective_weight(each).value)
    return None


def _tiers(filters: Sequence[Filter], family: Family, identities: Identities) -> Iterator[Tier]:
    """Return the filters of a sublayer, first match first, in runs of like decision."""
    ranges: dict[int, list[Filter]] = {}
    for each in counted(filters):
        ranges.setdefault(_range(each), []).append(each)
    ordered: list[Filter] = []
    for number in sorted(ranges, reverse=True):
        members = ranges[number]
        if len({_decision(each) for each in {id(m.slot): m for m in members}.values()}) > 1:
            members = sorted(members, key=lambda each: -effective_weight(each).value)
        ordered += members
    for decision, run in groupby(ordered, key=_decision):
        boxes = [(box, each) for each in run if (box := _box(each, family, identities)) is not None]
        yield Tier(decision, BoxIndex(everything(family), boxes))


def _decision(each: Filter) -> Decision:
    return Decision(role_of(each), CLEAR_ACTION_RIGHT in each.slot.flags)


def _box(each: Filter, family: Family, identities: Identities) -> Box | None:
    """Return the packets of a filter; that of the IKE service is taken to come from the local system.

    A condition that asks for what is said of the peer is met by all packets, or by none.
    """
    left = []
    for condition in each.conditions:
        token = identities.get(condition.field)
        if token is not None and not token.may_connect(condition.value.element):
            return None
        if token is None and condition != IS_LOCAL_SYSTEM:
            left.append(condition)
    return box_of(left, family)


def _range(each: Filter) -> int:
    weight = each.slot.weight
    return (weight.value or 0) >> AUTO_BITS if weight.type == "FWP_UINT64" else weight.value or 0


class Part(NamedTuple):
    """Packets of one kind of protocol that are in all of some tiers, and some of them that are in none of others.

    What else of ``box`` is in one of the others is not said. ``free`` is ``None`` where it is not decided whether there
    is such a packet.
    """

    box: Box
    free: Box | None


def parts(region: Box, inside: Sequence[Tier], outside: Sequence[Tier], effort: Effort) -> Iterator[Part]:
    """Return the packets of a region that are in all of some tiers and in none of others.

    Together the boxes hold every such packet.
    """
    ruled_out = [tier.boxes for tier in outside]
    try:
        candidates = _in_all(region, inside, ruled_out, effort)
    except UndecidedError:
        yield from _undecided(region)
        return
    for each in counted(candidates):
        if not effort.left:
            yield from _undecided(region)
            return
        yield from _free_parts(each, ruled_out, effort.half())


def _in_all(region: Box, inside: Sequence[Tier], ruled_out: list[BoxIndex[Filter]], effort: Effort) -> Sequence[Box]:
    """Return what of a region is in all of some tiers, as boxes.

    Raises:
        UndecidedError: there are too many.
    """
    # What of a tier is in another that is ruled out, box by box, is ruled out at once: between two policies that is
    # nearly everything.
    left = [tier.boxes.apart_from([other for other in ruled_out if len(other) > 1]) for tier in inside]
    regions = [region]
    for boxes in sorted(left, key=len):
        effort.spend(len(regions))
        regions = [part for each in regions for part in _within(each, boxes, effort)]
    effort.spend(len(regions))
    return list(dict.fromkeys(regions))


def _free_parts(region: Box, ruled_out: list[BoxIndex[Filter]], effort: Effort) -> Iterator[Part]:
    """Return the parts of a region with packets that are in none of the boxes ruled out, or not decided to be."""
    try:
        if any(next(boxes.holding(region, effort), None) is not None for boxes in ruled_out):
            return
        taken = [box for boxes in ruled_out for box, _ in boxes.meeting(region, effort)]
    except UndecidedError:
        yield from _undecided(region)
        return
    for whole in real(region):
        boxes = clipped(taken, whole)
        part = without_edges(whole, boxes)
        try:
            free = uncovered(part, boxes, effort)
        except UndecidedError:
            yield Part(part, None)
        else:
            if free is not None:
                yield Part(part, free)


def _undecided(region: Box) -> Iterator[Part]:
    return (Part(part, None) for part in real(region))


def _within(region: Box, boxes: BoxIndex[Filter], effort: Effort) -> Iterable[Box]:
    """Return what of a region is in one of the boxes; all of it where one holds all.

    Raises:
        UndecidedError: to find it takes too much effort.
    """
    if next(boxes.holding(region, effort), None) is not None:
        return (region,)
    return (met for met, _ in boxes.meeting(region, effort))
