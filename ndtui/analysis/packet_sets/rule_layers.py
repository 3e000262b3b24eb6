"""The filters of rules at each layer as sets of packets, and which of them decides over a packet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from ndtui.analysis.packet_sets.box import Box, box_of, everything, meet, real
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.draws import points
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.traffic_sets import on_the_network, packet_in, point_of
from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.rule_filters import negotiation_policies
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    IKEEXT,
    INBOUND_TRANSPORT,
    IPSEC,
    OUTBOUND_TRANSPORT,
    Family,
    layer_name,
)

#: The layers of packets and connections, by the direction in which they are met.
TRANSPORT: Mapping[Direction, str] = {"in": INBOUND_TRANSPORT, "out": OUTBOUND_TRANSPORT}
CONNECTION: Mapping[Direction, str] = {"in": ALE_AUTH_RECV_ACCEPT, "out": ALE_AUTH_CONNECT}
POLICY = (IKEEXT, IPSEC)

#: So many packets are drawn before all exemptions are searched for one that they leave.
_DRAWS = 16


class Held(NamedTuple):
    """A filter of a rule, the packets it matches, and how much it weighs."""

    rule: str
    filter: Filter
    box: Box
    weight: int
    kind: str
    """What it competes with: the type of its provider context, or empty for callouts and what blocks."""


class Way(NamedTuple):
    """A direction and an address family."""

    direction: Direction
    family: Family


def rule_name(origin: Origin) -> str:
    """Return the name of the rule that a filter, which no exemption made, comes from."""
    return origin.name if origin.element == "rule" else BASE


#: The filters of rules and what exemptions leave out, by layer: several findings ask for them.
_KNOWN: WeakKeyDictionary[
    FilterSet, tuple[dict[tuple[str, Family], tuple[Held, ...]], dict[tuple[str, Family], BoxIndex[None]]]
] = WeakKeyDictionary()


class RuleLayers:
    """The filters of a compiled design's rules by layer, lightest last, as sets of packets."""

    def __init__(self, filterset: FilterSet, effort: Effort) -> None:
        """Take a design, and what finding packets for one question about it may take."""
        self.filterset = filterset
        self.effort = effort
        self.design = filterset.design
        self.rules: Mapping[str, Rule] = {rule.name: rule for rule in self.design.rules if rule.enabled}
        self._held, self._exempt = _KNOWN.setdefault(filterset, ({}, {}))

    @property
    def ways(self) -> Iterator[Way]:
        """Every direction in every address family."""
        return (Way(direction, family) for family in self.design.families for direction in TRANSPORT)

    def at(self, stem: str, family: Family) -> tuple[Held, ...]:
        """Return the filters of rules at a layer, the heaviest first."""
        if (stem, family) not in self._held:
            found = self._find(layer_name(stem, family), family)
            self._held[stem, family] = tuple(sorted(found, key=lambda each: -each.weight))
        return self._held[stem, family]

    def _find(self, layer: str, family: Family) -> Iterator[Held]:
        contexts = self.filterset.contexts_by_key
        for each in self.filterset.by_layer.get(layer, ()):
            if each.slot.role == "exemption":
                continue
            box = box_of(each.conditions, family)
            if box is not None:
                kind = contexts[each.slot.context].type if each.slot.context else ""
                yield Held(rule_name(each.origin), each, box, effective_weight(each).value, kind)

    def exempt(self, stem: str, family: Family) -> BoxIndex[None]:
        """Return what exemptions leave out at a layer."""
        if (stem, family) not in self._exempt:
            filters = self.filterset.by_layer.get(layer_name(stem, family), ())
            boxes = (box_of(each.conditions, family) for each in filters if each.slot.role == "exemption")
            found = [(box, None) for box in boxes if box is not None]
            self._exempt[stem, family] = BoxIndex(everything(family), found)
        return self._exempt[stem, family]

    def packet(self, way: Way, stem: str, region: Box | None, heavier: Iterable[Held]) -> Packet | None:
        """Return a packet of a region that none of the heavier filters at a layer has, and no exemption there.

        Raises:
            UndecidedError: to find one takes too much effort.
        """
        on_the_way = None if region is None else meet(region, on_the_network(way.direction, way.family))
        if on_the_way is None:
            return None
        taken = [each.box for each in heavier]
        exempt = self.exempt(stem, way.family)
        for part in real(on_the_way):
            free = uncovered(part, taken, self.effort)
            if free is None:
                continue
            for box in _samples(free):
                packet = packet_in(box, way.direction, way.family)
                if next(exempt.meeting(point_of(packet), self.effort), None) is None:
                    return packet  # the usual case: a look at few packets instead of a search among all exemptions
            free = uncovered(part, [*taken, *(box for box, _ in exempt.meeting(part, self.effort))], self.effort)
            if free is not None:
                return packet_in(free, way.direction, way.family)
        return None

    def deciding(self, stem: str, packet: Packet, kind: str = "") -> tuple[Held, ...]:
        """Return the heaviest of the filters of a kind that match a packet; several where they weigh the same."""
        point = point_of(packet)
        found: list[Held] = []
        for each in self.at(stem, packet.family):
            if each.kind != kind or meet(each.box, point) is None:
                continue
            if found and each.weight < found[0].weight:
                break
            found.append(each)
        return tuple(found)

    @cached_property
    def contexts(self) -> Mapping[str, Mapping[str, UUID]]:
        """What each rule that protects negotiates with: the key of its context, by the context's type."""
        _, policies = negotiation_policies(self.design, self.rules.values(), ())
        found: dict[str, dict[str, UUID]] = {}
        for each in policies:
            found.setdefault(each.rule.name, {})[each.context.type] = each.context.key
        return found

    @cached_property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """The layers of policy with each type of context that filters there lead to."""
        return tuple(
            (stem, kind)
            for stem in POLICY
            for kind in dict.fromkeys(each.kind for family in self.design.families for each in self.at(stem, family))
        )


def _samples(free: Box) -> Iterator[Box]:
    """Yield a box, and narrower ones, of which the packets that look best are to be tried."""
    yield free
    for point in points(free, _DRAWS):
        yield free._replace(remote=point.remote)
        yield point
