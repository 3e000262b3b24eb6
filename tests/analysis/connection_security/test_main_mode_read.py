"""What main mode offers is read with the rules: main mode rules lead to sets by their addresses, or defaults hold."""

import json
from typing import Any

import pytest

from ndtui.model.design.ipsec_policy import MainMode
from tests.analysis.connection_security.rule_files import (
    DEFAULTS,
    ISOLATION,
    imported,
    netsecurity,
    registry,
    under,
    whole,
)

DEFAULT_SET = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}"
KERBEROS = "Auth1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}|"


def crypto(name: str, *suites: dict[str, str], **values: str) -> str:
    """Return a set of main mode in a registry file."""
    found = under("Phase1CryptoSet", name, Version="2.10", **values)
    return found + "".join(
        under(rf"Phase1CryptoSet\{name}", f"{number:04}", **suite) for number, suite in enumerate(suites)
    )


STRONG = {"KeyExchange": "ECDH-384", "Encryption": "AES-256", "2_1Hash": "SHA384", "SkipVersion": "2.0"}
SECOND = {"2_16KeyExchange": "DH24", "Encryption": "AES-128", "Hash": "SHA1"}
WEAK = {"KeyExchange": "DH2048", "Encryption": "3DES", "Hash": "MD5"}
BOTH = crypto("{S}", STRONG, TimeOutMinutes="30", TimeOutSessions="7", DoNotSkipDH="TRUE") + crypto("{W}", WEAK)


def said(mode: MainMode) -> list[tuple[str, str, str, int, int]]:
    """Return what main mode offers, in short."""
    return [
        (
            each.cipher.removeprefix("IKEEXT_CIPHER_"),
            each.integrity.removeprefix("IKEEXT_INTEGRITY_"),
            each.dh_group.removeprefix("IKEEXT_DH_"),
            each.lifetime_seconds,
            each.quick_mode_limit,
        )
        for each in mode.proposals
    ]


def test_a_main_mode_rule_leads_to_its_set():
    sets = crypto("{S}", STRONG, SECOND, TimeOutMinutes="30", TimeOutSessions="7", DoNotSkipDH="TRUE")
    rule = f"v2.10|Active=TRUE|Name=All|{KERBEROS}Crypto1Set={{s}}|"
    design = whole(registry(ISOLATION, sets=sets, main=(rule,)))
    assert said(design.main_mode) == [
        ("AES_256", "SHA_384", "ECP_384", 1800, 7),
        ("AES_128", "SHA1", "GROUP_24", 1800, 7),
    ]
    assert design.main_mode.flags == ()
    assert design.main_mode.authip_proposals == ()
    assert design.main_mode.ike_authentication[0].method == "IKEEXT_KERBEROS"


def test_an_exchange_that_is_not_forced_may_be_left_out():
    rule = f"v2.10|Active=TRUE|Name=All|{KERBEROS}Crypto1Set={{W}}|"
    design = whole(registry(ISOLATION, sets=BOTH, main=(rule,)))
    assert said(design.main_mode) == [("3DES", "MD5", "GROUP_14", 28800, 0)]
    assert design.main_mode.flags == ("IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",)


def test_the_default_set_of_the_store_is_taken_where_no_main_mode_rule_leads():
    sets = BOTH + under("Phase1CryptoSet", **{DEFAULT_SET: "{S}"})
    design = whole(registry(ISOLATION, sets=sets))
    assert said(design.main_mode)[0][:3] == ("AES_256", "SHA_384", "ECP_384")


def test_other_defaults_stand_under_ids_of_their_own_too():
    sets = (
        under("Phase1AuthenticationSets", "{A}", Version="2.10")
        + under(r"Phase1AuthenticationSets\{A}", "0000", Method="MachineNtlm")
        + under("Phase1AuthenticationSets", **{"{E5A5D32A-4BCE-4E4D-B07F-4AB1BA7E5FE3}": "{a}"})
    )
    design = whole(registry(f"v2.20|Action=Secure|Active=TRUE|Name=x|KeyMod=AuthIP|{DEFAULTS}", sets=sets))
    assert [each.method for each in design.main_mode.authip_authentication] == ["IKEEXT_NTLM_V2"]


