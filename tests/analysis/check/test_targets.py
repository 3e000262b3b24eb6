"""What is said of a design by the Windows that it is meant for, and by what its peers have."""

from typing import Any

import pytest

from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.design.windows_versions import VERSIONS
from tests.support import design

STORE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
CERTIFICATE = {"method": "IKEEXT_CERTIFICATE", "inbound": STORE, "outbound": STORE}


def said(of: Design, identity: str) -> list[str]:
    return [each.message for each in check(compile_design(of)) if each.id == identity]


def certificate(**more: Any) -> dict[str, Any]:
    return {"keying_modules": ["IKE"], "main_mode": {"ike_authentication": [{**CERTIFICATE, **more}]}}


@pytest.mark.parametrize(
    ("fields", "since", "names"),
    [
        (certificate(inbound_criteria=[{"key_usages": ["1.3.6.1.5.5.8.2.2"]}]), "8", "criteria"),
        (certificate(certificate_url="http://pki.example.com/a.cer"), "7", "certificate_url"),
        ({"main_mode": {"ike_authentication": [{"method": "IKEEXT_KERBEROS", "proxy": "kdc"}]}}, "8", "Kerberos proxy"),
        ({"main_mode": {"retransmit_seconds": 120}}, "7", "retransmit_seconds"),
        ({"quick_mode": {"flags": ["IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY"]}}, "8", "ALLOW_NOTIFY_KEY"),
        (
            {
                "keying_modules": ["IKEv2"],
                "main_mode": {"ikev2_authentication": [{"method": "IKEEXT_EAP"}]},
            },
            "8",
            "IKEv2",
        ),
    ],
)
def test_what_a_windows_does_not_have_is_named_up_to_the_version_that_brought_it(
    fields: dict[str, Any], since: str, names: str
):
    for version in VERSIONS:
        found = said(design(windows=version, **fields), "too-new")
        assert any(names in each for each in found) is (VERSIONS.index(version) < VERSIONS.index(since)), version
    assert not said(design(**fields), "too-new")


def test_an_algorithm_that_a_windows_does_not_have_is_named_at_the_proposal_that_has_it():
    good = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
    offers = [good, {**good, "dh_group": "IKEEXT_DH_GROUP_14"}]
    of = design(windows="7", main_mode={"proposals": [good], "ike_proposals": offers})
    places = [str(each.where) for each in check(compile_design(of)) if each.id == "too-new"]
    assert places == ["main_mode.ike_proposals[1]"]


@pytest.mark.parametrize(
    ("fields", "peers", "unmet"),
    [
        ({"keying_modules": ["AuthIP"]}, ["other", "11"], 1),
        ({"keying_modules": ["IKE"]}, ["other"], 1),  # with Kerberos, which only Windows has
        (certificate(), ["other", "Vista", "11 24H2"], 0),
        ({"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [CERTIFICATE]}}, ["7", "8", "other"], 1),
    ],
)
def test_peers_with_which_nothing_can_be_negotiated_are_named(fields: dict[str, Any], peers: list[str], unmet: int):
    assert len(said(design(peers=peers, **fields), "peer-unmet")) == unmet
