"""Findings about exemptions: what they miss, and what they let through."""

from collections.abc import Iterator

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.exemption import Exemption
from ndtui.model.scenarios.catalogue import MODES, exemptible_layers
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import PROTECTED_LAYERS, Family
from ndtui.model.vocabulary.pages import PAGES

#: Router and neighbour solicitation and advertisement, and redirect (RFC 4861).
NEIGHBOUR_DISCOVERY = range(133, 138)


def _enabled(filterset: FilterSet) -> Iterator[Exemption]:
    return (e for e in filterset.design.exemptions if e.enabled)


def _is_open(exemption: Exemption) -> bool:
    """Tell whether neither ports, addresses nor an ICMP type narrow an exemption."""
    return not (
        exemption.local_ports
        or exemption.remote_ports
        or exemption.local_addresses
        or exemption.remote_addresses
        or exemption.icmp_type is not None
    )


def _covers_icmp(exemption: Exemption, family: Family) -> bool:
    return exemption.protocol_number(family) in (None, 1 if family == "V4" else 58) and family in exemption.reach(
        ("V4", "V6")
    )


def exempts_everything(filterset: FilterSet) -> Iterator[Finding]:
    """An exemption that matches all unicast traffic switches the policy off."""
    for exemption in _enabled(filterset):
        whole = [
            not ranges or any(r.prefix == 0 for r in ranges)
            for ranges in (exemption.local_addresses, exemption.remote_addresses)
        ]
        if exemption.protocol == "any" and all(whole):
            yield Finding(
                "exempts-everything",
                "error",
                Origin.exemption(exemption.name),
                f"{exemption.name!r} exempts all unicast traffic: nothing is protected",
                "Its permit filters stand above the IPsec callouts and match every packet the callouts would see.",
                "Give it a protocol, ports or addresses, or disable it.",
                PAGES["filter-arbitration"],
            )


def neighbour_discovery(filterset: FilterSet) -> Iterator[Finding]:
    """IPv6 cannot resolve a neighbour's address when unicast neighbour discovery must be protected."""
    if "V6" not in filterset.design.families:
        return
    wide = [e for e in _enabled(filterset) if _covers_icmp(e, "V6") and not (e.local_addresses or e.remote_addresses)]
    types = {t for t in NEIGHBOUR_DISCOVERY for e in wide if e.icmp_type in (None, t)}
    if len(types) < len(NEIGHBOUR_DISCOVERY):
        yield Finding(
            "neighbour-discovery",
            "warning",
            Origin("exemptions"),
            "IPv6 is covered, but neighbour discovery (ICMPv6 133 to 137) is not exempt",
            "Unicast neighbour discovery must work before any negotiation can; dropped, IPv6 stops.",
            "Exempt ICMP, or ICMPv6 types 133 to 137.",
            PAGES["negotiation-discovery"],
        )


def partial_layers(filterset: FilterSet) -> Iterator[Finding]:
    """There is no arbitration across layers, so an exemption must be at every protected one."""
    possible = [s for s in exemptible_layers(filterset.design.rules[0].mode) if s in PROTECTED_LAYERS]
    for exemption in _enabled(filterset):
        missing = [stem for stem in possible if stem not in exemption.layers]
        if missing:
            names = ", ".join(short_name(stem) for stem in missing)
            nothing = len(missing) == len(possible)
            yield Finding(
                "partial-exemption",
                "warning",
                Origin.exemption(exemption.name),
                f"{exemption.name!r} covers {'none' if nothing else 'some'} of the protected layers, not {names}",
                "Each layer decides by itself: what one permits, another can still drop.",
                "Cover all protected layers unless one direction is meant.",
                PAGES["filter-arbitration"],
            )


def icmp_type_in_both(filterset: FilterSet) -> Iterator[Finding]:
    """An ICMP type means one thing in IPv4 and another in IPv6."""
    for exemption in _enabled(filterset):
        if exemption.icmp_type is not None and len(exemption.reach(filterset.design.families)) > 1:
            yield Finding(
                "icmp-type-in-both",
                "warning",
                Origin.exemption(exemption.name),
                f"{exemption.name!r} has ICMP type {exemption.icmp_type} in both IPv4 and IPv6",
                "The numbers differ: an echo request is type 8 in ICMP and 128 in ICMPv6.",
                'Make two exemptions, one with families = ["V4"] and one with ["V6"].',
                PAGES["conditions"],
            )


def names_alike(filterset: FilterSet) -> Iterator[Finding]:
    """Names that differ only in case are mistaken for each other."""
    seen: dict[str, str] = {}
    for exemption in filterset.design.exemptions:
        other = seen.setdefault(exemption.name.casefold(), exemption.name)
        if other != exemption.name:
            yield Finding(
                "names-alike",
                "warning",
                Origin.exemption(exemption.name),
                f"{exemption.name!r} and {other!r} differ only in upper and lower case",
                "Whoever reads a table of filters takes one for the other.",
                "Rename one.",
                PAGES["best-practices"],
            )


def exempts_ike(filterset: FilterSet) -> Iterator[Finding]:
    """BFE exempts IKE by itself."""
    for exemption in _enabled(filterset):
        if exemption.protocol != "udp" or filterset.design.sublayer.kind == "own":
            continue
        ports = (*exemption.local_ports, *exemption.remote_ports)
        if any(p.low <= 500 <= p.high or p.low <= 4500 <= p.high for p in ports):
            yield Finding(
                "exempts-ike",
                "note",
                Origin.exemption(exemption.name),
                f"{exemption.name!r} exempts IKE's own ports, which Windows does by itself",
                "BFE adds permits for UDP 500 and 4500 when the first main mode filter appears.",
                "Leave it out, unless it is meant for the time after the policy.",
                PAGES["ike-exemptions"],
            )


def start_up(filterset: FilterSet) -> Iterator[Finding]:
    """A host that requires protection in both directions cannot get an address or a name in clear."""
    if MODES[filterset.design.rules[0].mode].sends_clear:
        return
    wanted = {67: "DHCP", 53: "DNS"}
    for exemption in _enabled(filterset):
        if exemption.protocol in ("udp", "any"):
            covered = [
                p for p in wanted if _is_open(exemption) or any(r.low <= p <= r.high for r in exemption.remote_ports)
            ]
            for port in covered:
                del wanted[port]
    if wanted:
        yield Finding(
            "start-up",
            "warning",
            Origin("exemptions"),
            f"Clear traffic is dropped in both directions, and {' and '.join(wanted.values())} is not exempt",
            "Without an address or a name no negotiation can start, unless those servers speak IPsec too.",
            f"Exempt UDP {' and '.join(map(str, sorted(wanted)))} to the servers' addresses.",
            PAGES[MODES[filterset.design.rules[0].mode].page],
        )


RULES: tuple[Rule, ...] = (
    exempts_everything,
    neighbour_discovery,
    partial_layers,
    icmp_type_in_both,
    start_up,
    names_alike,
    exempts_ike,
)
