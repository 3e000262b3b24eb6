"""Order: per layer and sublayer, the filters from first to last match, as far as their weights are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import EffectiveWeight, effective_weight
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS


@dataclass(frozen=True, slots=True, eq=False)
class OrderRow:
    """One filter in the order of its layer. Filters of equal weight share a rank: which is first is undefined."""

    rank: int
    tied: bool
    filter: Filter
    weight: EffectiveWeight
    above: int
    """How many callout filters stand below it: what an exemption must outrank to work."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderGroup:
    """The filters of one layer and sublayer, first match first.

    ``before_bfe`` says that they stand until BFE is up, when no other does, and decide over nothing after.
    """

    layer: str
    sublayer: str
    sublayer_weight: int
    rows: tuple[OrderRow, ...]
    before_bfe: bool = False


def order(filterset: FilterSet) -> tuple[OrderGroup, ...]:
    """Return all filters in their modelled order of evaluation, layer by layer; last those until BFE is up."""
    own = {f"{{{s.key}}}": s.weight for s in filterset.sublayers}
    return tuple(
        OrderGroup(layer, sublayer, own.get(sublayer, BUILTIN_WEIGHTS.get(sublayer, 0)), _ranked(weighed), before_bfe)
        for filters, before_bfe in (
            (chain.from_iterable(filterset.by_layer.values()), False),
            (filterset.before_bfe, True),
        )
        for (layer, sublayer), weighed in _by_place(filters).items()
    )


def _by_place(filters: Iterable[Filter]) -> dict[tuple[str, str], list[tuple[EffectiveWeight, Filter]]]:
    groups: dict[tuple[str, str], list[tuple[EffectiveWeight, Filter]]] = {}
    for each in filters:
        groups.setdefault((each.slot.layer, each.slot.sublayer), []).append((effective_weight(each), each))
    return groups


def _ranked(weighed: list[tuple[EffectiveWeight, Filter]]) -> tuple[OrderRow, ...]:
    ordered = sorted(weighed, key=lambda pair: -pair[0].value)
    counts: dict[int, int] = {}
    for weight, _ in ordered:
        counts[weight.value] = counts.get(weight.value, 0) + 1
    below = sum(1 for _, each in ordered if each.slot.callout)
    rows, rank, last = [], 0, -1
    for position, (weight, each) in enumerate(ordered, start=1):
        if weight.value != last:
            rank, last = position, weight.value
        if each.slot.callout:
            below -= 1
        rows.append(OrderRow(rank, counts[weight.value] > 1, each, weight, below))
    return tuple(rows)
