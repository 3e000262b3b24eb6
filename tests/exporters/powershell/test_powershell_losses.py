"""What Windows Firewall has no place for: named by the element, refused, or left out and said so at the head."""

from typing import Any

import pytest

from ndtui.exporters.contract import ExportError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.exporters.powershell.exported import FORMAT, script_of
from tests.exporters.powershell.sayable_designs import packets_near
from tests.exporters.powershell.test_powershell_meaning import assert_alike

TCP = {"protocol": "tcp", "local_ports": [1433]}
CERTIFICATE = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "roots": ["subject:CN=Example Root CA"],
}
ROOT = "subject:CN=Example Root CA"
TWO = [{"root": ROOT, "key_usages": ["1.3.6.1.5.5.8.2.2"]}, {"root": "subject:CN=Other", "name": "x", "name_type":
       "IKEEXT_CERT_CRITERIA_DNS"}]  # fmt: skip
RENEWED = [{"root": ROOT, "thumbprint": "0a" * 20, "flags": ["IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE"]}]
KERBEROS = {"method": "IKEEXT_KERBEROS"}
_FORCED = "IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR"
_NO_CRL = "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"
_MAIN = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
_GCM = {**_MAIN, "cipher": "IKEEXT_CIPHER_AES_GCM_128_16ICV"}
_AH = {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}
_ESP = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}


def design(*rules: dict[str, Any], **fields: Any) -> Design:
    """Return a design of rules, or with the base rule."""
    return Design.model_validate({"name": "lossy", "version": 2, "rules": list(rules) or [{"name": "base"}], **fields})


def exempt(**fields: Any) -> dict[str, Any]:
    """Return the fields of a design with one exemption."""
    return {"exemptions": [{"name": "E", **fields}]}


def main(**fields: Any) -> dict[str, Any]:
    """Return the fields of a design whose main mode says more."""
    return {"main_mode": fields}


def quick(**fields: Any) -> dict[str, Any]:
    """Return the fields of a design whose quick mode says more."""
    return {"quick_mode": fields}


IKE, AUTHIP, IKEV2 = {"keying_modules": ["IKE"]}, {"keying_modules": ["AuthIP"]}, {"keying_modules": ["IKEv2"]}

