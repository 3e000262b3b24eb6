"""Others in the way: filters of a machine that decide before a design's, or that keep IPsec from its work.

Of a packet that both match. Within a sublayer the first filter that matches decides; a block of a sublayer that is
asked before stays; a hard permit there gives way to nothing but a callout's veto. A soft permit of another sublayer is
in nobody's way. Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
Callouts of drivers at transport layers belong into sublayers below the universal one:
https://learn.microsoft.com/windows-hardware/drivers/network/developing-ipsec-compatible-callout-drivers
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from ndtui.analysis.dump import Dump, DumpFilter, DumpProvider
from ndtui.analysis.machine.meeting import Asked, asked_there, may_meet
from ndtui.analysis.machine.sublayer_places import Place, SublayerPlaces
from ndtui.analysis.ranking.placement import PlacementGroup, place
from ndtui.analysis.trace.filter_effect import Effect, effect_of, is_asleep
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT
from ndtui.model.compiled.ike_exemptions import is_like_one
from ndtui.model.compiled.objects import Filter, FilterSet, Weight
from ndtui.model.vocabulary.layers import INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, stem_of
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL

Kind = Literal["transport-callout", "ipsec", "hard-permit", "decides", "ties"]
"""What another filter is to ours.

``transport-callout``: it calls a driver at a transport layer, in a sublayer that is not below the universal one.
``ipsec``: it hands traffic to IPsec before ours. ``hard-permit``: it permits in a sublayer before ours, and hard.
``decides``: a block before ours, another's callout, or a heavier filter of our sublayer. ``ties``: it is in our
sublayer and weighs as much, so that which is first is undefined.
"""

_TRANSPORT = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT)
_CALLS_IPSEC = "FWPM_CALLOUT_IPSEC_"
#: What the names of Windows' own callouts begin with; netsh prints those of drivers as GUIDs.
_OF_WINDOWS = "FWPM_CALLOUT_"


class InTheWay(NamedTuple):
    """A machine's filter, and the filters of a design at its layer that it affects.

    ``place`` is where its sublayer stands, seen from ours; ``weight`` is its sublayer's, None where no file tells it;
    ``provider`` is whose it is, None where it has none or the file does not list it.
    """

    kind: Kind
    filter: DumpFilter
    effect: Effect
    place: Place
    weight: int | None
    affected: tuple[Filter, ...]
    provider: DumpProvider | None = None


def in_the_way(filterset: FilterSet, dump: Dump) -> tuple[InTheWay, ...]:
    """Return the filters of others that are in the way of a design on a machine, layer by layer as they are asked.

    Filters that sleep are in nobody's way, and neither are those that BFE adds for IKE, which belong to the policy.
    """
    places = SublayerPlaces(dump)
    by_layer: dict[str, list[PlacementGroup]] = {}
    for group in place(filterset, dump):
        if group.layer in filterset.by_layer:
            by_layer.setdefault(group.layer, []).append(group)
    return tuple(each for groups in by_layer.values() for each in _Layer(filterset, groups, places, dump).found())


class _Layer:
    """One layer of a machine with the filters that a design has there."""

    def __init__(
        self, filterset: FilterSet, groups: Sequence[PlacementGroup], places: SublayerPlaces, dump: Dump
    ) -> None:
        self._groups = groups
        self._layer = groups[0].layer
        self._places = places
        self._dump = dump
        self._providers = {each.key: each for each in dump.providers}
        self._own = filterset.sublayer
        self._own_weight = filterset.sublayers[0].weight if filterset.sublayers else BUILTIN_WEIGHTS[UNIVERSAL]

    @cached_property
    def _ours(self) -> Sequence[tuple[Filter, int]]:
        return [
            (row.ours, row.weight)
            for group in self._groups
            for row in group.rows
            if row.ours is not None and not row.before_bfe
        ]

    def found(self) -> Iterator[InTheWay]:
        for group in self._groups:
            where = self._places.of(self._layer, group.sublayer, self._own_weight, self._own)
            for row in group.rows:
                if row.theirs is not None and not is_asleep(row.theirs) and not _is_of_bfe(row.theirs):
                    yield from self._judged(row.theirs, row.weight, where)

    def _judged(self, each: DumpFilter, weight: int, where: Place) -> Iterator[InTheWay]:
        effect = effect_of(each, self._dump, "open")
        if self._is_foreign_at_transport(each):
            yield from self._affecting("transport-callout", each, effect, where, [ours for ours, _ in self._ours])
            return
        if effect == "goes-on" or where == "after":
            return
        if where == "same":
            yield from self._within(each, effect, weight)
        elif each.callout.startswith(_CALLS_IPSEC):
            yield from self._affecting("ipsec", each, effect, where, [ours for ours, _ in self._ours])
        elif effect == "permit":
            if CLEAR_ACTION_RIGHT in each.flags:
                yield from self._affecting("hard-permit", each, effect, where, [ours for ours, _ in self._ours])
        else:
            yield from self._affecting("decides", each, effect, where, [ours for ours, _ in self._ours])

    def _within(self, each: DumpFilter, effect: Effect, weight: int) -> Iterator[InTheWay]:
        """Yield what a filter in our own sublayer is to those of ours that are not heavier."""
        kind: Kind = "ipsec" if each.callout.startswith(_CALLS_IPSEC) else "decides"
        yield from self._affecting(kind, each, effect, "same", [ours for ours, own in self._ours if own < weight])
        yield from self._affecting("ties", each, effect, "same", [ours for ours, own in self._ours if own == weight])

    def _is_foreign_at_transport(self, each: DumpFilter) -> bool:
        """Tell whether a filter calls a driver at a transport layer, in a sublayer that may not be below universal."""
        if stem_of(self._layer) not in _TRANSPORT or not each.callout or each.callout.startswith(_OF_WINDOWS):
            return False
        weight = self._places.weights.get(each.sublayer)
        if weight is not None:
            return weight >= BUILTIN_WEIGHTS[UNIVERSAL]
        return self._places.of(self._layer, each.sublayer, BUILTIN_WEIGHTS[UNIVERSAL], UNIVERSAL) != "after"

    def _affecting(
        self, kind: Kind, each: DumpFilter, effect: Effect, where: Place, ours: Sequence[Filter]
    ) -> Iterator[InTheWay]:
        affected = tuple(_met(ours, effect, asked_there(each)))
        if affected:
            weight = self._places.weights.get(each.sublayer)
            weighs = self._own_weight if where == "same" else weight
            yield InTheWay(kind, each, effect, where, weighs, affected, self._providers.get(each.provider))


def _met(ours: Sequence[Filter], effect: Effect, asked: Asked) -> Iterator[Filter]:
    """Yield the filters of ours that may match the same packet, and would do something else with it."""
    known: dict[int, bool] = {}  # filters of an element share their conditions
    for each in ours:
        if each.slot.role == _SAME.get(effect):
            continue
        key = id(each.conditions)
        if key not in known:
            known[key] = may_meet(each.conditions, asked)
        if known[key]:
            yield each


#: Our filters that do just what another filter does that matches the same packet.
_SAME: Mapping[Effect, str] = {"permit": "exemption", "block": "block"}


def _is_of_bfe(each: DumpFilter) -> bool:
    """Tell whether a filter is one of those by which BFE lets IKE's own packets pass."""
    equal = {
        condition.field: value.low
        for condition, value in zip(each.conditions, each.values, strict=True)
        if value is not None and condition.match == "FWP_MATCH_EQUAL"
    }
    return is_like_one(each.layer, each.action, Weight(each.weight_type, each.weight), each.provider, equal)
