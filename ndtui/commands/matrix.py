"""``ndtui matrix``: what becomes of a connection between every two hosts of some designs."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ndtui.analysis.matrix import Cell, matrix
from ndtui.commands.options import DESIGN, add_json
from ndtui.commands.output import write_json, write_lines
from ndtui.commands.sources import read_source
from ndtui.commands.tables import grouped

HELP = """\
Show what becomes of a TCP connection between every two hosts of some designs, and a host without a policy: of its
first packet, and once negotiation has ended. Exempted traffic is left aside, it goes in clear.

examples:
  ndtui matrix nd-transport nd-boundary
  ndtui matrix old.toml new.toml --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("designs", metavar="DESIGN", nargs="+", help=DESIGN)
    add_json(parser)


def run(designs: Sequence[str], *, as_json: bool) -> int:
    """Pair the designs and print."""
    cells = matrix([read_source(word).design for word in designs])
    if as_json:
        write_json({"cells": [asdict(cell) for cell in cells]})
    else:
        write_lines(_lines(cells))
    return 0


def _lines(cells: Sequence[Cell]) -> Iterator[str]:
    groups: dict[str, list[tuple[str, ...]]] = {}
    for cell in cells:
        rows = groups.setdefault(f"from {cell.initiator}", [])
        rows.append((f"to {cell.responder}", cell.first, cell.settled, cell.why))
    yield from grouped(("connection", "first packet", "then", "why"), list(groups.items()))
