"""Draws: packets picked from a box, and moved, in the hope of one that no other box holds.

Such a packet settles at once that a box is not covered, however many parts the others cut it into. Packets that are
held settle nothing.

A packet is moved along one field after the other, to where the fewest boxes hold it: on a line of packets that differ
in one field alone, those of all boxes are seen at a stroke. That finds what is free where it is a small part of all.
Draws and moves are the same every time.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from random import Random

from ndtui.analysis.packet_sets.box import FIELDS, Box, meet, replaced
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.ranges import Ranges, common, contains, merged, size, without

_ROUNDS = 2
"""How often a packet is moved along each field."""
_QUICK = 8
"""So many boxes are looked at in one field while a search looks at one in all of them, and cuts it."""


def free_point(region: Box, boxes: Sequence[Box], count: int, effort: Effort) -> Box | None:
    """Return a packet of a region that is in none of the boxes, or ``None`` when none of so many draws leads to one.

    Raises:
        UndecidedError: that takes too much effort.
    """
    draw = Random(len(boxes))  # noqa: S311 - nothing secret: the same draws every time
    wide = [place for place in range(FIELDS) if size(region[place]) > 1]
    for _ in range(count):
        point = list(_any_point(draw, region))
        for place in wide * _ROUNDS or [0]:
            effort.spend(1 + len(boxes) // _QUICK)
            on_line = [box[place] for box in boxes if _holds_elsewhere(box, point, place)]
            free = without(region[place], merged(interval for ranges in on_line for interval in ranges))
            if free:
                point[place] = _any_number(draw, free)
                return Box._make(((number, number),) for number in point)
            point[place] = draw.choice(_least_held(region[place], on_line))
    return None


def points(region: Box, count: int) -> Iterator[Box]:
    """Yield so many packets of a region, each as a box of its own."""
    draw = Random(count)  # noqa: S311 - nothing secret: the same draws every time
    for _ in range(count):
        yield Box._make(((number, number),) for number in _any_point(draw, region))


def _any_point(draw: Random, region: Box) -> Iterator[int]:
    return (_any_number(draw, ranges) for ranges in region)


def _any_number(draw: Random, ranges: Ranges) -> int:
    ends = list(accumulate(high - low + 1 for low, high in ranges))
    at = draw.randrange(ends[-1])
    interval = bisect_right(ends, at)
    return ranges[interval][1] - (ends[interval] - 1 - at)


def _holds_elsewhere(box: Box, point: Sequence[int], place: int) -> bool:
    """Tell whether a box holds a packet, whatever that has in one field."""
    return all(other == place or contains(box[other], point[other]) for other in range(FIELDS))


def _least_held(whole: Ranges, several: Iterable[Ranges]) -> list[int]:
    """Return numbers that the fewest of several ranges hold: the first of each run of them."""
    changes: dict[int, int] = {low: 0 for low, _ in whole}
    for ranges in several:
        for low, high in common(ranges, whole):
            changes[low] = changes.get(low, 0) + 1
            changes[high + 1] = changes.get(high + 1, 0) - 1
    held = 0
    counts: list[tuple[int, int]] = []
    for number in sorted(changes):
        held += changes[number]
        if contains(whole, number):
            counts.append((held, number))
    fewest = min(counts)[0]
    return [number for count, number in counts if count == fewest]


def grown(point: Box, region: Box, boxes: Sequence[Box]) -> Box:
    """Return a large part of a region around a packet, with nothing of any of the boxes; none of them holds it."""
    free = region
    for box in boxes:
        if meet(box, free) is None:
            continue
        apart = [place for place in range(FIELDS) if not common(point[place], box[place])]
        rests = [(place, without(free[place], box[place])) for place in apart]
        place, rest = max(rests, key=lambda each: size(each[1]) / size(free[each[0]]))
        free = replaced(free, place, rest)
    return free
