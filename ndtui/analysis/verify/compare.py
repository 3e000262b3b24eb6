"""Compare: how two policies differ, object by object and by what becomes of traffic.

Objects are matched by what they are for (their layer and the design element that made them), so that two designs can
be compared whose keys have nothing in common; what cannot be matched so is matched by key. By meaning, every packet
whose outcome differs is in one of the regions, and each region has a packet of which that is true. Traffic of peers
that authenticate and may not connect stands apart where one of the policies asks who connects; elsewhere they are
treated as those who may. Where the lists of who may connect differ, so does that of whom they name.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, product
from typing import Literal, NamedTuple

from ndtui.analysis.packet_sets.box import AUTHORIZED, UNAUTHORIZED, Box, meet, real, replaced
from ndtui.analysis.packet_sets.box_kinds import ANY_PROTOCOL, by_kind
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.held_filters import filters_by_layer
from ndtui.analysis.packet_sets.policy_sets import Case, Changes, Meetings, PolicySets, cases_in, parts
from ndtui.analysis.packet_sets.ranges import Ranges, merged, without
from ndtui.analysis.packet_sets.traffic_sets import on_the_network, packet_in, traffic_words
from ndtui.analysis.traffic.outcome import Direction, Outcomes
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_kind import ICMP, PacketKind
from ndtui.analysis.verify.assertions import filter_words
from ndtui.analysis.verify.peers_told_apart import peers_told_apart, words_of_peer
from ndtui.common.counted import counted
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.common.letting_go import let_go
from ndtui.model.compiled.document_diff import Difference, differences
from ndtui.model.compiled.document_names import display_name, is_filter, is_sublayer, key_of, layer_of, sublayer_weights
from ndtui.model.compiled.document_types import Document, Kind, ObjectLists
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.access_check import Identities
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.layers import FAMILIES, Family

_DIRECTIONS: tuple[Direction, ...] = ("in", "out")
#: What the engine assigns, and what only says which object it is.
_LEFT_OUT = ("filterKey", "subLayerKey", "providerContextKey", "filterId", "providerContextId", "effectiveWeight")
#: The kind of the objects in each list.
_KINDS: Mapping[str, Kind] = {"subLayers": "subLayer", "providerContexts": "providerContext", "filters": "filter"}


class Identity(NamedTuple):
    """What an object is for: its list, its layer or type, and its origin or key.

    Of a filter also what it is called, which tells the filters apart that a rule has at one layer.
    """

    listed: str
    place: str
    element: str
    label: str = ""


class Policy:
    """One side of a comparison: objects, and what becomes of packets."""

    def __init__(
        self, name: str, listed: Callable[[], ObjectLists], sets: PolicySets, design: Design | None = None
    ) -> None:
        """Take a policy's name, what lists its objects when they are asked for, its sets, and its design if known."""
        self.name = name
        self.sets = sets
        self.design = design
        self._listed = listed

    @classmethod
    def of(cls, filterset: FilterSet) -> "Policy":
        """Return a compiled design."""
        return cls(filterset.design.name, lambda: object_lists(filterset), PolicySets.of(filterset), filterset.design)

    @classmethod
    def of_documents(cls, name: str, objects: ObjectLists) -> "Policy":
        """Return what a backend holds of ours."""
        weights = sublayer_weights(objects["subLayers"])
        return cls(name, lambda: objects, PolicySets(filters_by_layer(objects["filters"]), weights))

    def of_peer(self, said: Identities) -> "Policy":
        """Return what the policy does with a peer, as far as it is said who that is."""
        return Policy(self.name, self._listed, self.sets.of_peer(said), self.design)

    @cached_property
    def objects(self) -> ObjectLists:
        """The objects in the lists that a bundle has."""
        return self._listed()

    def let_go(self) -> None:
        """Free what was found out for a comparison, a bit at a time; asked again, it is found out again."""
        known = self.__dict__  # what is not there need not be worked out for this
        held: list[object] = [*known.pop("identified", {}).items(), *known.pop("_contexts", {}).items()]
        if "objects" in known:
            held += (each for _, _, several in self._by_list() for each in several)
            del known["objects"]
        let_go(held)
        self.sets.let_go()

    def _by_list(self) -> Iterator[tuple[str, Kind, Sequence[Document]]]:
        yield "subLayers", "subLayer", self.objects["subLayers"]
        yield "providerContexts", "providerContext", self.objects["providerContexts"]
        yield "filters", "filter", self.objects["filters"]

    @cached_property
    def identified(self) -> Mapping[Identity, Document]:
        """The objects by what they are for; or by their key, where that is not known."""
        found: dict[Identity, Document] = {}
        for name, kind, documents in self._by_list():
            for document in counted(documents):
                key = key_of(kind, document)
                place = layer_of(document) or str(document.get("type") or "")
                origin = document.get("origin")
                label = self._label(document) if origin and kind == "filter" else ""
                identity = Identity(name, place, origin or key, label)
                found[identity if identity not in found else Identity(name, place, key)] = document
        return found

    def _label(self, document: Document) -> str:
        return display_name(document).removeprefix(f"{self.name}: ")

    def plain(self, document: Document) -> Mapping[str, object]:
        """Return an object without its keys and the policy's name, other objects by what they are."""
        result: dict[str, object] = {name: value for name, value in document.items() if name not in _LEFT_OUT}
        name = "" if is_sublayer(document) else self._label(document)
        result["displayData"] = {**document["displayData"], "name": name}
        if is_filter(document):
            own = {each["subLayerKey"] for each in self.objects["subLayers"]}
            result["subLayerKey"] = "own" if document["subLayerKey"] in own else document["subLayerKey"]
            if "providerContextKey" in document:
                result["providerContext"] = self._contexts.get(document["providerContextKey"] or "", "")
        return result

    @cached_property
    def _contexts(self) -> Mapping[str, str]:
        contexts = self.objects["providerContexts"]
        return {each["providerContextKey"]: f"{each['type']} ({self._label(each)})" for each in contexts}


