"""The ladders of a design's layers, drawn as the Weights view draws them, and as plain data with the arithmetic."""

from collections.abc import Iterator, Sequence
from itertools import chain
from textwrap import wrap
from typing import Any

from ndtui.analysis.ranking.ladder import Ladder, Rung, SublayerRungs, by_weight, ladders
from ndtui.analysis.ranking.weight_sum import weight_sum
from ndtui.analysis.verify.rule_against_rule import contests
from ndtui.cli.printing.order_text import contest_lines, of_layer
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import Layout
from ndtui.common.text import visible
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.ike_exemptions import is_of_bfe
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.ui.glyphs import in_ascii
from ndtui.ui.rows.ladder_rows import ladder_rows
from ndtui.ui.rows.weight_ladder import LADDER, LadderRow, RangeRow, StandRow, ladder_cells, range_text

_COLUMNS = 80
_INDENT = " " * 7 + "|  "


def show_ladder(filterset: FilterSet, *, layer: str | None, as_json: bool) -> None:
    """Print the ladder of each layer of a design, or of one."""
    if as_json:
        found = ladders(filterset)
        chosen = found if layer is None else of_layer(found, layer)
        write_json({"layers": [_document(ladder) for ladder in chosen]})
        return
    rows: Sequence[LadderRow] = ladder_rows(filterset, {})
    shown = rows if layer is None else of_layer(rows, layer)
    layers = {row.layer for row in shown if isinstance(row, StandRow)}
    write_lines(chain(_lines(shown), contest_lines(each for each in contests(filterset) if each.layer in layers)))


def _lines(rows: Sequence[LadderRow]) -> Iterator[str]:
    head = tuple(LADDER.columns[number].title for number in LADDER.usual)
    layout = Layout(head, [_cells(row) for row in rows if isinstance(row, StandRow)])
    yield layout.head()
    for row in rows:
        if isinstance(row, StandRow):
            yield layout.line(_cells(row))
        else:
            yield from wrap(visible(_text(row)), _COLUMNS, drop_whitespace=True, subsequent_indent=_INDENT)
    yield "The low sixty bits are modelled: the order counts, not the number. In which sublayer"
    yield "BFE puts its exemptions is not documented."


def _cells(row: StandRow) -> tuple[str, ...]:
    rung, *others = ladder_cells(row)
    return (in_ascii(rung), *others)


def _text(row: LadderRow) -> str:
    text = (
        range_text(row, "ndtui order without --ladder lists them")
        if isinstance(row, RangeRow)
        else ladder_cells(row)[0]
    )
    return in_ascii(text)


def _document(ladder: Ladder) -> dict[str, Any]:
    time = {"beforeBfe": True} if ladder.before_bfe else {}
    return {"layerKey": ladder.layer, **time, "subLayers": [_sublayer(sublayer) for sublayer in ladder.sublayers]}


def _sublayer(sublayer: SublayerRungs) -> dict[str, Any]:
    return {
        "subLayerKey": sublayer.sublayer,
        "weight": sublayer.weight,
        "own": sublayer.own,
        "ranges": [_range(rung) for rung in sublayer.rungs if rung.filters],
    }


def _range(rung: Rung) -> dict[str, Any]:
    return {"range": rung.high, "filters": [_filter(each) for each in by_weight(rung.filters)]}


def _filter(each: Filter) -> dict[str, Any]:
    added = weight_sum(each)
    return {
        "filterKey": None if is_of_bfe(each) else braces(each.key),
        "name": each.name,
        "action": {"type": each.slot.action, "filterType": each.slot.callout or None},
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": added.weight.value},
        "basis": added.weight.basis,
        "addends": [
            {"fieldKey": addend.field, "lowestBit": addend.slot.shift, "bits": addend.slot.width, "share": addend.share}
            for addend in added.addends
            if addend.slot is not None
        ],
        "origin": str(each.origin),
    }
