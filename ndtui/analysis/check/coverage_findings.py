"""Findings about what exemptions cover together, decided exactly over the whole space of packets."""

from collections.abc import Container, Iterator, Sequence
from functools import partial

from ndtui.analysis.check.cited_pages import DOMAIN_PORTS
from ndtui.analysis.check.every_host import every_host_in, has_hosts, is_every_port
from ndtui.analysis.check.exemption_findings import exempted_whole
from ndtui.analysis.check.finding import Finding, Rule, some_names
from ndtui.analysis.check.rule_places import (
    Reaching,
    enabled,
    inbound_dropping_stems,
    protected_stems,
    protecting,
    requires_inbound,
    scope_boxes,
)
from ndtui.analysis.check.undecided import undecided
from ndtui.analysis.packet_sets.box import Box, box_of, meet
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.ranges import merged
from ndtui.analysis.packet_sets.traffic_sets import on_the_network
from ndtui.analysis.verify.shadowing import shadowing
from ndtui.common.counted import counted
from ndtui.common.text import in_quotes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, INBOUND_TRANSPORT, Family, layer_name
from ndtui.model.vocabulary.pages import PAGES

#: Kerberos and LDAP: whoever needs one of them of a domain controller needs the others.
_CONTROLLER = ((6, 88), (17, 88), (6, 389), (17, 389))
_EXEMPTIONS = Origin("exemptions")
_NAMES = {6: "TCP", 17: "UDP"}
_MANAGEMENT = {22: "SSH", 135: "RPC", 445: "SMB", 3389: "remote desktop", 5985: "WinRM", 5986: "WinRM"}


