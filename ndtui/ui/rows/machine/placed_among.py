"""Where the filters of the open design would land among those of a machine, as a table in effective order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ndtui.analysis.dump.dump_wording import condition_line
from ndtui.analysis.ranking.placement import PlacementGroup, PlacementRow
from ndtui.analysis.trace.listed_filters import weight_words
from ndtui.analysis.wording.phrases import action_word, conditions_line, hex_weight
from ndtui.analysis.wording.properties import Line, explain_filter
from ndtui.common.text import shortened
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.machine.explained import explain_filter_there
from ndtui.ui.rows.machine.filters_listed import LONGEST, action_name, action_sign
from ndtui.ui.rows.role_signs import sign_of
from ndtui.ui.rows.view import Column, Heading, Sign, Tone, View
from ndtui.ui.state.machine import Machine


@dataclass(frozen=True, slots=True, eq=False)
class PlacedRow:
    """One filter, of the design or of the machine; ``before`` and ``same`` count those of others that are awake."""

    row: PlacementRow
    before: int
    same: int

    @property
    def asleep(self) -> bool:
        """Whether it decides nothing once BFE is up."""
        return self.row.before_bfe or self.row.disabled


Row: TypeAlias = Heading | PlacedRow


def placed_rows(groups: Sequence[PlacementGroup]) -> list[Row]:
    """Return the filters below a heading for each layer and sublayer, first match first."""
    rows: list[Row] = []
    for group in groups:
        ours = sum(row.ours is not None for row in group.rows)
        where = f"{short_name(group.layer)}, sublayer {short_name(group.sublayer) or '-'}"
        count = f"{len(group.rows)}, {ours} ours" if ours else str(len(group.rows))
        text = f"{where} of {weight_words(group.sublayer_weight)}  {count}"
        rows.append(Heading(group.layer, text, group.sublayer))
        rows += _placed(group)
    return rows


def _placed(group: PlacementGroup) -> list[PlacedRow]:
    found = []
    theirs = [row.weight for row in group.rows if row.theirs is not None and not (row.before_bfe or row.disabled)]
    same = Counter(theirs)
    heavier = 0
    for row in group.rows:  # which stand by weight, as ``theirs`` do
        while heavier < len(theirs) and theirs[heavier] > row.weight:
            heavier += 1
        found.append(PlacedRow(row, heavier, same[row.weight]))
    return found


def _cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    asleep = "before BFE" if row.row.before_bfe else "disabled" if row.row.disabled else ""
    ours, theirs = row.row.ours, row.row.theirs
    if ours is not None:
        return (action_word(ours), ours.name, conditions_line(ours), "ndtui", _weight(row), asleep)
    matches = shortened(condition_line(theirs), LONGEST)
    return (action_name(theirs), theirs.name, matches, short_name(theirs.provider), _weight(row), asleep)


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
    return "added" if row.row.ours is not None else "muted" if row.asleep else ""


def _key(row: Any) -> object:
    if isinstance(row, Heading):
        return row.key
    return row.row.ours.identity if row.row.theirs is None else (row.row.theirs.filter_id, row.row.theirs.key)


def _unseen(row: PlacedRow) -> str:
    theirs = row.row.theirs
    if theirs is None:
        return f"ours\n{row.row.ours.key if row.row.ours is not None else ''}"
    return "\n".join((str(theirs.filter_id), theirs.key, *theirs.flags, theirs.callout, theirs.provider))


PLACED = View(
    (
        Column("does", 10, aliases=("action",), sign=_sign),
        Column("name", 0, 8, least=20, ample=34),
        Column("matches", 0, 7, least=20, ample=40, aliases=("conditions",)),
        Column("provider", 20, 4),
        Column("effective weight", 22, 5, least=22, aliases=("weight",), value=lambda row: row.row.weight, number=True),
        Column("asleep", 10, 3),
    ),
    _cells,
    _key,
    _tone,
    lambda row: "+" if isinstance(row, PlacedRow) and row.row.ours is not None else "",
    selectable=lambda row: isinstance(row, PlacedRow),
    empty="the open design has no filter",
    heading=lambda row: isinstance(row, Heading),
    name="machine_ours",
    unseen=_unseen,
)


def explain_placed(row: Any, machine: Machine, filterset: FilterSet) -> list[Line]:
    """Return everything about a filter of ours or of the machine, and what stands before it there."""
    if isinstance(row, Heading):  # only a folded one is ever selected
        return [Line("Folded", row.text)]
    if not isinstance(row, PlacedRow):
        return []
    if row.row.theirs is not None:
        return [Line("Whose", "the machine's; its weight is its own"), *explain_filter_there(row.row.theirs, machine)]
    if row.row.ours is None:
        return []
    tie = f", {row.same} of equal weight: which of those is first is undefined" if row.same else ""
    before = f"{row.before} of the machine's filters that are awake stand before it in its sublayer{tie}"
    return [
        Line("Whose", "ours, of the open design; its weight is modelled: the order counts, not the number"),
        Line("Stands", before),
        *explain_filter(row.row.ours, filterset),
    ]
