"""Findings about exemptions: what they miss, and what they let through."""

from collections.abc import Iterator

from ndtui.analysis.check.cited_pages import CALLOUT_DRIVERS, FIREWALL_SETTING, ICMP
from ndtui.analysis.check.every_host import everywhere
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.rule_places import IPSEC_ITSELF, Reaching, enabled, protected_stems, protecting
from ndtui.analysis.wording.program_words import changes_something, what_stays
from ndtui.common.counted import counted
from ndtui.common.text import in_quotes
from ndtui.model.compiled.ike_exemptions import is_for_ikev2_alone
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ip_protocol import protocol_number
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, PROTECTED_LAYERS, Family
from ndtui.model.vocabulary.pages import PAGES

#: Router and neighbour solicitation and advertisement, and redirect (RFC 4861).
NEIGHBOUR_DISCOVERY = range(133, 138)


def _enabled(filterset: FilterSet) -> Iterator[Exemption]:
    return (e for e in counted(filterset.design.exemptions) if e.enabled)


def _covers_icmp(exemption: Exemption, family: Family) -> bool:
    return exemption.protocol_number(family) in (None, 1 if family == "V4" else 58) and family in exemption.reach(
        ("V4", "V6")
    )


def _reaches_icmp(rule: DesignRule) -> bool:
    return protocol_number(rule.scope.protocol, "V6") in (None, 58)


def exempted_whole(design: Design) -> Iterator[tuple[Exemption, tuple[Family, ...]]]:
    """Yield the exemptions that leave nothing to the rules, at any layer, with the address families in which."""
    needed = protected_stems(design)
    for each in counted(design.exemptions):
        if each.enabled and each.protocol == "any" and needed <= set(each.stems):
            families = everywhere(each, design.families)
            if families:
                yield each, families


def exempts_everything(filterset: FilterSet) -> Iterator[Finding]:
    """An exemption that matches all unicast traffic switches the policy off."""
    families = filterset.design.families
    for exemption, whole in exempted_whole(filterset.design):
        only = len(whole) < len(families)
        of = f" of {whole[0]}" if only else ""
        yield Finding(
            "exempts-everything",
            "error",
            Origin.exemption(exemption.name),
            f"{in_quotes(exemption.name)} exempts all unicast traffic{of}: "
            f"nothing{' of it' if only else ''} is protected",
            "Its permit filters stand above the IPsec callouts and match every packet the callouts would see.",
            "Give it a protocol, ports or addresses, or disable it.",
            PAGES["filter-arbitration"],
        )


def neighbour_discovery(filterset: FilterSet) -> Iterator[Finding]:
    """IPv6 cannot resolve a neighbour's address when unicast neighbour discovery must be protected."""
    families = filterset.design.families
    if not any("V6" in rule.scope.reach(families) and _reaches_icmp(rule) for rule in protecting(filterset.design)):
        return
    wide = [e for e in _enabled(filterset) if _covers_icmp(e, "V6") and everywhere(e, ("V6",))]
    types = {t for t in NEIGHBOUR_DISCOVERY for e in wide if e.icmp_type in (None, t)}
    if len(types) < len(NEIGHBOUR_DISCOVERY):
        yield Finding(
            "neighbour-discovery",
            "warning",
            Origin("exemptions"),
            "IPv6 is covered, but neighbour discovery (ICMPv6 133 to 137) is not exempt",
            "Unicast neighbour discovery must work before any negotiation can; dropped, IPv6 stops. Windows Firewall "
            "has a setting that exempts it.",
            "Exempt ICMP, or ICMPv6 types 133 to 137.",
            FIREWALL_SETTING,
        )


def partial_layers(filterset: FilterSet) -> Iterator[Finding]:
    """There is no arbitration across layers, so an exemption must be at every protected one.

    One of services elsewhere may leave out ALE_AUTH_RECV_ACCEPT: answers do not meet it, and whoever starts a
    connection from such a port is not meant.
    """
    reaching = Reaching.of(filterset.design, enabled(filterset.design))
    for exemption in _enabled(filterset):
        if exemption.program or not set(PROTECTED_LAYERS) - set(exemption.layers):
            continue  # one for a program has a finding of its own
        stems = frozenset[str]().union(*(rule.stems for rule in reaching.touched_by(exemption)))
        possible = [stem for stem in PROTECTED_LAYERS if stem in stems]
        missing = [stem for stem in possible if stem not in exemption.layers]
        if missing and not (missing == [ALE_AUTH_RECV_ACCEPT] and exemption.remote_ports):
            names = ", ".join(short_name(stem) for stem in missing)
            nothing = len(missing) == len(possible)
            yield Finding(
                "partial-exemption",
                "warning",
                Origin.exemption(exemption.name),
                f"{in_quotes(exemption.name)} covers {'none' if nothing else 'some'} of the protected "
                f"layers, not {names}",
                "Each layer decides by itself: what one permits, another can still drop.",
                "Cover all protected layers unless one direction is meant.",
                PAGES["filter-arbitration"],
            )


