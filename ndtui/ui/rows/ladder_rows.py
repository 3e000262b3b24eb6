"""Makes the rows of the ladder of weights, and says what there is to say about each.

A range of many filters is one row that unfolds: only what is unfolded is put in order.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from ndtui.analysis.ranking.ladder import Ladder, Rung, SublayerRungs, by_weight, ladders
from ndtui.analysis.ranking.ladder_wording import (
    Standing,
    count_words,
    explain_range,
    explain_sublayer,
    explain_sublayers,
    explain_weight,
)
from ndtui.analysis.wording.properties import Line, explain_filter
from ndtui.model.compiled.ike_exemptions import is_of_bfe
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import LadderRow, OtherSublayersRow, RangeRow, StandRow, SublayerRow, range_key

#: A range with more filters than this is one row, until it is unfolded.
MANY = 40

#: Lines of an explanation of weight that say better what the filter's own lines say.
_SAID = ("Name", "Weight")


def ladder_rows(
    filterset: FilterSet,
    marks: Mapping[int, str],
    removed: Sequence[Filter] = (),
    opened: Collection[object] | None = frozenset(),
) -> list[LadderRow]:
    """Return the ladder of every layer as rows.

    ``marks`` has the mark of filters that changed, by ``id()``; ``removed`` are those that are gone. ``opened`` are the
    keys of the ranges that are unfolded. With ``None`` there are only headings and filters, for a search in them.
    """
    made = _Rows(marks, frozenset(map(id, removed)), opened)
    return list(chain.from_iterable(map(made.of_layer, ladders(filterset, removed))))


class _Rows:
    """Makes the rows of ladders."""

    def __init__(self, marks: Mapping[int, str], gone: Collection[int], opened: Collection[object] | None) -> None:
        self._marks = marks
        self._gone = gone
        self._opened = opened

    def of_layer(self, ladder: Ladder) -> Iterator[LadderRow]:
        """Yield the rows of a layer."""
        yield Heading(ladder.layer, self._heading(ladder))
        groups = [(held, tuple(own)) for held, own in groupby(ladder.sublayers, lambda each: bool(each.rungs))]
        for number, (held, sublayers) in enumerate(groups):
            if held:
                for sublayer in sublayers:
                    yield from self._of_sublayer(ladder.layer, sublayer)
            elif self._opened is not None:
                place = "above" if number == 0 else "below" if number == len(groups) - 1 else "then"
                yield OtherSublayersRow(ladder.layer, place, sublayers)

    def _heading(self, ladder: Ladder) -> str:
        live = [each for each in ladder.filters if id(each) not in self._gone]
        bfe = sum(map(is_of_bfe, live))
        return f"{short_name(ladder.layer)}  {len(live)}{f', {bfe} of BFE' if bfe else ''}"

    def _of_sublayer(self, layer: str, sublayer: SublayerRungs) -> Iterator[LadderRow]:
        if self._opened is not None:
            yield SublayerRow(layer, sublayer)
        of = sum(id(each) not in self._gone for rung in sublayer.rungs for each in rung.filters)
        place = 0
        for number, rung in enumerate(sublayer.rungs):
            many = len(rung.filters) > MANY
            folded = many and self._opened is not None and range_key(layer, sublayer, rung) not in self._opened
            if self._opened is not None and (many or not rung.filters):
                live = self._without_gone(rung)
                yield RangeRow(layer, sublayer, live, folded, count_words(live.filters), self._counts(rung))
            if rung.filters and not folded:
                yield from self._of_rung(rung, sublayer.rungs[number + 1 :], place, of, named=not many)
            place += sum(id(each) not in self._gone for each in rung.filters)

    def _without_gone(self, rung: Rung) -> Rung:
        return Rung(rung.high, rung.low, list(self._live((rung,)))) if self._gone else rung

    def _counts(self, rung: Rung) -> str:
        if not self._marks and not self._gone:
            return ""
        found = [self._mark(each) for each in rung.filters]
        return " ".join(f"{mark}{found.count(mark)}" for mark in "+~-" if mark in found)

    def _mark(self, each: Filter) -> str:
        return "-" if id(each) in self._gone else self._marks.get(id(each), "")

    def _of_rung(self, rung: Rung, lower: Sequence[Rung], place: int, of: int, *, named: bool) -> Iterator[StandRow]:
        ordered = by_weight(rung.filters)
        live = [each for each in ordered if id(each) not in self._gone]
        follower = self._first(lower)
        below = dict(zip(map(id, live), [*live[1:], follower], strict=True)) if live else {}
        callouts = sum(bool(each.slot.callout) for each in chain(live, self._live(lower)))
        weights = [effective_weight(each) for each in ordered]
        for number, (each, weight) in enumerate(zip(ordered, weights, strict=True)):
            standing = None
            if id(each) not in self._gone:
                place += 1
                callouts -= bool(each.slot.callout)
                standing = Standing(place, of, callouts, below[id(each)])
            tied = any(
                0 <= beside < len(ordered) and weights[beside].value == weight.value
                for beside in (number - 1, number + 1)
            )
            label = rung.label if named and number == 0 else ""
            yield StandRow(each.slot.layer, each, label, weight, standing, tied, self._mark(each))

    def _live(self, rungs: Iterable[Rung]) -> Iterator[Filter]:
        return (each for rung in rungs for each in rung.filters if id(each) not in self._gone)

    def _first(self, rungs: Iterable[Rung]) -> Filter | None:
        """Return the first filter below a range."""
        for rung in rungs:
            live = list(self._live((rung,)))
            if live:
                return max(live, key=lambda each: effective_weight(each).value)
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
