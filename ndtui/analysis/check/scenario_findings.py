"""Findings about the scenario, keying modules, families, sublayer and lifetime."""

from collections.abc import Iterator

from ndtui.analysis.check.cited_pages import IPV6, WHATS_NEW_2025
from ndtui.analysis.check.every_host import everywhere, is_every_port
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.rule_places import enabled, place_of, protecting, whose
from ndtui.common.counted import counted
from ndtui.model.compiled.ike_exemptions import IKE_PORTS
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL


def nd_secure_unenforced(filterset: FilterSet) -> Iterator[Finding]:
    """ND_SECURE is set, but no ALE filter requires protection of inbound connections."""
    rules = enabled(filterset.design)
    if any(ALE_AUTH_RECV_ACCEPT in rule.stems and rule.scope.is_everything for rule in rules):
        return
    for rule in rules:
        if rule.nd_secure and ALE_AUTH_RECV_ACCEPT not in rule.stems:
            yield Finding(
                "nd-secure-unenforced",
                "warning",
                place_of(rule, "nd_secure"),
                f"{whose(rule)}ND_SECURE is set, but no filter at ALE_AUTH_RECV_ACCEPT requires protection",
                "The flag alone enforces nothing; it only keeps IPsec working across NAT.",
                "Switch ND_SECURE off, or choose the negotiation-discovery scenario.",
                PAGES["sample"],
            )


def nd_secure_off(filterset: FilterSet) -> Iterator[Finding]:
    """Inbound must be protected, but the quick mode policy does not say so."""
    for rule in enabled(filterset.design):
        if MODES[rule.mode].nd_secure and not rule.nd_secure:
            yield Finding(
                "nd-secure-off",
                "warning",
                place_of(rule, "nd_secure"),
                f"{whose(rule)}Inbound must be protected, but the quick mode policies do not carry ND_SECURE",
                "The flag ensures connectivity where IPsec crosses NAT; without it such peers may not get through.",
                "Switch ND_SECURE on.",
                PAGES["sample"],
            )


def ale_persist_context(filterset: FilterSet) -> Iterator[Finding]:
    """The ALE filters carry the raw context of Microsoft's sample, which the scenario page does not set."""
    for rule in enabled(filterset.design):
        if rule.ale_persist_context:
            yield Finding(
                "ale-raw-context",
                "note",
                place_of(rule, "ale_persist_context"),
                f"{whose(rule)}The ALE filters carry raw context 2, as in Microsoft's sample; the scenario page sets "
                "none",
                "At ALE connect layers the number 2 reads as FWPM_CONTEXT_ALE_SET_CONNECTION_REQUIRE_IPSEC_SECURITY; "
                "what it does at ALE_AUTH_RECV_ACCEPT is not documented.",
                "Set ale_persist_context = false to follow the scenario page.",
                PAGES["negotiation-discovery"],
            )


def own_sublayer(filterset: FilterSet) -> Iterator[Finding]:
    """BFE's own exemptions for IKE are probably not in a sublayer of ours."""
    weight = filterset.design.sublayer.weight
    if weight is None or _exempts_ike(filterset.design):
        return
    above = [name for name, other in BUILTIN_WEIGHTS.items() if other > weight]
    place = f"below {above[-1]}" if above else "above every built-in one"
    yield Finding(
        "own-sublayer",
        "warning",
        Origin("sublayer"),
        f"The filters are in a sublayer of their own with weight {weight}, {place}",
        "A permit ends only its own sublayer. BFE adds its exemptions for IKE and AuthIP itself, and the documents do "
        "not say that they reach another sublayer than the universal one: negotiation could block itself.",
        f"Use {UNIVERSAL}, or exempt UDP 500 and 4500, as local ports and for every address, here too.",
        PAGES["filter-arbitration"],
    )


def _exempts_ike(design: Design) -> bool:
    """Tell whether exemptions do what BFE's own do in another sublayer, at every layer at which rules have filters."""
    stems = frozenset[str]().union(*(rule.stems for rule in enabled(design)))
    wide = [
        each
        for each in counted(design.exemptions)
        if each.enabled
        and each.protocol in ("any", "udp")
        and is_every_port(each.remote_ports)
        and stems <= {*each.stems}
    ]
    return all(
        any(
            family in everywhere(each, design.families)
            and (not each.local_ports or any(held.low <= port <= held.high for held in each.local_ports))
            for each in wide
        )
        for family in design.families
        for port in IKE_PORTS[family]
    )


def _free_weight(weight: int) -> int:
    """Return the weight next to one that no built-in sublayer has, above it where there is room."""
    taken = set(BUILTIN_WEIGHTS.values())
    above = (each for each in range(weight, 65536) if each not in taken)
    return next(above, None) or next(each for each in range(weight, 0, -1) if each not in taken)


