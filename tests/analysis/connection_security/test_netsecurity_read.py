"""What NetSecurity writes through ConvertTo-Json: by either PowerShell, with its filters and sets, or cut off."""

import json
from typing import Any

import pytest

from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.common.errors import InputError
from ndtui.model.design.design import Design
from tests.analysis.connection_security.rule_files import imported, netsecurity, whole

#: A rule as Get-NetIPsecRule has it, without what stands in its filters.
BARE = {
    "Name": "{R}",
    "ID": "{R}",
    "DisplayName": "Isolation",
    "Group": None,
    "Enabled": 1,
    "Profile": 1,
    "Platform": [],
    "Mode": 3,
    "InboundSecurity": 2,
    "OutboundSecurity": 1,
    "QuickModeCryptoSet": None,
    "Phase1AuthSet": "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}",
    "Phase2AuthSet": None,
    "KeyModule": 3,
    "AllowWatchKey": False,
    "LocalTunnelEndpoint": None,
    "RemoteTunnelEndpoint": None,
    "ForwardPathLifetime": 0,
    "User": "Any",
    "Machine": "Any",
    "PrimaryStatus": 1,
    "Status": "The rule was parsed successfully from the store. (65536)",
    "EnforcementStatus": [1],
    "PolicyStoreSource": "PersistentStore",
    "Caption": None,
    "InstanceID": "{R}",
    "CreationClassName": "MSFT|FW|ConSecRule|{R}",
    "Profiles": 1,
    "CimClass": {"CimSuperClassName": "MSFT_NetSARule"},
    "CimInstanceProperties": ["Caption", "Description"],
}
ADDRESSES = {"LocalAddress": "Any", "RemoteAddress": "10.0.0.0/255.0.0.0", "InstanceID": "{R}"}
PORTS = {"Protocol": "TCP", "LocalPort": ["445", "139"], "RemotePort": "Any", "IcmpType": "Any", "InstanceID": "{R}"}
INTERFACES = {"InterfaceType": 2, "InstanceID": "{R}"}
FILTERS = [ADDRESSES, PORTS, INTERFACES]
KERBEROS = {"AuthenticationMethod": 65002, "KerbProxy": "kdc.example.com"}
AUTH = {"InstanceID": "{A}", "DisplayName": "mine", "Proposals": [KERBEROS]}
ESP = {"Encapsulation": 2, "HashAlgorithmESP": 65005, "CipherAlgorithm": 65006, "HashAlgorithmAH": 0,
       "MaxLifetimeMinutes": 30, "MaxLifetimeKilobytes": 50000}  # fmt: skip
CRYPTO = {"InstanceID": "{Q}", "DisplayName": "fast", "PfsGroupID": 20, "Proposals": [ESP]}


def rule(**said: Any) -> dict[str, Any]:
    return {**BARE, **said}


def read(*objects: Any) -> Design:
    return whole(json.dumps([*objects]))


def missing(*objects: Any) -> str:
    return "\n".join(imported(json.dumps([*objects])).missing)


def test_a_rule_with_its_filters_is_whole() -> None:
    design = read(rule(), *FILTERS)
    (made,) = design.rules
    assert (made.mode, made.scope.profiles, made.scope.interfaces) == (
        "negotiation-discovery",
        ("domain",),
        ("wireless",),
    )
    assert list(map(str, made.scope.remote_addresses)) == ["10.0.0.0/8"]
    assert (made.scope.protocol, list(map(str, made.scope.local_ports))) == ("tcp", ["139", "445"])
    assert design.keying_modules == ("IKE", "AuthIP")


def test_filters_are_those_of_their_rule() -> None:
    other = rule(Name="{S}", InstanceID="{S}", DisplayName="Other")
    theirs = [
        {**each, "InstanceID": "{s}"} for each in ({**ADDRESSES, "RemoteAddress": "192.0.2.7"}, PORTS, INTERFACES)
    ]
    of_a_firewall_rule = {**ADDRESSES, "RemoteAddress": "198.51.100.1", "InstanceID": "vm-monitoring-icmpv4"}
    design = read(rule(), other, *FILTERS, *theirs, of_a_firewall_rule)
    assert [str(each.scope.remote_addresses[0]) for each in design.rules] == ["10.0.0.0/8", "192.0.2.7"]


@pytest.mark.parametrize(
    "gathered",
    [
        lambda found: {"value": found, "Count": len(found)},
        lambda found: {"rules": found[:1], "filters": {"value": found[1:], "Count": 3}},
        lambda found: [found[0], found[1:]],
    ],
    ids=["wrapped by Windows PowerShell", "under names", "lists in a list"],
)
def test_objects_are_found_however_they_are_gathered(gathered: Any) -> None:
    found = gathered([rule(), *FILTERS])
    assert whole(json.dumps(found)) == read(rule(), *FILTERS)