def of_a_program(filterset: FilterSet) -> Iterator[Finding]:
    """Only the ALE layers tell programs apart, so that what IPsec does at the transport layers stays."""
    reaching = Reaching.of(filterset.design, protecting(filterset.design))
    for exemption in _enabled(filterset):
        touched = tuple(reaching.touched_by(exemption)) if exemption.program else ()
        if not touched:
            continue
        stays = what_stays(touched, exemption.stems)
        idle = not changes_something(touched, exemption.stems)
        yield Finding(
            "program-at-transport",
            "warning" if idle else "note",
            Origin.exemption(exemption.name),
            f"{in_quotes(exemption.name)} is for one program{' and changes nothing' if idle else ''}: {stays}",
            "Only the ALE layers know which program traffic is of: what the callouts at the transport layers drop or "
            "negotiate stays as it is, and what a peer can protect is protected.",
            "Exempt its ports or addresses in place of the program: those the transport layers can tell apart."
            if idle
            else "Leave it so, or exempt its ports and addresses too where nothing is to be negotiated.",
            PAGES["conditions"],
        )


def exempts_ipsec(filterset: FilterSet) -> Iterator[Finding]:
    """ESP and AH are IPsec itself: what they protect meets the filters as what it is inside."""
    for exemption in _enabled(filterset):
        name = IPSEC_ITSELF.get(exemption.protocol)
        if name is not None:
            yield Finding(
                "exempts-ipsec",
                "warning",
                Origin.exemption(exemption.name),
                f"{in_quotes(exemption.name)} exempts {name}, which does nothing: {name} is IPsec itself",
                "IPsec verifies and decrypts at the transport layer: what it protects meets the filters there by its "
                "own protocol and ports.",
                "Leave it out.",
                CALLOUT_DRIVERS,
            )


def icmp_type_in_both(filterset: FilterSet) -> Iterator[Finding]:
    """An ICMP type means one thing in IPv4 and another in IPv6."""
    for exemption in _enabled(filterset):
        by_name = exemption.protocol == "icmp"  # a number is ICMP or ICMPv6 in both families
        if by_name and exemption.icmp_type is not None and len(exemption.reach(filterset.design.families)) > 1:
            yield Finding(
                "icmp-type-in-both",
                "warning",
                Origin.exemption(exemption.name),
                f"{in_quotes(exemption.name)} has ICMP type {exemption.icmp_type} in both IPv4 and IPv6",
                "The numbers differ: an echo request is type 8 in ICMP (RFC 792) and 128 in ICMPv6 (RFC 4443).",
                'Make two exemptions, one with families = ["V4"] and one with ["V6"].',
                ICMP,
            )


def names_alike(filterset: FilterSet) -> Iterator[Finding]:
    """Names that differ only in case are mistaken for each other."""
    seen: dict[str, str] = {}
    for exemption in counted(filterset.design.exemptions):
        other = seen.setdefault(exemption.name.casefold(), exemption.name)
        if other != exemption.name:
            yield Finding(
                "names-alike",
                "warning",
                Origin.exemption(exemption.name),
                f"{in_quotes(exemption.name)} and {in_quotes(other)} differ only in upper and lower case",
                "Whoever reads a table of filters takes one for the other.",
                "Rename one.",
                PAGES["filter"],
            )


def exempts_ike(filterset: FilterSet) -> Iterator[Finding]:
    """BFE exempts IKE by itself; that it does where IKEv2 alone negotiates is not documented."""
    if is_for_ikev2_alone(filterset.design):
        return
    for exemption in _enabled(filterset):
        if exemption.protocol != "udp" or filterset.design.sublayer.kind == "own":
            continue
        ports = (*exemption.local_ports, *exemption.remote_ports)
        families = exemption.reach(filterset.design.families)
        exempt = (500, 4500) if "V4" in families else (500,)  # BFE's own are for 4500 over IPv4 alone
        if any(port.low <= own <= port.high for port in ports for own in exempt):
            yield Finding(
                "exempts-ike",
                "note",
                Origin.exemption(exemption.name),
                f"{in_quotes(exemption.name)} exempts IKE's own ports, which Windows does by itself",
                "BFE adds permits for UDP 500, and over IPv4 for 4500, when the first main mode filter appears.",
                "Leave it out, unless it is meant for the time after the policy.",
                PAGES["ike-exemptions"],
            )


RULES: tuple[Rule, ...] = (
    exempts_everything,
    neighbour_discovery,
    partial_layers,
    of_a_program,
    icmp_type_in_both,
    names_alike,
    exempts_ike,
    exempts_ipsec,
)
