"""Makes the rows of the ladder of weights, and says what there is to say about each.

A range of many filters is one row that unfolds: only what is unfolded is put in order.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice

from ndtui.analysis.ranking.ladder import Ladder, Rung, SublayerRungs, by_weight, ladders, range_of
from ndtui.analysis.ranking.ladder_wording import (
    Standing,
    count_words,
    explain_range,
    explain_sublayer,
    explain_sublayers,
    explain_weight,
)
from ndtui.analysis.wording.phrases import layer_heading
from ndtui.analysis.wording.properties import Line, explain_filter
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import LadderRow, OtherSublayersRow, RangeRow, StandRow, SublayerRow, range_key

#: A range with more filters than this is one row, until it is unfolded.
MANY = 40

#: So many filters are weighed, or made rows, between two places where the work can rest.
_PIECE = 128

#: Lines of an explanation of weight that say better what the filter's own lines say.
_SAID = ("Name", "Weight")


def ladder_rows(
    filterset: FilterSet,
    marks: Mapping[int, str],
    removed: Sequence[Filter] = (),
    opened: Collection[object] = frozenset(),
) -> list[LadderRow]:
    """Return the ladder of every layer as rows.

    ``marks`` has the mark of filters that changed, by ``id()``; ``removed`` are those that are gone. ``opened`` are the
    keys of the ranges that are unfolded.
    """
    made = _Rows(marks, removed, opened)
    with without_garbage_collection():
        return list(chain.from_iterable(map(made.of_layer, ladders(filterset, removed))))


def standing_rows(
    filterset: FilterSet, marks: Mapping[int, str], removed: Sequence[Filter] = ()
) -> Iterator[Sequence[LadderRow]]:
    """Return only the headings and the filters, in pieces; an empty one is a place to rest.

    Each filter names its range, in whatever order it comes to stand: what is filtered or sorted is made of these. The
    filters of a layer are weighed before they are put in order: that is most of the work, and is remembered.
    """
    made = _Rows(marks, removed, None)
    for ladder in ladders(filterset, removed):
        filters = ladder.filters
        while [effective_weight(each) for each in islice(filters, _PIECE)]:
            yield ()
        rows = made.of_layer(ladder)
        while piece := tuple(islice(rows, _PIECE)):
            yield piece


class _Rows:
    """Makes the rows of ladders."""

    def __init__(self, marks: Mapping[int, str], gone: Sequence[Filter], opened: Collection[object] | None) -> None:
        self._marks = marks
        self._gone = frozenset(map(id, gone))
        self._places = Counter(
            (each.layer, each.slot.sublayer, each.slot.is_before_bfe, range_of(each.slot.weight)) for each in gone
        )
        self._opened = opened

    def of_layer(self, ladder: Ladder) -> Iterator[LadderRow]:
        """Yield the rows of a layer."""
        words = layer_heading(ladder.layer, before_bfe=ladder.before_bfe)
        yield Heading(ladder.layer, self._heading(ladder, words), "before BFE" if ladder.before_bfe else "")
        groups = [(held, tuple(own)) for held, own in groupby(ladder.sublayers, lambda each: bool(each.rungs))]
        for number, (held, sublayers) in enumerate(groups):
            if held:
                for sublayer in sublayers:
                    yield from self._of_sublayer(ladder.layer, sublayer)
            elif self._opened is not None:
                place = "above" if number == 0 else "below" if number == len(groups) - 1 else "then"
                yield OtherSublayersRow(ladder.layer, place, sublayers)

    def _heading(self, ladder: Ladder, words: str) -> str:
        gone = sum(self._gone_from(ladder.layer, each, rung) for each in ladder.sublayers for rung in each.rungs)
        held = sum(each.count for each in ladder.sublayers) - gone
        bfe = sum(each.bfe for each in ladder.sublayers)
        return f"{words}  {held}{f', {bfe} of BFE' if bfe else ''}"

    def _gone_from(self, layer: str, sublayer: SublayerRungs, rung: Rung) -> int:
        """Return how many of the filters of a range are gone."""
        return self._places[layer, sublayer.sublayer, sublayer.before_bfe, rung.high]

    def _of_sublayer(self, layer: str, sublayer: SublayerRungs) -> Iterator[LadderRow]:
        there = self._without_gone(layer, sublayer)
        if self._opened is not None:
            yield SublayerRow(layer, there)
        of = there.count
        place = 0
        for number, (rung, live) in enumerate(zip(sublayer.rungs, there.rungs, strict=True)):
            many = len(rung.filters) > MANY
            folded = many and self._opened is not None and range_key(layer, sublayer, rung) not in self._opened
            if self._opened is not None and (many or not rung.filters):
                marks = self._counts(layer, sublayer, rung) if many else ""
                yield RangeRow(layer, there, live, folded, count_words(live.filters), marks)
            if rung.filters and not folded:
                yield from self._of_rung(rung, there.rungs[number:], place, of, named=not many)
            place += len(live.filters)

    def _without_gone(self, layer: str, sublayer: SublayerRungs) -> SublayerRungs:
        rungs = (
            replace(rung, filters=[each for each in rung.filters if id(each) not in self._gone])
            if self._gone_from(layer, sublayer, rung)
            else rung
            for rung in sublayer.rungs
        )
        return replace(sublayer, rungs=tuple(rungs))

    def _counts(self, layer: str, sublayer: SublayerRungs, rung: Rung) -> str:
        found = Counter(map(self._marks.get, map(id, rung.filters))) if self._marks else Counter()
        found["-"] = self._gone_from(layer, sublayer, rung)
        return " ".join(f"{mark}{found[mark]}" for mark in "+~-" if found[mark])

    def _of_rung(self, rung: Rung, there: Sequence[Rung], place: int, of: int, *, named: bool) -> Iterator[StandRow]:
        """Yield the filters of a range; ``there`` are it and those below it, without filters that are gone."""
        ordered = by_weight(rung.filters)
        weights = [effective_weight(each) for each in ordered]
        alike = Counter(
            weight.value for each, weight in zip(ordered, weights, strict=True) if id(each) not in self._gone
        )
        callouts = sum(bool(each.slot.callout) for live in there for each in live.filters)
        below = self._below(ordered, _first(there[1:]))
        for number, (each, weight) in enumerate(zip(ordered, weights, strict=True)):
            gone = id(each) in self._gone
            standing = None
            if not gone:
                place += 1
                callouts -= bool(each.slot.callout)
                standing = Standing(place, of, callouts, below[number])
            label = rung.label if self._opened is None or (named and number == 0) else ""
            mark = "-" if gone else self._marks.get(id(each), "")
            yield StandRow(each.slot.layer, each, label, weight, standing, not gone and alike[weight.value] > 1, mark)

    def _below(self, ordered: Sequence[Filter], follower: Filter | None) -> list[Filter | None]:
        """Return for each filter the one that follows it, those that are gone aside."""
        below: list[Filter | None] = []
        for each in reversed(ordered):
            below.append(follower)
            follower = follower if id(each) in self._gone else each
        below.reverse()
        return below


def _first(rungs: Iterable[Rung]) -> Filter | None:
    """Return the first filter of ranges."""
    for rung in rungs:
        if rung.filters:
            return max(rung.filters, key=lambda each: effective_weight(each).value)
    return None


def explain_ladder_row(row: StandRow | RangeRow | SublayerRow | OtherSublayersRow, filterset: FilterSet) -> list[Line]:
    """Return what there is to say about a row of a ladder that is no heading."""
    if isinstance(row, StandRow):
        return _explain_stand(row, filterset)
    if isinstance(row, RangeRow):
        return explain_range(row.layer, row.sublayer, row.rung)
    if isinstance(row, SublayerRow):
        return explain_sublayer(row.layer, row.sublayer)
    return explain_sublayers(row.layer, row.sublayers)


def _explain_stand(row: StandRow, filterset: FilterSet) -> list[Line]:
    own = explain_filter(row.filter, filterset)
    if row.standing is None:
        return [Line("Stands", "no more: the last change has removed it"), *own]
    weight = explain_weight(row.filter, row.standing)
    return [*weight, *(line for line in own if line.label not in _SAID and line not in weight)]
