"""What ndtui peer prints, read by the parsers of libreswan and strongSwan themselves."""

from pathlib import Path
from typing import Any

import pytest

from ndtui.exporters.contract import ExportError
from ndtui.exporters.linux_peer.algorithm_names import LIBRESWAN, STRONGSWAN
from ndtui.model.design.design import Design, change
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import members
from tests.exporters.linux_peer.peer_designs import HOSTILE, ah, certificate, esp, main, peered, written
from tests.exporters.linux_peer.peer_pluto import ADDRESS, ADDRESS_V6, Pluto
from tests.exporters.linux_peer.peer_programs import Libreswan, Strongswan
from tests.support import preset

PRE_SHARED = {"method": "IKEEXT_PRESHARED_KEY", "key": "keyring:office"}
EXEMPT = [
    {"name": HOSTILE, "protocol": "tcp", "local_ports": [22, 3389], "remote_addresses": ["10.0.0.0/8", "fe80::/10"]},
    {"name": "ICMP", "protocol": "icmp"},
    {"name": "all of one", "local_addresses": ["192.0.2.7"]},
]

#: Designs of every kind, each with the address of the Windows host.
DESIGNS: dict[str, tuple[Design, str | None]] = {
    "nd-certificates": (preset("nd-certificates"), "192.0.2.7"),
    "nd-certificates, IPv6": (preset("nd-certificates"), "2001:db8::7"),
    "nd-certificates, any host": (preset("nd-certificates"), None),
    "nd-ike-only": (preset("nd-ike-only"), "192.0.2.7"),
    "hostile": (peered(methods=(certificate("CN=#} x; {y, O=a#b"),), exemptions=EXEMPT, name=HOSTILE), "192.0.2.7"),
    "pre-shared key": (peered(methods=(PRE_SHARED,)), "192.0.2.7"),
    "AH": (peered(quicks=(ah(),)), "192.0.2.7"),
    "no PFS": (peered(quicks=(esp(pfs="NONE"),)), "192.0.2.7"),
    "main mode's group": (peered(mains=(main(), main(group="ECP_384")), quicks=(esp(pfs="MM"),)), "192.0.2.7"),
    "ECDSA": (peered(("IKEv2",), (certificate(method="IKEEXT_CERTIFICATE_ECDSA_P384"),)), "192.0.2.7"),
    "the shortest": (
        peered(mains=(main(lifetime_seconds=1),), quicks=(esp(lifetime_seconds=300, lifetime_packets=1),)),
        "192.0.2.7",
    ),
    "the longest": (
        peered(
            mains=(main(lifetime_seconds=0xFFFFFFFF),),
            quicks=(esp(lifetime_seconds=172800, lifetime_kilobytes=0x7FFFFFFF, lifetime_packets=0xFFFFFFFF),),
            quick_mode={"idle_timeout_seconds": 0xFFFFFFFF},
        ),
        "192.0.2.7",
    ),
    "services": (
        peered(rules=[{"scope": {"protocol": "tcp", "local_ports": [443], "remote_ports": [80], "either_port": True}}]),
        "192.0.2.7",
    ),
    "networks": (
        peered(rules=[{"scope": {"local_addresses": ["10.0.0.0/8", "192.0.2.7", "2001:db8::/64"]}}]),
        None,
    ),
    "a peer's address": (peered(rules=[{"scope": {"remote_addresses": ["10.0.0.1-10.0.0.9", "fe80::1"]}}]), None),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_libreswan_reads_what_is_written_for_it(name: str, libreswan: Libreswan, tmp_path: Path):
    made, windows = DESIGNS[name]
    text = written(made, "libreswan", windows=windows)
    assert libreswan.check(text, tmp_path) == ""


#: Those whose hosts can be where the daemon runs: with an address of IPv4, or any.
AT_A_HOST = [name for name in DESIGNS if name not in ("nd-certificates, IPv6", "a peer's address")]


@pytest.mark.parametrize("name", AT_A_HOST)
def test_libreswans_daemon_adds_every_connection(name: str, pluto: Pluto):
    made, windows = DESIGNS[name]
    made = change(made, families=("V4",), rules=[without_v6(rule) for rule in made.rules], exemptions=[])
    text = written(made, "libreswan", windows=windows, peer=ADDRESS)
    assert pluto.load(text) == ""


def test_libreswans_daemon_adds_what_goes_in_clear(pluto: Pluto):
    exempt = [{"name": "a", "protocol": "tcp", "local_ports": [22]}, {"name": "b", "protocol": "icmp"}, {"name": "c"}]
    for windows in ("192.0.2.7", None):
        assert (
            pluto.load(written(peered(exemptions=exempt, families=["V4"]), "libreswan", windows=windows, peer=ADDRESS))
            == ""
        )


def test_libreswans_daemon_adds_connections_of_ipv6(pluto: Pluto):
    assert pluto.load(written(preset("nd-certificates"), "libreswan", windows="2001:db8::7", peer=ADDRESS_V6)) == ""


def test_libreswans_daemon_refuses_what_is_wrong(pluto: Pluto):
    text = written(preset("nd-certificates"), "libreswan", peer=ADDRESS)
    assert "wildcard" in pluto.load(text.replace("protoport=1/0", "protoport=1/%any"))


def without_v6(rule: Rule) -> dict[str, Any]:
    addresses = tuple(each for each in rule.scope.local_addresses if each.family == "V4")
    return {**dict(rule), "scope": {**dict(rule.scope), "local_addresses": addresses}}


@pytest.mark.parametrize("name", DESIGNS)
def test_strongswan_loads_what_is_written_for_it(name: str, strongswan: Strongswan):
    made, windows = DESIGNS[name]
    text = written(made, "strongswan", windows=windows)
    assert strongswan.load(text) == ""


def test_strongswan_has_the_connections_that_were_meant(strongswan: Strongswan):
    assert strongswan.load(written(preset("nd-certificates"), "strongswan")) == ""
    said = strongswan.connections()
    assert "nd-certificates-ikev2: IKEv2" in said
    assert "nd-certificates-ike: IKEv1" in said
    assert "ca_id: CN=Example Root CA" in said
    assert said.count("protected: TRANSPORT, rekeying every 3240s or 92160000 bytes") == 2
    assert "exempt-1-1: PASS" in said
    assert "remote: 192.0.2.7/32[icmp]" in said


def test_nothing_in_a_text_is_a_section_of_strongswan(strongswan: Strongswan):
    made, windows = DESIGNS["hostile"]
    assert strongswan.load(written(made, "strongswan", windows=windows)) == ""
    said = strongswan.connections()
    sections = [line.split(":")[0] for line in said.splitlines() if not line.startswith(" ")]
    assert sorted(sections) == ["exempt", "x-y-x-conn-z-ike", "x-y-x-conn-z-ikev2"]
    assert "ca_id: CN=#} x; {y, O=a#b" in said


def test_nothing_in_a_text_is_a_section_of_libreswan(libreswan: Libreswan, tmp_path: Path):
    made, windows = DESIGNS["hostile"]
    found = libreswan.connections(written(made, "libreswan", windows=windows), tmp_path)
    exempt = ["exempt-1-1", "exempt-1-2", "exempt-2-1", "exempt-3-1"]
    assert sorted(found) == [*exempt, "x-y-x-conn-z-ike-ipv4", "x-y-x-conn-z-ikev2-ipv4"]


@pytest.mark.parametrize("name", ["nd-zones", "nd-domain-member", "nd-remote-identity", "nd-guaranteed-encryption"])
@pytest.mark.parametrize("program", ["libreswan", "strongswan"])
def test_what_is_left_out_leaves_a_configuration(
    name: str, program: str, request: pytest.FixtureRequest, tmp_path: Path
):
    reader: Any = request.getfixturevalue(program)
    ready = preset("nd-certificates")
    made = change(
        preset(name), keying_modules=("IKE", "AuthIP", "IKEv2"), main_mode=ready.main_mode, quick_mode=ready.quick_mode
    )
    protecting = [rule.name for rule in made.rules if MODES[rule.mode].protects]
    for rule in protecting:
        with pytest.raises(ExportError, match="cannot match keying_modules AuthIP"):
            written(made, program, windows=None, rule=rule)
        text = written(made, program, windows=None, rule=rule, lossy=True)
        assert (reader.check(text, tmp_path) if program == "libreswan" else reader.load(text)) == ""


def test_the_parsers_refuse_what_is_wrong(libreswan: Libreswan, strongswan: Strongswan, tmp_path: Path):
    made = preset("nd-certificates")
    text = written(made, "libreswan")
    for right, wrong in (("auto=add", "auto=never"), ("\tpfs=yes", "\tnonsense=yes"), ("dh20", "dh20x")):
        assert libreswan.check(text.replace(right, wrong), tmp_path) != ""
    text = written(made, "strongswan")
    for right, wrong in (
        ("sha384", "sha385"),
        ("start_action = trap", "start_action = x"),
        ("peer.pem\n", "x.pem\n"),
        ("connections {", "connections"),
    ):
        assert strongswan.load(text.replace(right, wrong)) != ""


MAIN = [
    main(
        cipher.removeprefix("IKEEXT_CIPHER_"),
        integrity.removeprefix("IKEEXT_INTEGRITY_"),
        group.removeprefix("IKEEXT_DH_"),
    )
    for cipher in members("IKEEXT_CIPHER_TYPE")
    for integrity in members("IKEEXT_INTEGRITY_TYPE")
    for group in members("IKEEXT_DH_GROUP")
    if group != "IKEEXT_DH_GROUP_NONE"
]
AUTHS = ("HMAC_MD5_96", "HMAC_SHA_1_96", "HMAC_SHA_256_128")
GCMS = ("GCM_AES_128", "GCM_AES_192", "GCM_AES_256")
QUICK = [
    *(
        esp(auth, cipher)
        for auth in AUTHS
        for cipher in ("", "CBC_3DES", "CBC_DES", "CBC_AES_128", "CBC_AES_192", "CBC_AES_256")
    ),
    *(esp(gcm, gcm) for gcm in GCMS),
    *(esp(gcm, "") for gcm in GCMS),
]


@pytest.mark.parametrize("module", ["IKE", "IKEv2"])
@pytest.mark.parametrize("program", ["libreswan", "strongswan"])
def test_every_name_of_an_algorithm_is_one_of_the_program(
    program: str, module: KeyingModule, request: pytest.FixtureRequest, tmp_path: Path
):
    reader: Any = request.getfixturevalue(program)
    mains = [each for each in MAIN if module == "IKEv2" or "GCM" not in each["cipher"]]
    names = LIBRESWAN if program == "libreswan" else STRONGSWAN
    for quicks in (QUICK, [ah(auth) for auth in (*AUTHS, *GCMS)]):
        # at most 64 proposals of each kind are in a design
        for start in range(0, len(mains), 60):
            offered = {f"{module.lower()}_proposals": mains[start : start + 60]}
            made = peered((module,), quicks=tuple(quicks), main_mode=offered)
            try:
                text = written(made, program, lossy=True)
            except ExportError:
                assert all(names.main(each) is None for each in made.main_mode.offers(module))
                continue
            assert (reader.check(text, tmp_path) if program == "libreswan" else reader.load(text)) == ""
