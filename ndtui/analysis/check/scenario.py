"""Findings about the scenario, keying modules, families, sublayer and lifetime."""

from collections.abc import Iterator

from ndtui.analysis.finding import Finding, Rule
from ndtui.model.objects import FilterSet
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL


def nd_secure_unenforced(filterset: FilterSet) -> Iterator[Finding]:
    """ND_SECURE is set, but no ALE filter requires protection of inbound connections."""
    if filterset.design.nd_secure and not any("INITIATE_SECURE" in f.slot.callout for f in filterset.filters):
        yield Finding(
            "nd-secure-unenforced",
            "warning",
            "nd_secure",
            "ND_SECURE is set, but no filter at ALE_AUTH_RECV_ACCEPT requires protection",
            "The flag alone enforces nothing; it only keeps IPsec working across NAT.",
            "Switch ND_SECURE off, or choose the negotiation-discovery scenario.",
            PAGES["sample"],
        )


def nd_secure_off(filterset: FilterSet) -> Iterator[Finding]:
    """Inbound must be protected, but the quick mode policy does not say so."""
    design = filterset.design
    if design.scenario == "negotiation-discovery" and not design.nd_secure:
        yield Finding(
            "nd-secure-off",
            "warning",
            "nd_secure",
            "Inbound must be protected, but the quick mode policies do not carry ND_SECURE",
            "The flag ensures connectivity where IPsec crosses NAT; without it such peers may not get through.",
            "Switch ND_SECURE on.",
            PAGES["sample"],
        )


def ale_persist_context(filterset: FilterSet) -> Iterator[Finding]:
    """The ALE filters carry the raw context of Microsoft's sample, which the scenario page does not set."""
    if filterset.design.ale_persist_context:
        yield Finding(
            "ale-raw-context",
            "note",
            "ale_persist_context",
            "The ALE filters carry raw context 2, as in Microsoft's sample; the scenario page sets none",
            "At ALE layers the number 2 also reads as FWPM_CONTEXT_ALE_SET_CONNECTION_REQUIRE_IPSEC_SECURITY.",
            "Set ale_persist_context = false to follow the scenario page.",
            PAGES["negotiation-discovery"],
        )


def own_sublayer(filterset: FilterSet) -> Iterator[Finding]:
    """BFE's own exemptions for IKE are probably not in a sublayer of ours."""
    weight = filterset.design.sublayer.weight
    if weight is None:
        return
    above = [name for name, other in BUILTIN_WEIGHTS.items() if other > weight]
    place = f"below {above[-1]}" if above else "above every built-in one"
    yield Finding(
        "own-sublayer",
        "warning",
        "sublayer",
        f"The filters are in a sublayer of their own with weight {weight}, {place}",
        "A permit ends only its own sublayer. BFE adds its exemptions for IKE and AuthIP itself, and the documents do "
        "not say that they reach another sublayer than the universal one: negotiation could block itself.",
        f"Use {UNIVERSAL}, or exempt UDP 500 and 4500 here too.",
        PAGES["filter-arbitration"],
    )


def only_authip(filterset: FilterSet) -> Iterator[Finding]:
    """Peers without AuthIP cannot negotiate."""
    if filterset.design.keying_modules == ("AuthIP",):
        yield Finding(
            "authip-only",
            "note",
            "keying_modules",
            "AuthIP is the only keying module: only Windows peers can negotiate",
            "Windows 11 24H2 and Server 2025 no longer offer AuthIP by default unless an authentication needs it.",
            "Add IKE unless every peer is known to speak AuthIP.",
            PAGES["ipsec-configuration"],
        )


def one_family(filterset: FilterSet) -> Iterator[Finding]:
    """The other address family is left unprotected."""
    families = filterset.design.families
    if len(families) == 1:
        other = "V6" if families == ("V4",) else "V4"
        yield Finding(
            "one-family",
            "warning",
            "families",
            f"The policy covers only {families[0]}: {other} traffic is neither protected nor blocked",
            "Windows peers prefer IPv6 where both work, and link-local addresses need no router.",
            f"Add {other} to families, or make sure that it is off on every interface.",
            PAGES["negotiation-discovery"],
        )


def persistent_require(filterset: FilterSet) -> Iterator[Finding]:
    """A policy that drops clear traffic survives the reboot that would undo a mistake."""
    design = filterset.design
    if design.lifetime == "persistent" and design.scenario != "boundary":
        what = "inbound clear traffic" if design.scenario == "negotiation-discovery" else "clear traffic"
        yield Finding(
            "persistent-drop",
            "note",
            "lifetime",
            f"The policy drops {what} and is persistent: a reboot does not undo it",
            "A machine that can no longer be reached is not reached after a restart either.",
            'Try it with lifetime = "static" first, and keep a way in that needs no network.',
            PAGES["object-management"],
        )


def dynamic_lifetime(filterset: FilterSet) -> Iterator[Finding]:
    """Dynamic objects go with the session that made them."""
    if filterset.design.lifetime == "dynamic":
        yield Finding(
            "dynamic-lifetime",
            "note",
            "lifetime",
            "The objects are dynamic: on Windows they vanish when the program that applied them ends",
            "A dynamic session's objects are deleted when the session ends.",
            'Use lifetime = "static" (until restart) or "persistent" to keep them.',
            PAGES["object-management"],
        )


RULES: tuple[Rule, ...] = (
    nd_secure_unenforced,
    nd_secure_off,
    own_sublayer,
    one_family,
    ale_persist_context,
    only_authip,
    persistent_require,
    dynamic_lifetime,
)
