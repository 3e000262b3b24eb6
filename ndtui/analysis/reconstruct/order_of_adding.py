"""Order of adding: names in an order that agrees with how each of several lists has them."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise


def order_of_adding(lists: Iterable[Sequence[str]]) -> list[str]:
    """Return all names once: what stands before another in a list comes before it, else what is found first.

    Each layer of a dump lists its filters in the order in which they were added, and none has all. Lists that disagree
    leave those names that they disagree about in the order in which they are found.
    """
    found: dict[str, int] = {}
    after: dict[str, set[str]] = {}
    before: dict[str, int] = {}
    for names in lists:
        for name in names:
            found.setdefault(name, len(found))
        for one, other in pairwise(dict.fromkeys(names)):
            if other not in after.setdefault(one, set()):
                after[one].add(other)
                before[other] = before.get(other, 0) + 1
    free = [(place, name) for name, place in found.items() if not before.get(name)]
    heapify(free)
    order: dict[str, None] = {}
    while free:
        _, name = heappop(free)
        order[name] = None
        for other in after.get(name, ()):
            before[other] -= 1
            if not before[other]:
                heappush(free, (found[other], other))
    return [*order, *(name for name in found if name not in order)]
