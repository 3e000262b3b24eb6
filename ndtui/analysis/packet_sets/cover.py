"""Cover: is a box covered by the union of others? Exact, with a part that is not as the witness.

No pair of boxes is ever looked at twice for nothing: boxes that span a region in all fields but one take their ranges
out of it at a stroke, a gap in one field leaves only the boxes that span that field, and what remains is halved.

What remains may have to be halved very often: see ``effort`` for how often at most. A search that is long is
interrupted to draw packets, of which one that is free is an answer too.
"""

from collections.abc import Iterable, Sequence

from ndtui.analysis.packet_sets.box import FIELDS, Box, meet, replaced
from ndtui.analysis.packet_sets.draws import free_point, grown
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.ranges import Ranges, common, merged, without
from ndtui.common.give_way import in_turns

_SAMPLE = 48

_SHORT = 4_000
"""Boxes that a search looks at before packets are drawn, and for each box it is about so many times itself."""
_SHORT_EACH = 20
_DRAWS = 16
#: The fields of a box that are addresses and ports.
_ENDPOINTS = tuple(map(Box._fields.index, ("local", "remote", "local_port", "remote_port")))


def uncovered(region: Box, boxes: Iterable[Box], effort: Effort) -> Box | None:
    """Return a part of the region that none of the boxes touches, or ``None`` when they cover it all.

    Raises:
        UndecidedError: to find out takes too much effort.
    """
    return uncovered_by(region, clipped(boxes, region), effort)


def uncovered_by(region: Box, boxes: list[Box], effort: Effort) -> Box | None:
    """Return what ``uncovered`` does, of boxes that are all inside the region.

    Raises:
        UndecidedError: to find out takes too much effort.
    """
    try:
        return _search(region, boxes, effort.part(_SHORT + _SHORT_EACH * len(boxes)))
    except UndecidedError:
        point = free_point(region, boxes, _DRAWS, effort)
    return _search(region, boxes, effort) if point is None else grown(point, region, boxes)


def _search(region: Box, boxes: list[Box], effort: Effort) -> Box | None:
    while boxes:
        effort.spend(len(boxes))
        if region in boxes:
            return None
        slabs = slabs_of(region, boxes)
        if slabs:
            rest = without_slabs(region, slabs)
            if rest is None:
                return None
            region, boxes = rest, clipped(boxes, rest)
            continue
        gap = widest_gap(region, boxes)
        if gap is None:
            return _search_halves(region, boxes, effort)
        place, free, taken = gap
        part = replaced(region, place, free)
        spanning = [replaced(box, place, free) for box in boxes if box[place] == region[place]]
        found = _search(part, spanning, effort)
        if found is not None:
            return found
        boxes = [replaced(box, place, taken) if box[place] == region[place] else box for box in boxes]
        region = replaced(region, place, taken)
    return region


def _search_halves(region: Box, boxes: list[Box], effort: Effort) -> Box | None:
    parts = [(half, clipped(boxes, half)) for half in halves(region, boxes)]
    for half, inside in sorted(parts, key=lambda part: len(part[1])):
        found = _search(half, inside, effort)
        if found is not None:
            return found
    return None


def clipped(boxes: Iterable[Box], region: Box) -> list[Box]:
    """Return what of the boxes is in a region."""
    return [met for box in in_turns(boxes) if (met := meet(box, region)) is not None]


def slabs_of(region: Box, boxes: Iterable[Box]) -> dict[int, list[Ranges]]:
    """Return, by field, the ranges of the boxes that span the region in all other fields."""
    slabs: dict[int, list[Ranges]] = {}
    for box in in_turns(boxes):
        narrow = -1
        for place in range(FIELDS):
            if box[place] != region[place]:
                if narrow >= 0:
                    break
                narrow = place
        else:
            slabs.setdefault(narrow, []).append(box[narrow])
    return slabs


def without_slabs(region: Box, slabs: dict[int, list[Ranges]]) -> Box | None:
    """Return the region without the slabs, which is a box again, or ``None`` when nothing is left."""
    for place, ranges in slabs.items():
        rest = without(region[place], merged(interval for each in ranges for interval in each))
        if not rest:
            return None
        region = replaced(region, place, rest)
    return region


def without_edges(region: Box, boxes: Iterable[Box]) -> Box:
    """Return the region without what boxes take of its addresses and ports, as far as that takes no more words.

    Of two ports one is left, of a range its end; a hole in a range stays in it. Nothing is left out that no box takes.
    """
    for place, ranges in slabs_of(region, boxes).items():
        rest = without(region[place], merged(interval for each in ranges for interval in each))
        if place in _ENDPOINTS and 0 < len(rest) <= len(region[place]):
            region = replaced(region, place, rest)
    return region


def widest_gap(region: Box, boxes: Sequence[Box]) -> tuple[int, Ranges, Ranges] | None:
    """Return the field in which the boxes that do not span it leave a gap, the gap, and what they take.

    Of several fields the one is chosen that leaves the fewest boxes to look at in the gap.
    """
    best: tuple[int, int, Ranges, Ranges] | None = None
    for place in range(FIELDS):
        whole = region[place]
        narrow = [box[place] for box in boxes if box[place] != whole]
        spanning = len(boxes) - len(narrow)
        if not narrow or (best is not None and spanning >= best[0]):
            continue
        taken = merged(interval for ranges in set(narrow) for interval in ranges)
        free = without(whole, taken)
        if free:
            best = (spanning, place, free, taken)
    return best[1:] if best is not None else None


def halves(region: Box, boxes: Sequence[Box]) -> tuple[Box, Box]:
    """Return the region in two, cut where the fewest boxes are cut with it.

    There must be a box that does not span the region.
    """
    sample = boxes if len(boxes) <= _SAMPLE else boxes[:: len(boxes) // _SAMPLE]
    best: tuple[int, int, Ranges, Ranges] | None = None
    for place in range(FIELDS):
        whole = region[place]
        ends = sorted(_ends(whole, (box[place] for box in sample)))
        if not ends:
            continue
        cut = ends[len(ends) // 2]
        left, right = common(whole, ((0, cut),)), common(whole, ((cut + 1, whole[-1][1]),))
        lower = sum(1 for box in sample if box[place][0][0] <= cut)
        upper = sum(1 for box in sample if box[place][-1][1] > cut)
        cost = lower * lower + upper * upper
        if best is None or cost < best[0]:
            best = (cost, place, left, right)
    if best is None:
        raise ValueError("every box spans the region: there is nothing to cut")
    _, place, left, right = best
    return replaced(region, place, left), replaced(region, place, right)


def _ends(whole: Ranges, several: Iterable[Ranges]) -> list[int]:
    """Return where ranges begin or end within the whole: the last numbers before a cut."""
    first, last = whole[0][0], whole[-1][1]
    ends = []
    for ranges in several:
        if ranges != whole:
            for low, high in ranges:
                if low > first:
                    ends.append(low - 1)
                if high < last:
                    ends.append(high)
    return ends
