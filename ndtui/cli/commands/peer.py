"""``ndtui peer``: the configuration of a Linux host that talks to Windows hosts with a design."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_design
from ndtui.cli.printing.output import write
from ndtui.common.errors import InputError
from ndtui.common.text import brief

if TYPE_CHECKING:
    from ndtui.exporters.linux_peer.peer_traffic import Address

HELP = """\
Print the configuration of a Linux peer that negotiates with Windows hosts under a design: ipsec.conf of libreswan, or
swanctl.conf of strongSwan. Such a peer has IKEv2 and IKE, certificates and pre-shared keys; the key itself is never
printed. Exemptions become connections in clear.

What it cannot match, such as AuthIP, Kerberos, who may connect, networks by their kind, is named, and nothing is
printed; with --lossy it is left out, and named at the head. What the peer's owner has to know stands there in any case:
what negotiation discovery means for the peer, for example.

examples:
  ndtui peer nd-certificates --format libreswan --windows 192.0.2.7 > ipsec.conf
  ndtui peer nd-certificates --format strongswan > swanctl.conf
  ndtui peer nd-ike-only -f strongswan --windows 192.0.2.7 --peer 192.0.2.8"""

FORMATS = ("libreswan", "strongswan")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    parser.add_argument(
        "-f", "--format", metavar="NAME", dest="program", choices=FORMATS, required=True, help="one of %(choices)s"
    )
    parser.add_argument("--rule", metavar="RULE", help="which rule, where several protect")
    parser.add_argument(
        "--windows",
        metavar="ADDRESS",
        help="the address of the Windows host; without it, the addresses that the rule names",
    )
    parser.add_argument("--peer", metavar="ADDRESS", dest="own", help="the address of the peer itself")
    parser.add_argument(
        "--lossy", action="store_true", help="leave out what cannot be matched, and name it at the head"
    )


def run(design: str, *, program: str, rule: str | None, windows: str | None, own: str | None, lossy: bool) -> int:
    """Write the peer's side."""
    from ndtui.cli.arguments.sources import read_source
    from ndtui.exporters.linux_peer.peer_configuration import peer_configuration
    from ndtui.exporters.linux_peer.peer_side import Hosts

    hosts = Hosts(_address("--windows", windows), _address("--peer", own))
    write(peer_configuration(read_source(design).design, program, rule=rule, hosts=hosts, lossy=lossy))
    return 0


def _address(option: str, word: str | None) -> "Address | None":
    from ipaddress import ip_address

    if word is None:
        return None
    try:
        address = ip_address(word)
    except ValueError:
        raise InputError(f"{option} {brief(word)} is no address", remedy="write one such as 192.0.2.7") from None
    if getattr(address, "scope_id", None):
        raise InputError(f"{option} {brief(word)} has a zone", remedy="write the address without %")
    return address
