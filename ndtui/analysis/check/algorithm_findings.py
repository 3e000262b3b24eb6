"""Findings about proposals: each weak algorithm by name, what does not encrypt, what lacks forward secrecy."""

from collections.abc import Iterator

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.peers.negotiation import NO_GROUP
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.pages import PAGES

_RFC_8247 = "https://www.rfc-editor.org/rfc/rfc8247"
_RFC_8221 = "https://www.rfc-editor.org/rfc/rfc8221"

#: What is weak by RFC 8247 and RFC 8221: what must not or should not be used, and SHA-1, which they mark as on its way
#: out; 3DES by NIST SP 800-131A too. AuthIP alone knows proposals without a Diffie-Hellman group.
WEAK = {
    "IKEEXT_CIPHER_DES": "DES, broken since 1999",
    "IKEEXT_CIPHER_3DES": "3DES, retired by NIST at the end of 2023",
    "IKEEXT_INTEGRITY_MD5": "MD5",
    "IKEEXT_INTEGRITY_SHA1": "SHA-1",
    "IKEEXT_DH_GROUP_NONE": "no Diffie-Hellman exchange",
    "IKEEXT_DH_GROUP_1": "Diffie-Hellman group 1 (768 bits)",
    "IKEEXT_DH_GROUP_2": "Diffie-Hellman group 2 (1024 bits)",
    "IKEEXT_DH_GROUP_24": "Diffie-Hellman group 24, whose small subgroups are suspect",
    "IPSEC_AUTH_CONFIG_HMAC_MD5_96": "MD5",
    "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96": "SHA-1",
    "IPSEC_CIPHER_CONFIG_CBC_DES": "DES, broken since 1999",
    "IPSEC_CIPHER_CONFIG_CBC_3DES": "3DES, retired by NIST at the end of 2023",
    "IPSEC_PFS_1": "perfect forward secrecy with group 1 (768 bits)",
    "IPSEC_PFS_2": "perfect forward secrecy with group 2 (1024 bits)",
    "IPSEC_PFS_24": "perfect forward secrecy with group 24, whose small subgroups are suspect",
}


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
        PAGES["dh-group"] if name == NO_GROUP else _RFC_8247 if mode == "main_mode" else _RFC_8221,
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
