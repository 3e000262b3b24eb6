"""Where the filters of the open design would land among those of a machine, as a table in effective order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ndtui.analysis.dump import Dump
from ndtui.analysis.dump.dump_wording import searched_lines
from ndtui.analysis.machine.others_in_the_way import InTheWay, Kind, in_the_way
from ndtui.analysis.ranking.placement import PlacementGroup, PlacementRow, place
from ndtui.analysis.trace.listed_filters import weight_words
from ndtui.analysis.wording.phrases import action_word, conditions_line, hex_weight
from ndtui.analysis.wording.properties import Line, explain_filter
from ndtui.common.text import shortened
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.machine.explained import explain_filter_there
from ndtui.ui.rows.machine.filters_listed import LONGEST, action_name, action_sign, matches_text
from ndtui.ui.rows.role_signs import sign_of
from ndtui.ui.rows.view import Column, Heading, Sign, Tone, View
from ndtui.ui.state.machine import Machine


@dataclass(frozen=True, slots=True, eq=False)
class PlacedRow:
    """One filter, of the design or of the machine; ``before`` and ``same`` count those of others that are awake.

    ``ways`` is what one of the machine is to ours that it is in the way of, or what is in the way of one of ours.
    """

    row: PlacementRow
    before: int
    same: int
    ways: tuple[InTheWay, ...] = ()

    @property
    def asleep(self) -> bool:
        """Whether it decides nothing once BFE is up."""
        return self.row.before_bfe or self.row.disabled


Row: TypeAlias = Heading | PlacedRow


def placed_there(filterset: FilterSet, dump: Dump) -> list[Row]:
    """Return our filters among those of a machine, with what is in the way of ours; of many filters it takes long."""
    ways: dict[int, list[InTheWay]] = {}
    for each in in_the_way(filterset, dump):
        for one in (each.filter, *each.affected):
            ways.setdefault(id(one), []).append(each)
    return placed_rows(place(filterset, dump), ways)


def placed_rows(groups: Sequence[PlacementGroup], ways: Mapping[int, Sequence[InTheWay]]) -> list[Row]:
    """Return the filters below a heading for each layer and sublayer, first match first.

    ``ways`` has those that are in the way, by the ``id()`` of their filter and of each of ours that they affect.
    """
    rows: list[Row] = []
    for group in groups:
        ours = sum(row.ours is not None for row in group.rows)
        where = f"{short_name(group.layer)}, sublayer {short_name(group.sublayer) or '-'}"
        count = f"{len(group.rows)}, {ours} ours" if ours else str(len(group.rows))
        text = f"{where} of {weight_words(group.sublayer_weight)}  {count}"
        rows.append(Heading(group.layer, text, group.sublayer))
        rows += _placed(group, ways)
    return rows


def _placed(group: PlacementGroup, ways: Mapping[int, Sequence[InTheWay]]) -> list[PlacedRow]:
    found = []
    theirs = [row.weight for row in group.rows if row.theirs is not None and not (row.before_bfe or row.disabled)]
    same = Counter(theirs)
    heavier = 0
    for row in group.rows:  # which stand by weight, as ``theirs`` do
        while heavier < len(theirs) and theirs[heavier] > row.weight:
            heavier += 1
        found.append(PlacedRow(row, heavier, same[row.weight], tuple(ways.get(id(row.ours or row.theirs), ()))))
    return found


def _cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    asleep = "before BFE" if row.row.before_bfe else "disabled" if row.row.disabled else ""
    ours, theirs = row.row.ours, row.row.theirs
    if ours is not None:
        return (action_word(ours), ours.label, conditions_line(ours), "ndtui", _weight(row), asleep)
    return (action_name(theirs), theirs.name, matches_text(theirs), short_name(theirs.provider), _weight(row), asleep)


def _weight(row: PlacedRow) -> str:
    return f"0x{hex_weight(row.row.weight)}"


def _sign(row: Any) -> Sign | None:
    if not isinstance(row, PlacedRow):
        return None
    ours, theirs = row.row.ours, row.row.theirs
    return sign_of(ours) if ours is not None else None if theirs is None else action_sign(theirs)


def _tone(row: Any) -> Tone:
    if isinstance(row, Heading):
        return "head"
    if row.row.ours is not None:
        return "added"
    return "muted" if row.asleep else "warning" if row.ways else ""


def _mark(row: Any) -> str:
    if not isinstance(row, PlacedRow):
        return ""
    return "+" if row.row.ours is not None else "!" if row.ways else ""


def _key(row: Any) -> object:
    if isinstance(row, Heading):
        return row.key
    return row.row.ours.identity if row.row.theirs is None else (row.row.theirs.filter_id, row.row.theirs.key)


def _full_name(row: PlacedRow) -> tuple[str, ...]:
    return (row.row.ours.name,) if row.row.ours is not None else ()


def _raw(row: PlacedRow) -> tuple[str, ...]:
    theirs = row.row.theirs
    return () if theirs is None else searched_lines(theirs)


def _layer(row: PlacedRow) -> str:
    of = row.row.ours if row.row.theirs is None else row.row.theirs
    return "" if of is None else short_name(of.layer)


def _unseen(row: PlacedRow) -> str:
    theirs = row.row.theirs
    if theirs is None:
        ours = row.row.ours
        return "ours" if ours is None else f"ours\n{ours.key}\n{ours.name}"
    return "\n".join((str(theirs.filter_id), theirs.key, *theirs.flags, theirs.callout, theirs.provider, *_raw(row)))


PLACED = View(
    (
        Column("does", 10, aliases=("action",), sign=_sign),
        Column("name", 0, 8, least=20, ample=34, also=_full_name),
        Column("matches", 0, 7, least=20, ample=40, aliases=("conditions",), also=_raw),
        Column("provider", 20, 4),
        Column("effective weight", 22, 5, least=22, aliases=("weight",), value=lambda row: row.row.weight, number=True),
        Column("asleep", 10, 3),
        Column("layer", 24, 7, cell=_layer),
    ),
    _cells,
    _key,
    _tone,
    _mark,
    selectable=lambda row: isinstance(row, PlacedRow),
    empty="the open design has no filter",
    heading=lambda row: isinstance(row, Heading),
    name="machine_ours",
    unseen=_unseen,
    heading_name=lambda row: f"{short_name(row.layer)}, {short_name(row.part)}",
)


#: What a filter of another is to ours, as ``others_in_the_way`` tells them apart.
_KINDS: Mapping[Kind, str] = {
    "transport-callout": "it calls a driver at a transport layer, in a sublayer that is not below the universal one",
    "ipsec": "it hands traffic to IPsec before ours",
    "hard-permit": "it permits in a sublayer before ours, and hard",
    "decides": "it decides before ours",
    "ties": "it weighs as much as ours, so that which is first is undefined",
}
_NAMED = 10


def _affects(each: InTheWay) -> str:
    names = ", ".join(one.label or one.name for one in each.affected[:_NAMED])
    left = len(each.affected) - _NAMED
    return f"{names}{f' and {left} more' if left > 0 else ''}"


def _in_its_way(row: PlacedRow) -> Iterator[Line]:
    for number, each in enumerate(row.ways[:_NAMED]):
        words = f"{each.filter.filter_id} {each.filter.name}: {_KINDS[each.kind]}"
        yield Line("" if number else "In its way", shortened(words, LONGEST))
    if len(row.ways) > _NAMED:
        yield Line("", f"and {len(row.ways) - _NAMED} more, which ! marks")


def explain_placed(row: Any, machine: Machine, filterset: FilterSet) -> list[Line]:
    """Return everything about a filter of ours or of the machine, and what stands before it there."""
    if isinstance(row, Heading):  # only a folded one is ever selected
        return [Line("Folded", row.text)]
    if not isinstance(row, PlacedRow):
        return []
    if row.row.theirs is not None:
        whose = Line("Whose", "the machine's; its weight is its own")
        ways = [Line("In the way", f"{_KINDS[each.kind]}: {_affects(each)}") for each in row.ways]
        return [whose, *ways, *explain_filter_there(row.row.theirs, machine)]
    if row.row.ours is None:
        return []
    tie = f", {row.same} of equal weight: which of those is first is undefined" if row.same else ""
    before = f"{row.before} of the machine's filters that are awake stand before it in its sublayer{tie}"
    return [
        Line("Whose", "ours, of the open design; its weight is modelled: the order counts, not the number"),
        Line("Stands", before),
        *_in_its_way(row),
        *explain_filter(row.row.ours, filterset),
    ]
