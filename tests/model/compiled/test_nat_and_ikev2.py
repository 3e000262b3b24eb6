"""Peers behind address translation, and IKEv2 alone: written in a design, compiled, and there in the objects.

The flags: IPSEC_TRANSPORT_POLICY2. The module: https://learn.microsoft.com/windows/win32/fwp/built-in-keying-module-identifiers
"""

import json
from typing import Any

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design, parse_design
from tests.support import ROOT

PEER = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT"
GENERAL = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL"
SECURE = "IPSEC_POLICY_FLAG_ND_SECURE"

TRANSPORT = (ROOT / "presets" / "nd-transport.toml").read_text(encoding="utf-8")
METHOD = """\
ikev2_authentication = [
    {method = "IKEEXT_CERTIFICATE", inbound = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE", \
outbound = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"},
]
"""


def documents_of(made: Design) -> dict[str, Any]:
    return {each.type: context_document(each) for each in compile_design(made).contexts}


@pytest.mark.parametrize("flags", [(PEER,), (GENERAL,), (PEER, GENERAL)])
def test_a_peer_may_be_behind_address_translation(flags: tuple[str, ...]):
    text = TRANSPORT.replace("[quick_mode]\n", f"[quick_mode]\nflags = {json.dumps(flags)}\n")
    made = parse_design(text, "file.toml")
    assert parse_design(format_design(made), "file.toml") == made
    found = documents_of(made)
    for kind, member in (
        ("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT", "ikeQmTransportPolicy"),
        ("FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT", "authIpQmTransportPolicy"),
    ):
        assert set(found[kind][member]["flags"]) == {SECURE, *flags}
        assert set(documents_of(parse_design(TRANSPORT, "file.toml"))[kind][member]["flags"]) == {SECURE}


def test_ikev2_alone_is_a_policy_of_its_own():
    text = TRANSPORT.replace('keying_modules = ["IKE", "AuthIP"]', 'keying_modules = ["IKEv2"]')
    usual = parse_design(text, "file.toml").main_mode.ikev2_authentication  # where nothing is said: no Kerberos there
    assert [(each.method, each.inbound) for each in usual] == [
        ("IKEEXT_CERTIFICATE", "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
    ]
    made = parse_design(text.replace("[main_mode]\n", f"[main_mode]\n{METHOD}"), "file.toml")
    assert parse_design(format_design(made), "file.toml") == made
    found = documents_of(made)
    assert list(found) == ["FWPM_IPSEC_IKEV2_MM_CONTEXT", "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]
    (method,) = found["FWPM_IPSEC_IKEV2_MM_CONTEXT"]["ikeV2MmPolicy"]["authenticationMethods"]
    assert method["authenticationMethodType"] == "IKEEXT_CERTIFICATE"
    quick = found["FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]["ikeV2QmTransportPolicy"]
    assert quick["flags"] == [SECURE]
    policies = [each for each in compile_design(made).filters if each.slot.role == "policy"]
    assert [each.layer for each in policies] == [
        *("FWPM_LAYER_IKEEXT_V4", "FWPM_LAYER_IKEEXT_V6", "FWPM_LAYER_IPSEC_V4", "FWPM_LAYER_IPSEC_V6")
    ]
