"""Reconstruct: compile, write as netsh does, read, reconstruct - and it is the same design, or what is not is named."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.analysis.dump import read_dump
from ndtui.analysis.reconstruct.design_from_dump import Reconstruction, reconstruct
from ndtui.analysis.reconstruct.policies_from_contexts import UNKNOWN_KEY
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, change, derived_id
from ndtui.model.files import presets
from ndtui.model.scenarios.catalogue import MODES
from tests.machines import MACHINES, machine_file
from tests.netsh import show_filters, show_state
from tests.strategies import designs
from tests.support import design as plain
from tests.support import documents, exempting, preset

PRESETS = [each.name for each in presets.shipped()]


def reconstructed(tmp_path: Path, text: str, **options: Any) -> Reconstruction:
    path = tmp_path / "state.xml"
    path.write_text(text, encoding="utf-8")
    return reconstruct(read_dump(path), **options)


def in_objects(design: Design) -> Design:
    """Return what the objects of a design tell of it: no prose, nothing that is off, and no identity of its own."""
    on = [each for each in design.exemptions if any(f.origin == Origin.exemption(each.name) for f in compiled(design))]
    fields: dict[str, Any] = {
        "description": "",
        "id": derived_id(design.name),
        "lifetime": "static" if design.lifetime == "dynamic" else design.lifetime,
        "exemptions": on,
    }
    if len(design.keying_modules) == 1:
        off = "authip" if design.keying_modules == ("IKE",) else "ike"
        kerberos = plain().main_mode.ike_authentication
        fields["main_mode"] = {**dict(design.main_mode), f"{off}_authentication": kerberos}
    return change(design, **fields)


def compiled(design: Design):
    return compile_design(design).filters


def objects(design: Design) -> Any:
    """Return the objects of a design in no order: of policies filters come as Windows sorts them."""
    found = documents(design)
    for each in found["filters"]:
        each["filterCondition"] = sorted(map(str, each["filterCondition"]))
    return {**found, "filters": sorted(found["filters"], key=str)}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_comes_back_whole(name: str, tmp_path: Path):
    design = preset(name)
    known = [preset(each) for each in PRESETS]
    assert reconstructed(tmp_path, show_state(design), known=known) == Reconstruction(design, ())


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_comes_back_without_its_prose_when_nobody_knows_it(name: str, tmp_path: Path):
    design = preset(name)
    found = reconstructed(tmp_path, show_state(design))
    assert found.missing == ()
    assert found.design is not None
    assert (found.design.description, found.design.id) == ("", design.id)
    assert objects(found.design) == objects(design)
    assert [e.name for e in found.design.exemptions] == [e.name for e in design.exemptions]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(designs())
def test_any_design_comes_back(tmp_path_factory: pytest.TempPathFactory, design: Design):
    path = tmp_path_factory.getbasetemp() / "reconstructed.xml"
    path.write_text(show_state(design), encoding="utf-8")
    found = reconstruct(read_dump(path))
    missing = [line for line in found.missing if not line.startswith("id: ")]
    assert missing == []
    assert found.design is not None, found.missing
    assert bool(found.missing) == (design.id != derived_id(design.name))
    assert objects(found.design) == objects(in_objects(design))


def test_what_an_exemption_leaves_open_stays_open(tmp_path: Path):
    design = exempting(
        {"protocol": "udp", "remote_ports": [53, "1024-2047"]},
        {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0},
        {"remote_addresses": ["10.0.0.0/8", "192.168.0.1-192.168.0.9"]},
        {"remote_addresses": ["10.0.0.1"], "local_addresses": ["10.0.0.2", "10.1.0.0/16"]},
        {"protocol": 47, "families": ["V6"], "layers": ["FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"]},
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())


def test_programs_come_back_at_the_layers_they_were_at(tmp_path: Path):
    nt = r"\device\harddiskvolume3\program files\x\x.exe"
    design = exempting(
        {"protocol": "tcp", "program": nt},
        {"protocol": "udp", "program": nt, "profiles": ["domain"], "interfaces": ["lan"]},
        {"program": nt, "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]},
        rules=[{"name": "base", "encryption": "guaranteed"}],
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())


def test_a_program_that_no_exemption_can_name_is_named(tmp_path: Path):
    text = show_state(exempting({"protocol": "tcp", "program": r"C:\x.exe"}))
    start = text.rindex("FWP_MATCH_EQUAL", 0, text.index("FWP_BYTE_BLOB_TYPE"))
    for altered, missing in (
        (text.replace(r"C:\x.exe<", "System<"), "'System' is no full path of a program"),
        (f"{text[:start]}FWP_MATCH_NOT_EQUAL{text[start + 15 :]}", "ALE_APP_ID has no place in an exemption"),
    ):
        found = reconstructed(tmp_path, altered)
        assert any("exemption e0" in each and missing in each for each in found.missing), found.missing


def test_the_order_of_exemptions_is_that_of_adding(tmp_path: Path):
    design = exempting(*({"protocol": number} for number in (99, 47, 50)))
    text = show_state(design)
    assert reconstructed(tmp_path, text) == Reconstruction(design, ())


def test_the_order_across_address_families(tmp_path: Path):
    """Layers of IPv6 come after those of IPv4: what is only there is put back between what both have."""
    design = exempting(
        {"protocol": "tcp"},
        {"protocol": 47, "families": ["V6"]},
        {"protocol": "udp"},
        {"remote_addresses": ["10.0.0.1"]},
        {"protocol": 50},
        {"protocol": 51, "families": ["V6"]},
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())


def test_the_order_where_no_layer_has_every_exemption(tmp_path: Path):
    """The first is at one layer alone, where it stands before the second, which an earlier layer has by itself."""
    design = exempting(
        {"protocol": "tcp", "layers": ["FWPM_LAYER_OUTBOUND_TRANSPORT"]}, {"protocol": "udp", "families": ["V6"]}
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())


def test_another_name(tmp_path: Path):
    found = reconstructed(tmp_path, show_state(preset("nd-boundary")), name="elsewhere").design
    assert found is not None
    assert (found.name, found.id, found.rules[0].mode) == ("elsewhere", derived_id("elsewhere"), "boundary")


def test_a_design_of_its_own_identity_says_so(tmp_path: Path):
    design = plain(id="11111111-2222-4333-8444-555555555555")
    (missing,) = reconstructed(tmp_path, show_state(design)).missing
    assert missing.startswith("id: the design had one of its own")
    assert reconstructed(tmp_path, show_state(design), known=[design]) == Reconstruction(design, ())


def test_show_filters_has_no_policy_and_it_is_named(tmp_path: Path):
    found = reconstructed(tmp_path, show_filters(preset("nd-transport")))
    assert found.design is not None
    assert found.design.rules[0].mode == "negotiation-discovery"
    assert any("does not list its provider context" in line for line in found.missing)


def changed(design: Design, before: str, after: str) -> str:
    text = show_state(design)
    assert before in text
    return text.replace(before, after)


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("IPSEC_POLICY_FLAG_ND_SECURE", "IPSEC_POLICY_FLAG_CLEAR_DF_ON_TUNNEL", "quick mode of IKE: IPSEC_POL"),
        ("<softExpirationTime>0<", "<softExpirationTime>9<", "main mode of IKE: softExpirationTime 9"),
        ("<uint8>58</uint8>", "<uint8>59</uint8>", "exemption ICMP: its protocol differs between IPv4 and IPv6"),
        ("<rawContext>2</rawContext>", "<rawContext>7</rawContext>", "filter nd-transport: inbound transport at INB"),
        ("FWPM_CONDITION_IP_PROTOCOL", "FWPM_CONDITION_INTERFACE_TYPE", "exemption ICMP: a condition on INTERFACE_T"),
        (
            "<matchType>FWP_MATCH_EQUAL</matchType>\n<conditionValue>\n<type>FWP_UINT8</type>\n<uint8>1</uint8>",
            "<matchType>FWP_MATCH_EQUAL</matchType>\n<conditionValue>\n<type>FWP_SID</type>\n<sid>S-1</sid>",
            "exemption ICMP: a condition on IP_LOCAL_ADDRESS_TYPE has no place in an exemption",
        ),
    ],
)
def test_what_cannot_be_reconstructed_is_named(before: str, after: str, missing: str, tmp_path: Path):
    found = reconstructed(tmp_path, changed(preset("nd-transport"), before, after))
    assert any(line.startswith(missing) for line in found.missing), found.missing


@pytest.mark.parametrize("name", ["nd-boundary", "nd-transport", "transport-require"])
def test_every_flag_of_a_scenario_that_the_dump_lacks_is_named(name: str, tmp_path: Path):
    design = preset(name)
    flags = MODES[design.rules[0].mode].flags
    found = reconstructed(tmp_path, unflagged(design))
    assert found.design is not None
    assert found.design.rules[0].mode == design.rules[0].mode
    lacking = {f"quick mode: without {flag}, which {design.rules[0].mode} mode has" for flag in flags}
    assert {line for line in found.missing if line.startswith("quick mode")} == lacking
    assert bool(flags) == (name == "nd-boundary")


def unflagged(design: Design) -> str:
    """Return the dump of a design whose quick modes have lost their flags."""
    text = show_state(design)
    head, *policies = text.split("<ipsecProposals")
    assert policies
    return "<ipsecProposals".join([head, *(re.sub(r"<item>IPSEC_POLICY_FLAG_\w+</item>", "", p) for p in policies)])


def test_main_modes_that_differ_are_proposals_of_a_keying_module(tmp_path: Path):
    text = show_state(preset("nd-transport"))
    at = text.rindex("<dhGroup>")
    end = text.index("</dhGroup>", at)
    found = reconstructed(tmp_path, f"{text[:at]}<dhGroup>IKEEXT_DH_GROUP_2{text[end:]}")
    assert found.missing == ()
    assert found.design is not None
    mode, whole = found.design.main_mode, preset("nd-transport").main_mode
    assert mode.offers("IKE") == whole.proposals
    assert mode.authip_proposals[:2] == whole.proposals[:2]
    assert mode.authip_proposals[2].dh_group == "IKEEXT_DH_GROUP_2"


def test_a_flag_that_only_one_of_two_keying_modules_has_is_named(tmp_path: Path):
    flag = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT"
    text = show_state(preset("nd-transport"))
    at = text.rindex("IPSEC_POLICY_FLAG_ND_SECURE")
    found = reconstructed(tmp_path, f"{text[:at]}{flag}</item><item>{text[at:]}")
    assert found.missing == (f"{flag}, which IKE does not have and AuthIP has",)


def test_a_policy_that_windows_would_not_take_is_no_design(tmp_path: Path):
    found = reconstructed(tmp_path, changed(preset("nd-transport"), "IKEEXT_DH_ECP_384", "IKEEXT_DH_OF_TOMORROW"))
    assert found.design is None
    assert any("IKEEXT_DH_OF_TOMORROW" in line for line in found.missing)


def test_secrets_and_certificates_that_no_dump_shows(tmp_path: Path):
    roots = {"inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"}
    design = plain(
        keying_modules=["IKE"],
        main_mode={
            "ike_authentication": [
                {"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"},
                {"method": "IKEEXT_CERTIFICATE", **roots, "roots": ["subject:CN=Root"]},
            ]
        },
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())
    text = show_state(design).replace("env:KEY", "").replace("subject:CN=Root", "3082")
    found = reconstructed(tmp_path, text)
    assert found.missing[:2] == (
        f"main mode of IKE: the pre-shared key, for which {UNKNOWN_KEY} stands",
        "main mode of IKE: the trusted roots of inbound certificates",
    )
    assert found.design is not None
    assert found.design.main_mode.ike_authentication[0].key == UNKNOWN_KEY


@pytest.mark.parametrize("name", ["nd-transport", "nd-boundary", "transport-require"])
def test_a_scenario_by_somebody_else(name: str, tmp_path: Path):
    """Other keys, another provider, other names: the tables of the scenario pages are what is known by."""
    design = preset(name)
    text = show_state(design).replace(str(compile_design(design).provider.key), "0badc0de-0000-4000-8000-000000000000")
    text = text.replace(f"<name>{name}: ", "<name>Contoso ")
    found = reconstructed(tmp_path, text)
    assert found.missing == ()
    assert found.design is not None
    assert (found.design.name, found.design.rules[0].mode) == ("reconstructed", design.rules[0].mode)
    assert found.design.main_mode == design.main_mode
    assert found.design.quick_mode == design.quick_mode
    assert [e.protocol for e in found.design.exemptions] == [e.protocol for e in design.exemptions]


def test_a_sublayer_of_its_own(tmp_path: Path):
    design = plain(sublayer={"kind": "own", "weight": 7})
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())
    text = show_state(design)
    gone = text[: text.index("<subLayers")] + "<subLayers/></wfpstate>"
    assert any(line.startswith("sublayer: the dump does not list {") for line in reconstructed(tmp_path, gone).missing)


def test_windows_spells_the_policy_of_authip_in_two_ways(tmp_path: Path):
    design = preset("nd-transport")
    text = show_state(design).replace("authIpQmTransportPolicy", "authipQmTransportPolicy")
    assert reconstructed(tmp_path, text, known=[design]) == Reconstruction(design, ())


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_without_such_a_policy(name: str, tmp_path: Path):
    found = reconstruct(read_dump(machine_file(name, tmp_path)))
    assert found == Reconstruction(
        None, ("there is no IPsec policy: no keying policy and no IPsec callout of the scenarios",)
    )
