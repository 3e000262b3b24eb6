"""A Linux peer's side of a design: what is turned round, what is offered, what cannot be matched and is named."""

from ipaddress import ip_address
from typing import Any

import pytest

from ndtui.common.errors import InputError
from ndtui.exporters.contract import ExportError
from ndtui.exporters.linux_peer import libreswan, strongswan
from ndtui.exporters.linux_peer.peer_side import Hosts, PeerSide, peer_side, rule_named
from ndtui.exporters.linux_peer.peer_traffic import unseen
from ndtui.exporters.linux_peer.root_subject import root_subject
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.scope import Scope
from tests.exporters.linux_peer.peer_designs import EXPLICIT, ah, certificate, esp, main, peered
from tests.support import one_line, preset

PROGRAMS = {"libreswan": libreswan.PROGRAM, "strongswan": strongswan.PROGRAM}
KERBEROS = {"method": "IKEEXT_KERBEROS"}
PRE_SHARED = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:OFFICE_KEY"}
AUTHIP = {"authip_authentication": [KERBEROS]}
EVERYBODY = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1104)"


def side(
    of: Design,
    program: str = "strongswan",
    rule: str | None = None,
    windows: str | None = None,
    peer: str | None = None,
) -> PeerSide:
    hosts = Hosts(*(None if word is None else ip_address(word) for word in (windows, peer)))
    return peer_side(of, rule_named(of, rule), hosts, PROGRAMS[program])


def elements(found: PeerSide) -> list[str]:
    return [each.element for each in found.unmatched]


def ruling(*rules: dict[str, Any], **fields: Any) -> Design:
    return peered(rules=[{"name": f"r{number}", **rule} for number, rule in enumerate(rules)], **fields)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", ["nd-certificates", "nd-ike-only"])
def test_everything_of_the_presets_for_such_peers_is_matched(name: str, program: str):
    assert side(preset(name), program).unmatched == ()


def test_ikev2_is_asked_for_before_ike():
    assert [each.module for each in side(peered(("IKE", "IKEv2"))).connections] == ["IKEv2", "IKE"]
    assert [each.module for each in side(peered(("IKE",))).connections] == ["IKE"]


