"""The order of a design's filters, as a table and as plain data."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol, TypeVar

from ndtui.analysis.ranking.order import OrderGroup, OrderRow, order
from ndtui.analysis.verify.rule_against_rule import Contest, contests
from ndtui.analysis.wording.element_words import element_words
from ndtui.analysis.wording.phrases import action_word, conditions_line, hex_weight, layer_heading
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped
from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose
from ndtui.common.text import in_quotes, visible
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary import short_name

HEAD = ("rank", "effective weight", "known", "does", "matches", "name")


def show_order(filterset: FilterSet, *, layer: str | None, as_json: bool) -> None:
    """Print the filters of a design, layer by layer, from first to last match."""
    groups = order(filterset)
    if layer is not None:
        groups = of_layer(groups, layer)
    shown = {group.layer for group in groups}
    found = [each for each in contests(filterset) if each.layer in shown]
    if as_json:
        write_json({"layers": [_document(group) for group in groups], "rules": [_contest(each) for each in found]})
    else:
        write_lines(chain(_lines(groups, filterset.design), contest_lines(found)))


class _AtLayer(Protocol):
    @property
    def layer(self) -> str:
        """The full name of a layer."""


At = TypeVar("At", bound=_AtLayer)


def of_layer(groups: Sequence[At], layer: str) -> tuple[At, ...]:
    """Return what is at a layer, which may be named without its prefix.

    Raises:
        InputError: nothing is; the remedy names the layers there are.
    """
    found = tuple(group for group in groups if layer.upper() in (group.layer, short_name(group.layer)))
    if not found:
        names = dict.fromkeys(short_name(group.layer) for group in groups)
        raise InputError(f"the design has no filter at layer {in_quotes(layer)}", remedy=choose(layer.upper(), names))
    return found


def contest_lines(found: Iterable[Contest]) -> Iterator[str]:
    """Yield which rule is tried before which, layer by layer."""
    last = ""
    for each in found:
        if not last:
            yield ""
            yield "Rule against rule, where filters of both match the same packets"
        if each.layer != last:
            yield short_name(each.layer)
            last = each.layer
        word = "ties with" if each.tied else "is tried before"
        yield visible(f"  {_rule(each.above)} {word} {_rule(each.below)}: {each.why}")


def _rule(rule: Rule) -> str:
    return f"rule {in_quotes(rule.name)} ({rule.mode})"


def _contest(each: Contest) -> dict[str, Any]:
    """Return rule against rule as plain data, with the origins that filters have."""
    above, below = (str(Origin.rule(rule.name)) for rule in (each.above, each.below))
    return {"layerKey": each.layer, "above": above, "below": below, "tied": each.tied, "why": each.why}


def _lines(groups: Sequence[OrderGroup], design: Design) -> Iterator[str]:
    def heading(group: OrderGroup) -> str:
        layer, sublayer = layer_heading(group.layer, before_bfe=group.before_bfe), short_name(group.sublayer)
        return f"{layer}, sublayer {sublayer} of weight {group.sublayer_weight}"

    several = len(design.rules) > 1
    head = (*HEAD, "made by") if several else HEAD

    def cells(row: OrderRow) -> tuple[str, ...]:
        return (*_cells(row), element_words(row.filter.origin, design)) if several else _cells(row)

    rows = [(heading(group), [cells(row) for row in group.rows]) for group in groups]
    yield from grouped(head, rows)
    yield "Effective weights are modelled: the order counts, not the number."


def _cells(row: OrderRow) -> tuple[str, ...]:
    return (
        f"{row.rank} tie" if row.tied else str(row.rank),
        f"0x{hex_weight(row.weight.value)}",
        row.weight.basis,
        action_word(row.filter),
        conditions_line(row.filter),
        row.filter.name,
    )


def _document(group: OrderGroup) -> dict[str, Any]:
    return {
        "layerKey": group.layer,
        "subLayerKey": group.sublayer,
        "subLayerWeight": group.sublayer_weight,
        **({"beforeBfe": True} if group.before_bfe else {}),
        "filters": [
            {
                "rank": row.rank,
                "tied": row.tied,
                "filterKey": braces(row.filter.key),
                "name": row.filter.name,
                "action": {"type": row.filter.slot.action, "filterType": row.filter.slot.callout or None},
                "effectiveWeight": {"type": "FWP_UINT64", "uint64": row.weight.value},
                "basis": row.weight.basis,
                "origin": str(row.filter.origin),
            }
            for row in group.rows
        ],
    }