def test_one_rule_by_itself_is_no_list() -> None:
    filtered = {name: value for each in FILTERS for name, value in each.items()}
    assert whole(json.dumps({**filtered, **rule()})) == read(rule(), *FILTERS)


def test_enumerations_may_be_words_and_lists_wrapped_or_texts() -> None:
    words = rule(
        Mode="Transport",
        Enabled="True",
        Profile="Domain",
        InboundSecurity="Require",
        OutboundSecurity="Request",
        KeyModule="IKEv1, AuthIP",
    )
    ports = {**PORTS, "LocalPort": {"value": ["445", "139"], "Count": 2}}
    assert read(words, ADDRESSES, ports, {**INTERFACES, "InterfaceType": "Wireless"}) == read(rule(), *FILTERS)
    assert read(rule(KeyModule=["IKEv1", 2]), *FILTERS) == read(rule(), *FILTERS)
    one = {**PORTS, "LocalPort": "445"}
    assert read(rule(), ADDRESSES, one) == read(rule(), ADDRESSES, {**PORTS, "LocalPort": ["445"]})


@pytest.mark.parametrize("mode", [0, 1, 3, "Transport", "None", None])
def test_transport_mode(mode: Any) -> None:
    """Microsoft's page of the class has 1 for it, its module 3."""
    assert read(rule(Mode=mode), *FILTERS).rules


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Mode": 2}, "it is of a tunnel"),
        ({"Mode": "Tunnel"}, "it is of a tunnel"),
        ({"RemoteTunnelEndpoint": ["192.0.2.1"]}, "it is of a tunnel"),
        ({"Mode": 9}, "its Mode is 9, which is not known"),
        ({"KeyModule": 8}, "its KeyModule is 8, which is not known"),
        ({"Profile": 65535}, "its Profile is 65535, which is not known"),
        ({"IcmpType": ["8"]}, "it is for ICMP of type 8"),
    ],
)
def test_what_no_design_has_is_named(said: dict[str, Any], why: str) -> None:
    assert f"rule Tunnel: {why}" in missing(rule(), *FILTERS, rule(InstanceID="{T}", DisplayName="Tunnel", **said))


@pytest.mark.parametrize(("number", "modules"), [(1, "IKE"), (2, "AuthIP"), (0, "IKE AuthIP"), (3, "IKE AuthIP")])
def test_key_modules_are_flags(number: int, modules: str) -> None:
    assert " ".join(read(rule(KeyModule=number), *FILTERS).keying_modules) == modules


@pytest.mark.parametrize(("number", "profiles"), [(0, ()), (7, ()), (0x7FFFFFFF, ()), (3, ("domain", "private"))])
def test_profiles_are_flags(number: int, profiles: tuple[str, ...]) -> None:
    assert read(rule(Profile=number), *FILTERS).rules[0].scope.profiles == profiles


def test_sets_that_a_rule_names_are_read() -> None:
    named = rule(Phase1AuthSet="{a}", QuickModeCryptoSet="{Q}", KeyModule=2)
    (offer,) = read(named, *FILTERS, AUTH, CRYPTO).quick_mode.proposals
    assert (offer.transforms[0].cipher, offer.pfs_group) == ("IPSEC_CIPHER_CONFIG_GCM_AES_256", "IPSEC_PFS_ECP_384")
    assert (offer.lifetime_seconds, offer.lifetime_kilobytes) == (1800, 50000)


def test_a_key_is_not_read() -> None:
    key = {**AUTH, "Proposals": [{"AuthenticationMethod": 2, "PreSharedKey": "s3cret"}]}
    made = imported(json.dumps([rule(Phase1AuthSet="{A}", KeyModule=1), *FILTERS, key]))
    assert made.design is not None
    assert "s3cret" not in f"{made}"
    assert any("its pre-shared key is not taken over" in each for each in made.missing)


def test_a_set_that_is_not_in_the_file_is_named() -> None:
    assert missing(rule(Phase1AuthSet="{A}"), *FILTERS) == (
        "rule Isolation: Phase1AuthSet {A} is not in the file, and taken for the default"
    )