#: What is left out, element by element, with the word that its reason has.
LOST = [
    (design({"name": "R", "weight_range": 3}), "rule 'R' weight_range", "order"),
    (design(sublayer={"kind": "own", "weight": 1}), "sublayer own", "sublayers"),
    (design({"name": "R", "nd_secure": False}), "rule 'R' nd_secure", "follows"),
    (design({"name": "R", "ale_persist_context": True}), "rule 'R' ale_persist_context", "raw contexts"),
    (design(lifetime="dynamic"), "lifetime dynamic", "session"),
    (design(lifetime="persistent", before_bfe=["inbound"]), "before_bfe inbound", "boot-time"),
    (design(lifetime="persistent", **exempt(before_bfe=True)), "exemption 'E' before_bfe", "boot-time"),
    (design(**exempt(program=r"C:\x.exe")), "exemption 'E'", "program"),
    (design(**exempt(protocol="icmp", icmp_type=8)), "exemption 'E'", "type of ICMP"),
    (design(**exempt(protocol=1)), "exemption 'E'", "other address family"),
    (design(**exempt(protocol="icmp", layers=["FWPM_LAYER_INBOUND_TRANSPORT"])), "exemption 'E'", "layers"),
    (
        design(**exempt(protocol="tcp", local_ports=[80], layers=["FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"])),
        "exemption 'E'",
        "layers",
    ),
    (
        design({"name": "base"}, {"name": "X", "mode": "inherit", "encryption": "guaranteed", "scope": TCP},
               **exempt(protocol="tcp", remote_addresses=["192.0.2.1"])),
        "exemption 'E'",
        "rule 'X' asks for more",
    ),
    (
        design({"name": "A"}, {"name": "B", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8"]}}),
        "rule 'B'",
        "in another way",
    ),
    (
        design(
            {"name": "A", "scope": {"protocol": "tcp", "local_ports": [1]}},
            {
                "name": "B",
                "scope": {"protocol": "tcp", "local_ports": [2]},
                "negotiation": {"main_mode": {"proposals": [_MAIN]}},
            },
        ),
        "rule 'B'",
        "main mode knows addresses alone",
    ),
    (
        design(
            {"name": "A", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
            {"name": "X", "mode": "inherit", "encryption": "guaranteed", "scope": TCP},
        ),
        "rule 'X'",
        "weights",
    ),
    (
        design(
            {"name": "A"},
            {"name": "X", "mode": "inherit", "encryption": "guaranteed", "scope": TCP},
            {"name": "Y", "mode": "inherit", "machines": "O:LSD:(A;;CC;;;DC)", "scope": TCP},
        ),
        "rule 'Y'",
        "something else",
    ),
    (
        design({"name": "A", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
               {"name": "R", "scope": {"protocol": "tcp", "local_ports": ["1000-2000"]}}),
        "rule 'R'",
        "ranges of ports",
    ),
    (
        design({"name": "A"}, {"name": "R", "mode": "inherit", "machines": f"D:{'(A;;CC;;;DC)' * 900}", "scope": TCP}),
        "rule 'R'",
        "9999 characters",
    ),
    (design(**main(authip_authentication=[KERBEROS, {"method": "IKEEXT_NTLM_V2"}])),
     "main_mode.ike_authentication", "takes none of them"),
    (design(**AUTHIP, **main(authip_authentication=[KERBEROS, {**CERTIFICATE, "method": "IKEEXT_SSL"}])),
     "main_mode IKEEXT_SSL", "do not have it"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {**CERTIFICATE, "flags": [_NO_CRL]}])),
     "main_mode IKEEXT_CERTIFICATE flags", "flags"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {**CERTIFICATE, "roots": ["thumbprint:" + "0a" * 20]}])),
     "main_mode IKEEXT_CERTIFICATE thumbprint:" + "0a" * 20, "distinguished name"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_UNSPECIFIED"}])),
     "main_mode IKEEXT_CERTIFICATE", "authority"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {**CERTIFICATE, "roots": [], "inbound_criteria": TWO,
                                                         "outbound_criteria": TWO}])),
     "main_mode IKEEXT_CERTIFICATE", "exactly one"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {**CERTIFICATE, "inbound_criteria": RENEWED}])),
     "main_mode IKEEXT_CERTIFICATE IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE", "cannot be said"),
    (design(**IKEV2, **main(ikev2_authentication=[{**CERTIFICATE, "certificate_url": "http://pki.example/x.cer"}])),
     "main_mode IKEEXT_CERTIFICATE certificate_url", "cannot be said"),
    (design(**IKE, **main(ike_authentication=[KERBEROS, {"method": "IKEEXT_PRESHARED_KEY", "key": "keyring:x"}])),
     "main_mode IKEEXT_PRESHARED_KEY", "environment"),
    (design(**main(impersonation="IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL")), "main_mode.impersonation", "chosen"),
    (design(**main(max_dynamic_filters=3)), "main_mode.max_dynamic_filters", "cannot say"),
    (design(**main(retransmit_seconds=200)), "main_mode.retransmit_seconds", "cannot say"),
    (design(**main(flags=["IKEEXT_POLICY_FLAG_DISABLE_DIAGNOSTICS"])),
     "main_mode.flags IKEEXT_POLICY_FLAG_DISABLE_DIAGNOSTICS", "no such flag"),
    (design(**main(proposals=[{**_MAIN, "lifetime_seconds": 90}])), "main_mode.proposals lifetime_seconds", "minutes"),
    (design(**main(proposals=[{**_MAIN, "quick_mode_limit": 2**32 - 1}])),
     "main_mode.proposals quick_mode_limit", "limit"),
    (design(**main(authip_proposals=[_MAIN])), "main_mode.authip_proposals", "all keying modules"),
    (design(**quick(nd_allow_clear_timeout_seconds=11)), "quick_mode.nd_allow_clear_timeout_seconds", "10 s"),
    (design(**quick(idle_timeout_seconds=60)), "quick_mode.idle_timeout_seconds", "300 s"),
    (design(**quick(idle_timeout_failover_seconds=61)), "quick_mode.idle_timeout_failover_seconds", "60 s"),
    (design(**quick(flags=["IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT"])),
     "quick_mode.flags IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT", "address translation"),
    (design(**quick(proposals=[{"transforms": [_ESP], "lifetime_packets": 9}])),
     "quick_mode.proposals[0].lifetime_packets", "packets"),
    (design(**quick(proposals=[{"transforms": [_ESP]}, {"transforms": [_ESP], "pfs_group": "IPSEC_PFS_NONE"}])),
     "quick_mode.proposals[1]", "one group"),
    (design(**quick(proposals=[{"transforms": [_ESP]}, {"transforms": [_AH, _ESP]}])),
     "quick_mode.proposals[1]", "same hash"),
    (design(**IKEV2, **main(ikev2_authentication=[CERTIFICATE]),
            **quick(proposals=[{"transforms": [_ESP]}, {"transforms": [_AH]}])), "quick_mode.proposals[1]", "IKEv2"),
    (design(**AUTHIP, extended_mode={"impersonation": "IKEEXT_IMPERSONATION_NONE"}),
     "extended_mode.impersonation", "socket"),
    (design(**AUTHIP, extended_mode={"authentication": [KERBEROS, {**CERTIFICATE, "method": "IKEEXT_SSL"}]}),
     "extended_mode IKEEXT_SSL", "do not have it"),
    (design(**AUTHIP, extended_mode={"authentication": [{**KERBEROS, "flags": [_FORCED]}]}),
     "extended_mode IKEEXT_KERBEROS flags", "no flags"),
    (design(**main(ike_authentication=[KERBEROS, CERTIFICATE])),
     "main_mode IKEEXT_CERTIFICATE", "AuthIP would use"),
    (design(**IKEV2, **main(ikev2_authentication=[CERTIFICATE, {"method": "IKEEXT_PRESHARED_KEY", "key": "env:K"}])),
     "main_mode IKEEXT_PRESHARED_KEY", "certificates alone"),
    (design(**IKEV2, **main(ikev2_authentication=[CERTIFICATE], ikev2_proposals=[_MAIN, _GCM])),
     "main_mode.proposals[1]", "algorithms"),
    (
        design(
            {"name": "base", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
            exemptions=[
                {"name": "E", "protocol": "tcp", "remote_ports": [53], "layers": [
                    "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]},
                {"name": "wired", "protocol": "tcp", "interfaces": ["lan"]},
            ],
        ),
        "exemption 'E'",
        "types of interfaces",
    ),
]  # fmt: skip

#: What cannot be left out either.
FATAL = [
    (design(keying_modules=["IKE", "AuthIP", "IKEv2"]), "keying_modules IKE, AuthIP, IKEv2", "one keying module"),
    (
        design(keying_modules=["IKE", "IKEv2"],
               **main(ike_authentication=[CERTIFICATE], ikev2_authentication=[CERTIFICATE])),
        "keying_modules IKE, IKEv2",
        "24H2",
    ),
    (design(extended_mode={}), "extended_mode", "AuthIP alone"),
    (design(**main(authip_authentication=[{"method": "IKEEXT_ANONYMOUS"}, KERBEROS], ike_authentication=[KERBEROS])),
     "main_mode.authip_authentication", "one list of methods"),
    (design(**IKEV2, **main(ikev2_authentication=[CERTIFICATE], ikev2_proposals=[_GCM])),
     "main_mode.proposals", "no proposal is left"),
    (design(windows="7"), "windows 7", "Windows 8"),
    (
        design(**main(authip_authentication=[{"method": "IKEEXT_NTLM_V2"}, KERBEROS], ike_authentication=[
            KERBEROS, {"method": "IKEEXT_PRESHARED_KEY", "key": "env:K"}])),
        "main_mode",
        "not both",
    ),
    (
        design(**IKEV2, **main(ikev2_authentication=[{"method": "IKEEXT_PRESHARED_KEY", "key": "env:K"}])),
        "main_mode",
        "no method of authentication is left",
    ),
    (
        design(**AUTHIP, extended_mode={"authentication": [{"method": "IKEEXT_ANONYMOUS"}]}),
        "extended_mode",
        "anonymous alone",
    ),
    (
        design(**quick(proposals=[{"transforms": [
            {"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256"}]}])),
        "quick_mode.proposals",
        "no proposal is left",
    ),
    (
        design({"name": "R", "scope": {"protocol": "tcp", "local_ports": ["1000-2000"]}}),
        "rules",
        "no rule that protects is left",
    ),
]  # fmt: skip


def _named(said: Design, element: str, why: str) -> None:
    missing = FORMAT.unsupported(compile_design(said), {})
    found = [each for each in missing if each.element == element]
    assert found, missing
    assert why in found[0].why
    with pytest.raises(ExportError, match="cannot express"):
        script_of(said)


@pytest.mark.parametrize(("said", "element", "why"), LOST, ids=[f"{n} {each[1]}" for n, each in enumerate(LOST)])
def test_what_is_lost_is_named_and_stands_at_the_head(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    head = script_of(said, lossy=True).partition("[CmdletBinding")[0]
    assert "LEFT OUT" in head
    assert f"#   - {element}: " in head


@pytest.mark.parametrize(("said", "element", "why"), FATAL, ids=[f"{n} {each[1]}" for n, each in enumerate(FATAL)])
def test_what_cannot_be_left_out_is_refused_all_the_same(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    with pytest.raises(ExportError, match="cannot leave out"):
        script_of(said, lossy=True)


def test_what_goes_without_saying_is_no_loss() -> None:
    """Rules that are off, ports next to each other, addresses in hundreds, rules that say the same twice."""
    said = design(
        {"name": "base", "scope": {"protocol": "tcp", "local_ports": ["80-83"]}},
        {"name": "the same", "scope": {"protocol": "tcp", "local_ports": [81]}},
        {"name": "off", "mode": "require", "enabled": False},
        exemptions=[
            {"name": "many", "remote_addresses": [f"10.0.{n}.1" for n in range(130)]},
            {"name": "switched off", "program": "C:\\x.exe", "enabled": False},
        ],
    )
    assert not FORMAT.unsupported(compile_design(said), {})
    text = script_of(said)
    assert "-LocalPort @('80', '81', '82', '83')" in text
    assert text.count("New-NetIPsecRule") == 2 + 3
    assert_alike(said, list(packets_near(said, 2000, seed=1)))


@pytest.mark.parametrize(("authority", "characters"), [(123456, 9_999), (1234567, 10_000)])
def test_access_lists_are_taken_below_the_limit_of_firewall_rules(authority: int, characters: int) -> None:
    """[MS-FASP] 2.2.37: an access list has fewer than 10,000 characters."""
    listed = f"D:{'(A;;CC;;;DC)' * 831}(A;;CC;;;S-1-5-21-{authority})"
    assert len(listed) == characters
    said = design({"name": "A"}, {"name": "R", "mode": "inherit", "machines": listed, "scope": TCP})
    assert any("characters" in each.why for each in FORMAT.unsupported(compile_design(said), {})) == (
        characters == 10_000
    )


def test_an_exemption_for_answers_alone_blocks_new_connections() -> None:
    """Exempt at the transport layers and not where connections are accepted: a firewall rule blocks those."""
    said = design(
        {"name": "base", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
        exemptions=[
            {"name": "DNS", "protocol": "udp", "remote_ports": [53], "layers": [
                "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]},
            {"name": "one host", "remote_addresses": ["10.0.0.9"]},
        ],
    )  # fmt: skip
    (line,) = (line for line in script_of(said).splitlines() if "New-NetFirewallRule" in line)
    assert "-Direction 'Inbound' -Action 'Block'" in line
    assert "-RemoteAddress @('10.0.0.0-10.0.0.8', '10.0.0.10-10.255.255.255')" in line
    assert_alike(said, list(packets_near(said, 3000, seed=4)))
