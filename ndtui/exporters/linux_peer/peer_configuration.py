"""Peer configuration: one program's side as a text, with what is not matched at its head."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ndtui.exporters.contract import ExportError
from ndtui.exporters.exporting import listed
from ndtui.exporters.linux_peer import libreswan, strongswan
from ndtui.exporters.linux_peer.peer_side import Hosts, PeerSide, Program, peer_side, rule_named
from ndtui.exporters.linux_peer.peer_texts import comment, points
from ndtui.model.design.design import Design


class _Writer(NamedTuple):
    program: Program
    file: str
    lines: Callable[[PeerSide], Iterator[str]]
    remarks: Callable[[PeerSide], Iterator[str]]


#: What each program's configuration is written with, by the name that the command line has for it.
WRITERS: Mapping[str, _Writer] = {
    "libreswan": _Writer(libreswan.PROGRAM, "ipsec.conf", libreswan.configuration, libreswan.remarks),
    "strongswan": _Writer(strongswan.PROGRAM, "swanctl.conf", strongswan.configuration, strongswan.remarks),
}


def peer_configuration(design: Design, program: str, *, rule: str | None, hosts: Hosts, lossy: bool) -> str:
    """Return the configuration of a Linux peer with ``libreswan`` or ``strongswan``.

    Raises:
        InputError: there is no such rule, several protect and none is named, or an address is none of it.
        ExportError: something cannot be matched and ``lossy`` is not set; names it. Or nothing is left to negotiate.
    """
    writer = WRITERS[program]
    side = peer_side(design, rule_named(design, rule), hosts, writer.program)
    if side.unmatched and not lossy:
        raise ExportError(
            f"a peer with {writer.program.name} cannot match {listed(side.unmatched)}",
            remedy="--lossy leaves it out and says so at the head",
        )
    return "".join(f"{line}\n" for line in (*_head(side, writer), *writer.lines(side)))


def _head(side: PeerSide, writer: _Writer) -> Iterator[str]:
    yield from comment(
        f"{writer.file} of {writer.program.name}, for a peer of Windows hosts with the design {side.design.name}"
    )
    if not side.rule.is_base:
        yield from comment(f"and its rule {side.rule.name}")
    yield from comment("Written by ndtui peer. What says REPLACE is yours to fill in; keys are never in here.")
    yield "#"
    yield from points((*side.remarks, *writer.remarks(side)))
    if side.unmatched:
        yield "#"
        yield from comment("NOT MATCHED, and left out (--lossy):")
        yield from points(f"{element}: {why}" for element, why in side.unmatched)
    yield ""
