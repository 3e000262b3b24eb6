"""``ndtui trace``: what happens to a packet, at which layer, and why."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.analysis.peers.peer_words import KINDS, MISMATCHES, USUAL, Kind, Mismatch
from ndtui.analysis.traffic.packet_grammar import (
    ALONE,
    GRAMMAR,
    INTERFACE_WORDS,
    LOCAL_TYPES,
    PROFILE_WORDS,
    VALUED_WORDS,
)
from ndtui.cli.arguments.common_options import DESIGN, add_json
from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes

if TYPE_CHECKING:
    from ndtui.analysis.peers.timeline import Peer
    from ndtui.analysis.trace.filter_effect import Callouts
    from ndtui.analysis.traffic.packet import Packet

HELP = f"""\
Say what happens to a packet: at each layer which filter decides, which filters it outranks, which do not match and why;
while there is no security association, and once negotiation has ended.

{GRAMMAR}

On the command line a packet stands in quotes, in a file one a line; what follows a # there is a comment:

    ndtui trace nd-transport "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
    ndtui trace nd-transport --file packets.txt
    ndtui trace wfpstate.xml "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"

Connection security rules of Windows Firewall (a .reg file, what netsh advfirewall prints or a script of it, JSON of
NetSecurity) are traced as the design that ndtui import makes of them; a line on standard error says so, and how many
things they say that a design cannot.

A machine's filters also ask for what a packet does not say, such as the account: then every outcome that may be is
named, and which single answer would decide. Its trace has the whole flow, from bind to close, and names the layers
that the packet does not meet.