@pytest.mark.parametrize("cut", ["MSFT_NetIKEQMCryptoProposal", ["MSFT_NetIKEQMCryptoProposal"]])
def test_a_set_that_was_cut_off_is_named_with_what_to_do(cut: Any) -> None:
    said = missing(rule(QuickModeCryptoSet="{Q}"), *FILTERS, {**CRYPTO, "Proposals": cut})
    assert "set fast: what it offers is not in the file: write more with ConvertTo-Json -Depth 5" in said
    assert "rule Isolation: nothing of what its quick mode offers can be said" in said


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        ({**ESP, "Encapsulation": 0}, "authentication without encapsulation"),
        ({**ESP, "HashAlgorithmESP": 65002}, "integrity by sha384"),
        ({**ESP, "CipherAlgorithm": 7}, "encryption by 7"),
        ({**ESP, "MaxLifetimeMinutes": 1}, "lifetime_seconds"),
    ],
)
def test_a_proposal_that_no_design_has_is_named_in_a_line(proposal: dict[str, Any], why: str) -> None:
    said = missing(rule(QuickModeCryptoSet="{Q}"), *FILTERS, {**CRYPTO, "Proposals": [ESP, proposal]})
    assert said.startswith("set fast, proposal 1: ")
    assert why in said
    assert len(said.splitlines()) == 1


def test_an_exemption_whose_traffic_is_not_in_the_file_is_none() -> None:
    """What would be left of it is an exemption of everything."""
    dns = rule(InboundSecurity=0, OutboundSecurity=0, DisplayName="DNS", InstanceID="{D}")
    said = missing(rule(), *FILTERS, dns, {**PORTS, "InstanceID": "{D}"})
    assert said == "rule DNS: what it leaves out of IPsec is not in the file: LocalAddress, RemoteAddress"
    everything = {**ADDRESSES, "RemoteAddress": "Any", "InstanceID": "{D}"}
    design = read(rule(), *FILTERS, dns, {**PORTS, "InstanceID": "{D}"}, everything)
    assert "DNS" in {each.name for each in design.exemptions}


def test_what_the_host_leaves_out_is_read_from_its_setting() -> None:
    for said in (10, "Icmp, Dhcp"):
        design = read(rule(), *FILTERS, {"Name": "x", "Exemptions": said})
        assert {each.name for each in design.exemptions} == {"ICMP", "DHCP", "DHCPv6"}


def test_whatever_else_a_rule_says_is_named_once() -> None:
    said = missing(rule(Platform=["6.1+"], Platforms=["6.1+"], Group="Corp", RuleGroup="Corp", Owner="x"), *FILTERS)
    assert said.splitlines() == [
        "rule Isolation: Group is Corp",
        "rule Isolation: Platform is ['6.1+']",
        "rule Isolation: Owner is x",
    ]


def test_rules_that_a_script_of_this_program_has_made_have_the_names_and_the_id_of_their_design() -> None:
    ours = rule(Group="ndtui {a5e3f29a-2d2e-507a-bcc4-6ce117537c55}", DisplayName="ndtui mine: base")
    design = read(ours, *FILTERS)
    assert str(design.id) == "a5e3f29a-2d2e-507a-bcc4-6ce117537c55"
    assert [each.name for each in design.rules] == ["base"]
    others = rule(DisplayName="ndtui mine: other", InstanceID="{S}", Group="Corp")
    theirs = [{**each, "InstanceID": "{S}"} for each in FILTERS]
    mixed = imported(json.dumps([ours, *FILTERS, others, *theirs])).design
    assert mixed is not None
    assert [each.name for each in mixed.rules] == ["ndtui mine: base", "ndtui mine: other"]


def test_other_objects_are_counted() -> None:
    firewall_rule = {"DisplayName": "SSH", "Direction": 1, "Action": 2}
    assert missing(rule(), *FILTERS, firewall_rule, firewall_rule) == (
        "2 objects are neither a rule nor what belongs to one, such as SSH"
    )


def test_what_is_cut_off_in_the_middle_is_refused_where_it_ends() -> None:
    with pytest.raises(InputError, match=r"rules\.json: line 1: .*is it cut off"):
        read_rules(json.dumps([rule(), *FILTERS])[:900], "rules.json")


@pytest.mark.parametrize(
    "text", ["[1]", '"InboundSecurity"', '{"x": ["InboundSecurity"]}', '[{"x": "InboundSecurity"}]']
)
def test_other_json_holds_no_rules(text: str) -> None:
    assert read_rules(text, "x") is None


def test_what_is_deep_or_long_is_read_in_a_line() -> None:
    """Nesting that JSON just takes is no reason to end otherwise than with a line."""
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    found: Any = [rule(Owner=deep, Platform="y" * 5000), *FILTERS]
    for _ in range(300):
        found = [found]
    said = missing(found).splitlines()
    assert [each.partition(" is ")[0] for each in said] == ["rule Isolation: Platform", "rule Isolation: Owner"]
    assert max(map(len, said)) < 300


def test_a_rule_of_a_flat_object_still_is_one() -> None:
    assert whole(json.dumps([netsecurity(KeyModule=1)])).keying_modules == ("IKE",)
