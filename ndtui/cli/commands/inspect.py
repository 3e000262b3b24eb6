"""``ndtui inspect``: what Windows itself says, from the XML of ``netsh wfp show filters`` and ``show state``."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_json, add_layer

if TYPE_CHECKING:
    from ndtui.analysis.dump import DumpGroup

HELP = """\
Show what netsh wfp show filters or netsh wfp show state wrote on a Windows machine; this works anywhere. Filters stand
as Windows evaluates them: layer by layer, by the weight of the sublayer, by effective weight; those that sleep apart.
Sublayers, provider contexts with their whole policy, providers and open sessions are shown too. Options narrow it down.
Ids of filters, and run-time ids of layers, which --layer takes too, are those that events name.

examples:
  ndtui inspect wfpstate.xml
  ndtui inspect filters.xml --layer ALE_AUTH_RECV_ACCEPT_V4
  ndtui inspect wfpstate.xml --condition REMOTE_PORT --provider mpssvc
  ndtui inspect wfpstate.xml --show contexts --type IPSEC
  ndtui inspect wfpstate.xml --find teredo --json
  ndtui inspect wfpstate.xml --find 67229
  ssh HOST type wfpstate.xml | ndtui inspect -"""

_SECTIONS = ("layers", "sublayers", "filters", "contexts", "providers", "sessions")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", help="the XML that netsh wrote, or - for standard input")
    add_layer(parser)
    parser.add_argument(
        "--provider", metavar="TEXT", default="", help="only objects of providers with TEXT in key or name"
    )
    parser.add_argument(
        "--condition",
        metavar="TEXT",
        default="",
        help='only filters with TEXT in a condition, such as "IP_REMOTE_PORT 443"',
    )
    parser.add_argument(
        "--context",
        metavar="TEXT",
        default="",
        help="only provider contexts with TEXT in key or name, and their filters",
    )
    parser.add_argument(
        "--type", metavar="TEXT", default="", help="only provider contexts of such a type, and their filters"
    )
    parser.add_argument(
        "--find", metavar="TEXT", default="", help="only objects in which TEXT occurs, or whose id it is"
    )
    parser.add_argument(
        "--show", metavar="SECTION", action="append", choices=_SECTIONS, help=f"only these: {', '.join(_SECTIONS)}"
    )
    add_json(parser)


def run(
    file: str,
    *,
    layer: str | None,
    as_json: bool,
    show: Sequence[str] | None = None,
    **search: str,
) -> int:
    """Read, search and print."""
    from ndtui.analysis.dump import filters_in_order, read_dump
    from ndtui.analysis.dump.search import Search, matching
    from ndtui.cli.arguments.sources import windows_file
    from ndtui.cli.printing.dump_listing import print_listing

    dump = read_dump(windows_file(file))
    groups = filters_in_order(dump, layer)  # a layer that is not there is refused before anything is searched
    found = matching(dump, Search(**search))
    if found is not dump:
        wanted = set(map(id, found.filters))
        groups = _only(groups, wanted)
    sections = show or (("filters",) if layer is not None else _SECTIONS)
    print_listing(found, groups, sections, layer=layer, as_json=as_json)
    return 0


def _only(groups: "Sequence[DumpGroup]", wanted: set[int]) -> "tuple[DumpGroup, ...]":
    from ndtui.analysis.dump import DumpGroup

    kept = ((group, tuple(each for each in group.filters if id(each) in wanted)) for group in groups)
    return tuple(
        DumpGroup(group.layer, group.sublayer, group.sublayer_weight, filters) for group, filters in kept if filters
    )
