"""``ndtui matrix``: what becomes of a connection between every two hosts of some designs."""

from argparse import ArgumentParser
from collections.abc import Sequence

from ndtui.cli.arguments.common_options import DESIGN, add_json

HELP = """\
Show what becomes of a TCP connection between every two hosts of some designs, Windows Firewall's defaults and a host
without a policy: of its first packet, and once negotiation has ended. Exempted traffic is left out of this: it goes in
clear, that of an exempted program as far as the ALE layers decide.

Every enabled rule counts. Where connections between two hosts come out differently there is a line for each kind, with
its traffic as the initiator sends it, the rules that it is owed to at both hosts, and a packet to trace; +2 in the
square stands for two such lines more. Peers that may not connect have a line where that makes a difference. Both hosts
are taken to be on one network, of one profile and one type of interface.

examples:
  ndtui matrix nd-transport nd-boundary transport-require
  ndtui matrix nd-zones nd-transport
  ndtui matrix nd-transport nd-boundary transport-require --markdown > hosts.md
  ndtui matrix old.toml new.toml --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("designs", metavar="DESIGN", nargs="+", help=DESIGN)
    parser.add_argument("--markdown", action="store_true", help="print a page in Markdown")
    add_json(parser)


def run(designs: Sequence[str], *, markdown: bool, as_json: bool) -> int:
    """Pair the designs and print."""
    from ndtui.analysis.peers.matrix import matrix
    from ndtui.cli.arguments.sources import read_source
    from ndtui.cli.printing.matrix_text import show_matrix

    read = [read_source(word).design for word in designs]
    show_matrix(read, matrix(read), markdown=markdown, as_json=as_json)
    return 0
