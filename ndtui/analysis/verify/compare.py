"""Compare: how two policies differ, object by object and by what becomes of traffic.

Objects are matched by what they are for (their layer and the design element that made them), so that two designs can
be compared whose keys have nothing in common; what cannot be matched so is matched by key. By meaning, every packet
whose outcome differs is in one of the regions, and each region has a packet of which that is true.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from ndtui.analysis.packet_sets.box import Box
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.held_filters import filters_by_layer
from ndtui.analysis.packet_sets.policy_sets import PolicySets, parts
from ndtui.analysis.packet_sets.ranges import merged
from ndtui.analysis.packet_sets.traffic_sets import on_the_network, packet_in, traffic_words
from ndtui.analysis.traffic.outcome import Direction, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.verify.assertions import filter_words
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.document_diff import Difference, differences
from ndtui.model.compiled.document_names import display_name, is_filter, is_sublayer, key_of, layer_of, sublayer_weights
from ndtui.model.compiled.document_types import Document, Kind, ObjectLists
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary.layers import FAMILIES, Family

_DIRECTIONS: tuple[Direction, ...] = ("in", "out")
#: What the engine assigns, and what only says which object it is.
_LEFT_OUT = ("filterKey", "subLayerKey", "providerContextKey", "filterId", "providerContextId", "effectiveWeight")


class Policy:
    """One side of a comparison: objects, and what becomes of packets."""

    def __init__(self, name: str, listed: Callable[[], ObjectLists], sets: PolicySets) -> None:
        """Take a policy's name, what lists its objects when they are asked for, and its space."""
        self.name = name
        self.sets = sets
        self._listed = listed

    @classmethod
    def of(cls, filterset: FilterSet) -> "Policy":
        """Return a compiled design."""
        return cls(filterset.design.name, lambda: object_lists(filterset), PolicySets.of(filterset))

    @classmethod
    def of_documents(cls, name: str, objects: ObjectLists) -> "Policy":
        """Return what a backend holds of ours."""
        weights = sublayer_weights(objects["subLayers"])
        return cls(name, lambda: objects, PolicySets(filters_by_layer(objects["filters"]), weights))

    @cached_property
    def objects(self) -> ObjectLists:
        """The objects in the lists that a bundle has."""
        return self._listed()

    def _by_list(self) -> Iterator[tuple[str, Kind, Sequence[Document]]]:
        yield "subLayers", "subLayer", self.objects["subLayers"]
        yield "providerContexts", "providerContext", self.objects["providerContexts"]
        yield "filters", "filter", self.objects["filters"]

    @cached_property
    def identified(self) -> Mapping[tuple[str, str, str], Document]:
        """The objects by what they are for: list, layer or type, and origin; or the key, where that is not known."""
        found: dict[tuple[str, str, str], Document] = {}
        for name, kind, documents in self._by_list():
            for document in documents:
                key = key_of(kind, document)
                place = layer_of(document) or str(document.get("type") or "")
                identity = (name, place, document.get("origin") or key)
                found[identity if identity not in found else (name, place, key)] = document
        return found

    def plain(self, document: Document) -> Mapping[str, object]:
        """Return an object without its keys and the policy's name, other objects by what they are."""
        result: dict[str, object] = {name: value for name, value in document.items() if name not in _LEFT_OUT}
        name = "" if is_sublayer(document) else display_name(document).removeprefix(f"{self.name}: ")
        result["displayData"] = {**document["displayData"], "name": name}
        if is_filter(document):
            own = {each["subLayerKey"] for each in self.objects["subLayers"]}
            result["subLayerKey"] = "own" if document["subLayerKey"] in own else document["subLayerKey"]
            if "providerContextKey" in document:
                result["providerContext"] = self._context_types.get(document["providerContextKey"] or "", "")
        return result

    @cached_property
    def _context_types(self) -> Mapping[str, str]:
        return {each["providerContextKey"]: each["type"] for each in self.objects["providerContexts"]}


class ObjectChange(NamedTuple):
    """An object that only one side has, or that differs."""

    action: Literal["add", "change", "remove"]
    kind: str
    layer: str
    name: str
    differences: tuple[Difference, ...] = ()


class UndecidedRegion(NamedTuple):
    """Traffic of which it is not decided whether the verdict of some of it differs."""

    direction: Direction
    family: Family
    traffic: str