UNMATCHED: dict[str, tuple[Design, str]] = {
    "AuthIP": (peered(("IKE", "AuthIP"), main_mode=AUTHIP), "keying_modules AuthIP"),
    "extended mode": (peered(("IKE", "AuthIP"), main_mode=AUTHIP, extended_mode={}), "extended_mode"),
    "Kerberos": (
        peered(("IKE",), methods=(KERBEROS, certificate())),
        "main_mode.ike_authentication: IKEEXT_KERBEROS",
    ),
    "a key of one side": (
        peered(("IKEv2",), methods=({**PRE_SHARED, "flags": ["IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"]}, certificate())),
        "main_mode.ikev2_authentication: IKEEXT_PRESHARED_KEY",
    ),
    "EAP": (
        peered(("IKEv2",), methods=({"method": "IKEEXT_EAP"}, certificate())),
        "main_mode.ikev2_authentication: IKEEXT_EAP",
    ),
    "a thumbprint": (
        peered(("IKE",), methods=({**certificate(), "roots": ["thumbprint:" + "a" * 40]},)),
        "main_mode.ike_authentication: thumbprint:" + "a" * 40,
    ),
    "two roots": (
        peered(("IKE",), methods=({**certificate(), "roots": ["subject:CN=a", "subject:CN=b"]},)),
        "main_mode.ike_authentication: subject:CN=b",
    ),
    "encryption": (ruling({"encryption": "guaranteed"}), "rules 'r0'.encryption"),
    "machines": (ruling({"machines": EVERYBODY}), "rules 'r0'.machines"),
    "users": (
        ruling({"users": EVERYBODY}, modules=("IKE", "AuthIP"), main_mode=AUTHIP, extended_mode={}),
        "rules 'r0'.users",
    ),
    "what another rule adds": (ruling({}, {"mode": "inherit", "encryption": "guaranteed"}), "rules 'r1'.encryption"),
    "profiles": (ruling({"scope": {"profiles": ["domain"]}}), "rules 'r0'.scope.profiles"),
    "interfaces": (ruling({"scope": {"interfaces": ["wireless"]}}), "rules 'r0'.scope.interfaces"),
    "a range of ports": (
        ruling({"scope": {"protocol": "tcp", "local_ports": [443, "8000-8099"]}}),
        "rules 'r0'.scope.local_ports 8000-8099",
    ),
    "AH and ESP": (
        peered(("IKE",), quicks=(esp(), {**esp(), "transforms": [*ah()["transforms"], *esp()["transforms"]]})),
        "quick_mode.proposals[1]",
    ),
    "AH beside ESP": (peered(quicks=(esp(), ah())), "quick_mode.proposals[1]"),
    "encryption alone": (
        peered(
            quicks=(
                {"transforms": [{"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_128"}]},
                esp(),
            )
        ),
        "quick_mode.proposals[0]",
    ),
    "an exemption by profile": (
        peered(exemptions=[{"name": "e", "profiles": ["domain"]}]),
        "exemptions 'e'.profiles",
    ),
    "an exemption by program": (
        peered(exemptions=[{"name": "e", "program": "C:\\Windows\\x.exe"}]),
        "exemptions 'e'.program",
    ),
    "an exemption at some layers": (
        peered(exemptions=[{"name": "e", "layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]}]),
        "exemptions 'e'.layers",
    ),
    "an exemption by ICMP type": (
        peered(exemptions=[{"name": "e", "protocol": "icmp", "icmp_type": 8}]),
        "exemptions 'e'.icmp_type",
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("what", UNMATCHED)
def test_what_a_peer_cannot_match_is_named(what: str, program: str):
    made, element = UNMATCHED[what]
    found = side(made, program)
    assert element in elements(found)
    for each in found.unmatched:
        assert each.why
        one_line(f"{each.element} ({each.why})")


@pytest.mark.parametrize(
    ("program", "made", "element"),
    [
        ("libreswan", peered(("IKEv2",), mains=(main("DES"), main())), "main_mode.proposals[0]"),
        ("libreswan", peered(("IKEv2",), mains=(main(group="GROUP_2"), main())), "main_mode.proposals[0]"),
        ("libreswan", peered(("IKE",), quicks=(esp(), esp(pfs="ECP_384"))), "quick_mode.proposals[1]"),
        ("libreswan", peered(("IKEv2",), quicks=(esp(), esp(pfs="ECP_384"))), "quick_mode.proposals[1]"),
        ("libreswan", peered(("IKEv2",), quicks=(esp(), esp(pfs="NONE"))), "quick_mode.proposals[1]"),
        (
            "libreswan",
            peered(("IKE",), methods=(certificate(method="IKEEXT_CERTIFICATE_ECDSA_P256"), certificate())),
            "main_mode.ike_authentication: IKEEXT_CERTIFICATE_ECDSA_P256",
        ),
    ],
)
def test_what_one_program_alone_does_not_have(program: str, made: Design, element: str):
    assert elements(side(made, program)) == [element]
    assert elements(side(made, "strongswan")) == []


def test_proposals_of_a_module_and_of_a_rule_are_named_by_their_own_place():
    quick = {"ike_proposals": [esp(), esp(pfs="ECP_384")]}
    assert elements(side(peered(quick_mode=quick), "libreswan")) == ["quick_mode.ike_proposals[1]"]
    other = peered(("IKE",), quicks=(esp(), esp(pfs="ECP_256")))
    own = {"keying_modules": ["IKE"], "main_mode": other.main_mode, "quick_mode": other.quick_mode}
    found = side(ruling({"negotiation": own}), "libreswan")
    assert elements(found) == ["rules 'r0'.negotiation.quick_mode.proposals[1]"]


def test_where_encryption_is_guaranteed_only_what_encrypts_is_offered():
    quicks = (esp("HMAC_SHA_256_128", ""), esp())
    assert side(ruling({}, quicks=quicks)).connections[0].offer.quick == (
        "null-sha256-modp2048",
        "aes256gcm16-modp2048",
    )
    found = side(ruling({"encryption": "guaranteed"}, quicks=quicks))
    assert found.connections[0].offer.quick == ("aes256gcm16-modp2048",)


def test_main_modes_group_is_each_that_main_mode_has():
    made = peered(("IKE",), mains=(main(), main(group="ECP_384")), quicks=(esp(pfs="MM"),))
    assert side(made, "strongswan").connections[0].offer.quick == ("aes256gcm16-modp2048", "aes256gcm16-ecp384")
    offer = side(made, "libreswan").connections[0].offer
    assert (offer.quick, offer.pfs) == (("aes_gcm256",), True)


def test_lifetimes_are_the_shortest_of_what_is_offered():
    made = peered(
        mains=(main(lifetime_seconds=700), main("AES_128", lifetime_seconds=600)),
        quicks=(esp(lifetime_seconds=900, lifetime_kilobytes=30000), esp(pfs="NONE", lifetime_packets=77)),
    )
    offer = side(made).connections[0].offer
    assert (offer.main_seconds, offer.seconds, offer.kilobytes, offer.packets) == (600, 900, 30000, 77)


def test_addresses_and_ports_are_seen_from_the_peer():
    scope = {
        "protocol": "tcp",
        "local_addresses": ["10.1.0.0/16"],
        "remote_addresses": ["10.2.0.1-10.2.0.2"],
        "local_ports": [443],
        "remote_ports": [5000, 5001],
    }
    (found,) = side(ruling({"scope": scope})).selected
    assert [str(each) for each in found.windows] == ["10.1.0.0/16"]
    assert [str(each) for each in found.peers] == ["10.2.0.1/32", "10.2.0.2/32"]
    assert [tuple(each) for each in found.services] == [(6, 5000, 443), (6, 5001, 443)]


def test_one_of_two_ports_is_two_services():
    scope = {"protocol": "udp", "local_ports": [53], "remote_ports": [88], "either_port": True}
    for found in side(ruling({"scope": scope})).selected:
        assert [tuple(each) for each in found.services] == [(17, None, 53), (17, 88, None)]


def test_icmp_is_another_protocol_in_each_family():
    found = side(ruling({"scope": {"protocol": "icmp"}})).selected
    assert [(each.family, each.services[0].protocol) for each in found] == [("V4", 1), ("V6", 58)]


def test_an_exemption_is_seen_from_the_peer_and_by_the_host_that_is_named():
    exemption = {
        "name": "ssh",
        "protocol": "tcp",
        "local_ports": [22],
        "local_addresses": ["192.0.2.0/24"],
        "remote_addresses": ["10.0.0.0/8"],
    }
    made = peered(exemptions=[exemption, {"name": "off", "enabled": False}])
    ((name, (passage,)),) = side(made).exempt
    assert (name, str(passage.peer), str(passage.windows)) == ("ssh", "10.0.0.0/8", "192.0.2.0/24")
    assert tuple(passage.service) == (6, None, 22)
    ((_, (passage,)),) = side(made, windows="192.0.2.9").exempt
    assert str(passage.windows) == "192.0.2.9/32"
    assert side(made, windows="198.51.100.1").exempt == ()
    assert side(made, windows="2001:db8::1").exempt == ()


def test_an_exemption_that_a_peer_can_half_see_does_not_go_in_clear():
    for name in ("e", "local_ports 1-2"):  # no name makes another of what is missing
        made = peered(exemptions=[{"name": name, "protocol": "tcp", "local_ports": [22], "profiles": ["domain"]}])
        found = side(made)
        assert elements(found) == [f"exemptions {name!r}.profiles"]
        assert found.exempt == ()
    made = peered(exemptions=[{"name": "e", "protocol": "tcp", "local_ports": [22, "80-90"]}])
    assert [each.service.windows_port for each in side(made).exempt[0].passages] == [22, 22]


class NewerScope(Scope):
    """A scope that has learnt something that no peer was taught."""

    weather: str = ""


class NewerExemption(Exemption):
    """An exemption that has learnt something that no peer was taught."""

    weather: str = ""


def test_a_field_that_nobody_thought_of_is_named_and_not_passed_over():
    for said, silent in (
        (NewerScope(weather="x"), NewerScope(protocol="tcp", local_ports=[1])),
        (NewerExemption(name="e", weather="x"), NewerExemption(name="e", families=["V4"], comment="c")),
    ):
        assert [tuple(each) for each in unseen(said, "there")] == [
            ("there.weather", "a Linux peer has no such condition")
        ]
        assert list(unseen(silent, "there")) == []


def test_an_address_that_is_none_of_the_rule_is_refused():
    made = ruling({"scope": {"local_addresses": ["10.1.0.0/16"], "remote_addresses": ["10.2.0.0/16"]}})
    for windows, peer, words in (
        ("10.3.0.1", None, r"--windows 10.3.0.1 is no address of the rule: name one of 10.1.0.0/16"),
        ("10.1.0.1", "10.1.0.1", r"--peer 10.1.0.1 is no address of the rule: name one of 10.2.0.0/16"),
        ("2001:db8::1", None, "--windows 2001:db8::1 is V6, which the rule leaves out: name V4"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            side(made, windows=windows, peer=peer)
        one_line(str(caught.value))
    with pytest.raises(InputError, match="of two address families"):
        side(peered(), windows="10.0.0.1", peer="2001:db8::1")
    (found,) = side(made, windows="10.1.0.1", peer="10.2.0.1").selected
    assert (str(found.windows[0]), str(found.peers[0])) == ("10.1.0.1/32", "10.2.0.1/32")


def test_a_rule_is_named_where_several_protect():
    made = ruling({}, {"mode": "require", "scope": {"protocol": "tcp"}}, {"enabled": False})
    with pytest.raises(InputError, match="several rules of the design protect: name one with --rule: 'r0', 'r1'"):
        side(made)
    assert side(made, rule="r1").selected[0].services[0].protocol == 6
    for wrong in ("r2", "r3", "\x1b[2J"):
        with pytest.raises(InputError, match="is no rule of the design that is on and protects by itself") as caught:
            side(made, rule=wrong)
        one_line(str(caught.value))
    assert any("Other rules of the design are not in here: r1." in each for each in side(made, rule="r0").remarks)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_design_of_which_nothing_is_left_says_what_would_do(program: str):
    with pytest.raises(
        ExportError, match=r"has nothing to negotiate: keying_modules AuthIP .*nd-certificates"
    ) as caught:
        side(preset("nd-transport"), program)
    one_line(str(caught.value))
    with pytest.raises(ExportError, match=r"nothing to negotiate: rules 'r0'.scope.local_ports 1-9"):
        side(ruling({"scope": {"protocol": "tcp", "local_ports": ["1-9"]}}), program)


@pytest.mark.parametrize(
    "scope",
    [
        {"local_addresses": [f"10.0.{number}.1-10.0.{number}.254" for number in range(20)]},
        {"protocol": "tcp", "local_ports": [*range(1, 40, 2)], "remote_ports": [*range(1, 40, 2)]},
    ],
)
def test_more_than_anybody_reads_is_refused(scope: dict[str, Any]):
    with pytest.raises(ExportError, match="the peer would have more than 256"):
        side(ruling({"scope": scope}))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("CN=Example Root CA", "CN=Example Root CA"),
        ("CN=a, S=Oregon, SN=b,C=US", "CN=a, ST=Oregon, S=b,C=US"),
        ("cn=a, s=x", "cn=a, ST=x"),
        ("CN=a # } ; b", "CN=a # } ; b"),
        ("DC=example,DC=com", "DC=example,DC=com"),
        *((wrong, None) for wrong in ("%any", "x", "@CN=a", '"CN=a"', "CN=a\\,b", "CN=Gr\u00f6\u00dfe", "=a", "")),
    ],
)
def test_a_subject_is_written_as_both_programs_read_it(written: str, read: str | None):
    assert root_subject(written) == read


def test_a_root_that_cannot_be_written_is_no_root_left_out():
    for lossy_or_not in ("%any", 'CN="a"'):
        with pytest.raises(ExportError, match="the subject of a root of main_mode"):
            side(peered(methods=(certificate(lossy_or_not),)))


def test_what_has_to_be_known_of_certificates_is_said():
    method = {
        "method": "IKEEXT_CERTIFICATE",
        "inbound": EXPLICIT,
        "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
        "inbound_criteria": [{"root": "subject:CN=a", "key_usages": ["1.3.6.1.5.5.8.2.2"]}],
    }
    remarks = "\n".join(side(peered(("IKE",), methods=(method,))).remarks)
    assert "Windows takes its certificate from CERT_CONFIG_ENTERPRISE_STORE: the design names no root" in remarks
    assert "Windows wants more of this peer's certificate than its root: key usages." in remarks
    found = side(peered(("IKE",), methods=(method,))).connections[0].proof
    assert (found.windows_root, found.peer_roots) == ("", ("subject:CN=a",))
    remarks = "\n".join(
        side(peered(("IKE",), methods=({**method, "inbound": method["outbound"], "inbound_criteria": []},))).remarks
    )
    assert "this peer's certificate has to be under a root of Windows' CERT_CONFIG_ENTERPRISE_STORE" in remarks


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("negotiation-discovery", "What Windows begins itself goes in clear while it negotiates"),
        ("boundary", "Windows asks for protection and requires it in neither direction"),
        ("require", "Windows drops what is not protected, in both directions"),
    ],
)
def test_what_the_mode_means_for_the_peer_is_said(mode: str, words: str):
    assert words in side(ruling({"mode": mode})).remarks[0]


def test_address_translation_and_quick_mode_limits_are_said():
    flag = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT"
    assert any("Address translation must not be on the way" in each for each in side(peered()).remarks)
    remarks = side(peered(quick_mode={"flags": [flag]}, mains=(main(quick_mode_limit=3),))).remarks
    assert any("This peer may be behind address translation" in each for each in remarks)
    assert any("after 3 quick modes of a main mode" in each for each in remarks)


def test_a_design_with_every_module_is_one_with_two_for_a_peer():
    made = change(preset("nd-certificates"), keying_modules=("IKE", "AuthIP", "IKEv2"))
    assert elements(side(made)) == ["keying_modules AuthIP"]
    assert side(made).connections == side(preset("nd-certificates")).connections


def test_a_pre_shared_key_is_its_reference():
    assert {each.proof.key for each in side(peered(methods=(PRE_SHARED,))).connections} == {"env:OFFICE_KEY"}
