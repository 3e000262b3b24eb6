"""Owners: of many sets of packets, which have a packet of their own? The others are covered by the rest together.

Exact, for all sets at once. The space is cut until little is left to compare; a region that two sets span has nothing
for anybody, and as soon as a set has been seen to have a packet of its own it is no longer looked for. How often it is
cut at most is in ``effort``; a long search is interrupted to draw packets of those that are still looked for.
"""

from collections.abc import Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from ndtui.analysis.packet_sets.box import Box, meet, replaced
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import halves, slabs_of, uncovered, widest_gap, without_slabs
from ndtui.analysis.packet_sets.draws import free_point
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError

Owner = TypeVar("Owner", bound=Hashable)

_FEW = 8

_SHORT = 20_000
"""Boxes that the search looks at before packets are drawn, and for each box it is about so many times itself."""
_SHORT_EACH = 100
_DRAWS = 8


class Owned(NamedTuple, Generic[Owner]):
    """A box and the set it belongs to. The boxes of one set are disjoint."""

    owner: Owner
    box: Box


class Found(NamedTuple, Generic[Owner]):
    """Which of the sets have a packet of their own, and of which that is not decided."""

    own: set[Owner]
    undecided: set[Owner]


def owners_with_their_own(
    region: Box, owned: Sequence[Owned[Owner]], index: BoxIndex[Owner], sought: set[Owner], effort: Effort
) -> Found[Owner]:
    """Return those of the owners sought that have a packet in the region which is in no box of another owner.

    ``index`` has the same boxes as ``owned``, with their owners.
    """
    missing = set(sought)
    try:
        try:
            _search(region, owned, missing, effort.part(_SHORT + _SHORT_EACH * len(owned)))
        except UndecidedError:
            _draw(owned, index, missing, effort)
            _search(region, owned, missing, effort)
    except UndecidedError:
        return Found(sought - missing, missing)
    return Found(sought - missing, set())


def _search(region: Box, owned: Sequence[Owned[Owner]], missing: set[Owner], effort: Effort) -> None:
    """Take those that have a packet of their own out of those that are missing.

    Raises:
        UndecidedError: to find the others takes too much effort.
    """
    work = [(region, _clipped(owned, region))]
    while work and missing:
        part, inside = work.pop()
        effort.spend(len(inside))
        work += _step(part, inside, missing, effort)


def _draw(owned: Sequence[Owned[Owner]], index: BoxIndex[Owner], missing: set[Owner], effort: Effort) -> None:
    """Take those out of those that are missing of which a packet is drawn that no other has.

    Raises:
        UndecidedError: that takes too much effort.
    """
    for owner, box in owned:
        if owner in missing:
            others = [met for met, each in index.meeting(box, effort) if each != owner]
            if free_point(box, others, _DRAWS, effort) is not None:
                missing.discard(owner)


def _clipped(owned: Sequence[Owned[Owner]], region: Box) -> list[Owned[Owner]]:
    return [Owned(owner, met) for owner, box in owned if (met := meet(box, region)) is not None]


def _step(
    region: Box, inside: list[Owned[Owner]], missing: set[Owner], effort: Effort
) -> list[tuple[Box, list[Owned[Owner]]]]:
    """Decide a region, or return the smaller regions that are left to decide.

    Raises:
        UndecidedError: that takes too much effort.
    """
    sought = {each.owner for each in inside if each.owner in missing}
    if not sought:
        return []
    spanning = {each.owner for each in inside if each.box == region}
    if spanning:
        sought &= spanning
        if len(spanning) > 1 or not sought:
            return []
    if len(sought) <= (_FEW if len(inside) <= _FEW * _FEW else 1):
        missing -= {owner for owner in sought if _has_its_own(owner, inside, effort)}
        return []
    gap = widest_gap(region, [each.box for each in inside])
    if gap is not None:
        place, free, taken = gap
        whole = region[place]
        spans = [each for each in inside if each.box[place] == whole]
        rest = [
            Owned(each.owner, replaced(each.box, place, taken)) if each.box[place] == whole else each for each in inside
        ]
        parts = [(replaced(region, place, taken), rest)]
        if spans:
            free_part = replaced(region, place, free)
            parts.append((free_part, [Owned(each.owner, replaced(each.box, place, free)) for each in spans]))
        return parts
    if _all_covered_twice(region, inside):
        return []
    return [(half, _clipped(inside, half)) for half in halves(region, [each.box for each in inside])]


def _has_its_own(owner: Owner, inside: list[Owned[Owner]], effort: Effort) -> bool:
    others = [each.box for each in inside if each.owner != owner]
    return any(uncovered(each.box, others, effort) is not None for each in inside if each.owner == owner)


def _all_covered_twice(region: Box, inside: list[Owned[Owner]]) -> bool:
    """Tell whether boxes that span all fields but one cover the region, and in another field others do so again."""
    slabs = slabs_of(region, [each.box for each in inside])
    covering = [place for place, ranges in slabs.items() if without_slabs(region, {place: ranges}) is None]
    return len(covering) > 1
