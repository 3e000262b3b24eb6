"""Algorithm names: what Windows' constants are called in the proposals of libreswan and of strongSwan.

A constant that is not in a table is none that the program has. The tests hand every name to the programs' own parsers.
Sources: ipsec.conf(5) and ``ipsec algparse`` of libreswan 4.10, swanctl.conf(5) and proposal keywords of strongSwan.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.model.design.ipsec_policy import COMBINED_CIPHERS, MainModeProposal, Transform

#: The names of Diffie-Hellman groups, common to main and quick mode; two names of Windows are one group.
_SAME_GROUP = {"GROUP_2048": "GROUP_14", "2048": "GROUP_14", "14": "GROUP_14", "24": "GROUP_24"}


class AlgorithmNames(NamedTuple):
    """The names of one program: of constants without what they all begin with.

    ``pseudo_random`` stands before a hash beside a cipher that authenticates by itself.
    """

    ciphers: Mapping[str, str]
    hashes: Mapping[str, str]
    groups: Mapping[str, str]
    esp_ciphers: Mapping[str, str]
    macs: Mapping[str, str]
    ah_macs: Mapping[str, str]
    pseudo_random: str = ""

    def group(self, constant: str) -> str | None:
        """Return the name of an IKEEXT_DH_GROUP or IPSEC_PFS_GROUP, ``None`` if the program has none."""
        short = constant.removeprefix("IKEEXT_DH_").removeprefix("IPSEC_PFS_")
        short = f"GROUP_{short}" if short in ("1", "2") else _SAME_GROUP.get(short, short)
        return self.groups.get(short)

    def main(self, proposal: MainModeProposal) -> str | None:
        """Return a main mode proposal, ``None`` if the program does not have one of its algorithms."""
        parts = (
            self.ciphers.get(proposal.cipher.removeprefix("IKEEXT_CIPHER_")),
            self.hashes.get(proposal.integrity.removeprefix("IKEEXT_INTEGRITY_")),
            self.group(proposal.dh_group),
        )
        if None in parts:
            return None
        cipher, hashed, group = parts
        mark = self.pseudo_random if proposal.cipher in COMBINED_CIPHERS else ""
        return f"{cipher}-{mark}{hashed}-{group}"

    def transform(self, transform: Transform) -> str | None:
        """Return what a transform of quick mode does, ``None`` if the program cannot do it."""
        auth = (transform.auth or "").removeprefix("IPSEC_AUTH_CONFIG_")
        cipher = (transform.cipher or "").removeprefix("IPSEC_CIPHER_CONFIG_")
        if transform.type == "IPSEC_TRANSFORM_AH":
            return self.ah_macs.get(auth)
        if not auth:
            return None  # encryption alone: both programs refuse it
        if auth.startswith("GCM_"):  # with a cipher it is the same GCM, without one it is GMAC
            return self.esp_ciphers.get(cipher or f"GMAC_{auth.removeprefix('GCM_')}")
        name, mac = self.esp_ciphers.get(cipher or "NULL"), self.macs.get(auth)
        return None if name is None or mac is None else f"{name}-{mac}"


_AES = {f"AES_{bits}": f"aes{bits}" for bits in (128, 192, 256)}
_CBC = {f"CBC_AES_{bits}": f"aes{bits}" for bits in (128, 192, 256)}

#: Groups 1, 2 and 24 and DES are left out of the program as Debian builds it; AH has no GMAC.
LIBRESWAN = AlgorithmNames(
    ciphers={**_AES, "3DES": "3des", "AES_GCM_128_16ICV": "aes_gcm128", "AES_GCM_256_16ICV": "aes_gcm256"},
    hashes={"SHA_384": "sha2_384", "SHA_256": "sha2_256", "SHA1": "sha1", "MD5": "md5"},
    groups={"GROUP_14": "dh14", "ECP_256": "dh19", "ECP_384": "dh20"},
    esp_ciphers={
        **_CBC,
        "CBC_3DES": "3des",
        "NULL": "null",
        **{f"GCM_AES_{bits}": f"aes_gcm{bits}" for bits in (128, 192, 256)},
        **{f"GMAC_AES_{bits}": f"null_auth_aes_gmac_{bits}" for bits in (128, 192, 256)},
    },
    macs={"HMAC_SHA_256_128": "sha2_256", "HMAC_SHA_1_96": "sha1", "HMAC_MD5_96": "md5"},
    ah_macs={"HMAC_SHA_256_128": "sha2_256", "HMAC_SHA_1_96": "sha1", "HMAC_MD5_96": "md5"},
)

STRONGSWAN = AlgorithmNames(
    ciphers={
        **_AES,
        "3DES": "3des",
        "DES": "des",
        "AES_GCM_128_16ICV": "aes128gcm16",
        "AES_GCM_256_16ICV": "aes256gcm16",
    },
    hashes={"SHA_384": "sha384", "SHA_256": "sha256", "SHA1": "sha1", "MD5": "md5"},
    groups={
        "GROUP_1": "modp768",
        "GROUP_2": "modp1024",
        "GROUP_14": "modp2048",
        "GROUP_24": "modp2048s256",
        "ECP_256": "ecp256",
        "ECP_384": "ecp384",
    },
    esp_ciphers={
        **_CBC,
        "CBC_3DES": "3des",
        "CBC_DES": "des",
        "NULL": "null",
        **{f"GCM_AES_{bits}": f"aes{bits}gcm16" for bits in (128, 192, 256)},
        **{f"GMAC_AES_{bits}": f"aes{bits}gmac" for bits in (128, 192, 256)},
    },
    macs={"HMAC_SHA_256_128": "sha256", "HMAC_SHA_1_96": "sha1", "HMAC_MD5_96": "md5"},
    ah_macs={
        "HMAC_SHA_256_128": "sha256",
        "HMAC_SHA_1_96": "sha1",
        "HMAC_MD5_96": "md5",
        **{f"GCM_AES_{bits}": f"aes{bits}gmac" for bits in (128, 192, 256)},
    },
    pseudo_random="prf",
)
