"""Shadowing: exemptions that change nothing, because others exempt the same traffic, one of them or several together.

Exact over protocol, addresses, ports and ICMP types, layer by layer. Of exemptions that are equal the first counts.
Of some it may take too long to find out: then neither is said of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import Box, box_of, everything, meet, real
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered_by
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.owners import Found, Owned, owners_with_their_own
from ndtui.common.counted import counted
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.layers import Family, family_of

_NAMED = 8
"""Of how many exemptions that cover another together some are named at most."""

_NEIGHBOURS = 24
"""An exemption that meets fewer others is compared with these; the others are sorted out all at once."""

_ALONE = 10_000
"""Boxes that are looked at to compare one exemption with its neighbours; what takes more is sorted out with the others.
"""


class Shadow(NamedTuple):
    """An exemption that is covered. ``by`` is one exemption that covers it alone, or some of those that do together."""

    origin: Origin
    layers: tuple[str, ...]
    """The layers at which it is covered."""
    everywhere: bool
    """Whether that is at all layers it has filters at."""
    by: tuple[Origin, ...]
    alone: bool


class Shadowing(NamedTuple):
    """The exemptions that are covered by others, and those of which that is not decided; in the order of the design."""

    shadows: tuple[Shadow, ...]
    undecided: tuple[Origin, ...]


def shadowing(filterset: FilterSet, effort: Effort) -> Shadowing:
    """Return the exemptions that are covered by others, as far as the effort suffices to find them."""
    with without_garbage_collection():
        layers = list(_layers(filterset, effort))
        doubtful = frozenset[Origin]().union(*(analysis.found.undecided for _, analysis in layers))
        in_order = dict.fromkeys(origin for _, analysis in layers for origin in analysis.boxes if origin in doubtful)
        return Shadowing(tuple(_shadows(layers)), tuple(in_order))


def _shadows(analyses: "Iterable[tuple[str, _Layer]]") -> Iterator[Shadow]:
    present: dict[Origin, list[str]] = {}
    hidden: dict[Origin, list[tuple[str, _Layer]]] = {}
    for layer, analysis in analyses:
        for origin in analysis.boxes:
            present.setdefault(origin, []).append(layer)
        for origin in analysis.hidden:
            hidden.setdefault(origin, []).append((layer, analysis))
    for origin, layers in present.items():
        if origin in hidden:
            at = hidden[origin]
            by, alone = at[0][1].covering(origin)
            yield Shadow(origin, tuple(layer for layer, _ in at), len(at) == len(layers), by, alone)


def _layers(filterset: FilterSet, effort: Effort) -> "Iterator[tuple[str, _Layer]]":
    """Return the layers with exemptions; those whose exemptions match the same packets share what is found."""
    known: dict[tuple[tuple[Origin, int], ...], _Layer] = {}
    for layer, filters in filterset.by_layer.items():
        exempting = [each for each in filters if each.slot.role == "exemption"]
        if exempting:
            same = tuple((each.origin, id(each.conditions)) for each in exempting)
            if same not in known:
                known[same] = _Layer(exempting, family_of(layer), list(known.values()), effort)
            yield layer, known[same]


class _Layer:
    """The exemptions of one layer, which of them are hidden behind others, and of which that is not decided."""

    def __init__(self, filters: Sequence[Filter], family: Family, before: "Iterable[_Layer]", effort: Effort) -> None:
        self.family = family
        self.boxes: Mapping[Origin, Box] = {
            each.origin: box for each in counted(filters) if (box := box_of(each.conditions, family)) is not None
        }
        self._index: BoxIndex[Origin] | None = None
        twins = [layer for layer in before if layer.family == family and layer.boxes == self.boxes]
        self.found: Found[Origin] = twins[0].found if twins else self._find(effort)
        self.hidden = frozenset(self.boxes.keys() - self.found.own - self.found.undecided)

    def _find(self, effort: Effort) -> Found[Origin]:
        first: dict[Box, Origin] = {}
        for origin, box in self.boxes.items():
            first.setdefault(box, origin)
        own: set[Origin] = set()
        undecided: set[Origin] = set()
        for region in real(everything(self.family)):
            owned = [Owned(origin, met) for box, origin in first.items() if (met := meet(box, region)) is not None]
            found = _with_their_own(region, owned, own, effort)
            own |= found.own
            undecided |= found.undecided
        return Found(own, undecided - own)

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


def _with_their_own(region: Box, owned: Sequence[Owned[Origin]], known: set[Origin], effort: Effort) -> Found[Origin]:
    """Return the exemptions with a packet of their own, apart from those that are known to have one."""
    index = BoxIndex(region, [(each.box, each.owner) for each in owned])
    found: set[Origin] = set()
    crowded: set[Origin] = set()
    left = [each for each in owned if each.owner not in known]
    for number, (owner, box) in enumerate(counted(left)):
        try:
            met = (part for part, name in index.meeting(box, effort) if name != owner)
            inside = list(islice(met, _NEIGHBOURS))
            if box in inside:
                continue
            if len(inside) == _NEIGHBOURS:
                crowded.add(owner)
            elif uncovered_by(box, inside, effort.part(_ALONE)) is not None:
                found.add(owner)
        except UndecidedError:
            if not effort.left:
                return Found(found, crowded | {each.owner for each in left[number:]})
            crowded.add(owner)
    if not crowded:
        return Found(found, set())
    own, undecided = owners_with_their_own(region, owned, index, crowded, effort)
    return Found(found | own, undecided)