examples:
  ndtui trace nd-transport "in icmp 10.0.0.5 -> 10.0.0.9"
  ndtui trace nd-transport "out tcp 10.0.0.9 -> 10.0.0.5:443" --peer ike
  ndtui trace wfpstate.xml "in tcp 10.0.0.5:51000 -> 10.0.0.9:445" --app System"""

_LEFT_OUT = 5
_OPTION_HELP = {
    "service": "services of its process: names or SIDs with commas, or none",
    "package": "app package: its SID or family, or none",
    "capability": "what the package may do: names or SIDs with commas, or none",
    "account": "who runs the program: SIDs with commas",
    "tunnel": "type of the interface's tunnel, or none",
    "luid": "number of the interface",
    "epoch": "quarantine epoch of the interface",
    "compartment": "number of the network compartment",
    "socket": "plain, rpc, allow-edge, deny-edge",
    "bind": "what the socket is bound to: any, or address",
    "secured": "IPsec protects it",
    "clear": "IPsec does not protect it",
    "app-loopback": "loopback of app packages",
    "non-app-loopback": "loopback of desktop programs",
    "raw": "of a raw socket",
    "fragment": "it arrives as a fragment",
    "whole": "it arrives in one piece",
    "forwarded": "it passes through this host, to another",
}


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("design", metavar="DESIGN", help=f"{DESIGN}; or what netsh wfp show wrote, as XML")
    parser.add_argument("packets", metavar="PACKET", nargs="*", help="a packet, in quotes")
    parser.add_argument("--file", metavar="FILE", help="read packets from a file, or from standard input with -")
    fields = parser.add_argument_group("fields of the packet, in place of words or beside them")
    fields.add_argument("--direction", choices=("in", "out"), help="which way it goes")
    fields.add_argument("--protocol", metavar="PROTOCOL", help="with --from and --to in place of PACKET")
    fields.add_argument("--from", metavar="END", dest="source", help="where it comes from: ADDRESS or ADDRESS:PORT")
    fields.add_argument("--to", metavar="END", dest="target", help="where it goes")
    fields.add_argument("--type", choices=(*LOCAL_TYPES,), dest="local_type", help="type of the local address")
    fields.add_argument("--icmp-type", metavar="N", help="type of an ICMP message")
    fields.add_argument("--icmp-code", metavar="N", help="its code")
    fields.add_argument("--later", action="store_true", help="a later packet of an authorised connection")
    fields.add_argument("--profile", choices=PROFILE_WORDS, help="profile of the network it passes by")
    fields.add_argument(
        "--interface",
        metavar="TYPE",
        help=f"type of the interface it passes by: {', '.join(INTERFACE_WORDS)}, or a number",
    )
    fields.add_argument("--app", metavar="PATH", help="path of the program that it is of")
    fields.add_argument("--machine", metavar="SIDS", help="who the peer's machine is: SIDs with commas, or none")
    fields.add_argument("--user", metavar="SIDS", help="who its user is, likewise")
    fields.add_argument("--unauthorized", action="store_true", help="the peer authenticates and may not connect")
    fields.add_argument("--loopback", action="store_true", help="from this host to itself")
    machine = parser.add_argument_group("what the filters of a machine may ask beside that; not said, it stays open")
    for name in VALUED_WORDS:
        machine.add_argument(f"--{name}", metavar="X", help=_OPTION_HELP[name])
    for name in ALONE:
        machine.add_argument(f"--{name}", action="store_true", help=_OPTION_HELP[name])
    machine.add_argument(
        "--callouts", choices=("open", "pass", "block"), default="open", help="what callouts do that nobody here knows"
    )
    timeline = parser.add_argument_group("the timeline of the connection")
    timeline.add_argument("--time-line", action="store_true", dest="time_line", help="show what happens over time")
    timeline.add_argument(
        "--peer", metavar="PEER", help=f"what the peer can do: {', '.join(map(_peer_words, KINDS))}, or a design"
    )
    timeline.add_argument("--mismatch", choices=MISMATCHES, help="what the peer does not have in common with us")
    parser.add_argument("--before-bfe", action="store_true", help="before BFE is up: what boot-time filters do with it")
    parser.add_argument("--all", action="store_true", dest="show_all", help="show every filter that does not match")
    add_json(parser)


def _peer_words(kind: Kind) -> str:
    more = {"both": " (IKE and AuthIP)", USUAL: " (default)"}
    return f"{kind}{more.get(kind, '')}"


def run(
    design: str,
    packets: Sequence[str],
    *,
    file: str | None,
    direction: str | None,
    protocol: str | None,
    source: str | None,
    target: str | None,
    local_type: str | None,
    icmp_type: str | None,
    icmp_code: str | None,
    later: bool,
    profile: str | None,
    interface: str | None,
    app: str | None,
    machine: str | None,
    user: str | None,
    unauthorized: bool,
    loopback: bool,
    time_line: bool,
    peer: str | None,
    mismatch: Mismatch | None,
    before_bfe: bool,
    show_all: bool,
    as_json: bool,
    callouts: "Callouts" = "open",
    **circumstances: str | bool | None,
) -> int:
    """Trace and print; ``circumstances`` are what the filters of a machine may ask beside the others."""
    from ndtui.cli.arguments.sources import STDIN, is_dump, read_filterset

    words = [*(["later"] if later else []), *(["loopback"] if loopback else []), *([local_type] if local_type else [])]
    words += ["unauthorized"] if unauthorized else []
    said = {"type": icmp_type, "code": icmp_code, "profile": profile, "interface": interface, "app": app}
    said |= {"machine": machine, "user": user}
    words += [w for name, n in said.items() if n is not None for w in (name, n)]
    for name, value in circumstances.items():
        word = name.replace("_", "-")
        words += [word, value] if isinstance(value, str) else [word] if value else []
    texts = [*packets, *_from_options(protocol, source, target)]
    if not texts and file is None:
        raise InputError("there is no packet", remedy='write one such as "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"')
    if file == STDIN and design == STDIN:
        raise InputError("standard input cannot hold both the design and the packets", remedy="use a file for one")
    read = [_parsed(text, direction or "", words) for text in texts]
    if file is not None:
        read += _from_file(file, direction or "", words)
    many = file is not None or len(read) > 1
    as_timeline = peer is not None or mismatch is not None or time_line
    if before_bfe:
        _check_before_bfe(design, as_timeline=as_timeline)
    if is_dump(design):
        _machine(design, read, callouts, many=many, as_timeline=as_timeline, show_all=show_all, as_json=as_json)
        return 0
    if callouts != "open":
        raise InputError("--callouts is about the filters of a machine", remedy="leave it out, or name a dump")
    from ndtui.cli.printing.trace_listing import show_timelines, show_traces

    filterset = read_filterset(design)
    if before_bfe:
        from ndtui.cli.printing.boot_trace_text import show_before_bfe

        show_before_bfe(filterset, read, many=many, most=None if show_all else _LEFT_OUT, as_json=as_json)
    elif as_timeline:
        show_timelines(filterset, read, _peer(peer or USUAL, mismatch), as_json=as_json)
    else:
        show_traces(filterset, read, many=many, most=None if show_all else _LEFT_OUT, as_json=as_json)
    return 0


def _check_before_bfe(word: str, *, as_timeline: bool) -> None:
    """Refuse what there is not before BFE is up."""
    from ndtui.cli.arguments.sources import is_dump

    if as_timeline:
        raise InputError("there is no timeline before BFE is up: nothing negotiates", remedy="leave --before-bfe out")
    if is_dump(word):
        raise InputError("--before-bfe asks what a design does, and this is a dump", remedy="ndtui import reads it")


def _machine(
    word: str,
    packets: "Sequence[Packet]",
    callouts: "Callouts",
    *,
    many: bool,
    as_timeline: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    if as_timeline:
        raise InputError("a dump has no timeline: it does not say what can be negotiated", remedy="name a design")
    from ndtui.cli.arguments.sources import windows_file
    from ndtui.cli.printing.dump_trace_text import show_machine, show_machine_json

    path = windows_file(word)
    most = None if show_all else _LEFT_OUT
    if as_json:
        show_machine_json(path, packets, callouts, most=most, many=many)
    else:
        show_machine(path, packets, callouts, most=most)


def _from_options(protocol: str | None, source: str | None, target: str | None) -> Iterator[str]:
    given = {"--protocol": protocol, "--from": source, "--to": target}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return
    if missing:
        raise InputError(f"{' and '.join(missing)} is missing", remedy="a packet by options has all three")
    yield f"{protocol} {source} -> {target}"


def _parsed(text: str, direction: str, words: Sequence[str]) -> "Packet":
    """Return a packet of the command line; what is wrong with it speaks of the command line too."""
    from ndtui.analysis.traffic.packet import DIRECTION, EXAMPLE, parse_packet

    try:
        return parse_packet(text, direction=direction, words=words)
    except InputError as error:
        more = {EXAMPLE: ", in quotes", DIRECTION: ", or use --direction"}.get(error.remedy, "")
        raise InputError(error.message, remedy=f"{error.remedy}{more}") from None


def _from_file(file: str, direction: str, words: Sequence[str]) -> "list[Packet]":
    from ndtui.analysis.traffic.packet import read_packets
    from ndtui.cli.arguments.sources import STDIN, read_stdin

    text = read_stdin() if file == STDIN else files.read_text(Path(file))
    found = list(read_packets(text, "standard input" if file == STDIN else file, direction, words))
    if not found:
        raise InputError(f"{file} holds no packet", remedy="write one a line")
    return found


def _peer(word: str, mismatch: Mismatch | None) -> "Peer":
    from ndtui.analysis.peers.timeline import Peer
    from ndtui.cli.arguments.sources import read_source

    for kind in KINDS:
        if word == kind:
            return Peer(kind, mismatch)
    _check_peer(word)
    return Peer(mismatch=mismatch, design=read_source(word).design)


def _check_peer(word: str) -> None:
    """Make sure that a word can be a design; one that is none may also be a misspelt word for a peer."""
    from ndtui.cli.arguments.sources import STDIN
    from ndtui.common.suggestion import choose
    from ndtui.exporters.bundle.designs_and_bundles import is_file
    from ndtui.model.files import presets

    names = [preset.name for preset in (*presets.shipped(), *presets.own())]
    if word != STDIN and word not in names and not is_file(word):
        raise InputError(f"there is no peer {in_quotes(word)}", remedy=choose(word, [*KINDS, *names]))
