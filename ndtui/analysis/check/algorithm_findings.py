"""Findings about proposals: each weak algorithm by name, what does not encrypt, what lacks forward secrecy."""

from collections.abc import Iterator

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.offered import Offered, main_modes, quick_modes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.vocabulary.algorithms import ALGORITHMS, WEAK
from ndtui.model.vocabulary.pages import PAGES


def weak_main_mode(filterset: FilterSet) -> Iterator[Finding]:
    """Name each weak algorithm of the main mode proposals, once per proposal."""
    for offer in main_modes(filterset.design):
        for number, proposal in enumerate(offer.proposals):
            for name in (proposal.cipher, proposal.integrity, proposal.dh_group):
                if name in WEAK:
                    yield _weak("Main mode", offer, number, name)


def weak_quick_mode(filterset: FilterSet) -> Iterator[Finding]:
    """Name each weak algorithm of the quick mode proposals, once per proposal."""
    for offer in quick_modes(filterset.design):
        for number, proposal in enumerate(offer.proposals):
            algorithms = [n for t in proposal.transforms for n in (t.auth, t.cipher) if n]
            for name in (*algorithms, proposal.pfs_group):
                if name in WEAK:
                    yield _weak("Quick mode", offer, number, name)


def _weak(mode: str, offer: Offered[MainModeProposal] | Offered[QuickModeProposal], number: int, name: str) -> Finding:
    return Finding(
        f"weak-{mode.lower().replace(' ', '-')}",
        "warning",
        offer.at(number),
        f"{mode} proposal {number + 1}{offer.of} offers {WEAK[name]} ({name})",
        "IKE authenticates what was offered, so that nobody in the way can change it (RFC 2409, 5; RFC 7296, 2.15); "
        "but the responder chooses (RFC 7296, 2.7), and it may choose this one.",
        "Offer AES with SHA-256 or better, ECP or group 14; keep this one only for peers that know no other.",
        ALGORITHMS[name].source,
    )


def no_encryption(filterset: FilterSet) -> Iterator[Finding]:
    """A quick mode proposal that only authenticates leaves traffic readable."""
    for offer in quick_modes(filterset.design):
        plain = [n for n, proposal in enumerate(offer.proposals) if not any(t.cipher for t in proposal.transforms)]
        if plain:
            yield Finding(
                "no-encryption",
                "note",
                offer.at(plain[0]),
                f"{len(plain)} of {len(offer.proposals)} quick mode proposals{offer.of} do not encrypt",
                "Protected then means authentic, not secret.",
                "Offer IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER alone where traffic must not be read.",
                PAGES["transform-type"],
            )


def no_forward_secrecy(filterset: FilterSet) -> Iterator[Finding]:
    """Without perfect forward secrecy all quick modes fall with their main mode."""
    for offer in quick_modes(filterset.design):
        without = [proposal for proposal in offer.proposals if proposal.pfs_group == "IPSEC_PFS_NONE"]
        if without:
            yield Finding(
                "no-forward-secrecy",
                "note",
                offer.at(),
                f"{len(without)} of {len(offer.proposals)} quick mode proposals{offer.of} lack forward secrecy",
                "Whoever learns a main mode key later can read everything that was protected under it.",
                "Set pfs_group, for example IPSEC_PFS_ECP_384.",
                PAGES["pfs-group"],
            )


RULES: tuple[Rule, ...] = (weak_main_mode, weak_quick_mode, no_encryption, no_forward_secrecy)
