"""Findings: every rule fires where it should and is silent beside it; ids are known; suppressions and assertions."""

from typing import Any

import pytest

from ndtui.analysis.check.examine import check, examine
from ndtui.analysis.check.finding_ids import ELSEWHERE, IDS
from ndtui.analysis.check.undecided import NOT_DECIDED
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import rebuild
from ndtui.model.files.presets import shipped
from tests.support import design, exempting, preset

BOTH = "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"
GOOD = {"type": BOTH, "auth": "IPSEC_AUTH_CONFIG_GCM_AES_256", "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_256"}
WEAK = {"type": BOTH, "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96", "cipher": "IPSEC_CIPHER_CONFIG_CBC_3DES"}
AH = {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}
MAIN = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
CERTIFICATE = {"inbound": "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE", "outbound": "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"}
TRANSPORT = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]
ICMP = {"name": "ICMP", "protocol": "icmp"}
DOMAIN_ICMP = {**ICMP, "profiles": ["domain"]}
PROTECTED = [*TRANSPORT, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"]
CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT"
CONTROLLER = {"remote_addresses": ["192.0.2.10", "2001:db8::10"]}
KERBEROS_OUT = {"protocol": "udp", "remote_ports": [88]}
EDGE = {"remote_addresses": ["192.0.2.0/24"]}
INSIDE = {"remote_addresses": ["198.51.100.0/24"]}
WEB = {"protocol": "tcp", "local_ports": [80]}
OTHER_WEB = {"protocol": "tcp", "local_ports": [8080]}
SQL = {
    "name": "SQL",
    "mode": "inherit",
    "encryption": "guaranteed",
    "scope": {"protocol": "tcp", "local_ports": [1433]},
}
CONTROLLERS = {"remote_addresses": ["192.0.2.10"], "remote_ports": [88, 389]}


def quick(*transforms: Any, **fields: Any) -> dict[str, Any]:
    """Return the quick mode of proposals with a transform each."""
    return {"proposals": [{"transforms": [transform], **fields} for transform in transforms]}


def ids(of: Design) -> set[str]:
    return {finding.id for finding in check(compile_design(of))}


def ruling(*rules: dict[str, Any], **fields: Any) -> Design:
    """Return a design of rules of plain data."""
    return design(rules=rules, **fields)


def own(weight: int) -> dict[str, Any]:
    return {"sublayer": {"kind": "own", "weight": weight}}


#: By id: a design that has the finding, and one as near as can be that has not.
OPTIONAL_DH = "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"
NAT = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT"
TRUSTED_ROOTS = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
ENTERPRISE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
MACHINE_CERTIFICATE = {"method": "IKEEXT_CERTIFICATE", "inbound": ENTERPRISE, "outbound": ENTERPRISE}

CASES: dict[str, tuple[Design, Design]] = {
    "assertion-failed": (
        design(**{"assert": [{"traffic": "out tcp", "verdict": "protected"}]}),
        design(**{"assert": [{"traffic": "in tcp", "verdict": "protected"}]}),
    ),
    "unknown-suppression": (
        design(suppress=[{"id": "neighbor-discovery", "reason": "no"}]),
        design(suppress=[{"id": "neighbour-discovery", "reason": "no"}]),
    ),
    "unused-suppression": (
        design(suppress=[{"id": "one-family", "reason": "no"}]),
        design(suppress=[{"id": "one-family", "reason": "no"}], families=["V6"]),
    ),
    "nd-secure-unenforced": (design(scenario="require", nd_secure=True), design(nd_secure=True)),
    "nd-secure-off": (design(nd_secure=False), design(scenario="require", nd_secure=False)),
    "own-sublayer": (design(**own(500)), design()),
    "sublayer-tie": (design(**own(32768)), design(**own(32770))),
    "sublayer-above": (design(**own(32769)), design(**own(32768))),
    "sublayer-below": (design(**own(500)), design(**own(50000))),
    "one-family": (design(families=["V6"]), design()),
    "ale-raw-context": (design(ale_persist_context=True), design()),
    "authip-only": (design(keying_modules=["AuthIP"]), design(keying_modules=["IKE"])),
    "persistent-drop": (design(lifetime="persistent"), design(lifetime="persistent", scenario="boundary")),
    "persistent-provider": (design(lifetime="persistent"), design()),
    "dynamic-lifetime": (design(lifetime="dynamic"), design()),
    "exempts-everything": (exempting({"remote_addresses": ["0.0.0.0/0"]}), exempting({"protocol": "tcp"})),
    "exempts-whole-protocol": (
        exempting(
            {"protocol": "tcp", "remote_addresses": ["0.0.0.0/1"]},
            {"protocol": "tcp", "remote_addresses": ["128.0.0.0/1"]},
            families=["V4"],
        ),
        exempting(
            {"protocol": "tcp", "remote_addresses": ["0.0.0.0/1"]},
            {"protocol": "tcp", "remote_addresses": ["128.0.0.0/1"], "remote_ports": ["1-65535"]},
            families=["V4"],
        ),
    ),
    "exempts-ike": (
        exempting({"protocol": "udp", "local_ports": ["400-600"]}),
        exempting({"protocol": "udp", "local_ports": ["501-600"]}),
    ),
    "exempts-management": (
        exempting({"protocol": "tcp", "local_ports": [3389]}),
        exempting({"protocol": "tcp", "local_ports": [3389], "remote_addresses": ["10.0.0.5"]}),
    ),
    "source-port": (
        exempting({"protocol": "udp", "remote_ports": [53]}),
        exempting({"protocol": "udp", "remote_ports": [53], "layers": TRANSPORT}),
    ),
    "half-domain-controller": (
        exempting({"protocol": "tcp", **CONTROLLERS}, {"protocol": "udp", **CONTROLLERS, "remote_ports": [88]}),
        exempting({"protocol": "tcp", **CONTROLLERS}, {"protocol": "udp", **CONTROLLERS}),
    ),
    "needless-exemption": (
        exempting({"remote_addresses": ["224.0.0.251", "ff02::1"]}),
        exempting({"remote_addresses": ["224.0.0.251", "127.0.0.1"]}),
    ),
    "shadowed-exemption": (
        exempting({"protocol": "tcp", "remote_ports": ["1-100"]}, {"protocol": "tcp", "remote_ports": [53]}),
        exempting({"protocol": "tcp", "remote_ports": ["1-100"]}, {"protocol": "udp", "remote_ports": [53]}),
    ),
    "shadowed-by-union": (
        exempting(*({"protocol": "tcp", "remote_ports": [p]} for p in ("1-50", "51-100", "40-60"))),
        exempting(*({"protocol": "tcp", "remote_ports": [p]} for p in ("1-49", "51-100", "40-60"))),
    ),
    "neighbour-discovery": (design(), exempting(ICMP)),
    "program-at-transport": (
        exempting({"protocol": "tcp", "local_ports": [7000], "program": "C:\\x.exe"}, scenario="require"),
        exempting({"protocol": "tcp", "local_ports": [7000]}, scenario="require"),
    ),
    "partial-exemption": (exempting({"layers": TRANSPORT, **ICMP}), exempting(ICMP)),
    "icmp-type-in-both": (
        exempting({"protocol": "icmp", "icmp_type": 8}),
        exempting({"protocol": "icmp", "icmp_type": 8, "families": ["V4"]}),
    ),
    "start-up": (design(scenario="require"), design(scenario="boundary")),
    "no-domain-controller": (
        exempting(KERBEROS_OUT, rules=[{"mode": "require"}]),
        exempting({**CONTROLLER, "layers": TRANSPORT}, rules=[{"mode": "require"}]),
    ),
    "management-dropped": (
        design(),
        exempting({"protocol": "tcp", "local_ports": [22], "remote_addresses": ["192.0.2.7"]}),
    ),
    "before-bfe": (design(lifetime="persistent"), design()),
    "exempt-before-bfe": (
        exempting({**ICMP, "before_bfe": True}, lifetime="persistent"),
        exempting({**ICMP, "before_bfe": True}, lifetime="persistent", before_bfe=["inbound"]),
    ),
    "profile-before-bfe": (
        exempting({**DOMAIN_ICMP, "before_bfe": True}, lifetime="persistent", before_bfe=["inbound"]),
        exempting(DOMAIN_ICMP, lifetime="persistent", before_bfe=["inbound"]),
    ),
    "exempts-ipsec": (exempting({"protocol": 50}), exempting({"protocol": 47})),
    "rules-disagree": (
        ruling({"name": "base"}, {"name": "Edge", "mode": "boundary", "scope": EDGE}),
        ruling({"name": "base", "scope": INSIDE}, {"name": "Edge", "mode": "boundary", "scope": EDGE}),
    ),
    "outranked-rule": (
        ruling({"name": "base", "weight_range": 2}, {**SQL, "weight_range": 1}),
        ruling({"name": "base", "weight_range": 1}, {**SQL, "weight_range": 2}),
    ),
    "equal-weights": (
        ruling({"name": "base", "scope": WEB}, {"name": "b", "mode": "require", "scope": WEB}),
        ruling({"name": "base", "scope": WEB}, {"name": "b", "mode": "require", "scope": OTHER_WEB}),
    ),
    "shadowed-rule": (
        ruling({"name": "base", "weight_range": 2}, {"name": "Web", "scope": WEB}),
        ruling({"name": "base"}, {"name": "Web", "scope": WEB}),
    ),
    "condition-left-out": (ruling({"scope": WEB}), ruling({"scope": INSIDE})),
    "needless-rule": (
        ruling({"scope": {"protocol": 50}}, {"name": "b"}, {"name": "c", "scope": {"remote_addresses": ["ff00::/8"]}}),
        ruling({"scope": {"protocol": 47}}, {"name": "b"}),
    ),
    "addition-unprotected": (ruling({"scope": INSIDE}, SQL), ruling({"name": "base"}, SQL)),
    "denied-too-late": (
        ruling({"name": "base"}, {**SQL, "machines": "O:LSD:(A;;CC;;;DC)(D;;CC;;;S-1-5-21-1-2-3-1104)"}),
        ruling({"name": "base"}, {**SQL, "machines": "O:LSD:(D;;CC;;;S-1-5-21-1-2-3-1104)(A;;CC;;;DC)"}),
    ),
    "encryption-not-offered": (
        ruling({"encryption": "guaranteed"}, quick_mode=quick(AH)),
        ruling({"encryption": "guaranteed"}, quick_mode=quick(AH, GOOD)),
    ),
    "encryption-optional": (
        ruling({"encryption": "guaranteed"}, quick_mode=quick(AH, GOOD)),
        ruling({"encryption": "guaranteed"}, quick_mode=quick(GOOD)),
    ),
    "held-at-connect": (
        exempting(ICMP, rules=[{"encryption": "guaranteed"}]),
        exempting({**ICMP, "layers": [*PROTECTED, CONNECT]}, rules=[{"encryption": "guaranteed"}]),
    ),
    "names-alike": (
        exempting({"name": "DNS", "protocol": "tcp"}, {"name": "dns", "protocol": "udp"}),
        exempting({"name": "DNS", "protocol": "tcp"}, {"name": "dns 2", "protocol": "udp"}),
    ),
    "module-authentication": (
        design(main_mode={"ike_authentication": [{"method": "IKEEXT_CERTIFICATE", **CERTIFICATE}]}),
        design(
            main_mode={
                "ike_authentication": [{"method": "IKEEXT_CERTIFICATE", **CERTIFICATE}],
                "authip_authentication": [{"method": "IKEEXT_SSL", **CERTIFICATE}],
            }
        ),
    ),
    "extended-mode-bypassed": (design(extended_mode={}), design(extended_mode={}, keying_modules=["AuthIP"])),
    "anonymous-first": (
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_ANONYMOUS"}, {"method": "IKEEXT_KERBEROS"}]}),
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_KERBEROS"}, {"method": "IKEEXT_ANONYMOUS"}]}),
    ),
    "lifetime-mismatch": (
        design(main_mode={"proposals": [{**MAIN, "lifetime_seconds": 3000}]}),
        design(main_mode={"proposals": [{**MAIN, "lifetime_seconds": 3600}]}),
    ),
    "long-lifetime": (
        design(main_mode={"proposals": [{**MAIN, "lifetime_seconds": 172801}]}),
        design(main_mode={"proposals": [{**MAIN, "lifetime_seconds": 172800}]}),
    ),
    "weak-preferred": (design(quick_mode=quick(WEAK, GOOD)), design(quick_mode=quick(GOOD, WEAK))),
    "duplicate-proposal": (
        design(main_mode={"proposals": [MAIN, {**MAIN, "lifetime_seconds": 14400}]}),
        design(main_mode={"proposals": [MAIN, {**MAIN, "dh_group": "IKEEXT_DH_ECP_384"}]}),
    ),
    "pfs-mismatch": (
        design(
            quick_mode={"proposals": [{"transforms": [GOOD], "pfs_group": f"IPSEC_PFS_ECP_{n}"} for n in (256, 384)]}
        ),
        design(quick_mode={"proposals": [{"transforms": [t], "pfs_group": "IPSEC_PFS_ECP_256"} for t in (GOOD, WEAK)]}),
    ),
    "clear-window": (
        design(quick_mode={"nd_allow_clear_timeout_seconds": 61}),
        design(quick_mode={"nd_allow_clear_timeout_seconds": 60}),
    ),
    "idle-timeout": (
        design(quick_mode={"idle_timeout_seconds": 300, "idle_timeout_failover_seconds": 301}),
        design(quick_mode={"idle_timeout_seconds": 3600, "idle_timeout_failover_seconds": 300}),
    ),
    "ah-across-nat": (design(quick_mode=quick(AH)), design(quick_mode=quick(AH, GOOD))),
    "no-integrity": (
        design(quick_mode=quick({"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256"})),
        design(quick_mode=quick(GOOD)),
    ),
    "weak-main-mode": (
        design(main_mode={"proposals": [{**MAIN, "dh_group": "IKEEXT_DH_GROUP_2"}]}),
        design(main_mode={"proposals": [MAIN]}),
    ),
    "weak-quick-mode": (design(quick_mode=quick(WEAK)), design(quick_mode=quick(GOOD))),
    "no-encryption": (design(quick_mode=quick(AH)), design(quick_mode=quick(GOOD))),
    "no-forward-secrecy": (
        design(quick_mode=quick(GOOD, pfs_group="IPSEC_PFS_NONE")),
        design(quick_mode=quick(GOOD)),
    ),
    "anonymous-authentication": (
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_ANONYMOUS"}]}),
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_ANONYMOUS"}]}, keying_modules=["IKE"]),
    ),
    "preshared-key": (
        design(main_mode={"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]}),
        design(),
    ),
    "no-revocation-check": (preset("ms-sample"), design()),
    "any-root": (
        design(main_mode={"ike_authentication": [{**MACHINE_CERTIFICATE, "inbound": TRUSTED_ROOTS}]}),
        design(
            main_mode={
                "ike_authentication": [
                    {
                        **MACHINE_CERTIFICATE,
                        "inbound": TRUSTED_ROOTS,
                        "inbound_criteria": [{"key_usages": ["1.3.6.1.5.5.8.2.2"]}],
                    }
                ]
            }
        ),
    ),
    "one-way-authentication": (
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_NTLM_V2"}]}),
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_KERBEROS"}, {"method": "IKEEXT_NTLM_V2"}]}),
    ),
    "extended-anonymous": (
        design(extended_mode={"authentication": [{"method": "IKEEXT_ANONYMOUS"}]}),
        design(main_mode={"authip_authentication": [{"method": "IKEEXT_ANONYMOUS"}]}, extended_mode={}),
    ),
    "method-needs-group": (
        design(
            main_mode={
                "authip_authentication": [{"method": "IKEEXT_NTLM_V2"}],
                "authip_proposals": [{**MAIN, "dh_group": "IKEEXT_DH_GROUP_NONE"}],
            }
        ),
        design(
            main_mode={
                "authip_authentication": [{"method": "IKEEXT_NTLM_V2"}],
                "authip_proposals": [{**MAIN, "dh_group": "IKEEXT_DH_GROUP_NONE"}, MAIN],
            }
        ),
    ),
    "optional-group": (
        design(main_mode={"flags": [OPTIONAL_DH]}, quick_mode=quick(GOOD, pfs_group="IPSEC_PFS_NONE")),
        design(main_mode={"flags": [OPTIONAL_DH]}),
    ),
    "authip-kerberos": (
        design(),
        design(
            keying_modules=["AuthIP", "IKEv2"],
            main_mode={"ikev2_authentication": [MACHINE_CERTIFICATE]},
        ),
    ),
    "no-effect": (
        design(keying_modules=["IKE"], main_mode={"flags": [OPTIONAL_DH]}),
        design(keying_modules=["AuthIP"], main_mode={"flags": [OPTIONAL_DH]}),
    ),
    "too-new": (
        design(windows="7", keying_modules=["IKE", "IKEv2"], main_mode={"ikev2_authentication": [MACHINE_CERTIFICATE]}),
        design(windows="8", keying_modules=["IKE", "IKEv2"], main_mode={"ikev2_authentication": [MACHINE_CERTIFICATE]}),
    ),
    "peer-unmet": (
        design(peers=["11", "other"]),
        design(peers=["11"]),
    ),
    "certificates-by-authip": (
        design(
            peers=["11 24H2"], main_mode={"authip_authentication": [{**MACHINE_CERTIFICATE, "method": "IKEEXT_SSL"}]}
        ),
        design(peers=["11"], main_mode={"authip_authentication": [{**MACHINE_CERTIFICATE, "method": "IKEEXT_SSL"}]}),
    ),
    "boundary-behind-nat": (
        design(scenario="boundary", quick_mode={"flags": [NAT]}),
        design(quick_mode={"flags": [NAT]}),
    ),
}


#: More designs of several rules, for whoever looks at what is said of them.
RULED = (
    ruling({"name": "base"}, SQL, {"name": "Edge", "mode": "boundary", "scope": EDGE}),
    ruling({"name": "base", "mode": "boundary"}, {**SQL, "machines": "O:LSD:(A;;CC;;;DC)"}, lifetime="persistent"),
    ruling({"name": "a", "mode": "require", "scope": WEB}, {"name": "b", "scope": OTHER_WEB}, {**SQL, "scope": {}}),
    ruling({"name": "base", "weight_range": 3}, SQL, {"name": "c", "mode": "require", "scope": INSIDE}),
)

#: What is said of a shipped preset that drops inbound clear traffic of all hosts, and of the others.
KERBEROS_ALONE = "authip-kerberos"
DROPS = ("management-dropped", "start-up", "no-domain-controller", KERBEROS_ALONE)
SAID: dict[str, tuple[str, ...]] = {
    "nd-authip-only": (*DROPS, "authip-only"),
    "nd-certificates": ("management-dropped", "start-up"),
    "nd-ike-only": ("management-dropped", "start-up"),
    "nd-remote-identity": (*DROPS, "authip-only"),
    "nd-ipv4-only": ("management-dropped", "no-domain-controller", "one-family", KERBEROS_ALONE),
    "nd-domain-member": ("persistent-drop", "persistent-provider", "before-bfe", KERBEROS_ALONE),
    "nd-boundary": (KERBEROS_ALONE,),
    "nd-subnet": (KERBEROS_ALONE,),
    "nd-zones": (KERBEROS_ALONE,),
    "ms-sample": (
        *DROPS[:-1],
        "ale-raw-context",
        "authip-only",
        "no-encryption",
        "no-forward-secrecy",
        "no-revocation-check",
        "weak-main-mode",
        "weak-quick-mode",
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_fires_where_it_should_and_not_beside_it(rule: str):
    fires, silent = CASES[rule]
    assert rule in ids(fires)
    assert rule not in ids(silent)


def test_every_id_there_is_has_a_case():
    assert {*CASES, NOT_DECIDED} == set(IDS)
    assert len(IDS) >= 25


@pytest.mark.parametrize("of", [case for pair in CASES.values() for case in pair])
def test_a_finding_says_what_why_and_what_helps(of: Design):
    for finding in check(compile_design(of)):
        assert finding.id in IDS
        assert finding.severity in ("error", "warning", "note")
        assert finding.source.startswith("https://")
        for text in (str(finding.where), finding.message, finding.why, finding.remedy):
            assert text.strip()
            assert "\n" not in text


@pytest.mark.parametrize(
    "rule",
    [
        "exempts-everything",
        "exempts-whole-protocol",
        "exempts-ike",
        "exempts-management",
        "source-port",
        "half-domain-controller",
        "needless-exemption",
        "shadowed-exemption",
        "shadowed-by-union",
        "partial-exemption",
        "icmp-type-in-both",
    ],
)
def test_what_is_said_of_an_exemption_is_not_said_of_a_disabled_one(rule: str):
    fires, _ = CASES[rule]
    assert rule in ids(fires)
    assert rule not in ids(change(fires, exemptions=[rebuild(each, enabled=False) for each in fires.exemptions]))


def test_a_disabled_exemption_of_everything_does_not_hide_what_the_others_leave_open():
    everything = {"remote_addresses": ["0.0.0.0/0"], "enabled": False}
    assert "exempts-whole-protocol" in ids(exempting(everything, {"protocol": "tcp"}, families=["V4"]))
    assert "exempts-whole-protocol" not in ids(exempting({**everything, "enabled": True}, families=["V4"]))


@pytest.mark.parametrize(
    ("exemption", "families", "said"),
    [
        ({}, ["V4", "V6"], "all unicast traffic: nothing is protected"),
        ({"families": ["V4"]}, ["V4", "V6"], "all unicast traffic of V4: nothing of it is protected"),
        ({"remote_addresses": ["::/0"]}, ["V4", "V6"], "all unicast traffic of V6: nothing of it is protected"),
        ({"remote_addresses": ["::/0"]}, ["V6"], "all unicast traffic: nothing is protected"),
        ({"local_addresses": ["0.0.0.0-255.255.255.255", "::/1", "8000::/1"]}, ["V4", "V6"], "nothing is protected"),
        ({"remote_addresses": ["0.0.0.0/0", "2001:db8::/32"]}, ["V4", "V6"], "of V4: nothing of it is protected"),
        ({"remote_addresses": ["0.0.0.0/1"]}, ["V4"], ""),
        ({"layers": TRANSPORT}, ["V4"], ""),
        ({"layers": ["FWPM_LAYER_OUTBOUND_TRANSPORT"]}, ["V4"], ""),
    ],
)
def test_what_is_exempt_of_everything_is_said_as_it_is(exemption: dict[str, Any], families: list[str], said: str):
    of = exempting(exemption, families=families)
    messages = [each.message for each in check(compile_design(of)) if each.id == "exempts-everything"]
    assert [each.endswith(said) for each in messages] == [True] * bool(said)
    assert "exempts-whole-protocol" not in ids(of)


def test_all_that_a_rule_is_for_may_be_exempt():
    subnet = {"remote_addresses": ["192.0.2.0/24"]}
    of = exempting({"protocol": "tcp", **subnet}, rules=[{"scope": subnet}])
    (said,) = [each for each in check(compile_design(of)) if each.id == "exempts-whole-protocol"]
    assert said.message == "The exemptions leave no TCP packet of V4 protected"
    other = {"name": "other", "scope": {"remote_addresses": ["198.51.100.0/24"]}}
    assert "exempts-whole-protocol" not in ids(change(of, rules=[*of.rules, other]))
    one_way = exempting({"protocol": "tcp", **subnet, "layers": TRANSPORT[:1]}, rules=[{"scope": subnet}])
    assert "exempts-whole-protocol" not in ids(one_way)


def test_a_type_by_the_number_of_its_protocol_is_of_one_icmp():
    assert "icmp-type-in-both" not in ids(exempting({"protocol": 58, "icmp_type": 135}))


def test_exemptions_for_ike_in_the_sublayer_do_what_bfe_does_elsewhere():
    ike = {"protocol": "udp", "local_ports": [500, 4500]}
    assert "own-sublayer" in ids(exempting({**ike, "remote_addresses": ["192.0.2.1"]}, **own(500)))
    assert "own-sublayer" in ids(exempting({**ike, "families": ["V4"]}, **own(500)))
    assert "own-sublayer" in ids(exempting({**ike, "layers": TRANSPORT}, **own(500)))
    assert "own-sublayer" in ids(exempting({**ike, "local_ports": [500]}, **own(500)))
    closed = exempting(ike, **own(500))
    assert ids(closed) & {"own-sublayer", "source-port", "exempts-ike"} == set()
    assert "own-sublayer" not in ids(exempting({**ike, "local_ports": [500]}, families=["V6"], **own(500)))


def test_what_an_absent_module_asks_for_is_no_matter():
    certificate = {"method": "IKEEXT_CERTIFICATE", **CERTIFICATE}
    asked = {"ike_authentication": [certificate], "ikev2_authentication": [certificate]}
    assert "module-authentication" not in ids(design(keying_modules=["IKE", "IKEv2"], main_mode=asked))
    assert "module-authentication" in ids(design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode=asked))


BEHIND_NAT = {"quick_mode": {"flags": [NAT]}}


@pytest.mark.parametrize(
    ("base", "edge", "of", "said"),
    [
        ({}, {"mode": "boundary"}, BEHIND_NAT, ["quick_mode.flags"]),
        ({}, {"mode": "boundary", "negotiation": {}}, BEHIND_NAT, []),
        ({}, {"mode": "boundary", "negotiation": BEHIND_NAT}, {}, ["rule:Edge"]),
        ({"mode": "boundary"}, {"negotiation": BEHIND_NAT}, {}, []),
    ],
)
def test_what_a_boundary_does_behind_address_translation_is_said_where_its_own_flags_are(
    base: dict[str, Any], edge: dict[str, Any], of: dict[str, Any], said: list[str]
):
    design_of = ruling({"name": "base", **base}, {"name": "Edge", "scope": EDGE, **edge}, **of)
    found = check(compile_design(design_of))
    assert [str(each.where) for each in found if each.id == "boundary-behind-nat"] == said


def test_what_presets_are_told_is_little_and_none_of_it_is_an_error():
    for each in shipped():
        found = check(compile_design(each.load()))
        assert {*SAID.get(each.name, DROPS)} == {finding.id for finding in found}, each.name
        assert all(finding.severity != "error" for finding in found)


def test_a_suppressed_finding_is_kept_aside_with_the_reason():
    of = design(families=["V4"], suppress=[{"id": "one-family", "reason": "IPv6 is off everywhere"}])
    report = examine(compile_design(of))
    assert [(each.finding.id, each.reason) for each in report.suppressed] == [("one-family", "IPv6 is off everywhere")]
    assert "one-family" not in {finding.id for finding in report.findings}


def test_a_suppression_may_be_of_one_place_alone():
    ports = [{"name": name, "protocol": "udp", "remote_ports": [port]} for name, port in (("a", 53), ("b", 123))]
    of = exempting(*ports, suppress=[{"id": "source-port", "reason": "answers only", "where": "exemption:a"}])
    places = {str(finding.where) for finding in check(compile_design(of)) if finding.id == "source-port"}
    assert places == {"exemption:b"}


def test_a_failed_assertion_can_be_suppressed_and_a_suppression_cannot():
    said = {"assert": [{"traffic": "out tcp", "verdict": "protected"}]}
    of = design(**said, suppress=[{"id": "assertion-failed", "reason": "until all peers have IPsec"}])
    assert "assertion-failed" not in ids(of)
    assert "unknown-suppression" in ids(design(suppress=[{"id": "unused-suppression", "reason": "no"}]))


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_suppression_of_what_an_export_or_a_machine_shows_is_neither_unknown_nor_unused(kind: str):
    found = ids(design(suppress=[{"id": kind, "reason": "known"}]))
    assert not {"unknown-suppression", "unused-suppression"} & set(found)


def test_a_misspelt_suppression_is_told_what_an_export_finds_too():
    of = design(suppress=[{"id": "inbound-defaults", "reason": "known"}])
    (found,) = [each for each in check(compile_design(of)) if each.id == "unknown-suppression"]
    assert found.remedy == "Write inbound-default or main-mode-default."


def test_errors_stand_first():
    of = exempting({}, families=["V4"], lifetime="dynamic")
    found = [finding.severity for finding in check(compile_design(of))]
    assert found == sorted(found, key=("error", "warning", "note").index)
    assert found[0] == "error"


def test_a_failed_assertion_names_the_witness_and_the_exemption():
    dns = {"name": "DNS over UDP", "protocol": "udp", "remote_ports": [53]}
    of = exempting(dns, **{"assert": [{"traffic": "in udp from any port 53", "verdict": "protected"}]})
    [finding] = [finding for finding in check(compile_design(of)) if finding.id == "assertion-failed"]
    assert finding.severity == "error"
    assert "in udp 10.0.0.5:53 -> 10.0.0.9:443 is exempt" in finding.message
    assert "exemption DNS over UDP" in finding.why[0].lower() + finding.why[1:]
