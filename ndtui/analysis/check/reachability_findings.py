"""Findings about what a host that requires protection can no longer reach, or be reached by, in clear."""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.analysis.check.cited_pages import DOMAIN_PORTS
from ndtui.analysis.check.every_host import has_clients, is_every_port
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.rule_places import (
    dropping_stems,
    enabled,
    inbound_dropping_stems,
    place_of,
    requires_inbound,
    whole_families,
    whose,
)
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.rule_layers import TRANSPORT, RuleLayers
from ndtui.common.counted import counted
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import PortRange
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, Family
from ndtui.model.vocabulary.pages import PAGES

MANAGEMENT_DROPPED = "management-dropped"
#: What helps whatever installs a policy; what else does depends on that.
EXEMPT_MANAGEMENT = "Exempt one of these ports from the addresses that it is managed from"
_MANAGEMENT = {3389: "remote desktop", 5985: "WinRM", 22: "SSH", 445: "SMB"}
_BOTH = frozenset({INBOUND_TRANSPORT, OUTBOUND_TRANSPORT})


class _Service(NamedTuple):
    """A service that is to be reached: by protocol and ports, ``None`` where it is one of a client's own."""

    name: str
    protocol: str
    local: int | None = None
    remote: int | None = None


_DHCP = {"V4": _Service("DHCP", "udp", 68, 67), "V6": _Service("DHCPv6", "udp", 546, 547)}
_PORTS = {"DHCP": 67, "DHCPv6": 547, "DNS": 53}
_DNS = _Service("DNS", "udp", None, 53)
_KERBEROS = _Service("Kerberos", "tcp", None, 88)
_FROM_CONTROLLER = _Service("what controllers start", "tcp")


def _has(ranges: tuple[PortRange, ...], port: int | None) -> bool:
    """Tell whether ports are open to one; to those of clients, where none is given."""
    return has_clients(ranges) if port is None else not ranges or any(each.low <= port <= each.high for each in ranges)


def _is_exempt(design: Design, service: _Service, stems: frozenset[str], family: Family) -> bool:
    """Tell whether some exemption, of whatever addresses, leaves a service out at all of some layers."""
    return any(_leaves_out(each, service, stems, family, design) for each in counted(design.exemptions))


def _leaves_out(each: Exemption, service: _Service, stems: frozenset[str], family: Family, design: Design) -> bool:
    return (
        each.enabled
        and each.protocol in ("any", service.protocol)
        and stems <= set(each.stems)
        and not each.program  # what one program may is no way in for everybody
        and family in each.reach(design.families)
        and _has(each.remote_ports, service.remote)
        and (service.local is None or _has(each.local_ports, service.local))
    )


def _reaches(rule: DesignRule, protocol: str, design: Design) -> bool:
    scope = rule.scope
    ported = not (is_every_port(scope.local_ports) and is_every_port(scope.remote_ports))
    return scope.protocol in ("any", protocol) and not ported and bool(whole_families(rule, design.families))


def _missing(design: Design, rule: DesignRule) -> list[str]:
    """Return what a host needs to start, and nothing is exempt of at both transport layers."""
    wanted = [(each, family) for family in whole_families(rule, design.families) for each in (_DHCP[family], _DNS)]
    names = [each.name for each, family in wanted if not _is_exempt(design, each, _BOTH, family)]
    return list(dict.fromkeys(names))


def _of_all_hosts(design: Design, protocol: str) -> tuple[DesignRule, ...]:
    """Return the rules that protect all traffic of a protocol, those first that send nothing in clear."""
    rules = [rule for rule in enabled(design) if MODES[rule.mode].protects and _reaches(rule, protocol, design)]
    return tuple(sorted(rules, key=lambda rule: MODES[rule.mode].sends_clear))


def start_up(filterset: FilterSet) -> Iterator[Finding]:
    """A host that requires protection in both directions cannot get an address or a name in clear; said once."""
    design = filterset.design
    for rule in _of_all_hosts(design, "udp"):
        missing = [] if MODES[rule.mode].sends_clear else _missing(design, rule)
        if missing:
            yield Finding(
                "start-up",
                "warning",
                Origin("exemptions"),
                f"{whose(rule)}Clear traffic is dropped in both directions, and {_listed(missing)} "
                f"{'are' if missing[1:] else 'is'} not exempt",
                "Without an address or a name no negotiation can start, unless those servers speak IPsec too.",
                f"Exempt {_listed([f'UDP {_PORTS[name]}' for name in missing])} to the servers' addresses.",
                PAGES[MODES[rule.mode].page],
            )
            return
        if requires_inbound(rule) and "V6" in whole_families(rule, design.families):
            said = tuple(_dhcpv6(design, rule))
            if said:
                yield from said
                return


def _dhcpv6(design: Design, rule: DesignRule) -> Iterator[Finding]:
    if not _is_exempt(design, _DHCP["V6"], inbound_dropping_stems(rule), "V6"):
        yield Finding(
            "start-up",
            "note",
            Origin("exemptions"),
            f"{whose(rule)}DHCPv6 is not exempt, and inbound must be protected: an answer after four seconds "
            "is dropped",
            "The question goes to a multicast address, after which any answer is let in for four seconds. What comes "
            "later, or what a server starts itself, is a connection of its own at ALE_AUTH_RECV_ACCEPT.",
            "Exempt UDP from port 547 to 546 where addresses come from DHCPv6.",
            PAGES["ale-multicast"],
        )


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if names[1:] else names[0]