def shadowed(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """An exemption that others cover changes nothing, now; when one of those goes, it does."""
    found = shadowing(filterset, effort)
    if found.undecided:
        names = [origin.name for origin in found.undecided]
        question = f"whether others cover {some_names(names)}" + (f" ({len(names)} exemptions)" if names[3:] else "")
        yield undecided(_EXEMPTIONS, question)
    for each in found.shadows:
        names = [origin.name for origin in each.by]
        by = (
            f"{in_quotes(names[0])} covers all of it"
            if each.alone
            else f"others cover all of it together: {some_names(names)}"
        )
        at = "" if each.everywhere else f" at {', '.join(map(short_name, each.layers))}"
        yield Finding(
            "shadowed-exemption" if each.alone else "shadowed-by-union",
            "warning",
            each.origin,
            f"{in_quotes(each.origin.name)} changes nothing{at}: {by}",
            "Whoever deletes it believes that its traffic is protected from then on, and it is not.",
            "Delete it, or narrow down what covers it.",
            PAGES["filter-arbitration"],
        )


def _exempt_boxes(filterset: FilterSet, family: Family, but: Container[str] = ()) -> list[Box]:
    """Return what the exemptions leave out inbound, but for those of some names."""
    filters = filterset.by_layer.get(layer_name(INBOUND_TRANSPORT, family), ())
    exempting = (each for each in counted(filters) if each.slot.role == "exemption")
    boxes = (box_of(each.conditions, family) for each in exempting if each.origin.name not in but)
    return [box for box in boxes if box is not None]


def whole_protocol(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """Exemptions that each look narrow may leave nothing protected together."""
    design = filterset.design
    said = {family for _, whole in exempted_whole(design) for family in whole}  # of that exemption alone
    families = [family for family in design.families if family not in said]
    rules, needed = protecting(design), protected_stems(design)
    half = {each.name for each in counted(design.exemptions) if not needed <= set(each.stems)}
    exempt = {family: _exempt_boxes(filterset, family, half) for family in families}
    for number, protocol in _NAMES.items():
        open_in = []
        for family in families:
            regions = _protected(rules, design, family, number)
            try:
                if regions and all(uncovered(each, exempt[family], effort) is None for each in regions):
                    open_in.append(family)
            except UndecidedError:
                yield undecided(
                    _EXEMPTIONS, f"whether the exemptions leave any {protocol} packet of {family} protected"
                )
        if open_in:
            yield Finding(
                "exempts-whole-protocol",
                "warning",
                _EXEMPTIONS,
                f"The exemptions leave no {protocol} packet of {' and '.join(open_in)} protected",
                "Each may look narrow; together they cover every address and port that a rule is for.",
                "Exempt addresses and ports that are needed, not all but some.",
                PAGES["filter-arbitration"],
            )


def _protected(rules: Sequence[DesignRule], design: Design, family: Family, protocol: int) -> list[Box]:
    """Return the packets of a protocol that come in and that rules are for, as boxes that may overlap."""
    region = on_the_network("in", family)._replace(protocol=((protocol, protocol),))
    if any(rule.scope.is_everything for rule in rules):
        return [region]
    scopes = (scope_boxes(rule.scope, design.families) for rule in rules)
    met = (meet(region, boxes[family]) for boxes in scopes if family in boxes)
    return [each for each in met if each is not None]


def source_port(filterset: FilterSet) -> Iterator[Finding]:
    """The remote port of an inbound packet is what its sender chose."""
    reaching = Reaching.of(filterset.design, filter(requires_inbound, enabled(filterset.design)))
    for each in counted(filterset.design.exemptions):
        if not (each.enabled and each.remote_ports and is_every_port(each.local_ports)) or each.program:
            continue
        if not every_host_in(each.reach(filterset.design.families), each.remote_addresses):
            continue
        opened = [rule for rule in reaching.touched_by(each) if inbound_dropping_stems(rule) <= set(each.stems)]
        if opened:
            ports = ", ".join(map(str, each.remote_ports))
            left = set(each.stems) - {ALE_AUTH_RECV_ACCEPT}
            at_accept = left and all(ALE_AUTH_RECV_ACCEPT in rule.stems for rule in opened)
            whole = any(not rule.scope.local_ports for rule in opened)
            to = "every port" if whole else f"the ports of rule {in_quotes(opened[0].name)}"
            yield Finding(
                "source-port",
                "warning",
                Origin.exemption(each.name),
                f"{in_quotes(each.name)} lets anybody in who sends from port {ports}: to {to} of this host",
                "Inbound, the remote port is the sender's source port, and a sender chooses that freely.",
                "Add the servers' addresses, or leave ALE_AUTH_RECV_ACCEPT out of its layers: answers do not meet it."
                if at_accept
                else "Add the servers' addresses.",
                PAGES["ale-stateful-filtering"],
            )


def management(filterset: FilterSet) -> Iterator[Finding]:
    """Remote management that everybody reaches in clear."""
    reaching = Reaching.of(filterset.design, filter(requires_inbound, enabled(filterset.design)))
    for each in counted(filterset.design.exemptions):
        open_ports = [p for p in _MANAGEMENT if any(r.low <= p <= r.high for r in each.local_ports)]
        if not each.enabled or each.protocol != "tcp" or not open_ports or each.program:
            continue
        if not every_host_in(each.reach(filterset.design.families), each.remote_addresses):
            continue
        if any(inbound_dropping_stems(rule) <= set(each.stems) for rule in reaching.touched_by(each)):
            names = ", ".join(dict.fromkeys(f"{_MANAGEMENT[p]} ({p})" for p in open_ports))
            yield Finding(
                "exempts-management",
                "warning",
                Origin.exemption(each.name),
                f"{in_quotes(each.name)} opens {names} to every address, without IPsec",
                "Whoever reaches the host can then try to sign in, without IPsec and without proving which machine it "
                "is.",
                "Add remote_addresses of the machines that manage it.",
                PAGES["negotiation-discovery"],
            )


def half_controller(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """A domain controller that is exempt for Kerberos alone, or for one protocol alone, is still out of reach."""
    naming = [
        e
        for e in counted(filterset.design.exemptions)
        if e.enabled and e.remote_addresses and not e.program and any(_has_port(e, port) for _, port in _CONTROLLER)
    ]
    for family in filterset.design.families:
        ranges = merged((r.low, r.high) for e in naming for r in e.remote_addresses if r.family == family)
        if not ranges:
            continue
        boxes = _exempt_boxes(filterset, family)
        region = on_the_network("in", family)._replace(remote=ranges)
        missing = []
        for protocol, port in _CONTROLLER:
            service = region._replace(protocol=((protocol, protocol),), remote_port=((port, port),))
            name = f"{_NAMES[protocol]} {port}"
            try:
                missing += [name] if uncovered(service, boxes, effort) else []
            except UndecidedError:
                yield undecided(_EXEMPTIONS, f"whether {name} of every domain controller ({family}) is exempt")
        if missing:
            yield Finding(
                "half-domain-controller",
                "warning",
                Origin.exemption(naming[0].name),
                f"A domain controller ({family}) is exempt for some of its services, not for {', '.join(missing)}",
                "Kerberos and LDAP each use both protocols; a request that waits for a negotiation that needs Kerberos "
                "itself does not end.",
                "Exempt TCP and UDP 88 and 389 to all controllers alike.",
                DOMAIN_PORTS,
            )
            return


def _has_port(exemption: Exemption, port: int) -> bool:
    return any(r.low <= port <= r.high for r in exemption.remote_ports)


def needless(filterset: FilterSet) -> Iterator[Finding]:
    """Multicast and broadcast are left alone anyway; what IPsec's callouts do with loopback is not documented."""
    for each in counted(filterset.design.exemptions):
        ranges = each.remote_addresses or each.local_addresses
        if not each.enabled or not ranges:
            continue
        if not any(has_hosts(ranges, family) for family in each.reach(filterset.design.families)):
            yield Finding(
                "needless-exemption",
                "note",
                Origin.exemption(each.name),
                f"{in_quotes(each.name)} names only multicast or broadcast addresses",
                "Negotiation discovery secures unicast traffic alone: there is nothing to exempt.",
                "Leave it out.",
                PAGES["negotiation-discovery"],
            )


def rules(effort: Effort) -> tuple[Rule, ...]:
    """Return the rules; those that search all packets may take a part of the effort, the last of them what is left."""
    return (
        partial(whole_protocol, effort=effort.part(effort.left // 4)),
        source_port,
        management,
        partial(half_controller, effort=effort.part(effort.left // 4)),
        partial(shadowed, effort=effort),
        needless,
    )
