"""The peer's side of a rule: what a Linux host says to meet a Windows host that has the design, program by program.

What a peer cannot match is ``Inexpressible``, as with export formats; what it does not have to match, but a person has
to know, is a remark. Sources: the scenario pages of https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
and IPSEC_TRANSPORT_POLICY2.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ndtui.common.errors import InputError
from ndtui.common.suggestion import choose
from ndtui.common.text import brief, shortened
from ndtui.exporters.contract import ExportError, Inexpressible
from ndtui.exporters.linux_peer.peer_offer import Abilities, Offer, offering
from ndtui.exporters.linux_peer.peer_proof import Proof, proving
from ndtui.exporters.linux_peer.peer_reasons import (
    addition_reasons,
    encrypts,
    module_reasons,
    module_remarks,
    rule_place,
    rule_remarks,
)
from ndtui.exporters.linux_peer.peer_traffic import (
    Address,
    Network,
    Passage,
    Service,
    check_address,
    family_of,
    host,
    networks,
    passages,
    port_ranges,
    services,
    unseen,
)
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import Family

#: The modules that others than Windows have, the one that is to be preferred first.
_MODULES: tuple[KeyingModule, ...] = ("IKEv2", "IKE")


class Hosts(NamedTuple):
    """Addresses that a person named: of the Windows host and of the peer; ``None`` where none is."""

    windows: Address | None = None
    peer: Address | None = None


class Program(NamedTuple):
    """What a program can do; ``why_not`` says of an authentication method why a module of it has it not, or nothing."""

    name: str
    can: Abilities
    why_not: Callable[[KeyingModule, str], str] = lambda _module, _method: ""


class Connection(NamedTuple):
    """What is negotiated with one keying module."""

    module: KeyingModule
    offer: Offer
    proof: Proof


class Selected(NamedTuple):
    """What is protected in one address family: the Windows hosts and peers that it is for, none if for all."""

    family: Family
    windows: tuple[Network, ...]
    peers: tuple[Network, ...]
    services: tuple[Service, ...]


class Exempt(NamedTuple):
    """An exemption by its name, and what it lets through in clear."""

    name: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class PeerSide:
    """Everything that a program's configuration is written from."""

    design: Design
    rule: Rule
    hosts: Hosts
    connections: tuple[Connection, ...]
    selected: tuple[Selected, ...]
    exempt: tuple[Exempt, ...]
    idle_seconds: int
    unmatched: tuple[Inexpressible, ...]
    remarks: tuple[str, ...]


def rule_named(design: Design, name: str | None) -> Rule:
    """Return the rule of a design that a peer is wanted for: the one of that name, or the only one that protects.

    Raises:
        InputError: there is none, it protects nothing, or several do; says which there are.
    """
    protecting = {rule.name: rule for rule in design.rules if rule.enabled and MODES[rule.mode].protects}
    if name is None:
        if len(protecting) > 1:
            raise InputError(
                "several rules of the design protect",
                remedy=f"name one with --rule: {', '.join(map(brief, protecting))}",
            )
        return next(iter(protecting.values()))
    if name not in protecting:
        raise InputError(
            f"{brief(name)} is no rule of the design that is on and protects by itself", remedy=choose(name, protecting)
        )
    return protecting[name]


def peer_side(design: Design, rule: Rule, hosts: Hosts, program: Program) -> PeerSide:
    """Return the side of a peer that has a program.

    Raises:
        InputError: an address that was named is none of the rule.
        ExportError: nothing is left that both could negotiate, or it would be too much for a configuration.
    """
    said = negotiation_of(design, rule)
    scope = f"{rule_place(rule)}.scope"
    unmatched = [*module_reasons(said), *addition_reasons(design, rule)]
    unmatched += (*unseen(rule.scope, scope), *port_ranges(rule.scope, scope))
    remarks = [*rule_remarks(design, rule, said)]
    negotiated = [_negotiated(design, rule, program, module) for module in _MODULES if module in said.keying_modules]
    connections = tuple(each.connection for each in negotiated if each.connection is not None)
    for each in negotiated:
        unmatched += each.unmatched
        remarks += each.remarks
    selected = tuple(_selected(design, rule, hosts))
    if not connections or not any(each.services for each in selected):
        raise _nothing_left(program, unmatched)
    exempt = []
    for exemption in design.exemptions:
        if exemption.enabled:
            found, missing = _exempt(design, exemption, hosts)
            unmatched += missing
            exempt += [found] if found.passages else []
    return PeerSide(
        design=design,
        rule=rule,
        hosts=hosts,
        connections=connections,
        selected=selected,
        exempt=tuple(exempt),
        idle_seconds=said.quick_mode.idle_timeout_seconds,
        unmatched=tuple(dict.fromkeys(unmatched)),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _exempt(design: Design, exemption: Exemption, hosts: Hosts) -> tuple[Exempt, tuple[Inexpressible, ...]]:
    """Return what of an exemption goes in clear, and what a peer cannot know of it."""
    place = f"exemptions {shortened(exemption.name, 60)!r}"
    narrower = tuple(unseen(exemption, place))
    missing = (*narrower, *port_ranges(exemption, place))
    # What holds for less than its other fields say must not go in clear as if it held for all of them.
    found = () if narrower else tuple(passages(exemption, design.families, hosts.windows))
    return Exempt(exemption.name, found), missing


class _Negotiated(NamedTuple):
    """What comes of a keying module: its connection, if there can be one."""

    connection: Connection | None
    unmatched: tuple[Inexpressible, ...]
    remarks: tuple[str, ...]


def _negotiated(design: Design, rule: Rule, program: Program, module: KeyingModule) -> _Negotiated:
    said = negotiation_of(design, rule)
    place = f"{rule_place(rule)}.negotiation." if rule.negotiation is not None else ""
    proof = proving(
        said.main_mode.authentication(module),
        f"{place}main_mode.{module.lower()}_authentication",
        lambda method: program.why_not(module, method),
    )
    offer, missing = offering(program.can, module, said, place, encrypted=encrypts(design, rule))
    connection = None if offer is None or proof.proof is None else Connection(module, offer, proof.proof)
    return _Negotiated(connection, (*proof.unmatched, *missing), (*proof.remarks, *module_remarks(module, said)))


def _selected(design: Design, rule: Rule, hosts: Hosts) -> Iterator[Selected]:
    scope = rule.scope
    families = scope.reach(design.families)
    named = [each for each in hosts if each is not None]
    if hosts.windows is not None:
        check_address(hosts.windows, scope.local_addresses, families, "--windows")
    if hosts.peer is not None:
        check_address(hosts.peer, scope.remote_addresses, families, "--peer")
    if len({family_of(each) for each in named}) > 1:
        raise InputError("--windows and --peer are of two address families", remedy="name two addresses of one")
    for family in families:
        if named and family_of(named[0]) != family:
            continue
        windows = networks(scope.local_addresses, family) if hosts.windows is None else (host(hosts.windows),)
        peers = networks(scope.remote_addresses, family) if hosts.peer is None else (host(hosts.peer),)
        yield Selected(family, windows, peers, services(scope, family))


def _nothing_left(program: Program, unmatched: list[Inexpressible]) -> ExportError:
    reasons = ", ".join(f"{element} ({why})" for element, why in [*dict.fromkeys(unmatched)][:4])
    return ExportError(
        f"a peer with {program.name} has nothing to negotiate: {reasons}",
        remedy="the preset nd-certificates has what such a peer can match",
    )
