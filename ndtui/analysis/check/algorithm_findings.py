"""Findings about proposals: each weak algorithm by name, what does not encrypt, what lacks forward secrecy."""

from collections.abc import Iterator

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.algorithms import ALGORITHMS, WEAK
from ndtui.model.vocabulary.pages import PAGES


def weak_main_mode(filterset: FilterSet) -> Iterator[Finding]:
    """Name each weak algorithm of the main mode proposals, once per proposal."""
    for number, proposal in enumerate(filterset.design.main_mode.proposals):
        for name in (proposal.cipher, proposal.integrity, proposal.dh_group):
            if name in WEAK:
                yield _weak("main_mode", number, name)


def weak_quick_mode(filterset: FilterSet) -> Iterator[Finding]:
    """Name each weak algorithm of the quick mode proposals, once per proposal."""
    for number, proposal in enumerate(filterset.design.quick_mode.proposals):
        algorithms = [n for t in proposal.transforms for n in (t.auth, t.cipher) if n]
        for name in (*algorithms, proposal.pfs_group):
            if name in WEAK:
                yield _weak("quick_mode", number, name)


def _weak(mode: str, number: int, name: str) -> Finding:
    words = mode.replace("_", " ")
    return Finding(
        f"weak-{words.replace(' ', '-')}",
        "warning",
        Origin(f"{mode}.proposals[{number}]"),
        f"{words.capitalize()} proposal {number + 1} offers {WEAK[name]} ({name})",
        "IKE authenticates what was offered, so that nobody in the way can change it; but the peer chooses, and it may "
        "choose the weakest.",
        "Offer AES with SHA-256 or better, ECP or group 14; keep this one only for peers that know no other.",
        ALGORITHMS[name].source,
    )


def no_encryption(filterset: FilterSet) -> Iterator[Finding]:
    """A quick mode proposal that only authenticates leaves traffic readable."""
    plain = [
        number
        for number, proposal in enumerate(filterset.design.quick_mode.proposals)
        if not any(t.cipher for t in proposal.transforms)
    ]
    if plain:
        yield Finding(
            "no-encryption",
            "note",
            Origin(f"quick_mode.proposals[{plain[0]}]"),
            f"{len(plain)} of {len(filterset.design.quick_mode.proposals)} quick mode proposals do not encrypt",
            "Protected then means authentic, not secret.",
            "Offer IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER alone where traffic must not be read.",
            PAGES["sa-transform"],
        )


def no_forward_secrecy(filterset: FilterSet) -> Iterator[Finding]:
    """Without perfect forward secrecy all quick modes fall with their main mode."""
    without = [p for p in filterset.design.quick_mode.proposals if p.pfs_group == "IPSEC_PFS_NONE"]
    if without:
        yield Finding(
            "no-forward-secrecy",
            "note",
            Origin("quick_mode.proposals"),
            f"{len(without)} of {len(filterset.design.quick_mode.proposals)} quick mode proposals lack forward secrecy",
            "Whoever learns a main mode key later can read everything that was protected under it.",
            "Set pfs_group, for example IPSEC_PFS_ECP_384.",
            PAGES["pfs-group"],
        )


RULES: tuple[Rule, ...] = (weak_main_mode, weak_quick_mode, no_encryption, no_forward_secrecy)
