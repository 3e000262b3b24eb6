"""Findings about how peers negotiate: modules and what they prove, the order of proposals, lifetimes and times."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.check.cited_pages import (
    AIPS,
    CRYPTO_SET,
    ESP_ALGORITHMS,
    FIREWALL_SETTING,
    NETSH,
    WHATS_NEW_2025,
)
from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.offered import Offered, main_modes, quick_modes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.authentication import WITH_CERTIFICATE, AuthenticationMethod
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.vocabulary.algorithms import WEAK
from ndtui.model.vocabulary.pages import PAGES

_LONGEST_MAIN_MODE = 2880 * 60
_LONGEST_IDLE = 3600
_LONGEST_CLEAR = 60


def _kinds(methods: tuple[AuthenticationMethod, ...]) -> set[str]:
    """Return what a peer may prove itself with, whatever each keying module calls it."""
    return {"certificate" if m.method in WITH_CERTIFICATE else m.method.removeprefix("IKEEXT_") for m in methods}


def module_authentication(filterset: FilterSet) -> Iterator[Finding]:
    """With IKE and AuthIP on, a peer's version of Windows decides which one it is, and so what is proved."""
    design = filterset.design
    ike, authip = _kinds(design.main_mode.ike_authentication), _kinds(design.main_mode.authip_authentication)
    if {"IKE", "AuthIP"} <= set(design.keying_modules) and not ike & authip:
        yield Finding(
            "module-authentication",
            "warning",
            Origin("main_mode"),
            f"IKE asks for {_listed(ike)}, AuthIP for {_listed(authip)}: the keying module decides what a peer proves",
            "Windows prefers AuthIP where both sides have it; but from Windows 11 24H2 and Server 2025 on, rules with "
            "machine certificates negotiate by IKE and IKEv2 by default. An upgrade may change what is asked.",
            "Give both modules a method in common.",
            WHATS_NEW_2025,
        )


def _listed(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds))


def extended_mode(filterset: FilterSet) -> Iterator[Finding]:
    """Extended mode is AuthIP's: where IKE or IKEv2 is negotiated no user is asked for."""
    design = filterset.design
    without = [module for module in design.keying_modules if module != "AuthIP"]
    if design.extended_mode is not None and without:
        machines = "IKE authenticates machines alone" if "IKE" in without else ""
        yield Finding(
            "extended-mode-bypassed",
            "warning",
            Origin("extended_mode"),
            f"Extended mode authenticates users over AuthIP, and a peer that negotiates {' or '.join(without)} is "
            "never asked",
            f"Extended mode is AuthIP's alone{machines and f', and {machines}'}: whoever offers "
            f"{' or '.join(without)} and no AuthIP gets by.",
            f"Switch {' and '.join(without)} off where users must be authenticated.",
            PAGES["em-policy"],
        )


def anonymous_first(filterset: FilterSet) -> Iterator[Finding]:
    """Methods are tried in order: behind anonymous authentication nothing is ever proved."""
    design = filterset.design
    for module in design.keying_modules:
        names = [m.method for m in design.main_mode.authentication(module)]
        if "IKEEXT_ANONYMOUS" in names[:-1]:
            yield Finding(
                "anonymous-first",
                "warning",
                Origin(f"main_mode.{module.lower()}_authentication"),
                "Anonymous authentication stands before a method that proves something",
                "Methods are tried one after another until one succeeds ([MS-AIPS] 1.3), and everybody can be "
                "anonymous.",
                "Put it last, or leave it out.",
                AIPS,
            )


def lifetimes(filterset: FilterSet) -> Iterator[Finding]:
    """A quick mode lives under its main mode."""
    design = filterset.design
    mains = [each.lifetime_seconds for offer in main_modes(design) for each in offer.proposals]
    main = min(mains)
    quick = max(each.lifetime_seconds for offer in quick_modes(design) for each in offer.proposals)
    if quick > main:
        yield Finding(
            "lifetime-mismatch",
            "warning",
            Origin("quick_mode.proposals"),
            f"Quick mode may last {quick} s, longer than the {main} s of a main mode proposal",
            "A main mode that ends is deleted ([MS-AIPS] 3.1.6.4). Each new quick mode then needs a new one first, "
            "with its authentication: more work, and another moment at which a controller out of reach ends the "
            "connection.",
            "Let the main mode live several times as long: Microsoft's sample has 28800 s for it and 3600 s for quick "
            "mode.",
            AIPS,
        )
    longest = max(mains)
    if longest > _LONGEST_MAIN_MODE:
        yield Finding(
            "long-lifetime",
            "warning",
            Origin("main_mode.proposals"),
            f"A main mode may last {longest} s, more than two days",
            "Whoever was authenticated once stays so, revoked or disabled in the meantime or not; netsh advfirewall "
            "takes 2880 minutes at most.",
            "Use 28800 s (eight hours), as Microsoft's sample has it.",
            NETSH,
        )


def preference(filterset: FilterSet) -> Iterator[Finding]:
    """Peers agree on the first proposal they have in common."""
    for offer in _offers(filterset):
        weak = [bool(_names(p) & WEAK.keys()) for p in offer.proposals]
        first = next((n for n, bad in enumerate(weak) if bad and not all(weak[n:])), None)
        if first is not None:
            yield Finding(
                "weak-preferred",
                "warning",
                offer.at(first),
                f"Proposal {first + 1}{offer.of} is weak and stands before a strong one",
                "By AuthIP a responder takes the first main mode proposal of its own list that the peer offers too "
                "([MS-AIPS] 3.3.5.1), and quick mode is taken to be alike: with a peer that has both it is the weak "
                "one.",
                "Put weak proposals last.",
                AIPS,
            )