class ObjectChange(NamedTuple):
    """An object that only one side has, or that differs."""

    action: Literal["add", "change", "remove"]
    kind: str
    layer: str
    name: str
    before: Document | None
    after: Document | None
    differences: tuple[Difference, ...] = ()
    """What differs, as far as it says something: keys and the names of the policies do not."""

    @property
    def object_kind(self) -> Kind:
        """What kind of object it is."""
        return _KINDS[self.kind]


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
            yield ObjectChange("remove", *_named(before, identity, document), document, None)
    for identity, document in counted([*new.items()]):
        if identity not in old:
            yield ObjectChange("add", *_named(after, identity, document), None, document)
            continue
        if old[identity] == document and before.name == after.name:
            continue
        found = tuple(differences("", before.plain(old[identity]), after.plain(document)))
        if found:
            yield ObjectChange("change", *_named(after, identity, document), old[identity], document, found)


def _named(side: Policy, identity: Identity, document: Document) -> tuple[str, str, str]:
    name = display_name(document) or identity.element
    return identity.listed, layer_of(document), name.removeprefix(f"{side.name}: ")


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
        told = peers_told_apart(before.sets, after.sets)
        said = [_Space("in", family, multicast=False, said=peer) for peer in told.peers for family in FAMILIES]
        spaces = (*_SPACES, *said)
        changes: dict[tuple[int, Direction, Family], Changes] = {}  # of all peers once, of each that is said apart
        for number, space in enumerate(spaces):
            share = effort.part(effort.left // (len(spaces) - number))
            sides = (before.of_peer(space.said), after.of_peer(space.said)) if space.said else (before, after)
            at = (number if space.said else 0, space.direction, space.family)
            if at not in changes:
                changes[at] = Changes(sides[0].sets, sides[1].sets, space.direction, space.family)
            found = list(_regions(*sides, space, changes[at], share))
            joined = _joined(part for part in found if isinstance(part, _Part))
            regions += (_with_peer(region, space.said) for region in joined)
            boxes = dict.fromkeys(part for part in found if isinstance(part, Box))
            undecided += (_undecided(space, box) for box in boxes)
        if not told.complete:
            undecided += _not_told_apart(before, after)
    return Meaning(tuple(regions), tuple(undecided))


class _Space(NamedTuple):
    """Packets that are compared with each other; ``unauthorized`` are those of peers that may not connect.

    ``said`` is who the peer is, where that is said.
    """

    direction: Direction
    family: Family
    multicast: bool
    unauthorized: bool = False
    said: Identities | None = None


_SPACES = tuple(
    _Space(direction, family, multicast, unauthorized)
    for direction in _DIRECTIONS
    for family in FAMILIES
    for multicast in (False, True)
    for unauthorized in ((False, True) if direction == "in" else (False,))
)


def _undecided(space: _Space, box: Box) -> UndecidedRegion:
    words = traffic_words(box, space.direction, space.family)
    return UndecidedRegion(
        space.direction, space.family, f"{words} {words_of_peer(space.said)}" if space.said else words
    )


def _not_told_apart(before: Policy, after: Policy) -> Iterator[UndecidedRegion]:
    """Yield the traffic of which it is not decided whether it differs by who the peer is."""
    for family in FAMILIES:
        whole = on_the_network("in", family)
        asking = (meet(whole, box) for box in chain(before.sets.asking_who(family), after.sets.asking_who(family)))
        for box in dict.fromkeys(part for each in asking if each is not None for part in real(each)):
            yield UndecidedRegion("in", family, traffic_words(box._replace(peer=AUTHORIZED), "in", family))


def _with_peer(region: Region, said: Identities | None) -> Region:
    """Return a region with who the peer is, in its words and its packet."""
    if said is None:
        return region
    witness = replace(region.witness, machine=said.get(MACHINE), user=said.get(USER))
    return region._replace(traffic=f"{region.traffic} {words_of_peer(said)}", witness=witness)


class _Part(NamedTuple):
    box: Box
    whole: bool
    before: Outcomes
    after: Outcomes
    before_by: str
    after_by: str
    witness: Packet


def _regions(before: Policy, after: Policy, space: _Space, changes: Changes, effort: Effort) -> Iterator[_Part | Box]:
    """Return the parts whose outcome differs; a box alone is one of which that is not decided."""
    direction, family = space.direction, space.family
    meetings = Meetings()
    for kind, base in _compared(before.sets, after.sets, space):
        old_cases, new_cases = (cases_in(base, side.sets.cases(direction, family, kind)) for side in (before, after))
        for old, new in _differing(old_cases, new_cases, changes, meetings):
            for box, free in parts(base, (*old.inside, *new.inside), (*old.outside, *new.outside), effort):
                if free is None:
                    yield box
                    continue
                witness = packet_in(free, direction, family)
                by = (_owed_to(before, witness), _owed_to(after, witness))
                yield _Part(box, free == box, old.outcomes, new.outcomes, *by, witness)


def _owed_to(side: Policy, witness: Packet) -> str:
    return filter_words(side.sets.owed_to(witness), side.design)


def _compared(before: PolicySets, after: PolicySets, space: _Space) -> Iterator[tuple[PacketKind, Box]]:
    """Yield the boxes of a space with the kind of their packets; where who they are counts, where somebody asks it."""
    whole = on_the_network(space.direction, space.family, multicast=space.multicast)
    for kind, box in by_kind(whole, space.family):
        if not space.unauthorized and space.said is None:
            yield kind, box._replace(peer=AUTHORIZED)
        elif kind == "usual":
            asking = dict.fromkeys(chain(before.asking_who(space.family), after.asking_who(space.family)))
            peer = UNAUTHORIZED if space.unauthorized else AUTHORIZED
            met = (meet(box._replace(peer=peer), each) for each in asking)
            yield from ((kind, each) for each in met if each is not None)


def _differing(
    before: Sequence[Case], after: Sequence[Case], changes: Changes, meetings: Meetings
) -> Iterator[tuple[Case, Case]]:
    """Yield cases of both policies that a packet may be in, and whose outcomes differ."""
    reached = [[(case, bits) for case in cases if (bits := changes.reached(case))] for cases in (before, after)]
    return (
        (old, new)
        for (old, here), (new, there) in product(*reached)
        if here & there and old.outcomes != new.outcomes and meetings.in_all((*old.inside, *new.inside))
    )


def _joined(found: Iterable[_Part]) -> Iterator[Region]:
    """Return regions in words; parts that differ in nothing but the protocol become one."""
    groups: dict[tuple[Hashable, ...], list[_Part]] = {}
    for number, part in enumerate(_whole_icmp(dict.fromkeys(found))):
        narrow = () if _all_ports(part.box) else (number,)
        groups.setdefault((part.box.local, part.box.remote, *part.box[5:], *_said(part), *narrow), []).append(part)
    for members in groups.values():
        first = members[0]
        numbers = merged(interval for each in members for interval in each.box.protocol)
        direction, family = first.witness.direction, first.witness.family
        whole = all(each.whole for each in members)
        if not whole and numbers == _but_icmp(family):
            numbers = ANY_PROTOCOL  # what ICMP does is what other filters decide
        words = traffic_words(first.box._replace(protocol=numbers), direction, family)
        yield Region(direction, family, words, whole, *first[2:])


def _but_icmp(family: Family) -> Ranges:
    return without(ANY_PROTOCOL, ((ICMP[family], ICMP[family]),))


def _said(part: _Part) -> tuple[Hashable, ...]:
    return part[2:6]


def _whole_icmp(found: Iterable[_Part]) -> Iterator[_Part]:
    """Yield the parts, those that differ in nothing but their ICMP types as one: errors and others are found apart."""
    known: dict[tuple[Hashable, ...], _Part] = {}
    for number, part in enumerate(found):
        messages = part.box.protocol in (((1, 1),), ((58, 58),))
        same = (replaced(part.box, 3, ()), *_said(part)) if messages else (number,)
        if same in known:
            other = known[same]
            types = merged((*other.box.local_port, *part.box.local_port))
            box = replaced(other.box, 3, types)
            known[same] = other._replace(box=box, whole=other.whole and part.whole)
        else:
            known[same] = part
    yield from known.values()


def _all_ports(box: Box) -> bool:
    """Tell whether neither ports nor ICMP types narrow down a box of one kind of protocol."""
    first = box.protocol[0][0]
    most = 65535 if first in (6, 17) else 255 if first in (1, 58) else 0
    return box.local_port == box.remote_port == ((0, most),)
