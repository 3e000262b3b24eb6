"""What is negotiated, word for word: each algorithm, group, lifetime and method of a design in NetSecurity's words."""

from typing import Any

import pytest

from ndtui.analysis.peers.windows_firewall import windows_firewall
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change, default_design
from tests.exporters.powershell.exported import FORMAT, script_of
from tests.exporters.powershell.test_powershell_script import check_script

QUICK: dict[str, Any] = {
    "transforms": [{"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}],
}
#: The names of IANA's registries for IKE, by the group's number: RFC 2409, RFC 3526, RFC 5114, RFC 5903.
GROUPS = {
    "GROUP_1": 1, "GROUP_2": 2, "GROUP_14": 14, "GROUP_2048": 14, "ECP_256": 19, "ECP_384": 20, "GROUP_24": 24,
}  # fmt: skip
PFS = {"1": 1, "2": 2, "14": 14, "2048": 14, "ECP_256": 19, "ECP_384": 20, "24": 24}


def text_of(design: Design) -> str:
    """Return a script after it has been checked, without what is said of errors in every line."""
    text = script_of(design)
    check_script(text)
    return text.replace(" -ErrorAction 'Stop'", "")


def proposals_of(design: Design) -> str:
    """Return the lines of a script that make proposals."""
    text = text_of(design)
    return "\n".join(line for line in text.splitlines() if "Proposal " in line)


@pytest.mark.parametrize("group", GROUPS)
def test_groups_of_main_mode(group: str) -> None:
    proposal = {
        "cipher": "IKEEXT_CIPHER_AES_192",
        "integrity": "IKEEXT_INTEGRITY_SHA1",
        "dh_group": f"IKEEXT_DH_{group}",
    }
    text = proposals_of(change(default_design(), main_mode={"proposals": [proposal]}))
    assert f"-Encryption 'AES192' -Hash 'SHA1' -KeyExchange 'DH{GROUPS[group]}'" in text


@pytest.mark.parametrize("group", PFS)
def test_groups_of_forward_secrecy(group: str) -> None:
    proposal = {**QUICK, "pfs_group": f"IPSEC_PFS_{group}"}
    text = proposals_of(change(default_design(), quick_mode={"proposals": [proposal]}))
    assert f"-PerfectForwardSecrecyGroup 'DH{PFS[group]}'" in text


@pytest.mark.parametrize(("group", "said"), [("NONE", "None"), ("MM", "SameAsMainMode")])
def test_forward_secrecy_without_a_group_of_its_own(group: str, said: str) -> None:
    proposal = {**QUICK, "pfs_group": f"IPSEC_PFS_{group}"}
    text = proposals_of(change(default_design(), quick_mode={"proposals": [proposal]}))
    assert f"-PerfectForwardSecrecyGroup '{said}'" in text


def test_authip_without_a_group() -> None:
    proposal = {"cipher": "IKEEXT_CIPHER_3DES", "integrity": "IKEEXT_INTEGRITY_MD5", "dh_group": "IKEEXT_DH_GROUP_NONE"}
    design = change(default_design(), keying_modules=("AuthIP",), main_mode={"proposals": [proposal]})
    assert "-Encryption 'DES3' -Hash 'MD5' -KeyExchange 'None'" in proposals_of(design)
    assert "-ForceDiffieHellman $false" in text_of(design)


def test_what_windows_offers_by_itself_can_be_said() -> None:
    """Its AuthIP has no group: a set that does not force the exchange says just that."""
    text = script_of(windows_firewall())
    check_script(text)
    assert "-Encryption 'AES128' -Hash 'SHA1' -KeyExchange 'DH2'" in text
    assert "-MaxMinutes 480 -MaxSessions 0 -ForceDiffieHellman $false" in text
    assert not FORMAT.unsupported(compile_design(windows_firewall()), {})


@pytest.mark.parametrize(
    ("auth", "cipher", "said"),
    [
        ("HMAC_MD5_96", "CBC_DES", "-ESPHash 'MD5' -Encryption 'DES'"),
        ("HMAC_SHA_1_96", "CBC_3DES", "-ESPHash 'SHA1' -Encryption 'DES3'"),
        ("HMAC_SHA_256_128", "CBC_AES_128", "-ESPHash 'SHA256' -Encryption 'AES128'"),
        ("HMAC_SHA_256_128", "CBC_AES_192", "-ESPHash 'SHA256' -Encryption 'AES192'"),
        ("HMAC_SHA_256_128", "CBC_AES_256", "-ESPHash 'SHA256' -Encryption 'AES256'"),
        ("GCM_AES_128", "GCM_AES_128", "-ESPHash 'AESGMAC128' -Encryption 'AESGCM128'"),
        ("GCM_AES_192", "GCM_AES_192", "-ESPHash 'AESGMAC192' -Encryption 'AESGCM192'"),
        ("GCM_AES_256", "GCM_AES_256", "-ESPHash 'AESGMAC256' -Encryption 'AESGCM256'"),
        ("GCM_AES_256", "", "-ESPHash 'AESGMAC256' -Encryption 'None'"),
    ],
)
def test_transforms(auth: str, cipher: str, said: str) -> None:
    transform = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": f"IPSEC_AUTH_CONFIG_{auth}"}
    if cipher:
        transform |= {"type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", "cipher": f"IPSEC_CIPHER_CONFIG_{cipher}"}
    proposal = {"transforms": [transform], "lifetime_seconds": 600, "lifetime_kilobytes": 20480}
    text = proposals_of(change(default_design(), quick_mode={"proposals": [proposal]}))
    assert f"-Encapsulation 'ESP' {said} -MaxKiloBytes 20480 -MaxMinutes 10" in text


@pytest.mark.parametrize(
    ("module", "methods", "said"),
    [
        ("AuthIP", ["NTLM_V2", "ANONYMOUS"], ["-Machine -Ntlm", "-Anonymous"]),
        ("AuthIP", ["ANONYMOUS", "KERBEROS"], ["-Anonymous", "-Machine -Kerberos"]),
        ("IKE", ["KERBEROS"], ["-Machine -Kerberos"]),
    ],
)
def test_methods_in_their_order(module: str, methods: list[str], said: list[str]) -> None:
    own = [{"method": f"IKEEXT_{each}"} for each in methods]
    design = change(default_design(), keying_modules=(module,), main_mode={f"{module.lower()}_authentication": own})
    made = [line for line in proposals_of(design).splitlines() if "AuthProposal" in line]
    assert [line.partition("AuthProposal ")[2] for line in made] == said


def test_users_are_authenticated_second() -> None:
    extended = {
        "authentication": [{"method": "IKEEXT_NTLM_V2"}, {"method": "IKEEXT_KERBEROS", "proxy": "kdc.example.com"}]
    }
    text = text_of(change(default_design(), keying_modules=("AuthIP",), extended_mode=extended))
    assert "New-NetIPsecAuthProposal -User -Ntlm\r\n" in text
    assert "New-NetIPsecAuthProposal -User -Kerberos -Proxy 'kdc.example.com'\r\n" in text
    (rule,) = (line for line in text.splitlines() if "New-NetIPsecRule" in line and "'Require'" in line)
    assert "-Phase2AuthSet '{" in rule
    assert "-KeyModule 'AuthIP'" in rule


def test_the_negotiation_of_the_default_design() -> None:
    """Each proposal in full, in the order of the design, and the flag that lets AuthIP go without a group."""
    text = text_of(default_design())
    made = [line.strip() for line in text.splitlines() if "Proposal " in line and "+=" in line]
    assert made == [
        "$Proposals += New-NetIPsecMainModeCryptoProposal -Encryption 'AES256' -Hash 'SHA384' -KeyExchange 'DH20'",
        "$Proposals += New-NetIPsecMainModeCryptoProposal -Encryption 'AES256' -Hash 'SHA256' -KeyExchange 'DH19'",
        "$Proposals += New-NetIPsecMainModeCryptoProposal -Encryption 'AES128' -Hash 'SHA256' -KeyExchange 'DH14'",
        "$Proposals += New-NetIPsecAuthProposal -Machine -Kerberos",
        "$Proposals += New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -ESPHash 'AESGMAC256' "
        "-Encryption 'AESGCM256' -MaxKiloBytes 100000 -MaxMinutes 60",
        "$Proposals += New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -ESPHash 'AESGMAC128' "
        "-Encryption 'AESGCM128' -MaxKiloBytes 100000 -MaxMinutes 60",
        "$Proposals += New-NetIPsecQuickModeCryptoProposal -Encapsulation 'ESP' -ESPHash 'SHA256' "
        "-Encryption 'AES256' -MaxKiloBytes 100000 -MaxMinutes 60",
    ]
    assert "-MaxMinutes 480 -MaxSessions 0 -ForceDiffieHellman $false" in text
    assert "-PerfectForwardSecrecyGroup 'DH20'" in text
    without = change(default_design(), main_mode=default_design().main_mode.model_copy(update={"flags": ()}))
    assert "-ForceDiffieHellman $true" in text_of(without)


ROOT = "subject:CN=Example Root CA, O='X'"
USAGE = {"root": ROOT, "key_usages": ["1.3.6.1.5.5.8.2.2", "1.3.6.1.5.5.7.3.1"]}
NAMED = {
    "root": ROOT,
    "name": "host.example.com",
    "name_type": "IKEEXT_CERT_CRITERIA_DNS",
    "flags": ["IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING", "IKEEXT_CERT_FLAG_INTERMEDIATE_CA"],
}
AUTHORITY = "-Machine -Cert -Authority 'CN=Example Root CA, O=''X'''"


@pytest.mark.parametrize(
    ("said", "proposals"),
    [
        ({"roots": [ROOT]}, [f"{AUTHORITY} -AuthorityType 'Root' -Signing 'ECDSA384'"]),
        (
            {"inbound_criteria": [USAGE], "outbound_criteria": [USAGE]},
            [
                f"{AUTHORITY} -AuthorityType 'Root' -Signing 'ECDSA384' "
                "-ExtendedKeyUsage @('1.3.6.1.5.5.8.2.2', '1.3.6.1.5.5.7.3.1')"
            ],
        ),
        (
            {"inbound_criteria": [NAMED], "roots": [ROOT]},
            [
                f"{AUTHORITY} -AuthorityType 'Intermediate' -Signing 'ECDSA384' -SubjectName 'host.example.com' "
                "-SubjectNameType 'DomainName' -AccountMapping -ValidationCriteria",
                f"{AUTHORITY} -AuthorityType 'Root' -Signing 'ECDSA384' -SelectionCriteria",
            ],
        ),
    ],
)
def test_certificates(said: dict[str, Any], proposals: list[str]) -> None:
    sides = dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST")
    method = {"method": "IKEEXT_CERTIFICATE_ECDSA_P384", **sides, **said}
    design = Design.model_validate(
        {"name": "certified", "keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [method]}}
    )
    text = text_of(design)
    made = [line.partition("New-NetIPsecAuthProposal ")[2] for line in text.splitlines() if "AuthProposal" in line]
    assert made == proposals
    assert "-KeyModule 'IKEv2'" in text


def test_ah_and_esp_in_one_proposal() -> None:
    auth = "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"
    transforms = [{"type": f"IPSEC_TRANSFORM_{kind}", "auth": auth} for kind in ("AH", "ESP_AUTH")]
    text = text_of(change(default_design(), quick_mode={"proposals": [{"transforms": transforms}]}))
    assert "-Encapsulation @('AH', 'ESP') -AHHash 'SHA256' -ESPHash 'SHA256' -Encryption 'None'" in text
