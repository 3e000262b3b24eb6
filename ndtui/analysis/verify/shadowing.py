"""Shadowing: exemptions that change nothing, because others exempt the same traffic, one of them or several together.

Exact over protocol, addresses, ports and ICMP types, layer by layer. Of exemptions that are equal the first counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import Box, box_of, everything, meet, real
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered_by
from ndtui.analysis.packet_sets.owners import Owned, owners_with_their_own
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.layers import Family, family_of

_NAMED = 8
"""Of how many exemptions that cover another together some are named at most."""

_NEIGHBOURS = 24
"""An exemption that meets fewer others is compared with these; the others are sorted out all at once."""


class Shadow(NamedTuple):
    """An exemption that is covered. ``by`` is one exemption that covers it alone, or some of those that do together."""

    origin: Origin
    layers: tuple[str, ...]
    """The layers at which it is covered."""
    everywhere: bool
    """Whether that is at all layers it has filters at."""
    by: tuple[Origin, ...]
    alone: bool


def shadows(filterset: FilterSet) -> tuple[Shadow, ...]:
    """Return the exemptions that are covered by others, in the order of the design."""
    with without_garbage_collection():
        return tuple(_shadows(filterset))


def _shadows(filterset: FilterSet) -> Iterator[Shadow]:
    present: dict[Origin, list[str]] = {}
    hidden: dict[Origin, list[tuple[str, _Layer]]] = {}
    for layer, analysis in _layers(filterset):
        for origin in analysis.boxes:
            present.setdefault(origin, []).append(layer)
        for origin in analysis.hidden:
            hidden.setdefault(origin, []).append((layer, analysis))
    for origin, layers in present.items():
        if origin in hidden:
            at = hidden[origin]
            by, alone = at[0][1].covering(origin)
            yield Shadow(origin, tuple(layer for layer, _ in at), len(at) == len(layers), by, alone)


def _layers(filterset: FilterSet) -> "Iterator[tuple[str, _Layer]]":
    """Return the layers with exemptions; those whose exemptions match the same packets share what is found."""
    known: dict[tuple[tuple[Origin, int], ...], _Layer] = {}
    for layer, filters in filterset.by_layer.items():
        exempting = [each for each in filters if each.slot.role == "exemption"]
        if exempting:
            same = tuple((each.origin, id(each.conditions)) for each in exempting)
            if same not in known:
                known[same] = _Layer(exempting, family_of(layer), list(known.values()))
            yield layer, known[same]


class _Layer:
    """The exemptions of one layer, and which of them are hidden behind others."""

    def __init__(self, filters: Sequence[Filter], family: Family, before: "Iterable[_Layer]") -> None:
        self.family = family
        self.boxes: Mapping[Origin, Box] = {
            each.origin: box for each in filters if (box := box_of(each.conditions, family)) is not None
        }
        self._index: BoxIndex[Origin] | None = None
        twins = [layer for layer in before if layer.family == family and layer.boxes == self.boxes]
        self.hidden: frozenset[Origin] = twins[0].hidden if twins else self._find()

    def _find(self) -> frozenset[Origin]:
        first: dict[Box, Origin] = {}
        for origin, box in self.boxes.items():
            first.setdefault(box, origin)
        own: set[Origin] = set()
        for region in real(everything(self.family)):
            owned = [Owned(origin, met) for box, origin in first.items() if (met := meet(box, region)) is not None]
            own |= _with_their_own(region, owned, own)
        return frozenset(self.boxes.keys() - own)

    def covering(self, origin: Origin) -> tuple[tuple[Origin, ...], bool]:
        """Return which exemptions cover one: a single one where there is one, or some of all."""
        if self._index is None:
            self._index = BoxIndex(everything(self.family), [(box, each) for each, box in self.boxes.items()])
        box = self.boxes[origin]
        holding = (each for each in self._index.holding(box) if each != origin)
        alone = next(holding, None)
        if alone is not None:
            return (alone,), True
        met = (each for _, each in self._index.meeting(box) if each != origin)
        return tuple(islice(met, _NAMED)), False


def _with_their_own(region: Box, owned: Sequence[Owned[Origin]], known: set[Origin]) -> set[Origin]:
    """Return the exemptions with a packet of their own, apart from those that are known to have one."""
    index = BoxIndex(region, [(each.box, each.owner) for each in owned])
    found: set[Origin] = set()
    crowded: set[Origin] = set()
    for owner, box in owned:
        if owner in known:
            continue
        inside = list(islice((part for part, name in index.meeting(box) if name != owner), _NEIGHBOURS))
        if box in inside:
            continue
        if len(inside) == _NEIGHBOURS:
            crowded.add(owner)
        elif uncovered_by(box, inside) is not None:
            found.add(owner)
    if crowded:
        found |= owners_with_their_own(region, owned, crowded)
    return found
