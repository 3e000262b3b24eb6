"""Connection security rules become a design: each thing that they say is in it, or is named as missing."""

import json

import pytest

from ndtui.analysis.connection_security.design_from_rules import KEY
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.common.errors import InputError
from tests.analysis.connection_security.rule_files import (
    DEFAULTS,
    ISOLATION,
    STORE,
    imported,
    netsecurity,
    registry,
    under,
    whole,
)

AES = "ESP:SHA256-AES256+60min+100000kb"


def netsh(**said: str) -> str:
    usual = {"Enabled": "Yes", "Mode": "Transport", "Action": "RequireInRequestOut", "Auth1": "ComputerKerb"}
    lines = [f"{label + ':':38}{text}" for label, text in {**usual, **said}.items()]
    return "\n".join(["Rule Name:                            Isolation", "-" * 70, *lines, ""])


@pytest.mark.parametrize("text", [registry(ISOLATION), netsh(QuickModeSecMethods="default")])
def test_isolation_is_negotiation_discovery(text: str):
    """Case: a rule that requires in and requests out, Kerberos, all traffic."""
    design = whole(text)
    (rule,) = design.rules
    assert (rule.name, rule.mode, rule.scope.is_everything) == ("Isolation", "negotiation-discovery", True)
    assert design.keying_modules == ("IKE", "AuthIP")
    assert [each.method for each in design.main_mode.ike_authentication] == ["IKEEXT_KERBEROS"]
    assert design.main_mode.proposals[0].dh_group == "IKEEXT_DH_GROUP_2"
    assert design.quick_mode.proposals[0].transforms[0].type == "IPSEC_TRANSFORM_ESP_AUTH"
    assert "DHCP" in {each.name for each in design.exemptions}


@pytest.mark.parametrize(
    ("word", "mode"), [("SecureServer", "negotiation-discovery"), ("Boundary", "boundary"), ("Secure", "require")]
)
def test_actions(word: str, mode: str):
    assert whole(registry(f"v2.10|Active=TRUE|Action={word}|Name=a|{DEFAULTS}")).rules[0].mode == mode


def test_a_rule_that_does_not_say_that_it_is_in_force_is_not():
    """Source: [MS-GPFAS] 2.2.6.2."""
    design = whole(registry(ISOLATION, f"v2.10|Action=Secure|Name=a|{DEFAULTS}"))
    assert [(each.name, each.enabled) for each in design.rules] == [("Isolation", True), ("a", False)]


def test_what_older_versions_pass_over_says_nothing_of_those_that_read_it():
    assert whole(registry(f"v2.20|Action=Secure|Active=TRUE|Name=a|KeyMod=AuthIP|SkipVer=2.19|{DEFAULTS}"))
    made = imported(registry(ISOLATION, f"v2.20|Action=Secure|Active=TRUE|Name=a|SkipVer=2.30|{DEFAULTS}"))
    assert "rule a: skipver=2.30" in made.missing


def test_traffic_of_a_rule():
    text = (
        "v2.24|Action=Secure|Active=FALSE|Profile=Domain|Profile=Private|Protocol=6|EP2Port=1433|EP2Port=1434|"
        f"EP1_4=192.0.2.0/24|EP2_4=10.0.0.0/8|EP2_4=172.16.0.1-172.16.0.9|IFType=Lan|KeyMod=AuthIP|Name=SQL|{DEFAULTS}"
    )
    design = whole(registry(ISOLATION, text))
    rule = design.rules[1]
    scope = rule.scope
    assert (rule.enabled, scope.protocol, scope.profiles, scope.interfaces) == (
        False,
        "tcp",
        ("domain", "private"),
        ("lan",),
    )
    assert list(map(str, scope.remote_addresses)) == ["10.0.0.0/8", "172.16.0.1-172.16.0.9"]
    assert list(map(str, scope.local_addresses)) == ["192.0.2.0/24"]
    assert list(map(str, scope.remote_ports)) == ["1433", "1434"]
    assert rule.negotiation is not None
    assert rule.negotiation.keying_modules == ("AuthIP",)


def test_a_rule_that_leaves_out_is_an_exemption():
    design = whole(
        registry(ISOLATION, "v2.10|Active=TRUE|Action=DoNotSecure|Protocol=17|EP2Port2_10=5000-5010|Name=Voice|")
    )
    (voice,) = [each for each in design.exemptions if each.name == "Voice"]
    assert (voice.protocol, list(map(str, voice.remote_ports))) == ("udp", ["5000-5010"])


