"""Main mode of NetSecurity: what its sets offer, and its rules, which lead to them by addresses.

Sources: https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netmainmoderule,
.../msft-netikemmcryptoset and .../msft-netikemmcryptoproposal.
"""

from collections.abc import Mapping, Sequence

from ndtui.analysis.connection_security.crypto_words import NoWordError, main_mode_proposal
from ndtui.analysis.connection_security.netsecurity_objects import called
from ndtui.analysis.connection_security.netsecurity_sets import proposals_of
from ndtui.analysis.connection_security.netsecurity_values import Properties, first_of, items_of, word_of
from ndtui.analysis.connection_security.security_rules import MainOffers, MainRule
from ndtui.model.vocabulary.networks import Profile

#: The numbers of algorithms in main mode proposals, as words of NetSecurity.
_CIPHERS = {"2": "DES", "6": "DES3", "65001": "AES128", "65002": "AES192", "65003": "AES256"}
_HASHES = {"2": "MD5", "3": "SHA1", "65001": "SHA256", "65002": "SHA384"}
_GROUPS = {"0": "None", **{str(number): f"DH{number}" for number in (1, 2, 14, 19, 20, 24)}}


def main_offers(said: Properties, lost: list[str]) -> MainOffers:
    """Return what a set of main mode offers; what of it cannot be said is added to ``lost``."""
    minutes, sessions = (
        str(first_of(said, f"MaxLifetime{what}", f"Max{what}") or "") for what in ("Minutes", "Sessions")
    )
    proposals = []
    try:
        for number, each in enumerate(proposals_of(said)):
            try:
                proposals.append(main_mode_proposal(*_words(each), minutes, sessions))
            except NoWordError as error:
                lost.append(f"set {called(said)}, proposal {number}: {error}")
    except NoWordError as error:
        lost.append(f"set {called(said)}: {error}")
    return MainOffers(tuple(proposals), word_of(said, "ForceDiffieHellman", "false") in ("true", "1"))


def _words(each: Properties) -> tuple[str, str, str]:
    """Return the words for encryption, integrity and key exchange of a proposal of main mode."""
    small = {name.casefold(): str(value) for name, value in each.items() if value is not None}
    found = []
    for names, numbers in (
        (("encryption", "cipheralgorithm"), _CIPHERS),
        (("hash", "hashalgorithm"), _HASHES),
        (("keyexchange", "groupid"), _GROUPS),
    ):
        word = next((small[name] for name in names if name in small), "")
        found.append(numbers.get(word, word))
    cipher, hashed, group = found
    return cipher, hashed, group


def main_rule(
    said: Properties,
    sets: Mapping[str, MainOffers],
    default: str,
    profiles: tuple[Profile, ...],
    lost: Sequence[str],
) -> MainRule:
    """Return a main mode rule; ``default`` is the set that is meant where none is named.

    Raises:
        ValueError: what it offers is not in the file, or cannot be said.
    """
    named = word_of(said, "MainModeCryptoSet", "default")
    usual = named in ("", "default", default)
    offers = None if usual else sets.get(named)
    if offers is None and not usual:
        raise ValueError(f"it names the set {said['MainModeCryptoSet']}, which is not in the file")
    if offers is not None and not offers.proposals:
        raise ValueError("nothing of what its main mode offers can be said")
    ends = ("LocalAddress", "RemoteAddress")
    missing = [f"{name} is not in the file, and taken for any" for name in ends if name not in said]
    return MainRule(
        name=called(said),
        offers=offers,
        enabled=word_of(said, "Enabled", "1") in ("1", "true"),
        addresses=(items_of(said, "LocalAddress"), items_of(said, "RemoteAddress")),
        profiles=profiles,
        lost=(*missing, *lost),
    )
