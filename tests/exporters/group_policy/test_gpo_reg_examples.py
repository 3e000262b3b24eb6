"""Rules and sets like those of [MS-GPFAS] 4.3 and 4.4: what is read of them, and what is written again.

Names, ids and addresses are others; tokens, values and their order are as they are there.
"""

import pytest

from ndtui.exporters.contract import ExportError
from ndtui.model.design.design import Design
from tests.analysis.connection_security.rule_files import imported, registry, under
from tests.exporters.group_policy.exported import lost, policy_of
from tests.exporters.group_policy.reg_reader import read_connection_security

FIRST, USERS, CRYPTO = (f"{{0000000{number}-0000-4000-8000-000000000000}}" for number in (1, 2, 3))
ROOT = "O=Example Corporation, CN=Example Root CA"
ISOLATION = (
    "v2.10|Action=SecureServer|Active=TRUE|Name=Isolation|Desc=AuthIP policy|"
    f"Auth1Set={FIRST}|Auth2Set={USERS}|Crypto2Set={CRYPTO}|"
)
EXEMPT = (
    "v2.10|Action=DoNotSecure|Protocol=6|Active=TRUE|EP1Port=5357|EP1Port=5358|EP1Port=5363|EP2_4=192.0.2.23|"
    "EP2_4=192.0.2.42|Name=Ports of some machines|Desc=|EmbedCtxt=|"
)
#: The same in the lowest version that has all of its tokens, without what is empty.
OWN_EXEMPT = EXEMPT.replace("v2.10", "v2.0").replace("Desc=|EmbedCtxt=|", "")
TUNNEL = (
    "v2.10|Action=Secure|Active=TRUE|Profile=Private|Profile=Public|EP2_6=2001:db8::/32|"
    f"EP2_6=2001:db9::-2001:db9:a0::ffff|RTunnel6_2=2001:db8::2|Name=Tunnel|Desc=|Auth1Set={FIRST}|EmbedCtxt=|"
)
LONG = {"TimeOutMinutes": "60", "TimeOutKbytes": "2147483647"}
NULL = {"Protocol": "ESP", "EspHash": "SHA1", **LONG}
GMAC = {"Protocol": "ESP", "2_1EspHash": "AES-GCM128", **LONG, "SkipVersion": "2.0"}
AH = {"Protocol": "AH", "AhHash": "SHA1", **LONG}
TRIPLE = {"Protocol": "ESP", "Encryption": "3DES", "EspHash": "SHA1", **LONG}
CERTIFICATE = {
    "Method": "MachineCert",
    "HealthCert": "FALSE",
    "CAName": ROOT,
    "CertAccountMapping": "FALSE",
    "ExcludeCAName": "FALSE",
}
OF_USERS = {"Method": "UserCert", "CAName": "CN=Example TPM", "CertAccountMapping": "TRUE"}


def suites(kind: str, name: str, *each: dict[str, str], **values: str) -> str:
    """Return a set of a registry file."""
    begun = under(kind, name, Version="2.10", Name="x", **values)
    return begun + "".join(under(rf"{kind}\{name}", f"{number:04}", **suite) for number, suite in enumerate(each))


SETS = (
    suites("Phase1AuthenticationSets", FIRST, {"Method": "MachineKerb"}, CERTIFICATE)
    + suites("Phase2AuthenticationSets", USERS, {"Method": "UserKerb"}, {"Method": "UserNTLM"}, OF_USERS,
             {"Method": "Anonymous"})
    + suites("Phase2CryptoSets", CRYPTO, NULL, GMAC, AH, TRIPLE, PFS="Disable")
)  # fmt: skip


def read(isolation: str = ISOLATION) -> Design:
    """Return the design of the examples; what cannot be read is the tunnel."""
    made = imported(registry(isolation, EXEMPT, TUNNEL, sets=SETS))
    assert len(made.missing) == 1
    assert "it is of a tunnel" in made.missing[0]
    assert made.design is not None
    return made.design


def test_what_is_read() -> None:
    design = read()
    (rule,) = design.rules
    assert (rule.name, rule.mode, rule.comment) == ("Isolation", "negotiation-discovery", "AuthIP policy")
    assert [each.method for each in design.main_mode.ike_authentication] == ["IKEEXT_KERBEROS", "IKEEXT_CERTIFICATE"]
    assert [each.method for each in design.main_mode.authip_authentication] == ["IKEEXT_KERBEROS", "IKEEXT_SSL"]
    assert design.extended_mode is not None
    users = [each.method.removeprefix("IKEEXT_") for each in design.extended_mode.authentication]
    assert users == ["KERBEROS", "NTLM_V2", "SSL", "ANONYMOUS"]
    kinds = [each.transforms[0].type.removeprefix("IPSEC_TRANSFORM_") for each in design.quick_mode.proposals]
    assert kinds == ["ESP_AUTH", "ESP_AUTH", "AH", "ESP_AUTH_AND_CIPHER"]
    assert {each.lifetime_kilobytes for each in design.quick_mode.proposals} == {2147483647}
    (exempt,) = [each for each in design.exemptions if each.name == "Ports of some machines"]
    assert list(map(str, exempt.local_ports)) == ["5357", "5358", "5363"]
    assert list(map(str, exempt.remote_addresses)) == ["192.0.2.23", "192.0.2.42"]


def test_what_is_written_again() -> None:
    """All but what is named: certificates by AuthIP, which Windows Firewall's rules do not have."""
    design = read(f"{ISOLATION}KeyMod=AuthIP|")
    named = lost(design)
    assert {"main_mode IKEEXT_SSL", "extended_mode IKEEXT_SSL", "exemption 'Ports of some machines'"} <= set(named)
    written = policy_of(design, lossy=True)
    rules = [_tokens(each) for each in written.connection_security.values()]
    assert {"Action": ["SecureServer"], "Active": ["TRUE"], "KeyMod": ["AuthIP"]} in rules
    assert _tokens(read_connection_security(OWN_EXEMPT)) in rules
    (crypto,) = written.sets["Phase2CryptoSets"].values()
    assert crypto.suites == (NULL, GMAC, AH, TRIPLE)
    assert (crypto.values["Version"], crypto.values["PFS"]) == ("2.1", "Disable")
    (first,) = written.sets["Phase1AuthenticationSets"].values()
    assert first.suites == ({"Method": "MachineKerb"},)
    (users,) = written.sets["Phase2AuthenticationSets"].values()
    assert [each["Method"].casefold() for each in users.suites] == ["userkerb", "userntlm", "anonymous"]


def test_certificates_are_written_again() -> None:
    """By IKE alone; in the example AuthIP has them too, of which no rule since Windows 8 says what it would do."""
    isolation = ISOLATION.replace(f"Auth2Set={USERS}|", "KeyMod=IkeV1|")
    (first,) = policy_of(read(isolation), lossy=True).sets["Phase1AuthenticationSets"].values()
    assert first.suites == ({"Method": "MachineKerb"}, CERTIFICATE)


def test_users_beside_ike_are_refused() -> None:
    """As the example has it: no keying module but AuthIP has a second authentication."""
    assert "AuthIP alone has a second authentication" in lost(read())["extended_mode"]
    with pytest.raises(ExportError, match="cannot leave out extended_mode"):
        policy_of(read(), lossy=True)


def _tokens(tokens: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what a rule says, without names, sets and versions."""
    return {
        name: values
        for name, values in tokens.items()
        if name not in ("Name", "EmbedCtxt", "SkipVer") and not name.endswith("Set")
    }