def sublayer_place(filterset: FilterSet) -> Iterator[Finding]:
    """Where a sublayer of its own stands among Windows' own says who is asked first."""
    weight = filterset.design.sublayer.weight
    if weight is None:
        return
    equal = [name for name, other in BUILTIN_WEIGHTS.items() if other == weight]
    if equal:
        yield Finding(
            "sublayer-tie",
            "warning",
            Origin("sublayer"),
            f"The sublayer weighs {weight}, as much as {equal[0]}",
            "Sublayers are asked by weight; which of two equal ones comes first is nowhere said.",
            f"Choose another weight, such as {_free_weight(weight)}.",
            PAGES["filter-arbitration"],
        )
    elif weight > BUILTIN_WEIGHTS[UNIVERSAL]:
        yield Finding(
            "sublayer-above",
            "note",
            Origin("sublayer"),
            f"The sublayer ({weight}) is asked before {UNIVERSAL}, and so before IPsec policy of others",
            "A callout's decision can be overridden by a sublayer below: a permit there, one that BFE made for IKE or "
            "another program's, lets through what the callout would have blocked.",
            "Look with ndtui plan for filters of others at the same layers.",
            PAGES["filter-arbitration"],
        )
    else:
        yield Finding(
            "sublayer-below",
            "note",
            Origin("sublayer"),
            f"The sublayer ({weight}) is asked after {UNIVERSAL}, where IPsec policy of others usually is",
            "A filter's block above is final, its permit is not: an exemption here cannot undo what a filter blocks "
            "there, and what is exempt there still meets the callouts here.",
            "Exempt here too whatever has to pass.",
            PAGES["filter-arbitration"],
        )


def persistent_provider(filterset: FilterSet) -> Iterator[Finding]:
    """What BFE does at its start with persistent objects of a provider that names no service is told in two ways."""
    if filterset.design.lifetime == "persistent":
        yield Finding(
            "persistent-provider",
            "note",
            Origin("lifetime"),
            "The objects are persistent, and their provider names no Windows service",
            "Object Management says that BFE adds such objects when it starts; FWPM_FILTER0 says of "
            "FWPM_FILTER_FLAG_DISABLED that it disables the filters of a provider without a service name.",
            "Restart one machine and look for that flag in netsh wfp show filters before you rely on it.",
            PAGES["filter"],
        )


def only_authip(filterset: FilterSet) -> Iterator[Finding]:
    """Peers without AuthIP cannot negotiate."""
    if filterset.design.keying_modules == ("AuthIP",):
        yield Finding(
            "authip-only",
            "note",
            Origin("keying_modules"),
            "AuthIP is the only keying module: only Windows peers can negotiate",
            "From Windows 11 24H2 and Server 2025 on, rules with machine certificates negotiate by IKE and IKEv2 by "
            "default; other methods keep AuthIP and IKE.",
            "Keep it where users must be authenticated, which IKE cannot do; make sure that every peer speaks AuthIP."
            if filterset.design.extended_mode is not None
            else "Add IKE unless every peer is known to speak AuthIP.",
            WHATS_NEW_2025,
        )


def one_family(filterset: FilterSet) -> Iterator[Finding]:
    """The other address family is left unprotected, and no addresses say that it is meant to be."""
    families = filterset.design.families
    chosen = all(rule.scope.local_addresses or rule.scope.remote_addresses for rule in protecting(filterset.design))
    if len(families) == 1 and not chosen:
        other = "V6" if families == ("V4",) else "V4"
        yield Finding(
            "one-family",
            "warning",
            Origin("families"),
            f"The policy covers only {families[0]}: {other} traffic is neither protected nor blocked",
            "Windows peers prefer IPv6 where both work.",
            f"Add {other} to families, or make sure that it is off on every interface.",
            IPV6,
        )


def persistent_require(filterset: FilterSet) -> Iterator[Finding]:
    """A policy that drops clear traffic survives the reboot that would undo a mistake."""
    what = _dropped(filterset.design)
    without = " (and without before_bfe, which needs persistent)" if filterset.design.before_bfe else ""
    if filterset.design.lifetime == "persistent" and what:
        yield Finding(
            "persistent-drop",
            "note",
            Origin("lifetime"),
            f"The policy drops {what} and is persistent: a reboot does not undo it",
            "A machine that can no longer be reached is not reached after a restart either.",
            f'Try it with lifetime = "static" first{without}, and keep a way in that needs no network.',
            PAGES["object-management"],
        )


def _dropped(design: Design) -> str:
    """Return in words what the rules drop: the most that one of them does."""
    drops = [MODES[rule.mode].drops for rule in enabled(design)]
    said = next((each.drops for each in reversed(tuple(MODES.values())) if each.drops in drops and each.drops), "")
    additions = any(rule.encryption != "none" or rule.is_identified for rule in enabled(design))
    return said or ("connections that a rule does not let in" if additions else "")


def dynamic_lifetime(filterset: FilterSet) -> Iterator[Finding]:
    """Dynamic objects go with the session that made them."""
    if filterset.design.lifetime == "dynamic":
        yield Finding(
            "dynamic-lifetime",
            "note",
            Origin("lifetime"),
            "The objects are dynamic: on Windows they vanish when the program that applied them ends",
            "A dynamic session's objects are deleted when the session ends.",
            'Use lifetime = "static" (until restart) or "persistent" to keep them.',
            PAGES["object-management"],
        )


RULES: tuple[Rule, ...] = (
    nd_secure_unenforced,
    nd_secure_off,
    own_sublayer,
    sublayer_place,
    one_family,
    ale_persist_context,
    only_authip,
    persistent_require,
    persistent_provider,
    dynamic_lifetime,
)
