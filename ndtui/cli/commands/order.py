"""``ndtui order``: the filters of each layer from first to last match, of a design, of a machine, or of both."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ndtui.analysis.ranking.order import OrderGroup, OrderRow, order
from ndtui.analysis.wording.phrases import action_word, conditions_line, hex_weight
from ndtui.cli.arguments.common_options import DESIGN, add_json, add_layer
from ndtui.cli.arguments.sources import is_dump, read_filterset
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped
from ndtui.common.errors import InputError
from ndtui.model.compiled.documents import braces
from ndtui.model.vocabulary import short_name

HELP = """\
Show the filters of each layer from first to last match. Filters that tie have the same rank: which of them is first
is undefined. Effective weights of a design are modelled: the order counts, not the number. Those of a dump are real.

--among shows where a design's filters would land between those of a machine. --evaluate compares the model with the
effective weights in a dump: of all pairs of automatic-weighted filters of a layer, how many it puts in the right
order, how many it calls ties and how many it has wrong, and how many weights it gets exactly.

examples:
  ndtui order nd-transport
  ndtui order nd-transport --layer INBOUND_TRANSPORT_V4
  ndtui order wfpstate.xml
  ndtui order nd-transport --among wfpstate.xml
  ndtui order --evaluate wfpstate.xml --calibrate"""

HEAD = ("rank", "effective weight", "known", "does", "matches", "name")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("design", metavar="DESIGN", nargs="?", help=f"{DESIGN}; or what netsh wfp show wrote, as XML")
    parser.add_argument("--among", metavar="DUMP", type=Path, help="show the design's filters among those of a machine")
    parser.add_argument("--evaluate", metavar="DUMP", type=Path, help="compare the model with a machine's weights")
    parser.add_argument(
        "--calibrate", action="store_true", help="with --evaluate: learn the version of Windows from other filters"
    )
    add_layer(parser)
    add_json(parser)


def run(
    design: str | None,
    *,
    among: Path | None,
    evaluate: Path | None,
    calibrate: bool,
    layer: str | None,
    as_json: bool,
) -> int:
    """Put in order, or evaluate, and print."""
    _check(design, among, evaluate, calibrate=calibrate)
    if evaluate is not None:
        from ndtui.cli.printing.dump_order_text import show_evaluation  # noqa: PLC0415 - only a dump needs it

        show_evaluation(evaluate, calibrate=calibrate, layer=layer, as_json=as_json)
    elif among is not None:
        from ndtui.cli.printing.dump_order_text import show_placement  # noqa: PLC0415

        show_placement(read_filterset(design or ""), among, layer=layer, as_json=as_json)
    elif is_dump(design or ""):
        _show_dump(Path(design or ""), layer=layer, as_json=as_json)
    else:
        _show_design(design or "", layer=layer, as_json=as_json)
    return 0


def _check(design: str | None, among: Path | None, evaluate: Path | None, *, calibrate: bool) -> None:
    """Make sure that the arguments say one thing.

    Raises:
        InputError: they do not.
    """
    if evaluate is not None and (design is not None or among is not None):
        raise InputError("--evaluate takes a dump and nothing else", remedy="leave the design and --among out")
    if evaluate is None and design is None:
        raise InputError("there is nothing to put in order", remedy="name a design, or a dump")
    if calibrate and evaluate is None:
        raise InputError("--calibrate belongs to --evaluate", remedy="write --evaluate DUMP --calibrate")


def _show_dump(path: Path, *, layer: str | None, as_json: bool) -> None:
    from ndtui.analysis.dump import filters_in_order, read_dump  # noqa: PLC0415 - only a dump needs it
    from ndtui.cli.printing.dump_listing import print_listing  # noqa: PLC0415

    dump = read_dump(path)
    print_listing(dump, filters_in_order(dump, layer), layer=layer, show=("filters",), as_json=as_json)


def _show_design(design: str, *, layer: str | None, as_json: bool) -> None:
    groups = order(read_filterset(design))
    if layer is not None:
        groups = _only(groups, layer)
    if as_json:
        write_json({"layers": [_document(group) for group in groups]})
    else:
        write_lines(_lines(groups))


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
                "origin": str(row.filter.origin),
            }
            for row in group.rows
        ],
    }
