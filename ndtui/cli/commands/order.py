"""``ndtui order``: the filters of each layer from first to last match, of a design, of a machine, or of both."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import DESIGN, add_json, add_layer
from ndtui.common.errors import InputError

HELP = """\
Show the filters of each layer from first to last match. Filters that tie have the same rank: which of them is first
is undefined. Effective weights of a design are modelled: the order counts, not the number. Those of a dump are real.
Of a design with several rules it says which made each filter, and at each layer which rule is tried before which.

--ladder draws each layer as a ladder: the sublayers by weight, ours among those of Windows, and in them the weight
ranges 15 to 0 with the filters where they stand, BFE's own exemptions for IKE in their place. With --json it has the
addends of every weight: which condition gives which of its bits.

--among shows where a design's filters would land between those of a machine; boot-time filters, which decide until
BFE is up and sleep from then on, are marked as such. Below stand those of others that are in the way: what decides
before, hard permits, another IPsec policy, drivers at the transport layers, each with the filters of ours that it
affects. --evaluate compares the model with the
effective weights in a dump: of all pairs of automatic-weighted filters of a layer, how many it puts in the right
order, how many it calls ties and how many it has wrong, and how many weights it gets exactly.

examples:
  ndtui order nd-transport
  ndtui order nd-transport --layer INBOUND_TRANSPORT_V4
  ndtui order nd-transport --layer INBOUND_TRANSPORT_V4 --ladder
  ndtui order wfpstate.xml
  ndtui order nd-transport --among wfpstate.xml
  ndtui order --evaluate wfpstate.xml --calibrate"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("design", metavar="DESIGN", nargs="?", help=f"{DESIGN}; or what netsh wfp show wrote, as XML")
    parser.add_argument(
        "--ladder", action="store_true", help="draw sublayers and weight ranges, and what stands in them"
    )
    parser.add_argument("--among", metavar="DUMP", help="show the design's filters among those of a machine")
    parser.add_argument("--evaluate", metavar="DUMP", help="compare the model with a machine's weights")
    parser.add_argument(
        "--calibrate", action="store_true", help="with --evaluate: learn the version of Windows from other filters"
    )
    add_layer(parser)
    add_json(parser)


def run(
    design: str | None,
    *,
    among: str | None,
    evaluate: str | None,
    calibrate: bool,
    ladder: bool,
    layer: str | None,
    as_json: bool,
) -> int:
    """Put in order, or evaluate, and print."""
    from ndtui.cli.arguments.sources import is_dump, read_filterset, windows_file

    _check(design, among, evaluate, calibrate=calibrate)
    if ladder and (among is not None or evaluate is not None or is_dump(design or "")):
        raise InputError("--ladder draws a design, not a dump", remedy="leave --ladder out, or name a design alone")
    if evaluate is not None:
        from ndtui.cli.printing.dump_order_text import show_evaluation

        show_evaluation(windows_file(evaluate), calibrate=calibrate, layer=layer, as_json=as_json)
    elif among is not None:
        from ndtui.cli.printing.dump_order_text import show_placement

        show_placement(read_filterset(design or ""), windows_file(among), layer=layer, as_json=as_json)
    elif is_dump(design or ""):
        _show_dump(windows_file(design or ""), layer=layer, as_json=as_json)
    elif ladder:
        from ndtui.cli.printing.ladder_text import show_ladder

        show_ladder(read_filterset(design or ""), layer=layer, as_json=as_json)
    else:
        from ndtui.cli.printing.order_text import show_order

        show_order(read_filterset(design or ""), layer=layer, as_json=as_json)
    return 0


def _check(design: str | None, among: str | None, evaluate: str | None, *, calibrate: bool) -> None:
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
    from ndtui.analysis.dump import filters_in_order, read_dump
    from ndtui.cli.printing.dump_listing import print_listing

    dump = read_dump(path)
    print_listing(dump, filters_in_order(dump, layer), ("filters",), layer=layer, as_json=as_json)
