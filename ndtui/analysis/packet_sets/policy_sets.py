"""Policy sets: which filter of a policy decides over which packets, layer by layer, as sets rather than one by one.

A layer is a list of tiers, first match first: filters of like role that stand together in the order of weight. What a
packet meets is the first tier that holds it, and at which of the layers on its way that is tells what becomes of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import Box, box_of, everything, real
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.traffic_sets import point_of
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT, Decision, arbitrate
from ndtui.analysis.traffic.outcome import Direction, Outcomes, Role, outcomes, owed_to, role_of
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM, exemptions_beside
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import AUTO_BITS, effective_weight
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

#: The layers that decide what becomes of a packet, by direction.
LAYERS: Mapping[Direction, tuple[str, str]] = {
    "in": (INBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT),
    "out": (ALE_AUTH_CONNECT, OUTBOUND_TRANSPORT),
}

_DECIDING = frozenset(stem for stems in LAYERS.values() for stem in stems)


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

    def __init__(self, filters: Mapping[str, Sequence[Filter]], weights: Mapping[str, int]) -> None:
        """Take filters by layer, and the weights of sublayers that are not built in."""
        self._filters = filters
        self._weights = {**BUILTIN_WEIGHTS, **weights}
        self._layers: dict[tuple[str, Family], tuple[Sublayer, ...]] = {}
        self._cases: dict[tuple[Direction, Family], list[Case]] = {}

    @classmethod
    def of(cls, filterset: FilterSet) -> "PolicySets":
        """Return the sets of a compiled design, with the exemptions that BFE adds by itself."""
        filters = {layer: list(own) for layer, own in filterset.by_layer.items() if stem_of(layer) in _DECIDING}
        for each in exemptions_beside(filterset):
            filters.setdefault(each.slot.layer, []).append(each)
        return cls(filters, {f"{{{each.key}}}": each.weight for each in filterset.sublayers})

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
            self._layers[stem, family] = tuple(tuple(_tiers(own, family)) for _, own in ordered)
        return self._layers[stem, family]

    def cases(self, direction: Direction, family: Family) -> Sequence[Case]:
        """Return the cases there are for packets of a direction: each packet is in one of them."""
        if (direction, family) not in self._cases:
            self._cases[direction, family] = list(self._find_cases(direction, family))
        return self._cases[direction, family]

    def _find_cases(self, direction: Direction, family: Family) -> Iterator[Case]:
        layers = [(stem, self.layer(stem, family)) for stem in LAYERS[direction]]
        choices = (product(*([*sublayer, None] for sublayer in sublayers)) for _, sublayers in layers)
        for choice in product(*choices):
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
        point = point_of(packet)
        for stem in LAYERS[packet.direction]:
            firsts = [_first(sublayer, point) for sublayer in self.layer(stem, packet.family)]
            found = [each for each in firsts if each is not None]
            verdict = arbitrate(stem, [decision for decision, _ in found])
            yield (stem, verdict.role), found[verdict.place][1] if found else None


def _first(sublayer: Sublayer, point: Box) -> tuple[Decision, Filter] | None:
    """Return the filter of a sublayer that decides over a packet, and what it does; the heaviest of its tier."""
    for tier in sublayer:
        matching = [each for _, each in tier.boxes.meeting(point)]
        if matching:
            return tier.decision, max(matching, key=lambda each: effective_weight(each).value)
    return None


def _tiers(filters: Sequence[Filter], family: Family) -> Iterator[Tier]:
    """Return the filters of a sublayer, first match first, in runs of like decision."""
    ranges: dict[int, list[Filter]] = {}
    for each in filters:
        ranges.setdefault(_range(each), []).append(each)
    ordered: list[Filter] = []
    for number in sorted(ranges, reverse=True):
        members = ranges[number]
        if len({_decision(each) for each in {id(m.slot): m for m in members}.values()}) > 1:
            members = sorted(members, key=lambda each: -effective_weight(each).value)
        ordered += members
    for decision, run in groupby(ordered, key=_decision):
        boxes = [(box, each) for each in run if (box := _box(each, family)) is not None]
        yield Tier(decision, BoxIndex(everything(family), boxes))


def _decision(each: Filter) -> Decision:
    return Decision(role_of(each), CLEAR_ACTION_RIGHT in each.slot.flags)


def _box(each: Filter, family: Family) -> Box | None:
    """Return the packets of a filter; that of the IKE service is taken to come from the local system."""
    return box_of((condition for condition in each.conditions if condition != IS_LOCAL_SYSTEM), family)


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
    for each in candidates:
        if not effort.left:
            yield from _undecided(region)
            return
        yield from _free_parts(each, ruled_out, effort.half())


def _in_all(region: Box, inside: Sequence[Tier], ruled_out: list[BoxIndex[Filter]], effort: Effort) -> Iterable[Box]:
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
    return dict.fromkeys(regions)


def _free_parts(region: Box, ruled_out: list[BoxIndex[Filter]], effort: Effort) -> Iterator[Part]:
    """Return the parts of a region with packets that are in none of the boxes ruled out, or not decided to be."""
    try:
        if any(next(boxes.holding(region, effort), None) is not None for boxes in ruled_out):
            return
        taken = [box for boxes in ruled_out for box, _ in boxes.meeting(region, effort)]
    except UndecidedError:
        yield from _undecided(region)
        return
    for part in real(region):
        try:
            free = uncovered(part, taken, effort)
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