def test_a_default_that_is_not_there_is_named():
    sets = under("Phase1CryptoSet", **{DEFAULT_SET: "{S}"})
    made = imported(registry(ISOLATION, sets=sets))
    assert any("is {S}, which is not in the file" in each for each in made.missing)


EAST = f"v2.10|Action=Secure|Active=TRUE|Name=East|EP2_4=10.0.0.0/8|{DEFAULTS}"
WEST = f"v2.10|Action=Secure|Active=TRUE|Name=West|Profile=Domain|EP2_4=192.0.2.0/24|EP2_6=2001:db8::/32|{DEFAULTS}"


def main_rule(name: str, crypto_set: str, *tokens: str, active: str = "TRUE") -> str:
    """Return a main mode rule of the registry."""
    return "|".join(["v2.10", f"Active={active}", f"Name={name}", *tokens, f"{KERBEROS}Crypto1Set={crypto_set}", ""])


def test_each_rule_has_what_the_main_mode_rule_of_its_addresses_says():
    design = whole(
        registry(
            EAST,
            WEST,
            sets=BOTH,
            main=(
                main_rule("e", "{S}", "EP2_4=10.0.0.0-10.127.255.255"),
                main_rule("e", "{S}", "EP2_4=10.128.0.0/9"),
                main_rule("w", "{W}", "EP2_4=192.0.2.0/255.255.255.0", "EP2_6=2001:db8::/32", "Profile=Domain"),
            ),
        )
    )
    east, west = design.rules
    assert east.negotiation is None
    assert said(design.main_mode)[0][2] == "ECP_384"
    assert west.negotiation is not None
    assert said(west.negotiation.main_mode)[0][2] == "GROUP_14"


@pytest.mark.parametrize(
    ("mains", "why"),
    [
        (
            (main_rule("half", "{S}", "EP2_4=10.0.0.0/9"),),
            "East: main mode rule half is for some of its addresses",
        ),
        ((main_rule("home", "{S}", "Profile=Private"),), "East: main mode rule home is for some of its addresses"),
        (
            (main_rule("one", "{S}", "EP2_4=10.0.0.0/9"), main_rule("two", "{W}", "EP2_4=10.0.0.0/8")),
            "rule East: main mode rules one, two have some of its addresses, and offer different things",
        ),
        ((main_rule("elsewhere", "{S}", "EP2_4=203.0.113.0/24"),), "elsewhere: no rule that protects has its"),
        ((main_rule("off", "{S}", active="FALSE"),), "main mode rule off is switched off"),
        ((main_rule("mine", "{S}", "EP2_4=LocalSubnet"),), "main mode rule mine: 'LocalSubnet' is a keyword"),
        ((main_rule("old", "{S}", "EP2_4=10.0.0.0/8", "Platform=2:6:1"),), "main mode rule old: platform=2:6:1"),
        ((main_rule("none", "{nowhere}"),), "it names the set {nowhere}, which is not in the file"),
        (("v2.10|Active=TRUE|Name=x",), "it has to begin with its version and to end with a bar"),
        (
            (main_rule("x", "{S}").replace(KERBEROS, "Auth1Set={no}|"),),
            "it names the set {no}, which is not in the file",
        ),
    ],
)
def test_what_cannot_be_assigned_is_named(mains: tuple[str, ...], why: str):
    made = imported(registry(EAST, sets=BOTH, main=mains))
    assert made.design is not None
    assert [each for each in made.missing if why in each], made.missing


def test_a_main_mode_rule_that_authenticates_otherwise_is_named():
    sets = BOTH + under("Phase1AuthenticationSets", "{N}") + under(
        r"Phase1AuthenticationSets\{N}", "0000", Method="MachineNtlm"
    )  # fmt: skip
    made = imported(registry(EAST, sets=sets, main=(main_rule("m", "{S}").replace(KERBEROS, "Auth1Set={N}|"),)))
    assert [each for each in made.missing if "East: main mode rule m authenticates otherwise" in each]
    assert made.design is not None
    assert said(made.design.main_mode)[0][2] == "ECP_384"
    assert made.design.main_mode.ike_authentication[0].method == "IKEEXT_KERBEROS"


