"""How strong each algorithm and each way to authenticate is, since which Windows there is one, and who has it.

The one table of it: forms say it at every choice, and findings are made of it. Strengths follow RFC 8247 (main mode)
and RFC 8221 (quick mode), and where these do not name an algorithm, or another is stricter, what is said beside it;
versions and keying modules follow the page of each constant. Both RFCs say what implementations of IKEv2 and ESP must
have and must not have; IKE and AuthIP are measured by the same, though RFC 8247 is not about them. What each hint takes
from its source stands in the tests, with the words of the page that carry it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ndtui.model.vocabulary.pages import PAGES

Strength = Literal["modern", "acceptable", "weak"]

_RFC = "https://www.rfc-editor.org/rfc/"
_IKE = _RFC + "rfc8247"
_ESP = _RFC + "rfc8221"
_CNSA = _RFC + "rfc9206"
_GCM_IN_IKE = _RFC + "rfc5282"
_EAP = _RFC + "rfc7296"
_NIST = "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final"
_METHODS = PAGES["authentication-method"]
_AIPS = "https://learn.microsoft.com/openspecs/windows_protocols/ms-aips/0742d437-e030-4a85-adbb-8777870d8423"
_FIREWALL = (
    "https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/"
    "configure-authentication-methods"
)
_SP1 = "Windows Vista with SP1"
_EIGHT = "Windows 8"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What there is to know of a choice.

    ``title`` is what it is called in a list, ``named`` in a sentence. ``since`` is the first Windows that has it, as
    the page of the constant says; empty where no page does. ``modules`` are the keying modules that have it, empty
    where all do.
    """

    title: str
    strength: Strength
    why: str
    source: str
    since: str = "Windows Vista"
    modules: tuple[str, ...] = ()
    named: str = ""


def _modern(title: str, why: str, source: str, since: str = "Windows Vista", *modules: str) -> Algorithm:
    return Algorithm(title, "modern", why, source, since, modules)


def _fair(title: str, why: str, source: str, since: str = "Windows Vista", *modules: str) -> Algorithm:
    return Algorithm(title, "acceptable", why, source, since, modules)


def _weak(title: str, why: str, source: str, named: str, since: str = "Windows Vista", *modules: str) -> Algorithm:
    return Algorithm(title, "weak", why, source, since, modules, named)


_MUST = "every implementation has to have it"
_RARE = "a size that peers need not have"
_SHA1 = "still required, and on its way out"
_NEVER = "must not be implemented any more"
_DES = "DES, which must not be implemented any more"
_3DES = "3DES, which NIST disallows for encryption since 2024"
_DISALLOWED = "disallowed for encryption since 2024"
_BOTH = "encrypts and authenticates at once"
_GMAC = "with the same AES-GCM for encryption, or alone"
_NAMED_14 = "2048 bits: every implementation has to have it"
_G24 = "should not be implemented: it has small subgroups"
_1024 = "1024 bits: should not be implemented"
_19 = "group 19: should be implemented"

