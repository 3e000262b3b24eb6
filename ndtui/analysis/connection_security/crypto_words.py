"""What quick mode and main mode offer, in the words of the registry, of netsh and of NetSecurity.

Sources: [MS-GPFAS] 2.2.5 (Phase1CryptoSet, Phase2CryptoSets),
https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall (qmsecmethods, qmpfs,
mmsecmethods) and New-NetIPsecMainModeCryptoProposal.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import ValidationError

from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal, Transform
from ndtui.model.files.design_file import reason_of

_INTEGRITY = {
    "md5": "HMAC_MD5_96",
    "sha1": "HMAC_SHA_1_96",
    "sha256": "HMAC_SHA_256_128",
    **{f"{mac}{bits}": f"GCM_AES_{bits}" for mac in ("aesgcm", "aesgmac") for bits in (128, 192, 256)},
}
_CIPHERS = {
    "des": "CBC_DES",
    "3des": "CBC_3DES",
    **{f"aes{bits}": f"CBC_AES_{bits}" for bits in (128, 192, 256)},
    **{f"aesgcm{bits}": f"GCM_AES_{bits}" for bits in (128, 192, 256)},
}
#: Forward secrecy in the words of the registry and of netsh.
GROUPS: Mapping[str, str] = {
    "disable": "IPSEC_PFS_NONE",
    "none": "IPSEC_PFS_NONE",
    "enabledhfromphase1": "IPSEC_PFS_MM",
    "mainmode": "IPSEC_PFS_MM",
    "rekeydh1": "IPSEC_PFS_1",
    "dhgroup1": "IPSEC_PFS_1",
    "rekeydh2": "IPSEC_PFS_2",
    "dhgroup2": "IPSEC_PFS_2",
    "rekeydh2048": "IPSEC_PFS_2048",
    "dhgroup14": "IPSEC_PFS_2048",
    "rekeydh24": "IPSEC_PFS_24",
    "dhgroup24": "IPSEC_PFS_24",
    "rekeyecdh256": "IPSEC_PFS_ECP_256",
    "ecdhp256": "IPSEC_PFS_ECP_256",
    "rekeyecdh384": "IPSEC_PFS_ECP_384",
    "ecdhp384": "IPSEC_PFS_ECP_384",
}
_MAIN_CIPHERS = {
    "des": "DES",
    "3des": "3DES",
    "des3": "3DES",
    **{f"aes{bits}": f"AES_{bits}" for bits in (128, 192, 256)},
}
_MAIN_HASHES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA_256", "sha384": "SHA_384"}
#: Groups by their words in the registry, in netsh and in NetSecurity, which has the numbers of RFC 3526 and RFC 5903.
_MAIN_GROUPS = {
    **{f"{word}{number}": f"GROUP_{number}" for word in ("dh", "dhgroup") for number in (1, 2, 14, 24)},
    **dict.fromkeys(("none", "dhnone"), "GROUP_NONE"),
    "dh2048": "GROUP_14",
    **dict.fromkeys(("dh19", "ecdh256", "ecdhp256"), "ECP_256"),
    **dict.fromkeys(("dh20", "ecdh384", "ecdhp384"), "ECP_384"),
}
_METHOD = re.compile(r"(?P<what>[a-z0-9:+-]+?)(?:\+(?P<minutes>[0-9]+)min)?(?:\+(?P<kilobytes>[0-9]+)kb)?")
_PART = re.compile(r"(ah|esp|authnoencap):([a-z0-9]+)(?:-([a-z0-9]+))?")


class NoWordError(ValueError):
    """What is offered is none of what a design can offer; says what."""


@contextmanager
def _possible() -> Iterator[None]:
    """Say in a line what no design can offer."""
    try:
        yield
    except ValidationError as error:
        raise NoWordError(reason_of(error)) from None


def group_of(word: str) -> str:
    """Return the group of forward secrecy, ``IPSEC_PFS_*``, of a word.

    Raises:
        NoWordError: there is none of that name.
    """
    try:
        return GROUPS[word.casefold()]
    except KeyError:
        raise NoWordError(f"forward secrecy by {word}") from None


def main_mode_proposal(cipher: str, hashed: str, group: str, minutes: str = "", sessions: str = "") -> MainModeProposal:
    """Return what main mode offers, by the words for it.

    Raises:
        NoWordError: it has something that a design cannot offer.
    """
    found = [known.get(_plain(word)) for word, known in zip((cipher, hashed, group), _MAIN_WORDS, strict=True)]
    for word, known, what in zip(
        (cipher, hashed, group), found, ("encryption", "integrity", "key exchange"), strict=True
    ):
        if known is None:
            raise NoWordError(f"{what} by {word or 'nothing'} in main mode")
    limits: dict[str, int] = {}
    if minutes.isdecimal() and int(minutes):
        limits["lifetime_seconds"] = int(minutes) * 60
    if sessions.isdecimal():
        limits["quick_mode_limit"] = int(sessions)
    algorithm, integrity, exchange = found
    with _possible():
        return MainModeProposal(
            cipher=f"IKEEXT_CIPHER_{algorithm}",
            integrity=f"IKEEXT_INTEGRITY_{integrity}",
            dh_group=f"IKEEXT_DH_{exchange}",
            **limits,
        )


_MAIN_WORDS = (_MAIN_CIPHERS, _MAIN_HASHES, _MAIN_GROUPS)


def main_mode_of_registry(suite: Mapping[str, str], minutes: str, sessions: str) -> MainModeProposal:
    """Return what a suite of a main mode crypto set offers; the set says for how long, and for how many sessions.

    Raises:
        NoWordError: it has something that a design cannot offer.
    """
    cipher, hashed, group = (_newest(suite, name) for name in ("encryption", "hash", "keyexchange"))
    return main_mode_proposal(cipher, hashed, group, minutes, sessions)


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")


def _newest(suite: Mapping[str, str], name: str) -> str:
    """Return a value of a suite: what later versions added stands under its version, as 2_1Encryption."""
    newer = next((value for key, value in suite.items() if re.fullmatch(rf"2_[0-9]+{name}", key)), "")
    return newer or suite.get(name, "")


def proposal_of_registry(suite: Mapping[str, str], group: str) -> QuickModeProposal:
    """Return what a suite of a crypto set offers; ``suite`` has its values by their names in small letters.

    Raises:
        NoWordError: it has something that a design cannot offer.
    """

    def said(name: str) -> str:
        return _plain(_newest(suite, name))

    protocol = said("protocol")
    if protocol == "authnoencap":
        raise NoWordError("authentication without encapsulation (AUTH_NO_ENCAP)")
    transforms = []
    if protocol in ("ah", "ah&esp"):
        transforms.append(_transform("ah", said("ahhash"), ""))
    if protocol in ("esp", "ah&esp"):
        transforms.append(_transform("esp", said("esphash"), said("encryption")))
    if not transforms:
        raise NoWordError(f"the protocol {protocol or 'none'}")
    return _proposal(transforms, suite.get("timeoutminutes", ""), suite.get("timeoutkbytes", ""), group)


def proposals_of_netsh(text: str, group: str) -> tuple[QuickModeProposal, ...]:
    """Return what security methods offer, as netsh writes them.

    Raises:
        NoWordError: there is something that a design cannot offer.
    """
    return tuple(_of_netsh(each.strip().casefold(), group) for each in text.split(",") if each.strip())


def main_mode_proposals_of_netsh(
    text: str, minutes: str, sessions: str
) -> tuple[tuple[MainModeProposal, ...], list[str]]:
    """Return what main mode offers, as netsh writes it, and what of it cannot be said.

    The key exchange stands before each method, or as older versions have it once before all of them.
    """
    found, lost, group = [], list[str](), ""
    for each in text.split(","):
        before, colon, rest = each.strip().casefold().partition(":")
        group, method = (before, rest) if colon else (group, before)
        cipher, _, hashed = method.partition("-")
        try:
            found.append(main_mode_proposal(cipher, hashed, group, minutes, sessions))
        except NoWordError as error:
            lost.append(str(error))
    return tuple(found), lost


def _of_netsh(text: str, group: str) -> QuickModeProposal:
    method = _METHOD.fullmatch(text)
    parts = [_PART.fullmatch(part) for part in method["what"].split("+")] if method else []
    if method is None or not parts or None in parts:
        raise NoWordError(f"the method {text}")
    transforms = []
    for part in parts:
        if part is None or part[1] == "authnoencap":
            raise NoWordError("authentication without encapsulation (AuthNoEncap)")
        transforms.append(_transform(part[1], part[2], part[3] or ""))
    return _proposal(transforms, method["minutes"] or "", method["kilobytes"] or "", group)


def _transform(kind: str, integrity: str, cipher: str) -> Transform:
    auth = _INTEGRITY.get(integrity)
    if auth is None:
        raise NoWordError(f"integrity by {integrity or 'nothing'}")
    if kind == "ah":
        return Transform(type="IPSEC_TRANSFORM_AH", auth=f"IPSEC_AUTH_CONFIG_{auth}")
    if cipher in ("", "none"):
        return Transform(type="IPSEC_TRANSFORM_ESP_AUTH", auth=f"IPSEC_AUTH_CONFIG_{auth}")
    if cipher not in _CIPHERS:
        raise NoWordError(f"encryption by {cipher}")
    return Transform(
        type="IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
        auth=f"IPSEC_AUTH_CONFIG_{auth}",
        cipher=f"IPSEC_CIPHER_CONFIG_{_CIPHERS[cipher]}",
    )


def _proposal(transforms: list[Transform], minutes: str, kilobytes: str, group: str) -> QuickModeProposal:
    lifetime: dict[str, int] = {}
    if minutes.isdecimal() and int(minutes):
        lifetime["lifetime_seconds"] = int(minutes) * 60
    if kilobytes.isdecimal() and int(kilobytes):
        lifetime["lifetime_kilobytes"] = int(kilobytes)
    with _possible():
        return QuickModeProposal(transforms=tuple(transforms), pfs_group=group, **lifetime)