def test_sets_of_certificates_and_ciphers():
    sets = (
        under("Phase1AuthenticationSets", "{A1}", Version="2.1")
        + under(r"Phase1AuthenticationSets\{A1}", "0000", Method="MachineCert", CAName="C=US, O=Corp, CN=Root CA")
        + under(r"Phase1AuthenticationSets\{A1}", "0001", Method="MachineKerb")
        + under("Phase2AuthenticationSets", "{A2}", Version="2.1")
        + under(r"Phase2AuthenticationSets\{A2}", "0000", Method="UserKerb")
        + under("Phase2CryptoSets", "{C}", Version="2.1", PFS="ReKeyECDH384")
        + under(
            r"Phase2CryptoSets\{C}",
            "0000",
            Protocol="ESP",
            **{"2_1Encryption": "AES-GCM256", "2_1EspHash": "AES-GCM256"},
        )
        + under(r"Phase2CryptoSets\{C}", "0001", Protocol="AH", AhHash="SHA1", TimeOutMinutes="480")
    )
    text = registry("v2.20|Active=TRUE|Action=Secure|Name=x|Auth1Set={a1}|Auth2Set={A2}|Crypto2Set={C}|", sets=sets)
    design = whole(text)
    certificate, kerberos = design.main_mode.ike_authentication
    assert certificate.roots == ("subject:C=US, O=Corp, CN=Root CA",)
    assert kerberos.method == "IKEEXT_KERBEROS"
    assert design.main_mode.authip_authentication[0].method == "IKEEXT_SSL"
    assert design.extended_mode is not None
    first, second = design.quick_mode.proposals
    assert (first.transforms[0].cipher, first.pfs_group) == ("IPSEC_CIPHER_CONFIG_GCM_AES_256", "IPSEC_PFS_ECP_384")
    assert (second.transforms[0].type, second.lifetime_seconds) == ("IPSEC_TRANSFORM_AH", 28800)


def test_a_set_of_which_nothing_can_be_said_is_not_taken_for_the_default():
    suite = under(r"Phase2CryptoSets\{C}", "0000", **{"2_9Protocol": "AUTH_NO_ENCAP", "EspHash": "SHA1"})
    sets = under("Phase2CryptoSets", "{C}", PFS="Disable") + suite
    made = imported(registry(ISOLATION, "v2.20|Active=TRUE|Action=Secure|Name=x|Crypto2Set={C}|", sets=sets))
    assert made.design is not None
    assert [each.name for each in made.design.rules] == ["Isolation"]
    assert any("nothing of what its quick mode offers can be said" in each for each in made.missing)
    assert any("without encapsulation" in each for each in made.missing)


def test_what_is_exempt_for_the_whole_host_is_read_where_it_stands():
    text = registry(ISOLATION) + f'[{STORE}]\n"IPsecExempt"=dword:0000000a\n'
    made = imported(text)
    assert made.design is not None
    assert {each.name for each in made.design.exemptions} == {"ICMP", "DHCP", "DHCPv6"}
    assert not any("exempt" in each for each in made.remarks)


@pytest.mark.parametrize(("bits", "types"), [(4, [133, 134]), (1, [*range(133, 138)]), (5, [*range(133, 138)])])
def test_discovery_that_is_exempt_is_that_of_icmpv6(bits: int, types: list[int]):
    """[MS-FASP] 2.2.39: router discovery is ICMPv6 too, and a part of neighbour discovery (RFC 4861, 4)."""
    made = imported(registry(ISOLATION) + f'[{STORE}]\n"IPsecExempt"=dword:{bits:08x}\n')
    assert made.design is not None
    found = made.design.exemptions
    assert sorted(each.icmp_type for each in found if each.icmp_type is not None) == types
    assert {(each.protocol, each.families) for each in found} == {(58, ("V6",))}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("v2.10|Active=TRUE|Action=SecureServer|Name=a|EP2_4=LocalSubnet|" + DEFAULTS, "LocalSubnet"),
        ("v2.10|Active=TRUE|Action=ConSecRule|Name=a|", "none of SecureServer, Boundary, Secure, DoNotSecure"),
        ("v2.10|Active=TRUE|Action=Secure|RTunnel4=192.0.2.1|Name=a|", "of a tunnel"),
        ("v2.10|Active=TRUE|Action=Secure|Name=a|Auth1Set={nowhere}|", "the set {nowhere}, which is not in the file"),
        ("v2.10|Active=TRUE|Action=Secure|Name=a|Profile=Work|", "profile is work"),
        ("v2.10|Active=TRUE|Action=Secure|Name=a|Protocol=tcp|", "protocol is tcp"),
        ("Action=Secure|Name=a|", "has to begin with its version"),
        ("v2.10|Active=TRUE|Action=Secure|Name=a", "to end with a bar"),
        (f"v2.10|Active=TRUE|Action=Secure|Name=a|IF={{1234}}|{DEFAULTS}", "if={1234}"),
        (f"v2.10|Active=TRUE|Action=Secure|Name=a|Platform=2:6:1|{DEFAULTS}", "platform=2:6:1"),
        (f"v2.10|Active=TRUE|Action=Secure|Name=a|KeyManagerDictate=TRUE|{DEFAULTS}", "keymanagerdictate=TRUE"),
    ],
)
def test_what_a_design_cannot_say_is_named(rule: str, said: str):
    made = imported(registry(ISOLATION, rule))
    assert made.design is not None
    assert [each for each in made.missing if said in each]