def duplicates(filterset: FilterSet) -> Iterator[Finding]:
    """A proposal that is there twice says nothing the second time, or contradicts the first."""
    for offer in _offers(filterset):
        seen: dict[frozenset[str], int] = {}
        proposals: Sequence[MainModeProposal | QuickModeProposal] = offer.proposals
        for number, proposal in enumerate(proposals):
            first = seen.setdefault(frozenset(_names(proposal)), number)
            if first != number:
                yield Finding(
                    "duplicate-proposal",
                    "note",
                    offer.at(number),
                    f"Proposal {number + 1}{offer.of} offers the algorithms of proposal {first + 1} again",
                    "By AuthIP the first that matches is taken ([MS-AIPS] 3.3.5.1), and quick mode is taken to be "
                    "alike: lifetimes of the second never count.",
                    "Delete one.",
                    AIPS,
                )


def _offers(filterset: FilterSet) -> Iterator[Offered[MainModeProposal] | Offered[QuickModeProposal]]:
    yield from main_modes(filterset.design)
    yield from quick_modes(filterset.design)


def _names(proposal: MainModeProposal | QuickModeProposal) -> set[str]:
    """Return the constants of a proposal's algorithms."""
    if isinstance(proposal, MainModeProposal):
        return {proposal.cipher, proposal.integrity, proposal.dh_group}
    transforms = {name for t in proposal.transforms for name in (t.type, t.auth, t.cipher) if name}
    return {*transforms, proposal.pfs_group}


def forward_secrecy(filterset: FilterSet) -> Iterator[Finding]:
    """PowerShell knows one group for all proposals of a quick mode."""
    for offer in quick_modes(filterset.design):
        groups = dict.fromkeys(p.pfs_group for p in offer.proposals)
        if len(groups) == 1:
            continue
        yield Finding(
            "pfs-mismatch",
            "note",
            offer.at(),
            f"The quick mode proposals{offer.of} have {len(groups)} groups for forward secrecy: {', '.join(groups)}",
            "PowerShell sets one group for a whole crypto set: a peer configured by it offers one alone, and agrees on "
            "less than was meant.",
            "Use one group for all.",
            CRYPTO_SET,
        )


def times(filterset: FilterSet) -> Iterator[Finding]:
    """Times that keep clear packets or stale associations longer than they help."""
    quick = filterset.design.quick_mode
    if quick.nd_allow_clear_timeout_seconds > _LONGEST_CLEAR:
        yield Finding(
            "clear-window",
            "warning",
            Origin("quick_mode.nd_allow_clear_timeout_seconds"),
            f"For {quick.nd_allow_clear_timeout_seconds} s a new security association goes on accepting clear packets",
            "Until it ends, whoever sends in clear gets in though there is an association.",
            "Use 10 s, as Microsoft's sample does.",
            PAGES["transport-policy"],
        )
    if quick.idle_timeout_seconds > _LONGEST_IDLE or quick.idle_timeout_failover_seconds > quick.idle_timeout_seconds:
        yield Finding(
            "idle-timeout",
            "note",
            Origin("quick_mode.idle_timeout_seconds"),
            f"Idle associations are kept {quick.idle_timeout_seconds} s, {quick.idle_timeout_failover_seconds} s "
            "where fail-over is expected",
            "A peer that restarts has forgotten them, and until they end what is sent over them is lost; Windows "
            "Firewall's own setting goes from 300 to 3600 s, and fail-over is meant to be quicker.",
            "Use 300 s, and 60 s for fail-over.",
            FIREWALL_SETTING,
        )


def transforms(filterset: FilterSet) -> Iterator[Finding]:
    """Proposals that cannot cross address translation, and encryption that nobody checks."""
    for offer in quick_modes(filterset.design):
        if all(any(t.type == "IPSEC_TRANSFORM_AH" for t in p.transforms) for p in offer.proposals):
            yield Finding(
                "ah-across-nat",
                "warning",
                offer.at(),
                f"Every quick mode proposal{offer.of} uses AH, which does not get through address translation",
                "AH protects the addresses that a translator changes; ESP gets through.",
                "Offer IPSEC_TRANSFORM_ESP_AUTH or IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER too.",
                PAGES["ipsec-configuration"],
            )
        for number, proposal in enumerate(offer.proposals):
            if {t.type for t in proposal.transforms} == {"IPSEC_TRANSFORM_ESP_CIPHER"}:
                yield Finding(
                    "no-integrity",
                    "warning",
                    offer.at(number),
                    f"Quick mode proposal {number + 1}{offer.of} encrypts and does not authenticate",
                    "What is only encrypted can be changed on its way without being noticed, and must not be used (RFC "
                    "8221, 4).",
                    "Use IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER.",
                    ESP_ALGORITHMS,
                )


RULES: tuple[Rule, ...] = (
    module_authentication,
    extended_mode,
    anonymous_first,
    lifetimes,
    preference,
    duplicates,
    forward_secrecy,
    times,
    transforms,
)
