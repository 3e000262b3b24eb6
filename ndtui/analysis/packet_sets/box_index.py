"""Index: which of many boxes meet a given one, without looking at all of them.

Boxes are kept apart by the fields they narrow down and by protocol. In each such group every narrowed field has its
intervals sorted, those of like width together, so that the ones near a range are found by bisection; the field with
the fewest is asked.

This answers for sets of packets. For one packet ``trace.filter_index`` is quicker.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, NamedTuple, TypeVar
from weakref import ref

from ndtui.analysis.packet_sets.box import FIELDS, Box, holds, meet
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.ranges import Ranges, common
from ndtui.common.give_way import in_turns

Item = TypeVar("Item")

_FEW = 16
_MANY = 64


class BoxIndex(Generic[Item]):
    """Boxes, each with an item; built at once, never changed. ``space`` is the box that all are in."""

    def __init__(self, space: Box, items: Sequence[tuple[Box, Item]]) -> None:
        self._space = space
        self._items = items
        self._exact = {box for box, _ in items}
        self._apart: dict[tuple[tuple[ref[BoxIndex[Item]], ...], frozenset[Box]], BoxIndex[Item]] = {}
        self._left: dict[tuple[ref[BoxIndex[Item]], ...], set[Box]] = {}
        """Found out already, by the others: by reference, for indexes that held each other would be freed late."""
        groups: dict[tuple[Ranges, tuple[int, ...]], list[int]] = {}
        for place, (box, _) in enumerate(items):
            narrowed = tuple(field for field in range(1, FIELDS) if box[field] != space[field])
            groups.setdefault((box.protocol, narrowed), []).append(place)
        self._groups = [
            (protocols, _Group(narrowed, members, items)) for (protocols, narrowed), members in groups.items()
        ]

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> Sequence[tuple[Box, Item]]:
        """The boxes with their items, in order."""
        return self._items

    def apart_from(self, others: "list[BoxIndex[Item]]") -> "BoxIndex[Item]":
        """Return the boxes that none of the others has just so; found out once for the same large ones of others."""
        large = [other for other in others if len(other) > _MANY]
        own = self._without(large)
        hit = frozenset(box for other in others if len(other) <= _MANY for box in other._exact if box in own)
        if len(own) == len(self._exact) and not hit:
            return self
        key = (tuple(map(ref, large)), hit)
        if key not in self._apart:
            kept = [item for item in self._items if item[0] in own and item[0] not in hit]
            self._apart[key] = BoxIndex(self._space, kept)
        return self._apart[key]

    def _without(self, large: "list[BoxIndex[Item]]") -> set[Box]:
        """Return the boxes that none of some others has."""
        key = tuple(map(ref, large))
        if key not in self._left:
            own = self._exact
            for other in large:
                own = (
                    own - other._exact
                )  # takes as long as the smaller of both; of several at once it would be all of them
            self._left[key] = own
        return self._left[key]

    def meeting(self, box: Box, effort: Effort | None = None) -> Iterator[tuple[Box, Item]]:
        """Return what of the boxes is in one, with their items.

        Raises:
            UndecidedError: looking for them takes more effort than there is.
        """
        for protocols, group in self._groups:
            if common(protocols, box.protocol):
                for place in _counted(group.near(box), effort):
                    inside, item = self._items[place]
                    met = meet(inside, box)
                    if met is not None:
                        yield met, item

    def holding(self, box: Box, effort: Effort | None = None) -> Iterator[Item]:
        """Return the items of the boxes that hold all of one.

        Raises:
            UndecidedError: looking for them takes more effort than there is.
        """
        for protocols, group in self._groups:
            if common(protocols, box.protocol) == box.protocol:
                for place in _counted(group.around(box), effort):
                    inside, item = self._items[place]
                    if holds(inside, box):
                        yield item


def _counted(places: Iterable[int], effort: Effort | None) -> Iterable[int]:
    return in_turns(places) if effort is None else _spending(places, effort)


def _spending(places: Iterable[int], effort: Effort) -> Iterator[int]:
    """Return places, and spend effort on them, many at a time."""
    for number, place in enumerate(in_turns(places), 1):
        if number % _MANY == 0:
            effort.spend(_MANY)
        yield place


class _Group:
    """Boxes that narrow down the same fields."""

    def __init__(self, narrowed: tuple[int, ...], members: list[int], items: Sequence[tuple[Box, object]]) -> None:
        self._members = members
        self._fields = {field: _Intervals([(items[place][0][field], place) for place in members]) for field in narrowed}

    def near(self, box: Box) -> Iterable[int]:
        """Return the places of boxes that may meet one, all that do among them."""
        if len(self._members) <= _FEW or not self._fields:
            return self._members
        return self._fewest([intervals.near(box[field]) for field, intervals in self._fields.items()])

    def around(self, box: Box) -> Iterable[int]:
        """Return the places of boxes that may hold all of one, all that do among them."""
        if not self._fields:
            return self._members
        return self._fewest([intervals.around(box[field]) for field, intervals in self._fields.items()])

    def _fewest(self, spans: "list[list[_Span]]") -> Iterable[int]:
        """Return the places that are in the spans of every field, or in the fewest of one field at least."""
        lengths = [sum(span.stop - span.start for span in several) for several in spans]
        fewest = min(lengths)
        if fewest >= len(self._members):
            return self._members
        if fewest > _FEW:
            narrower = [several for several, length in zip(spans, lengths, strict=True) if length < len(self._members)]
            if len(narrower) > 1:
                return set[int].intersection(*(set(_places(several)) for several in narrower))
        return dict.fromkeys(_places(spans[lengths.index(fewest)]))


class _Span(NamedTuple):
    """Some places that stand together. They are not taken out before it is known that they are the fewest."""

    places: list[int]
    start: int
    stop: int


def _places(spans: "list[_Span]") -> Iterator[int]:
    return chain.from_iterable(span.places[span.start : span.stop] for span in spans)


class _Intervals:
    """The intervals of one field, in classes of like width: none is wider than twice another of its class."""

    def __init__(self, several: list[tuple[Ranges, int]]) -> None:
        classes: dict[int, list[tuple[int, int]]] = {}
        for ranges, place in several:
            for low, high in ranges:
                classes.setdefault((high - low).bit_length(), []).append((low, place))
        self._classes = []
        for width, entries in classes.items():
            entries.sort()
            self._classes.append(((1 << width) - 1, [low for low, _ in entries], [place for _, place in entries]))

    def near(self, ranges: Ranges) -> list[_Span]:
        """Return the places of intervals that may meet ranges."""
        found: list[_Span] = []
        for low, high in ranges:
            for width, lows, places in self._classes:
                start, end = bisect_left(lows, low - width), bisect_right(lows, high)
                if start < end:
                    found.append(_Span(places, start, end))
        return found

    def around(self, ranges: Ranges) -> list[_Span]:
        """Return the places of intervals that may hold the first of the ranges."""
        low, high = ranges[0]
        found: list[_Span] = []
        for width, lows, places in self._classes:
            start, end = bisect_left(lows, high - width), bisect_right(lows, low)
            if start < end:
                found.append(_Span(places, start, end))
        return found