def test_a_key_stays_where_it_is():
    sets = under("Phase1AuthenticationSets", "{A}") + under(
        r"Phase1AuthenticationSets\{A}", "0000", Method="MachineSHKey", SHKey="s3cret"
    )
    made = imported(registry("v2.10|Active=TRUE|Action=Secure|Name=x|Auth1Set={A}|", sets=sets))
    assert made.design is not None
    assert made.design.main_mode.ike_authentication[0].key == KEY
    assert made.design.keying_modules == ("IKE",)
    assert "s3cret" not in f"{made}{made.design}"
    assert any("its pre-shared key is not taken over" in each for each in made.missing)


def test_names_that_are_there_twice_are_told_apart():
    assert [each.name for each in whole(registry(ISOLATION, ISOLATION)).rules] == ["Isolation", "Isolation 2"]


def test_nothing_that_protects_is_no_design():
    made = imported(registry("v2.10|Active=TRUE|Action=DoNotSecure|Name=x|"))
    assert made.design is None
    assert "no rule that is enabled and protects" in made.missing[-1]


def test_netsh_prints_lists_and_methods():
    text = netsh(
        Profiles="Domain,Private",
        Endpoint1="Any",
        Endpoint2="10.0.0.0/8,192.0.2.7",
        Protocol="TCP",
        Port1="Any",
        Port2="445",
        Auth1="ComputerKerb,ComputerCert",
        Auth1CAName="CN=Root",
        Auth2="UserKerb",
        QuickModeSecMethods=f"{AES},AH:SHA1+ESP:SHA1-None+60min+100000kb",
        QuickModePFS="ECDHP256",
        InterfaceTypes="Any",
    )
    design = whole(text)
    scope = design.rules[0].scope
    assert (scope.profiles, scope.protocol, list(map(str, scope.remote_ports))) == (
        ("domain", "private"),
        "tcp",
        ["445"],
    )
    assert [each.method for each in design.main_mode.ike_authentication] == ["IKEEXT_KERBEROS", "IKEEXT_CERTIFICATE"]
    assert design.extended_mode is not None
    both = design.quick_mode.proposals[1].transforms
    assert [each.type for each in both] == ["IPSEC_TRANSFORM_AH", "IPSEC_TRANSFORM_ESP_AUTH"]
    assert design.quick_mode.proposals[0].pfs_group == "IPSEC_PFS_ECP_256"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Mode": "Tunnel"}, "of a tunnel"),
        ({"Action": "RequireInClearOut"}, "RequireInClearOut, none of"),
        ({"Auth1": "Smartcard"}, "Smartcard, which is not read here"),
        ({"QuickModeSecMethods": "AuthNoEncap:SHA1+60min"}, "without encapsulation"),
        ({"Profile": "Domain", "Profiles": "Domäne"}, "printed in English"),
        ({"MainModeSecMethods": "ECDHP384:AES256-SHA384"}, "mainmodesecmethods: ECDHP384"),
        ({"Type": "Dynamic"}, "type: Dynamic"),
        ({"Direction": "In"}, "it is a firewall rule"),
        ({"Protocol": "Any\nEndpoi"}, "line 8: Endpoi"),
        ({"Auth1CAName": "CN=A\nAuth1CAName:                          CN=B"}, "CN=B"),
    ],
)
def test_what_netsh_prints_and_a_design_cannot_say_is_named(said: dict[str, str], why: str):
    made = imported(netsh(**said))
    assert [each for each in made.missing if why in each]


