"""Tracer: what happens to a packet at each layer it meets, and why.

Layers in the order of https://learn.microsoft.com/windows/win32/fwp/tcp-packet-flows and .../udp-packet-flows, the
sublayers of each by weight, the filters of each by effective weight, as .../filter-arbitration says. A layer's index is
built when the first packet meets it, and serves every packet after.
"""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ndtui.analysis.trace.filter_index import LayerIndex
from ndtui.analysis.trace.matching import Values, failed
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT, Decision, arbitrate
from ndtui.analysis.traffic.outcome import ENCRYPTED, Outcomes, Role, outcomes, owed_to, path, role_of
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_values import taken_for_granted, taken_values
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.ike_exemptions import exemptions_beside
from ndtui.model.compiled.objects import Condition, Filter, FilterSet
from ndtui.model.compiled.weights import EffectiveWeight, effective_weight
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.layers import layer_name
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS


class Matching(NamedTuple):
    """A filter that the packet matches, and its effective weight."""

    filter: Filter
    weight: EffectiveWeight


class Unmet(NamedTuple):
    """A filter that the packet does not match, and its first condition that fails, with the alternatives it has."""

    filter: Filter
    failed: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SublayerStep:
    """What one sublayer of a layer decides: its first matching filter, and those it outranks, which were not asked.

    ``tied`` are those of the outranked that weigh the same: which of them decides is undefined.
    """

    sublayer: str
    weight: int
    deciding: Matching
    outranked: tuple[Matching, ...]

    @property
    def tied(self) -> tuple[Matching, ...]:
        """The outranked filters that might as well have decided."""
        return tuple(each for each in self.outranked if each.weight.value == self.deciding.weight.value)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What happens to the packet at one layer; ``layer`` is its full name.

    ``sublayers`` are those in which a filter matches, by weight; ``deciding`` is the filter whose decision stands.
    ``taken`` are the fields of which something was taken for granted, with the filters that ask for them and match what
    is known of the packet.
    """

    layer: str
    stem: str
    role: Role
    deciding: Matching | None
    veto: bool
    sublayers: tuple[SublayerStep, ...]
    filters: Sequence[Filter] = field(repr=False)
    values: Values = field(repr=False)
    taken: Mapping[str, tuple[Filter, ...]] = field(default_factory=dict, repr=False)

    @property
    def outranked(self) -> tuple[Matching, ...]:
        """The matching filters that were not asked, in the order of their sublayers."""
        return tuple(chain.from_iterable(each.outranked for each in self.sublayers))

    @property
    def tied(self) -> tuple[Matching, ...]:
        """The filters that weigh the same as the one that decides in their sublayer."""
        return tuple(chain.from_iterable(each.tied for each in self.sublayers))

    def others(self) -> Iterator[Unmet]:
        """Yield the filters of the layer that do not match, with the reason: found out now, for there may be many."""
        for each in self.filters:
            unmet = failed(each.conditions, self.values)
            if unmet:
                yield Unmet(each, unmet)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What happens to one packet, layer by layer, under the policy of a design."""

    design: Design
    packet: Packet
    steps: tuple[Step, ...]
    outcomes: Outcomes

    @property
    def responsible(self) -> Matching | None:
        """The filter that the outcome is owed to; its origin is the design element to look at."""
        decisions = {step.stem: (step.role, step.deciding) for step in self.steps if step.deciding is not None}
        return owed_to(self.packet.direction, decisions)

    @property
    def encrypted(self) -> bool:
        """Whether encryption is guaranteed."""
        return self.outcomes == ENCRYPTED

    @property
    def taken(self) -> tuple[str, ...]:
        """What was taken for granted of the packet because a filter asks for it, in words."""
        asked = frozenset[str]().union(*(step.taken for step in self.steps))
        return tuple(dict.fromkeys(words for field, words in taken_for_granted(self.packet).items() if field in asked))

    def step(self, stem: str) -> Step | None:
        """Return what happened at a layer, named without its family; none if the packet does not meet it."""
        return next((step for step in self.steps if step.stem == stem), None)