class Region(NamedTuple):
    """Traffic whose verdict differs: all of it, or what no other filter of either side decides over."""

    direction: Direction
    family: Family
    traffic: str
    whole: bool
    before: Outcomes
    after: Outcomes
    before_by: str
    after_by: str
    witness: Packet


def compare_objects(before: Policy, after: Policy) -> Iterator[ObjectChange]:
    """Return how the objects differ, those that go, then those that come or change."""
    old, new = before.identified, after.identified
    for identity, document in old.items():
        if identity not in new:
            yield ObjectChange("remove", *_named(before, identity, document))
    for identity, document in new.items():
        if identity not in old:
            yield ObjectChange("add", *_named(after, identity, document))
            continue
        if old[identity] == document and before.name == after.name:
            continue
        found = tuple(differences("", before.plain(old[identity]), after.plain(document)))
        if found:
            yield ObjectChange("change", *_named(after, identity, document), found)


def _named(side: Policy, identity: tuple[str, str, str], document: Document) -> tuple[str, str, str]:
    name = display_name(document) or identity[2]
    return identity[0], layer_of(document), name.removeprefix(f"{side.name}: ")


class Meaning(NamedTuple):
    """The traffic whose outcome differs, and what of it is not decided; neither where two policies mean the same."""

    regions: tuple[Region, ...]
    undecided: tuple[UndecidedRegion, ...]


def compare_meaning(before: Policy, after: Policy, effort: Effort) -> Meaning:
    """Return the traffic whose outcome differs, each region with a packet that shows it.

    What would take more than the effort to find out is returned as not decided.
    """
    regions: list[Region] = []
    undecided: list[UndecidedRegion] = []
    with without_garbage_collection():
        for number, space in enumerate(_SPACES):
            share = effort.part(effort.left // (len(_SPACES) - number))
            found = list(_regions(before.sets, after.sets, space, share))
            regions += _joined(part for part in found if isinstance(part, _Part))
            boxes = dict.fromkeys(part for part in found if isinstance(part, Box))
            undecided += (_undecided(space, box) for box in boxes)
    return Meaning(tuple(regions), tuple(undecided))


class _Space(NamedTuple):
    """Packets that are compared with each other."""

    direction: Direction
    family: Family
    multicast: bool


_SPACES = tuple(
    _Space(direction, family, multicast)
    for direction in _DIRECTIONS
    for family in FAMILIES
    for multicast in (False, True)
)


def _undecided(space: _Space, box: Box) -> UndecidedRegion:
    return UndecidedRegion(space.direction, space.family, traffic_words(box, space.direction, space.family))


class _Part(NamedTuple):
    box: Box
    whole: bool
    before: Outcomes
    after: Outcomes
    before_by: str
    after_by: str
    witness: Packet


def _regions(before: PolicySets, after: PolicySets, space: _Space, effort: Effort) -> Iterator[_Part | Box]:
    """Return the parts whose outcome differs; a box alone is one of which that is not decided."""
    direction, family, multicast = space
    base = on_the_network(direction, family, multicast=multicast)
    for old in before.cases(direction, family):
        for new in after.cases(direction, family):
            if old.outcomes == new.outcomes:
                continue
            for box, free in parts(base, (*old.inside, *new.inside), (*old.outside, *new.outside), effort):
                if free is None:
                    yield box
                    continue
                witness = packet_in(free, direction, family)
                by = (filter_words(before.owed_to(witness)), filter_words(after.owed_to(witness)))
                yield _Part(box, free == box, old.outcomes, new.outcomes, *by, witness)


def _joined(found: Iterable[_Part]) -> Iterator[Region]:
    """Return regions in words; parts that differ in nothing but the protocol become one."""
    groups: dict[tuple[Hashable, ...], list[_Part]] = {}
    for number, part in enumerate(found):
        narrow = () if _all_ports(part.box) else (number,)
        alike = (part.box.local, part.box.remote, *part[2:6], *narrow)
        groups.setdefault(alike, []).append(part)
    for members in groups.values():
        first = members[0]
        numbers = merged(interval for each in members for interval in each.box.protocol)
        direction, family = first.witness.direction, first.witness.family
        words = traffic_words(first.box._replace(protocol=numbers), direction, family)
        yield Region(direction, family, words, all(each.whole for each in members), *first[2:])


def _all_ports(box: Box) -> bool:
    """Tell whether neither ports nor ICMP types narrow down a box of one kind of protocol."""
    first = box.protocol[0][0]
    most = 65535 if first in (6, 17) else 255 if first in (1, 58) else 0
    return box.local_port == box.remote_port == ((0, most),)
