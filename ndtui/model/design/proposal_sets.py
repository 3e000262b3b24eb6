"""Sets of proposals to take over with one choice: what main mode and quick mode offer, and where that comes from."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ndtui.model.design.ipsec_policy import MainMode, MainModeProposal, QuickMode, QuickModeProposal, Transform
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.vocabulary.pages import PAGES

_SHA1 = "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"
_AH, _AUTH, _BOTH = "IPSEC_TRANSFORM_AH", "IPSEC_TRANSFORM_ESP_AUTH", "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"


class Offers(NamedTuple):
    """What main mode and quick mode offer, the preferred proposal first."""

    main_mode: tuple[MainModeProposal, ...]
    quick_mode: tuple[QuickModeProposal, ...]


class ProposalSet(NamedTuple):
    """A set: its id, what it is called, what it is for, where it comes from, and what makes it."""

    id: str
    title: str
    text: str
    sources: tuple[str, ...]
    make: Callable[[], Offers]


def _modern() -> Offers:
    return Offers(MainMode().proposals, QuickMode().proposals)


def _fips() -> Offers:
    gcm = Transform(type=_BOTH, auth="IPSEC_AUTH_CONFIG_GCM_AES_256", cipher="IPSEC_CIPHER_CONFIG_GCM_AES_256")
    cbc = Transform(type=_BOTH, auth="IPSEC_AUTH_CONFIG_HMAC_SHA_256_128", cipher="IPSEC_CIPHER_CONFIG_CBC_AES_256")
    return Offers(
        (_main("AES_256", "SHA_384", "IKEEXT_DH_ECP_384"), _main("AES_256", "SHA_256", "IKEEXT_DH_ECP_256")),
        tuple(QuickModeProposal(transforms=(each,), pfs_group="IPSEC_PFS_ECP_384") for each in (gcm, cbc)),
    )


def _windows_firewall() -> Offers:
    return Offers(
        (_main("AES_128", "SHA1", "IKEEXT_DH_GROUP_2"), _main("3DES", "SHA1", "IKEEXT_DH_GROUP_2")),
        (_without_pfs(_AUTH), _without_pfs(_BOTH, "CBC_AES_128"), _without_pfs(_BOTH, "CBC_3DES"), _without_pfs(_AH)),
    )


def _sample() -> Offers:
    return Offers(
        (_main("AES_128", "SHA1", "IKEEXT_DH_GROUP_NONE"), _main("3DES", "SHA1", "IKEEXT_DH_GROUP_NONE")),
        (_without_pfs(_AH), _without_pfs(_AUTH), _without_pfs(_BOTH, "CBC_AES_128"), _without_pfs(_BOTH, "CBC_3DES")),
    )


def _main(cipher: str, integrity: str, group: str) -> MainModeProposal:
    return MainModeProposal(cipher=f"IKEEXT_CIPHER_{cipher}", integrity=f"IKEEXT_INTEGRITY_{integrity}", dh_group=group)


def _without_pfs(kind: str, cipher: str = "") -> QuickModeProposal:
    transform = Transform(type=kind, auth=_SHA1, cipher=f"IPSEC_CIPHER_CONFIG_{cipher}" if cipher else None)
    return QuickModeProposal(transforms=(transform,), pfs_group="IPSEC_PFS_NONE")


PROPOSAL_SETS: tuple[ProposalSet, ...] = (
    ProposalSet(
        "modern",
        "modern",
        "AES with SHA-2 and elliptic curves, AES-GCM first for the traffic (RFC 8247, RFC 8221): what a design has "
        "that says nothing else.",
        ("https://www.rfc-editor.org/rfc/rfc8247", "https://www.rfc-editor.org/rfc/rfc8221"),
        _modern,
    ),
    ProposalSet(
        "fips",
        "FIPS",
        "Only what NIST SP 800-77 revision 1 approves, with the key sizes of the CNSA suite (RFC 9206) first. Whether "
        "Windows' own implementation is a validated one is not decided by a policy.",
        ("https://csrc.nist.gov/pubs/sp/800/77/r1/final", "https://www.rfc-editor.org/rfc/rfc9206"),
        _fips,
    ),
    ProposalSet(
        "windows-firewall",
        "Windows Firewall's defaults",
        "What a connection security rule offers that says nothing else: SHA-1, group 2, 3DES, no forward secrecy, and "
        "no encryption preferred (netsh advfirewall, [MS-FASP]). Weak; for peers that know nothing else.",
        (
            "https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall",
            "https://learn.microsoft.com/openspecs/windows_protocols/ms-fasp/1da2ee70-a6ae-4f76-b08f-fdc25c77d8a0",
        ),
        _windows_firewall,
    ),
    ProposalSet(
        "sample",
        "Microsoft's sample, 2008",
        "SHA-1 with AES-128 or 3DES, AH preferred, and no Diffie-Hellman group, without which AuthIP alone can do. "
        "Weak; to compare with the sample.",
        (PAGES["sample"],),
        _sample,
    ),
)


@lru_cache(maxsize=len(PROPOSAL_SETS))
def offers_of(name: str) -> Offers:
    """Return the proposals of a set by its id; an unknown one is a ``StopIteration``."""
    return next(each for each in PROPOSAL_SETS if each.id == name).make()


def algorithms_of(name: str) -> tuple[str, ...]:
    """Return every algorithm of a set, by its constant, each once."""
    main, quick = offers_of(name)
    names = [each for offer in main for each in (offer.cipher, offer.integrity, offer.dh_group)]
    for offer in quick:
        names += [each for part in offer.transforms for each in (part.auth, part.cipher) if each]
        names.append(offer.pfs_group)
    return tuple(dict.fromkeys(names))


def set_of(negotiation: Negotiation) -> ProposalSet | None:
    """Return the set that all keying modules offer, or ``None`` where they offer anything else."""
    main, quick = negotiation.main_mode, negotiation.quick_mode
    if any(getattr(mode, f"{module.lower()}_proposals") for mode in (main, quick) for module in KEYING_MODULES):
        return None
    offers = (main.proposals, quick.proposals)
    return next((each for each in PROPOSAL_SETS if offers_of(each.id) == offers), None)


def with_set(negotiation: Negotiation, name: str) -> Negotiation:
    """Return a negotiation that offers a set; it takes the place of all proposals, those of single modules too.

    Raises:
        ValueError: a keying module that is on cannot offer it.
    """
    offers = offers_of(name)
    own = {f"{module.lower()}_proposals": () for module in KEYING_MODULES}
    made = Negotiation.model_validate(
        {
            **dict(negotiation),
            "main_mode": MainMode.model_validate({**dict(negotiation.main_mode), **own, "proposals": offers.main_mode}),
            "quick_mode": QuickMode.model_validate(
                {**dict(negotiation.quick_mode), **own, "proposals": offers.quick_mode}
            ),
        }
    )
    made.check()
    return made