class Tracer:
    """Traces packets through the filters of a FilterSet, and through those that BFE adds by itself."""

    def __init__(self, filterset: FilterSet) -> None:
        self._design = filterset.design
        self._by_layer = dict(filterset.by_layer)
        self._weights = {**BUILTIN_WEIGHTS, **{f"{{{each.key}}}": each.weight for each in filterset.sublayers}}
        self._indexes: dict[str, LayerIndex] = {}
        for each in exemptions_beside(filterset):
            self._by_layer[each.slot.layer] = [*self._by_layer.get(each.slot.layer, ()), each]

    def trace(self, packet: Packet, further: Values | None = None) -> Trace:
        """Return what happens to a packet.

        ``further`` has values of fields of which it says nothing, in place of those that are taken for granted; then
        nothing counts as taken for granted.
        """
        values = {**taken_values(packet), **(further or {})}
        open_ = taken_for_granted(packet) if further is None else ()
        steps = tuple(
            self._step(stem, layer_name(stem, packet.family), values, open_)
            for stem in path(packet.direction, later=packet.later, kind=packet.kind)
        )
        return Trace(self._design, packet, steps, outcomes(packet.direction, {step.stem: step.role for step in steps}))

    def _step(self, stem: str, layer: str, values: Values, open_: Collection[str]) -> Step:
        filters = self._by_layer.get(layer, ())
        matching, taken = self._matching(layer, filters, values, open_)
        sublayers = self._sublayers(matching, filters)
        decisions = [
            Decision(role_of(each.deciding.filter), CLEAR_ACTION_RIGHT in each.deciding.filter.slot.flags)
            for each in sublayers
        ]
        verdict = arbitrate(stem, decisions)
        deciding = sublayers[verdict.place].deciding if sublayers else None
        return Step(layer, stem, verdict.role, deciding, verdict.veto, sublayers, filters, values, taken)

    def _matching(
        self, layer: str, filters: Sequence[Filter], values: Values, open_: Collection[str]
    ) -> tuple[list[Matching], dict[str, tuple[Filter, ...]]]:
        """Return the filters that match, each once, and for each open field those whose match depends on it."""
        if not filters:
            return [], {}
        index = self._indexes.get(layer)
        if index is None:
            with without_garbage_collection():
                index = self._indexes[layer] = LayerIndex(filters)
        found: dict[int, Filter] = {}
        asking: dict[str, dict[int, Filter]] = {name: {} for name in open_}
        for each in index.candidates(values):
            unmet = failed(each.conditions, values)
            if not unmet:
                found[id(each)] = each
            if unmet:
                if unmet[0].field not in open_:
                    continue
                if each.conditions[-1] is not unmet[-1] and failed(_known_behind(unmet, each, open_), values):
                    continue
            for condition in each.conditions:
                if condition.field in asking:
                    asking[condition.field][id(each)] = each
        taken = {name: tuple(filters.values()) for name, filters in asking.items() if filters}
        return [Matching(each, effective_weight(each)) for each in found.values()], taken

    def _sublayers(self, matching: list[Matching], filters: Sequence[Filter]) -> tuple[SublayerStep, ...]:
        by_sublayer: dict[str, list[Matching]] = {}
        for each in matching:
            by_sublayer.setdefault(each.filter.slot.sublayer, []).append(each)
        steps = []
        for sublayer, own in by_sublayer.items():
            own.sort(key=_by_weight)
            _first_of_tied(own, filters)
            steps.append(SublayerStep(sublayer, self._weights.get(sublayer, 0), own[0], tuple(own[1:])))
        steps.sort(key=lambda step: -step.weight)
        return tuple(steps)


def _known_behind(unmet: tuple[Condition, ...], each: Filter, open_: Container[str]) -> list[Condition]:
    """Return the conditions of a filter behind the first that a packet fails, but those on open fields."""
    behind = each.conditions[each.conditions.index(unmet[-1]) + 1 :]
    return [condition for condition in behind if condition.field not in open_]


def _first_of_tied(own: list[Matching], filters: Sequence[Filter]) -> None:
    """Put that of the heaviest first which stands first in the policy, where they do not do the same.

    Which of them decides is undefined; it is to be the same one whenever it is asked.
    """
    highest = own[0].weight.value
    if len(own) < 2 or own[1].weight.value < highest:
        return
    tied = [each for each in own if each.weight.value == highest]
    if len({(role_of(each.filter), each.filter.slot.flags) for each in tied}) > 1:
        places = {id(each): place for place, each in enumerate(filters)}
        own.sort(key=lambda each: (-each.weight.value, places[id(each.filter)]))


def _by_weight(each: Matching) -> int:
    return -each.weight.value


_TRACERS: "WeakKeyDictionary[FilterSet, Tracer]" = WeakKeyDictionary()


def tracer_of(filterset: FilterSet) -> Tracer:
    """Return the tracer of a FilterSet: one for all packets, as long as the FilterSet lives."""
    tracer = _TRACERS.get(filterset)
    if tracer is None:
        tracer = _TRACERS[filterset] = Tracer(filterset)
    return tracer


def trace(filterset: FilterSet, packet: Packet) -> Trace:
    """Return what happens to a packet under the policy of a FilterSet."""
    return tracer_of(filterset).trace(packet)
