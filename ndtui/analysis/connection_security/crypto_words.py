"""What quick mode offers, in the words of the registry and of netsh.

Sources: [MS-GPFAS] 2.2.5 (Phase2CryptoSets) and
https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall (qmsecmethods, qmpfs).
"""

import re
from collections.abc import Mapping

from ndtui.model.design.ipsec_policy import QuickModeProposal, Transform

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
_METHOD = re.compile(r"(?P<what>[a-z0-9:+-]+?)(?:\+(?P<minutes>[0-9]+)min)?(?:\+(?P<kilobytes>[0-9]+)kb)?")
_PART = re.compile(r"(ah|esp|authnoencap):([a-z0-9]+)(?:-([a-z0-9]+))?")


class NoWordError(ValueError):
    """What is offered is none of what a design can offer; says what."""


def group_of(word: str) -> str:
    """Return the group of forward secrecy, ``IPSEC_PFS_*``, of a word.

    Raises:
        NoWordError: there is none of that name.
    """
    try:
        return GROUPS[word.casefold()]
    except KeyError:
        raise NoWordError(f"forward secrecy by {word}") from None


def proposal_of_registry(suite: Mapping[str, str], group: str) -> QuickModeProposal:
    """Return what a suite of a crypto set offers; ``suite`` has its values by their names in small letters.

    Raises:
        NoWordError: it has something that a design cannot offer.
    """

    def said(name: str) -> str:  # what later versions added stands under its version: 2_1Encryption
        newer = next((value for key, value in suite.items() if re.fullmatch(rf"2_[0-9]+{name}", key)), "")
        return (newer or suite.get(name, "")).casefold().replace("-", "").replace("_", "")

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
    return QuickModeProposal(transforms=tuple(transforms), pfs_group=group, **lifetime)