def test_what_netsecurity_writes_is_read():
    rules = [
        netsecurity(
            Profile=3,
            RemoteAddress=["10.0.0.0/8"],
            Machines="O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)",
            KeyModule="IKEv1,AuthIP",
        ),
        netsecurity(DisplayName="DNS", InboundSecurity=0, OutboundSecurity=0, Protocol="UDP", RemotePort="53"),
    ]
    design = whole(json.dumps(rules))
    (rule,) = design.rules
    assert (rule.mode, rule.scope.profiles) == ("negotiation-discovery", ("domain", "private"))
    assert rule.machines.endswith("(A;;CC;;;S-1-5-21-1-2-3-515)")
    (dns,) = [each for each in design.exemptions if each.name == "DNS"]
    assert (dns.protocol, list(map(str, dns.remote_ports))) == ("udp", ["53"])


def test_what_get_netipsecrule_leaves_out_is_named():
    rule = {name: value for name, value in netsecurity(Phase1AuthSet="{mine}").items() if "Address" not in name}
    made = imported(json.dumps(rule))
    assert made.design is not None
    assert [each for each in made.missing if "RemoteAddress is not in the file" in each]
    assert [each for each in made.missing if "Phase1AuthSet {mine} is not in the file" in each]


def test_what_else_netsecurity_says_is_named_and_what_says_nothing_is_not():
    said = netsecurity(Platforms=["6.1+"], AllowSetKey=False, RequireAuthorization=False, CimClass={"x": 1})
    made = imported(json.dumps(said))
    assert made.missing == ("rule Isolation: Platforms is ['6.1+']",)


@pytest.mark.parametrize(("inbound", "outbound"), [(0, 1), (1, 2), (2, 0), (7, 7)])
def test_pairs_that_no_design_has_are_named(inbound: int, outbound: int):
    made = imported(json.dumps(netsecurity(InboundSecurity=inbound, OutboundSecurity=outbound)))
    assert made.design is None
    assert "it has InboundSecurity" in made.missing[0]


def test_other_texts_are_none():
    for text in ('name = "x"\n', '{"format": "ndtui-bundle"}', "[]", "{", "Rule name"):
        assert read_rules(text, "x") is None


def test_other_registry_files_are_refused():
    with pytest.raises(InputError, match="without connection security rules"):
        read_rules(f'Windows Registry Editor Version 5.00\n\n[{STORE}]\n"a"="b"\n', "x.reg")
    with pytest.raises(InputError, match=r"x\.reg: line 3: 'what' is in no \.reg file: is it cut off"):
        read_rules(f"REGEDIT4\n[{STORE}\\ConSecRules]\nwhat\n", "x.reg")


def test_lines_that_go_on_and_values_of_other_types_are_read():
    encoded = ",".join(
        f"{byte:02x}" for byte in f"v2.10|Active=TRUE|Action=Secure|Name=x|{DEFAULTS}\0".encode("utf-16-le")
    )
    broken = encoded.replace(",53,", ",53,\\\n  ", 1)
    values = f'@="{ISOLATION}"\n"b"=hex(1):{broken}\n"d"="{ISOLATION}"\n"d"=-\n'
    text = f"Windows Registry Editor Version 5.00\n; a remark\n[{STORE}\\ConSecRules]\n{values}"
    assert [each.mode for each in whole(text).rules] == ["negotiation-discovery", "require"]


@pytest.mark.parametrize("value", ["hex:00,01", "hex(b):01,02", "dword:00000001"])
def test_a_rule_that_is_no_text_is_named(value: str):
    assert imported(registry(ISOLATION) + f'[{STORE}\\ConSecRules]\n"c"={value}\n').missing == (
        "rule c: it is no rule: it has to begin with its version and to end with a bar",
    )


@pytest.mark.parametrize("value", ['"v2.10|Action=Secure|Name=x', "dword:12x", "hex:0", "", "hello", '"a" b'])
def test_a_value_that_is_cut_off_is_refused_and_not_left_out(value: str):
    with pytest.raises(InputError, match=r"x\.reg: line \d+: .* is in no \.reg file: is it cut off"):
        read_rules(registry(ISOLATION) + f'[{STORE}\\ConSecRules]\n"c"={value}', "x.reg")