def test_what_main_mode_offers_and_no_design_has_is_named():
    sets = crypto("{X}", {"KeyExchange": "DH5", "Encryption": "AES-256", "Hash": "SHA1"}, {**WEAK, "Hash": "SHA512"})
    made = imported(registry(EAST, sets=sets, main=(main_rule("m", "{X}"),)))
    assert [each for each in made.missing if "set {X}, suite 0000: key exchange by DH5 in main mode" in each]
    assert [each for each in made.missing if "set {X}, suite 0001: integrity by SHA512 in main mode" in each]
    assert [each for each in made.missing if "nothing of what its main mode offers can be said" in each]


# -- NetSecurity -------------------------------------------------------------------------------------------------------

PROPOSAL = {"CipherAlgorithm": 65003, "HashAlgorithm": 65002, "GroupId": 20}


def main_set(*proposals: Any, **more: Any) -> dict[str, Any]:
    """Return a set of main mode as NetSecurity has it."""
    usual = {"InstanceID": "{S}", "DisplayName": "Strong", "MaxLifetimeMinutes": 30, "MaxLifetimeSessions": 7}
    return {**usual, "ForceDiffieHellman": True, "Proposals": list(proposals), **more}


def leading(**more: Any) -> dict[str, Any]:
    """Return a main mode rule as NetSecurity has it, for all addresses."""
    usual = {"InstanceID": "{M}", "DisplayName": "All", "Enabled": 1, "MainModeCryptoSet": "{S}", "Profiles": 0}
    return {**usual, "LocalAddress": "Any", "RemoteAddress": "Any", **more}


@pytest.mark.parametrize(
    "proposal", [PROPOSAL, {"Encryption": "AES256", "Hash": "SHA384", "KeyExchange": "DH20"}], ids=["numbers", "words"]
)
def test_sets_of_netsecurity_are_read(proposal: dict[str, Any]):
    design = whole(json.dumps([netsecurity(MainModeCryptoSet="Default"), leading(), main_set(proposal)]))
    assert said(design.main_mode) == [("AES_256", "SHA_384", "ECP_384", 1800, 7)]
    assert design.main_mode.flags == ()


def test_a_default_set_of_netsecurity_is_for_rules_without_a_main_mode_rule():
    own = main_set(PROPOSAL, InstanceID=DEFAULT_SET.lower(), ForceDiffieHellman=False)
    design = whole(json.dumps([netsecurity(), own]))
    assert said(design.main_mode)[0][2] == "ECP_384"
    assert design.main_mode.flags == ("IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",)


def test_a_list_that_windows_powershell_wrapped_is_read():
    wrapped = main_set() | {"Proposals": {"value": [PROPOSAL, PROPOSAL | {"GroupId": 14}], "Count": 2}}
    design = whole(json.dumps([netsecurity(), leading(), wrapped]))
    assert [each[2] for each in said(design.main_mode)] == ["ECP_384", "GROUP_14"]


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ([leading()], "main mode rule All: it names the set {S}, which is not in the file"),
        ([leading(), main_set("MSFT_NetIKEMMCryptoProposal")], "write more with ConvertTo-Json -Depth 5"),
        ([leading(), main_set(PROPOSAL | {"CipherAlgorithm": 65006})], "encryption by 65006 in main mode"),
        ([leading(), main_set(PROPOSAL | {"GroupId": 0})], "main mode without a group for key exchange"),
        ([leading(Platforms=["6.1+"]), main_set(PROPOSAL)], "main mode rule All: Platforms is ['6.1+']"),
        (
            [{k: v for k, v in leading().items() if k != "RemoteAddress"}, main_set(PROPOSAL)],
            "main mode rule All: RemoteAddress is not in the file, and taken for any",
        ),
    ],
)
def test_what_netsecurity_says_of_main_mode_and_cannot_be_taken_is_named(others: list[Any], why: str):
    made = imported(json.dumps([netsecurity(), *others]))
    assert made.design is not None
    assert [each for each in made.missing if why in each], made.missing


def test_authip_alone_may_have_no_group():
    rules = [netsecurity(KeyModule="AuthIP"), leading(), main_set(PROPOSAL | {"GroupId": 0}, ForceDiffieHellman=False)]
    assert [each[2] for each in said(whole(json.dumps(rules)).main_mode)] == ["GROUP_NONE"]
