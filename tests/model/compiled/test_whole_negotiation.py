"""Negotiation in full: everything that a design can say of it is in its objects, and survives wherever it goes."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.analysis.dump import read_dump
from ndtui.analysis.reconstruct.design_from_dump import reconstruct
from ndtui.backends.bfe.rules.context_rules import check_context
from ndtui.backends.memory import MemoryBackend
from ndtui.exporters.bundle.bundle import format_bundle, parse_bundle
from ndtui.exporters.bundle.bundle_schema import Bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.design.design import Design
from ndtui.model.design.negotiation_edits import certificates_of
from ndtui.model.files.design_file import format_design, parse_design
from tests.negotiations import negotiating_designs
from tests.netsh import show_state
from tests.support import documents

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def design(**fields) -> Design:
    return Design.model_validate({"name": "negotiating", **fields})


def contexts(of: Design) -> dict[str, dict]:
    return {each.type: context_document(each) for each in compile_design(of).contexts}


IKEV2 = {
    "keying_modules": ["IKEv2"],
    "main_mode": {"ikev2_authentication": [certificates_of("IKEv2", ()).model_dump()]},
}


def test_ikev2_is_a_third_keying_module_beside_the_two_of_the_scenario_page():
    of = design(**{**IKEV2, "keying_modules": ["IKE", "AuthIP", "IKEv2"]})
    filters = compile_design(of).filters
    policy = [each for each in filters if each.slot.role == "policy"]
    assert len(filters) == 18  # two of main mode and two of quick mode for each, and the scenario's six
    assert [(each.layer, each.label) for each in policy if "IKEv2" in each.label] == [
        ("FWPM_LAYER_IKEEXT_V4", "IKEv2 main mode"),
        ("FWPM_LAYER_IKEEXT_V6", "IKEv2 main mode"),
        ("FWPM_LAYER_IPSEC_V4", "IKEv2 quick mode"),
        ("FWPM_LAYER_IPSEC_V6", "IKEv2 quick mode"),
    ]
    found = contexts(of)
    main = found["FWPM_IPSEC_IKEV2_MM_CONTEXT"]["ikeV2MmPolicy"]
    assert main["authenticationMethods"] == [
        {
            "authenticationMethodType": "IKEEXT_CERTIFICATE",
            "certificateAuthentication": {
                "inboundConfigType": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
                "outboundConfigType": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
                "flags": [],
            },
        }
    ]
    assert main["ikeProposals"] == found["FWPM_IPSEC_IKE_MM_CONTEXT"]["ikeMmPolicy"]["ikeProposals"]
    quick = found["FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]["ikeV2QmTransportPolicy"]
    assert quick == found["FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]["ikeQmTransportPolicy"]
    assert quick["flags"] == ["IPSEC_POLICY_FLAG_ND_SECURE"]
    assert compile_design(of).contexts[-1].module == "IKEv2"


def test_a_flag_goes_to_the_keying_modules_that_act_on_it():
    of = design(
        **{
            **IKEV2,
            "keying_modules": ["IKE", "AuthIP", "IKEv2"],
            "quick_mode": {
                "flags": [
                    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL",
                    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY",
                    "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_BYTE_LIFETIME",
                ]
            },
        }
    )
    of = of.model_copy(
        update={
            "main_mode": of.main_mode.model_copy(
                update={
                    "flags": (
                        "IKEEXT_POLICY_FLAG_NO_IMPERSONATION_LUID_VERIFY",
                        "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",
                        "IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED",
                    ),
                    "impersonation": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
                    "retransmit_seconds": 240,
                    "max_dynamic_filters": 3,
                }
            )
        }
    )
    found = contexts(of)
    ike, authip, ikev2 = (
        found[f"FWPM_IPSEC_{kind}_MM_CONTEXT"][member]
        for kind, member in (("IKE", "ikeMmPolicy"), ("AUTHIP", "authIpMmPolicy"), ("IKEV2", "ikeV2MmPolicy"))
    )
    assert [each["flags"] for each in (ike, authip, ikev2)] == [
        [],
        ["IKEEXT_POLICY_FLAG_NO_IMPERSONATION_LUID_VERIFY", "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"],
        ["IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED"],
    ]
    assert [each["initiatorImpersonationType"][21:] for each in (ike, authip, ikev2)] == [
        "NONE",
        "SOCKET_PRINCIPAL",
        "NONE",
    ]
    assert [each.get("retransmitDurationSecs") for each in (ike, authip, ikev2)] == [None, None, 240]
    assert [each["maxDynamicFilters"] for each in (ike, authip, ikev2)] == [3, 3, 3]
    nat, secure = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL", "IPSEC_POLICY_FLAG_ND_SECURE"
    lifetime, dictate = (
        "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_BYTE_LIFETIME",
        "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY",
    )
    assert set(found["FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]["ikeQmTransportPolicy"]["flags"]) == {secure, nat, lifetime}
    assert set(found["FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"]["authIpQmTransportPolicy"]["flags"]) == {
        secure, nat, lifetime, dictate
    }  # fmt: skip
    assert set(found["FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]["ikeV2QmTransportPolicy"]["flags"]) == {secure, nat}


@pytest.mark.parametrize("mode", ["main_mode", "quick_mode"])
def test_a_keying_module_offers_its_own_proposals_in_place_of_those_of_all(mode):
    whole = design(keying_modules=["IKE", "AuthIP"])
    own = getattr(whole, mode).proposals[:1]
    of = design(**{mode: {"authip_proposals": [each.model_dump() for each in own]}})
    counts = {
        each.module: len(getattr(each.policy, "proposals", None) or each.policy.quick_mode.proposals)
        for each in compile_design(of).contexts
        if each.type.endswith("MM_CONTEXT") is (mode == "main_mode")
    }
    assert counts == {"IKE": 3, "AuthIP": 1}


@FEW
@given(negotiating_designs())
def test_it_survives_the_file(of):
    assert parse_design(format_design(of), "the file") == of


@FEW
@given(negotiating_designs())
def test_it_survives_a_bundle_which_its_schema_takes(of):
    text = format_bundle(compile_design(of))
    Bundle.model_validate_json(text)
    assert parse_bundle(text, "the bundle") == of


@FEW
@given(negotiating_designs())
def test_the_emulated_backends_take_it_and_hold_what_they_were_given(of):
    made = compile_design(of)
    for each in made.contexts:
        check_context(context_document(each), each.name)
    backend = MemoryBackend()
    backend.apply(backend.plan(made))
    held = {each["providerContextKey"]: each for each in backend.snapshot().of_kind("providerContext")}
    for wanted in documents(of)["providerContexts"]:
        assert {name: held[wanted["providerContextKey"]][name] for name in wanted} == json.loads(json.dumps(wanted))
    assert backend.plan(made).changes == ()


@FEW
@given(negotiating_designs())
def test_it_is_reconstructed_from_what_netsh_would_show(tmp_path, of):
    path: Path = tmp_path / "state.xml"
    path.write_text(show_state(of), encoding="utf-8")
    found = reconstruct(read_dump(path), known=[of])
    assert found.design is not None
    assert [context_document(each) for each in compile_design(found.design).contexts] == [
        context_document(each) for each in compile_design(of).contexts
    ]
