"""``ndtui events``: what Windows did with packets, from netsh wfp show netevents or from the security log."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_json, add_layer
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes

if TYPE_CHECKING:
    from ndtui.analysis.events.tally import Table

HELP = """\
Show what Windows did with packets and connections: by filter, layer, program and peer, how often, when first and last.
FILE is what netsh wfp show netevents or netsh wfp capture wrote, or the security log with its events 5152 and 5154 to
5159, saved as XML in Event Viewer, or written with Get-WinEvent | Export-Csv, or the log's own file (.evtx).

With --state, what netsh wfp show state wrote on that machine, each filter is named, with provider, weight and place.
--list shows each event, --event one in full: what decided, which filters it beat, and its packet in the form that
ndtui trace takes. --trace follows that packet through the machine's filters.

examples:
  ndtui events netevents.xml
  ndtui events netevents.xml --state wfpstate.xml --by filter
  ndtui events security.xml --find 10.0.0.5 --list
  ndtui events netevents.xml --state wfpstate.xml --event 3
  ndtui events netevents.xml --state wfpstate.xml --trace 3"""

_TABLES: "tuple[Table, ...]" = ("filter", "layer", "program", "peer")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "file", metavar="FILE", help="events as XML, as a table, or a log's own file; - for standard input"
    )
    parser.add_argument("--state", metavar="DUMP", help="the machine's filters, as netsh wfp show wrote them")
    parser.add_argument(
        "--by", metavar="TABLE", action="append", choices=_TABLES, help=f"only these tables: {', '.join(_TABLES)}"
    )
    add_layer(parser)
    parser.add_argument(
        "--provider",
        metavar="TEXT",
        default="",
        help="with --state: only filters of providers with TEXT in key or name",
    )
    parser.add_argument(
        "--find", metavar="TEXT", default="", help="only events in which TEXT occurs, or in whose filter"
    )
    parser.add_argument("--all", action="store_true", dest="show_all", help="show every row, and every filter beaten")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--list", action="store_true", dest="as_list", help="show each event")
    one.add_argument("--event", metavar="N", type=_place, help="show event number N in full")
    one.add_argument("--trace", metavar="N", type=_place, help="with --state: follow the packet of event number N")
    add_json(parser)


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 15 and int(text)):
        raise ArgumentTypeError(f"{in_quotes(text[:40])} is no number of an event: --list shows them")
    return int(text)


def run(
    file: str,
    *,
    state: str | None,
    by: "Sequence[Table] | None",
    layer: str | None,
    provider: str,
    find: str,
    show_all: bool,
    as_list: bool,
    event: int | None,
    trace: int | None,
    as_json: bool,
) -> int:
    """Read, search and print."""
    if state is None and (provider or trace is not None):
        needs = "--provider" if provider else "--trace"
        raise InputError(f"{needs} needs the machine's filters", remedy="add --state wfpstate.xml")
    if by and (as_list or event is not None or trace is not None):
        raise InputError("--by chooses tables, and there are none beside a list or one event", remedy="leave --by out")
    from ndtui.analysis.dump import read_dump
    from ndtui.analysis.events.decisions import Decisions
    from ndtui.analysis.events.event_search import EventSearch
    from ndtui.cli.arguments.sources import windows_file
    from ndtui.cli.printing import events_listing as listing

    search = EventSearch(provider, layer or "", find)
    search.check()
    decisions = None if state is None else Decisions(read_dump(windows_file(state)))
    asked = listing.Asked(windows_file(file), search, decisions)
    if trace is not None and decisions is not None:
        listing.show_trace(asked, decisions, trace, show_all=show_all, as_json=as_json)
    elif event is not None:
        listing.show_one(asked, event, show_all=show_all, as_json=as_json)
    elif as_list:
        listing.show_list(asked, as_json=as_json)
    else:
        listing.show_tables(asked, by or _TABLES, show_all=show_all, as_json=as_json)
    return 0
