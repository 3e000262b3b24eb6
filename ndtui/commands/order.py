"""``ndtui order``: the filters of each layer from first to last match, by their modelled effective weight."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from ndtui.analysis.documents import braces
from ndtui.analysis.order import OrderGroup, OrderRow, order
from ndtui.analysis.words import action_word, conditions_line, hex_weight
from ndtui.commands.options import add_design, add_json, add_layer
from ndtui.commands.output import write_json, write_lines
from ndtui.commands.sources import read_filterset
from ndtui.commands.tables import grouped
from ndtui.errors import InputError
from ndtui.model.vocabulary import short_name

HELP = """\
Show the filters of each layer from first to last match. Filters that tie have the same rank: which of them is first
is undefined. Effective weights are modelled: the order counts, not the number.

examples:
  ndtui order nd-transport
  ndtui order nd-transport --layer INBOUND_TRANSPORT_V4"""

HEAD = ("rank", "effective weight", "known", "does", "matches", "name")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_layer(parser)
    add_json(parser)


def run(design: str, *, layer: str | None, as_json: bool) -> int:
    """Put in order and print."""
    groups = order(read_filterset(design))
    if layer is not None:
        groups = _only(groups, layer)
    if as_json:
        write_json({"layers": [_document(group) for group in groups]})
    else:
        write_lines(_lines(groups))
    return 0


def _only(groups: Sequence[OrderGroup], layer: str) -> tuple[OrderGroup, ...]:
    found = tuple(group for group in groups if layer.upper() in (group.layer, short_name(group.layer)))
    if not found:
        names = dict.fromkeys(short_name(group.layer) for group in groups)
        raise InputError(f"the design has no filter at layer {layer!r}", remedy=f"choose {', '.join(names)}")
    return found


def _lines(groups: Sequence[OrderGroup]) -> Iterator[str]:
    def heading(group: OrderGroup) -> str:
        sublayer = short_name(group.sublayer)
        return f"{short_name(group.layer)}, sublayer {sublayer} of weight {group.sublayer_weight}"

    yield from grouped(HEAD, [(heading(group), [_cells(row) for row in group.rows]) for group in groups])
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
        "filters": [
            {
                "rank": row.rank,
                "tied": row.tied,
                "filterKey": braces(row.filter.key),
                "name": row.filter.name,
                "action": {"type": row.filter.slot.action, "filterType": row.filter.slot.callout or None},
                "effectiveWeight": {"type": "FWP_UINT64", "uint64": row.weight.value},
                "basis": row.weight.basis,
                "origin": row.filter.origin,
            }
            for row in group.rows
        ],
    }
