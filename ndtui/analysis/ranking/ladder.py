"""Ladder: at each layer the sublayers by weight, and in those that hold filters the ranges 15 to 0 with what is there.

Filters known here are those of a design and the exemptions that BFE adds beside them. Of the other sublayers of Windows
only the weight is known. A range is told from the weight a filter is submitted with, so that a ladder of any length is
made without weighing a filter; their order inside a range is worked out when it is asked for.
Sources: https://learn.microsoft.com/windows/win32/fwp/filter-weight-assignment for the ranges, filter-arbitration
beside it for the sublayers, ike-exemptions for BFE's exemptions, whose sublayer it leaves open (``ike_exemptions`` says
where they are put here).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ndtui.model.compiled.ike_exemptions import exemptions_beside
from ndtui.model.compiled.objects import Filter, FilterSet, Weight
from ndtui.model.compiled.weights import AUTO_BITS, effective_weight
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import layer_position
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

HIGHEST = number_of("FWPM_WEIGHT_RANGE_MAX")


@dataclass(frozen=True, slots=True, eq=False)
class Rung:
    """A weight range with its filters, in no order; or ranges ``high`` to ``low`` that hold none."""

    high: int
    low: int
    filters: Sequence[Filter] = ()

    @property
    def label(self) -> str:
        """The range, or the first and the last of several: ``12``, ``15-13``."""
        return str(self.high) if self.high == self.low else f"{self.high}-{self.low}"


@dataclass(frozen=True, slots=True, eq=False)
class SublayerRungs:
    """A sublayer and its weight; rungs from 15 to 0 where filters are known in it, none otherwise.

    ``own`` says whether the design's filters are put there, ``bfe`` how many of BFE's own exemptions are, and
    ``bfe_elsewhere`` how many are in other sublayers of the layer; ``before_bfe`` that what is in it stands until BFE
    is up.
    """

    sublayer: str
    weight: int
    own: bool
    rungs: tuple[Rung, ...] = ()
    bfe: int = 0
    bfe_elsewhere: int = 0
    before_bfe: bool = False

    @property
    def count(self) -> int:
        """How many filters there are."""
        return sum(len(rung.filters) for rung in self.rungs)


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """A layer and its sublayers, the highest weight first; all of one time."""

    layer: str
    sublayers: tuple[SublayerRungs, ...]

    @property
    def before_bfe(self) -> bool:
        """Whether what stands in it stands until BFE is up, when nothing else does."""
        return self.sublayers[0].before_bfe

    @property
    def filters(self) -> Iterator[Filter]:
        """All filters that are known at the layer, range by range."""
        return (each for sublayer in self.sublayers for rung in sublayer.rungs for each in rung.filters)


def ladders(filterset: FilterSet, removed: Iterable[Filter] = ()) -> tuple[Ladder, ...]:
    """Return a ladder for every layer at which filters are known, last those of the time until BFE is up.

    ``removed`` are filters that the design had before: they stand where they stood, unless their sublayer is gone too.
    """
    weights = {**BUILTIN_WEIGHTS, **{f"{{{each.key}}}": each.weight for each in filterset.sublayers}}
    by_layer: dict[str, list[Filter]] = {layer: list(filters) for layer, filters in filterset.by_layer.items()}
    boot: dict[str, list[Filter]] = {}
    bfe = exemptions_beside(filterset)
    for each in (*filterset.before_bfe, *bfe, *removed):
        if each.slot.sublayer in weights:
            (boot if each.slot.is_before_bfe else by_layer).setdefault(each.layer, []).append(each)
    beside = Counter((each.layer, each.slot.sublayer) for each in bfe)
    own = filterset.sublayer
    return (
        *(_ladder(layer, by_layer[layer], weights, own, beside) for layer in sorted(by_layer, key=layer_position)),
        *(_ladder(layer, boot[layer], weights, own, Counter()) for layer in sorted(boot, key=layer_position)),
    )


def _ladder(
    layer: str, filters: Sequence[Filter], weights: dict[str, int], own: str, beside: Mapping[tuple[str, str], int]
) -> Ladder:
    before_bfe = filters[0].slot.is_before_bfe
    found: dict[str, dict[int, list[Filter]]] = {}
    for each in filters:
        slot = each.slot
        place = found.setdefault(slot.sublayer, {})
        number = range_of(slot.weight)
        if number in place:
            place[number].append(each)
        else:
            place[number] = [each]
    known = sorted(
        (*BUILTIN_WEIGHTS, *(name for name in found if name not in BUILTIN_WEIGHTS)), key=weights.__getitem__
    )
    of_bfe = sum(beside[layer, name] for name in known)
    return Ladder(
        layer,
        tuple(
            SublayerRungs(
                name,
                weights[name],
                name == own,
                _rungs(found[name]) if name in found else (),
                beside[layer, name],
                of_bfe - beside[layer, name],
                before_bfe,
            )
            for name in reversed(known)
        ),
    )


def _rungs(filters: dict[int, list[Filter]]) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for empty, numbers in groupby(range(HIGHEST, -1, -1), lambda number: number not in filters):
        if empty:
            span = list(numbers)
            rungs.append(Rung(span[0], span[-1]))
        else:
            rungs += [Rung(number, number, filters[number]) for number in numbers]
    return tuple(rungs)


def range_of(weight: Weight) -> int:
    """Return the range of a submitted weight: that of ``FWP_EMPTY`` is 0."""
    if weight.value is None:
        return 0
    return weight.value if weight.type == "FWP_UINT8" else weight.value >> AUTO_BITS


def by_weight(filters: Iterable[Filter]) -> list[Filter]:
    """Return filters from first to last match, as modelled; those that weigh the same in the order they came in."""
    return sorted(filters, key=lambda each: -effective_weight(each).value)