#: Algorithms of proposals, the ones to prefer first among those of a kind.
ALGORITHMS: Mapping[str, Algorithm] = {
    "IKEEXT_CIPHER_AES_GCM_256_16ICV": _modern("AES-GCM-256", _BOTH, _GCM_IN_IKE, "", "IKEv2"),
    "IKEEXT_CIPHER_AES_GCM_128_16ICV": _modern("AES-GCM-128", _BOTH, _GCM_IN_IKE, "", "IKEv2"),
    "IKEEXT_CIPHER_AES_256": _modern("AES-256", _MUST, _IKE),
    "IKEEXT_CIPHER_AES_128": _modern("AES-128", _MUST, _IKE),
    "IKEEXT_CIPHER_AES_192": _fair("AES-192", _RARE, _IKE),
    "IKEEXT_CIPHER_3DES": _weak("3DES", _DISALLOWED, _NIST, _3DES),
    "IKEEXT_CIPHER_DES": _weak("DES", _NEVER, _IKE, _DES),
    "IKEEXT_INTEGRITY_SHA_384": _modern("SHA-384", "what the CNSA suite asks for", _CNSA, _SP1),
    "IKEEXT_INTEGRITY_SHA_256": _modern("SHA-256", _MUST, _IKE, _SP1),
    "IKEEXT_INTEGRITY_SHA1": _weak("SHA-1", _SHA1, _IKE, "SHA-1"),
    "IKEEXT_INTEGRITY_MD5": _weak("MD5", _NEVER, _IKE, "MD5"),
    "IKEEXT_DH_ECP_384": _modern("ECP 384", "group 20: the curve of the CNSA suite", _CNSA),
    "IKEEXT_DH_ECP_256": _modern("ECP 256", _19, _IKE),
    "IKEEXT_DH_GROUP_14": _fair("group 14", _NAMED_14, _IKE, _EIGHT),
    "IKEEXT_DH_GROUP_2048": _fair("group 14, as 2048", "the same group by its older name", PAGES["dh-group"]),
    "IKEEXT_DH_GROUP_24": _weak("group 24", _G24, _IKE, "Diffie-Hellman group 24, which has small subgroups", _EIGHT),
    "IKEEXT_DH_GROUP_2": _weak("group 2", _1024, _IKE, "Diffie-Hellman group 2 (1024 bits)"),
    "IKEEXT_DH_GROUP_1": _weak("group 1", f"768 bits: {_NEVER}", _IKE, "Diffie-Hellman group 1 (768 bits)"),
    "IKEEXT_DH_GROUP_NONE": _weak(
        "none",
        "no key exchange of its own: keys follow from the authentication",
        PAGES["dh-group"],
        "no Diffie-Hellman exchange",
        "Windows Vista",
        "AuthIP",
    ),
    "IPSEC_CIPHER_CONFIG_GCM_AES_256": _modern("AES-GCM-256", _BOTH, _ESP, _SP1),
    "IPSEC_CIPHER_CONFIG_GCM_AES_128": _modern("AES-GCM-128", _BOTH, _ESP, _SP1),
    "IPSEC_CIPHER_CONFIG_CBC_AES_256": _modern("AES-CBC-256", _MUST, _ESP),
    "IPSEC_CIPHER_CONFIG_CBC_AES_128": _modern("AES-CBC-128", _MUST, _ESP),
    "IPSEC_CIPHER_CONFIG_GCM_AES_192": _fair("AES-GCM-192", _RARE, _ESP, _SP1),
    "IPSEC_CIPHER_CONFIG_CBC_AES_192": _fair("AES-CBC-192", _RARE, _ESP),
    "IPSEC_CIPHER_CONFIG_CBC_3DES": _weak("3DES", _DISALLOWED, _NIST, _3DES),
    "IPSEC_CIPHER_CONFIG_CBC_DES": _weak("DES", _NEVER, _ESP, _DES),
    "IPSEC_AUTH_CONFIG_GCM_AES_256": _modern("AES-GCM-256", _GMAC, _ESP, _SP1),
    "IPSEC_AUTH_CONFIG_GCM_AES_128": _modern("AES-GCM-128", _GMAC, _ESP, _SP1),
    "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128": _modern("SHA-256", _MUST, _ESP, _SP1),
    "IPSEC_AUTH_CONFIG_GCM_AES_192": _fair("AES-GCM-192", _RARE, _ESP, _SP1),
    "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96": _weak("SHA-1", _SHA1, _ESP, "SHA-1"),
    "IPSEC_AUTH_CONFIG_HMAC_MD5_96": _weak("MD5", _NEVER, _ESP, "MD5"),
    "IPSEC_PFS_NONE": _fair("off", "keys follow from main mode; Windows' own tools have it so", PAGES["pfs-group"]),
    "IPSEC_PFS_ECP_384": _modern("ECP 384", "group 20: the curve of the CNSA suite", _CNSA),
    "IPSEC_PFS_ECP_256": _modern("ECP 256", _19, _IKE),
    "IPSEC_PFS_14": _fair("group 14", _NAMED_14, _IKE, _EIGHT),
    "IPSEC_PFS_2048": _fair("group 14, as 2048", "the same group by its older name", PAGES["pfs-group"]),
    "IPSEC_PFS_MM": _fair("as main mode", "the group that main mode has agreed on", PAGES["pfs-group"]),
    "IPSEC_PFS_24": _weak(
        "group 24", _G24, _IKE, "perfect forward secrecy with group 24, which has small subgroups", _EIGHT
    ),
    "IPSEC_PFS_2": _weak("group 2", _1024, _IKE, "perfect forward secrecy with group 2 (1024 bits)"),
    "IPSEC_PFS_1": _weak("group 1", f"768 bits: {_NEVER}", _IKE, "perfect forward secrecy with group 1 (768 bits)"),
}

#: Ways to authenticate, the ones to prefer first.
METHODS_KNOWN: Mapping[str, Algorithm] = {
    "IKEEXT_KERBEROS": _modern(
        "Kerberos", "for machines that are joined to a domain", PAGES["sample"], "Windows Vista", "IKE", "AuthIP"
    ),
    "IKEEXT_CERTIFICATE": _modern(
        "certificate", "a certificate with an RSA key", _METHODS, "Windows Vista", "IKE", "IKEv2"
    ),
    "IKEEXT_CERTIFICATE_ECDSA_P384": _modern(
        "certificate, P-384", "one with an ECDSA key on that curve", _METHODS, _SP1, "IKE", "IKEv2"
    ),
    "IKEEXT_CERTIFICATE_ECDSA_P256": _modern(
        "certificate, P-256", "one with an ECDSA key on that curve", _METHODS, _SP1, "IKE", "IKEv2"
    ),
    "IKEEXT_SSL": _modern(
        "SSL certificate", "AuthIP's way to use one with an RSA key", _METHODS, "Windows Vista", "AuthIP"
    ),
    "IKEEXT_SSL_ECDSA_P384": _modern(
        "SSL certificate, P-384", "one with an ECDSA key on that curve", _METHODS, _SP1, "AuthIP"
    ),
    "IKEEXT_SSL_ECDSA_P256": _modern(
        "SSL certificate, P-256", "one with an ECDSA key on that curve", _METHODS, _SP1, "AuthIP"
    ),
    "IKEEXT_EAP": _fair("EAP", "methods inside it may prove one side alone", _EAP, "Windows 7", "IKEv2"),
    "IKEEXT_NTLM_V2": _fair(
        "NTLMv2",
        "proves the initiator alone, and needs a group ([MS-AIPS])",
        _AIPS,
        "Windows Vista",
        "AuthIP",
    ),
    "IKEEXT_PRESHARED_KEY": _weak(
        "pre-shared key",
        "kept for compatibility and tests",
        _FIREWALL,
        "a pre-shared key",
        "Windows Vista",
        "IKE",
        "IKEv2",
    ),
    "IKEEXT_ANONYMOUS": _weak(
        "anonymous", "proves nothing", _AIPS, "anonymous authentication", "Windows Vista", "AuthIP"
    ),
}

#: The weak algorithms, each as a sentence calls it.
WEAK: Mapping[str, str] = {name: each.named for name, each in ALGORITHMS.items() if each.strength == "weak"}


def title_of(name: str) -> str:
    """Return what an algorithm or a way to authenticate is called in a list; an unknown constant is a ``KeyError``."""
    return (ALGORITHMS.get(name) or METHODS_KNOWN[name]).title
