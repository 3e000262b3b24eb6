"""Windows Firewall's defaults as a peer: a connection security rule that names no set of its own.

It asks for protection in both directions, as a boundary host does, with the sets that are there where nobody made any:
AES-128 and 3DES with SHA-1 and group 2 in main mode; in quick mode ESP with SHA-1 that does not encrypt, then with
AES-128 and 3DES, without forward secrecy; Kerberos of the machine, by IKE and AuthIP. AuthIP needs no Diffie-Hellman
exchange for Kerberos and is not forced to one there, so that its proposals have no group.
Sources: [MS-FASP] 7, the default cryptographic sets; New-NetIPsecRule and Set-NetIPsecMainModeCryptoSet
(ForceDiffieHellman); netsh advfirewall consec; [MS-AIPS] 3.2.4. Which flags its AuthIP policy has is not documented.
"""

from functools import cache

from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import MainMode, MainModeProposal, QuickMode, QuickModeProposal, Transform
from ndtui.model.design.rule import Rule

NAME = "Windows Firewall's defaults"
_SHA = "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"


@cache
def windows_firewall() -> Design:
    """Return the design of a host whose only policy is such a rule."""
    return Design(
        name=NAME,
        description="A connection security rule that asks for protection in both directions, with the sets that are "
        "there where nobody made any.",
        rules=(Rule(mode="boundary"),),
        main_mode=MainMode(
            proposals=_main_mode("IKEEXT_DH_GROUP_2"), authip_proposals=_main_mode("IKEEXT_DH_GROUP_NONE")
        ),
        quick_mode=QuickMode(
            proposals=(
                _quick_mode(Transform(type="IPSEC_TRANSFORM_ESP_AUTH", auth=_SHA)),
                *(
                    _quick_mode(Transform(type="IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", auth=_SHA, cipher=cipher))
                    for cipher in ("IPSEC_CIPHER_CONFIG_CBC_AES_128", "IPSEC_CIPHER_CONFIG_CBC_3DES")
                ),
                _quick_mode(Transform(type="IPSEC_TRANSFORM_AH", auth=_SHA)),
            )
        ),
    )


def _main_mode(group: str) -> tuple[MainModeProposal, ...]:
    return tuple(
        MainModeProposal(cipher=f"IKEEXT_CIPHER_{cipher}", integrity="IKEEXT_INTEGRITY_SHA1", dh_group=group)
        for cipher in ("AES_128", "3DES")
    )


def _quick_mode(transform: Transform) -> QuickModeProposal:
    return QuickModeProposal(transforms=(transform,), pfs_group="IPSEC_PFS_NONE")