def no_controller(filterset: FilterSet) -> Iterator[Finding]:
    """Kerberos needs a domain controller, which nobody can ask before there is a ticket; said once."""
    design = filterset.design
    for rule in _of_all_hosts(design, "tcp"):
        if not _by_kerberos(design, rule) or not requires_inbound(rule):
            continue
        strict = not MODES[rule.mode].sends_clear
        service, stems = (_KERBEROS, _BOTH) if strict else (_FROM_CONTROLLER, dropping_stems(rule))
        whole = whole_families(rule, design.families)
        left = [each for each in whole if not _is_exempt(design, service, stems, each)]
        if left:
            yield _controller(rule, " and ".join(left), strict=strict)
            return


def _controller(rule: DesignRule, families: str, *, strict: bool) -> Finding:
    exempt = f"{whose(rule)}No domain controller is exempt ({families})"
    if strict:
        return Finding(
            "no-domain-controller",
            "warning",
            Origin("exemptions"),
            f"{exempt}, while peers authenticate with Kerberos and clear traffic is dropped in both directions",
            "A negotiation needs a ticket, and the way to whom it comes from needs the negotiation.",
            "Exempt the domain controllers by their addresses.",
            DOMAIN_PORTS,
        )
    return Finding(
        "no-domain-controller",
        "note",
        Origin("exemptions"),
        f"{exempt}, and inbound must be protected: what one starts itself is dropped",
        "Outbound falls back to clear, so signing in works; but what a controller without an IPsec policy starts, from "
        "one of the dynamic ports, is dropped.",
        "Exempt the domain controllers by their addresses, without ports.",
        DOMAIN_PORTS,
    )


def _by_kerberos(design: Design, rule: DesignRule) -> bool:
    said = negotiation_of(design, rule)
    methods = [each for module in said.keying_modules for each in said.main_mode.authentication(module)]
    return any(each.method == "IKEEXT_KERBEROS" for each in methods)


def management_dropped(filterset: FilterSet) -> Iterator[Finding]:
    """Whoever manages the host from one without a matching policy is locked out as soon as it is applied."""
    rule = _locking_out(filterset)
    if rule is not None:
        names = ", ".join(f"{name} ({port})" for port, name in _MANAGEMENT.items())
        yield Finding(
            MANAGEMENT_DROPPED,
            "warning",
            place_of(rule),
            f"{whose(rule)}Remote management from hosts without a matching IPsec policy is dropped: {names}",
            "Who applies it from such a host is locked out at once; Microsoft keeps a script that repairs virtual "
            "machines after just this (win-fix-ipsec-rdp-block in Azure/repair-script-library).",
            f"{EXEMPT_MANAGEMENT}, or apply it to be confirmed in time (--confirm-within), so that it is reverted "
            "unless you still get in.",
            PAGES[_why_dropped(rule)],
        )


def _locking_out(filterset: FilterSet) -> DesignRule | None:
    """Return the first rule that drops management in clear, where rules drop all of it; one way in is enough."""
    design = filterset.design
    rules = [each for each in enabled(design) if dropping_stems(each) and each.scope.protocol in ("any", "tcp")]
    whole = {each.name: whole_families(each, design.families) for each in rules}
    families = [family for family in design.families if any(family in held for held in whole.values())]
    found: DesignRule | None = None
    for service in (_Service(name, "tcp", port) for port, name in _MANAGEMENT.items()):
        for family in families:
            by = [each for each in rules if family in whole[each.name] and _asks_for(each, service)]
            stems = frozenset[str]().union(*map(dropping_stems, by))
            if not by or _is_exempt(design, service, stems, family) or _lets_in(filterset, by, service, family):
                return None
            found = found or by[0]
    return found


def _asks_for(rule: DesignRule, service: _Service) -> bool:
    """Tell whether a rule is for all connections to a service, from whatever port they come."""
    scope = rule.scope
    here, elsewhere = _has(scope.local_ports, service.local), _has(scope.remote_ports, service.remote)
    return (here or elsewhere) if scope.either_port else (here and elsewhere)


def _lets_in(filterset: FilterSet, by: list[DesignRule], service: _Service, family: Family) -> bool:
    """Tell whether a heavier rule lets a service of some addresses pass in clear that others drop."""
    if any(ALE_AUTH_RECV_ACCEPT in each.stems for each in by):
        return False  # a rule that lets clear pass has no filter there
    layers = RuleLayers(filterset, Effort(0))
    passing = {
        each.name
        for each in enabled(filterset.design)
        if MODES[each.mode].protects
        and not dropping_stems(each)
        and each.scope.protocol in ("any", service.protocol)
        and _has(each.scope.local_ports, service.local)
    }
    dropping = {each.name for each in by}
    return any(
        all(
            max((held.weight for held in layers.at(stem, family) if held.rule in dropping), default=-1) < weight
            for stem in TRANSPORT.values()
            for weight in [max((held.weight for held in layers.at(stem, family) if held.rule == name), default=-1)]
        )
        for name in passing
    )


def _why_dropped(rule: DesignRule) -> str:
    """Return the topic of the page by which a rule drops clear traffic that comes in."""
    if MODES[rule.mode].protects and not MODES[rule.mode].accepts_clear:
        return MODES[rule.mode].page
    return "encryption" if rule.encryption != "none" else "remote-identity"


RULES: tuple[Rule, ...] = (management_dropped, start_up, no_controller)
