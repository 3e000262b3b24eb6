"""Ranges: a set of whole numbers as sorted, disjoint intervals that do not touch; the least number of them."""

from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]


def merged(intervals: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union of intervals, both ends included, in their one canonical form."""
    result: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if result and low <= result[-1][1] + 1:
            if high > result[-1][1]:
                result[-1] = (result[-1][0], high)
        else:
            result.append((low, high))
    return tuple(result)


def common(these: Ranges, those: Ranges) -> Ranges:
    """Return what is in both."""
    if len(these) == 1 and len(those) == 1:
        (low, high), (start, end) = these[0], those[0]
        if low >= start and high <= end:
            return these
        if start >= low and end <= high:
            return those
        low, high = max(low, start), min(high, end)
        return ((low, high),) if low <= high else ()
    return tuple(_common(these, those))


def _common(these: Ranges, those: Ranges) -> Iterator[tuple[int, int]]:
    one, other = 0, 0
    while one < len(these) and other < len(those):
        low = max(these[one][0], those[other][0])
        high = min(these[one][1], those[other][1])
        if low <= high:
            yield low, high
        if these[one][1] < those[other][1]:
            one += 1
        else:
            other += 1


def without(these: Ranges, those: Ranges) -> Ranges:
    """Return what is in the first and not in the second."""
    return tuple(_without(these, those))


def _without(these: Ranges, those: Ranges) -> Iterator[tuple[int, int]]:
    at = 0
    for start, high in these:
        low = start
        while at < len(those) and those[at][1] < low:
            at += 1
        look = at
        while look < len(those) and those[look][0] <= high:
            if those[look][0] > low:
                yield low, those[look][0] - 1
            low = those[look][1] + 1
            look += 1
        if low <= high:
            yield low, high


def contains(ranges: Ranges, number: int) -> bool:
    """Tell whether a number is in them."""
    for low, high in ranges:  # a loop, because this is asked a hundred thousand times
        if number <= high:
            return low <= number
    return False


def size(ranges: Ranges) -> int:
    """Return how many numbers there are."""
    return sum(high - low + 1 for low, high in ranges)
