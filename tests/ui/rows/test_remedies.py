"""Remedies: one key makes the edit that a finding asks for, and the finding is gone."""

from typing import Any

import pytest

from ndtui.analysis.check.examine import examine
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.finding_ids import IDS
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, change, negotiation_of
from ndtui.model.design.ipsec_policy import MainModeProposal
from ndtui.model.design.rule import BASE
from ndtui.ui.rows.remedies import OF_EXEMPTIONS, REMEDIES, is_remedied, remedied, remedied_all, remedy_words
from tests.support import design

STRONG = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
WEAK = {"cipher": "IKEEXT_CIPHER_3DES", "integrity": "IKEEXT_INTEGRITY_SHA1", "dh_group": "IKEEXT_DH_GROUP_2"}
SAME = {**STRONG, "lifetime_seconds": 14400}
GCM = {
    "type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
    "auth": "IPSEC_AUTH_CONFIG_GCM_AES_256",
    "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_256",
}
SHA1 = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}
CIPHER = {"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256"}
STORE = dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
UNCHECKED = {"method": "IKEEXT_SSL", **STORE, "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]}


def quick(*transforms: dict[str, Any], **group: str) -> dict[str, Any]:
    return {"proposals": [{"transforms": [each], **group} for each in transforms]}


CASES: dict[str, dict[str, Any]] = {
    "weak-main-mode": {"main_mode": {"proposals": [STRONG, WEAK]}},
    "weak-quick-mode": {"quick_mode": quick(GCM, SHA1)},
    "duplicate-proposal": {"main_mode": {"proposals": [STRONG, SAME]}},
    "no-integrity": {"quick_mode": quick(GCM, CIPHER)},
    "weak-preferred": {"main_mode": {"proposals": [WEAK, STRONG]}},
    "no-forward-secrecy": {"quick_mode": quick(GCM, pfs_group="IPSEC_PFS_NONE")},
    "long-lifetime": {"main_mode": {"proposals": [{**STRONG, "lifetime_seconds": 999999}]}},
    "anonymous-first": {
        "main_mode": {"authip_authentication": [{"method": "IKEEXT_ANONYMOUS"}, {"method": "IKEEXT_KERBEROS"}]}
    },
    "extended-anonymous": {
        "extended_mode": {"authentication": [{"method": "IKEEXT_KERBEROS"}, {"method": "IKEEXT_ANONYMOUS"}]}
    },
    "no-revocation-check": {"main_mode": {"authip_authentication": [UNCHECKED]}},
    "clear-window": {"quick_mode": {"nd_allow_clear_timeout_seconds": 600}},
    "idle-timeout": {"quick_mode": {"idle_timeout_seconds": 9999}},
}


#: Designs with three exemptions, of which the first two are found.
EXEMPTED: dict[str, dict[str, Any]] = {
    "held-at-connect": {
        "rules": [{"encryption": "guaranteed"}],
        "exemptions": [
            {"name": "DNS", "protocol": "udp", "remote_ports": [53]},
            {"name": "web", "protocol": "tcp", "remote_ports": [80]},
            {"name": "here", "protocol": "tcp", "local_ports": [3389]},
        ],
    },
}


def found_in(of: Design, identity: str) -> list[Finding]:
    return [each for each in examine(compile_design(of)).findings if each.id == identity]


def test_there_is_a_case_for_each_remedy():
    assert CASES.keys() == REMEDIES.keys()
    assert EXEMPTED.keys() == OF_EXEMPTIONS.keys()
    assert {*CASES, *EXEMPTED} <= IDS.keys()


@pytest.mark.parametrize("identity", CASES)
def test_the_remedy_of_a_finding_takes_it_away(identity: str):
    before = design(**CASES[identity])
    found, *_ = found_in(before, identity)
    after = remedied(before, found)
    assert after is not None
    assert not found_in(after, identity)
    assert is_remedied(before, [found])
    assert remedy_words(found)


@pytest.mark.parametrize("identity", EXEMPTED)
def test_the_remedy_of_a_finding_about_an_exemption_changes_that_one(identity: str):
    before = design(**EXEMPTED[identity])
    first, second = found_in(before, identity)
    after = remedied(before, first)
    assert after is not None
    assert is_remedied(before, [first])
    assert is_remedied(before, [first, second])
    assert not is_remedied(after, [first])
    assert not is_remedied(change(before, exemptions=[]), [first])
    assert [each.where for each in found_in(after, identity)] == [second.where]
    assert after.exemptions[1:] == before.exemptions[1:]
    assert change(after, exemptions=before.exemptions) == before
    assert remedied(after, first) is None, "nothing is left to do"
    assert remedied(change(before, exemptions=[]), first) is None
    whole = remedied_all(before, [first, second])
    assert whole is not None
    assert not found_in(whole, identity)
    assert whole.exemptions[2] == before.exemptions[2]
    assert remedy_words(first)


def test_the_last_proposal_is_not_dropped():
    before = design(main_mode={"proposals": [WEAK]})
    for found in found_in(before, "weak-main-mode"):
        assert remedied(before, found) is None


def test_the_last_method_of_extended_mode_is_not_left_out():
    before = design(extended_mode={"authentication": [{"method": "IKEEXT_ANONYMOUS"}]})
    for found in found_in(before, "extended-anonymous"):
        assert remedied(before, found) is None


@pytest.mark.parametrize("name", ["a", BASE])
@pytest.mark.parametrize("identity", CASES)
def test_a_finding_about_what_a_rule_negotiates_by_itself_is_remedied_there(identity: str, name: str):
    other = {"name": "other", "negotiation": CASES[identity], "scope": {"protocol": "tcp", "local_ports": [80]}}
    before = design(rules=[{"name": name, "negotiation": CASES[identity]}, other])
    place = Origin.rule(name) if name == "a" else Origin("negotiation")
    found = next(each for each in found_in(before, identity) if each.where == place)
    after = remedied(before, found)
    assert after is not None
    assert {each.where for each in found_in(after, identity)} == {Origin.rule("other")}
    assert negotiation_of(after) == negotiation_of(before)
    assert after.rules[1] == before.rules[1]


def test_the_last_proposal_of_a_rule_is_not_dropped():
    before = design(rules=[{"name": "a", "negotiation": {"main_mode": {"proposals": [WEAK]}}}])
    found = found_in(before, "weak-main-mode")
    assert found
    assert all(remedied(before, each) is None for each in found)


def test_a_finding_about_a_rule_that_negotiates_as_the_design_by_now_has_no_remedy():
    own = {"main_mode": {"proposals": [STRONG, WEAK]}}
    found, *_ = found_in(design(rules=[{"name": "a", "negotiation": own}]), "weak-main-mode")
    assert remedied(design(rules=[{"name": "a"}], **own), found) is None
    assert remedied(design(rules=[{"name": "b", "negotiation": own}]), found) is None


@pytest.mark.parametrize("where", ["main_mode.proposals[9]", "main_mode.nothing[0]", "families", "main_mode"])
def test_a_place_that_is_not_there_changes_nothing(where: str):
    before = design(main_mode={"proposals": [STRONG, WEAK]})
    said = Finding("weak-main-mode", "warning", Origin(where), "", "", "", "")
    assert remedied(before, said) is None


def test_forward_secrecy_is_switched_on_with_the_group_that_others_have():
    mixed = [
        {"transforms": [GCM], "pfs_group": "IPSEC_PFS_ECP_256"},
        {"transforms": [SHA1], "pfs_group": "IPSEC_PFS_NONE"},
    ]
    before = design(quick_mode={"proposals": mixed})
    (found,) = found_in(before, "no-forward-secrecy")
    after = remedied(before, found)
    assert after is not None
    assert {each.pfs_group for each in after.quick_mode.proposals} == {"IPSEC_PFS_ECP_256"}


# -- all of a kind ---------------------------------------------------------------------------------------------------


def test_what_is_dropped_at_several_places_is_dropped_by_one_edit():
    """Three findings at one proposal drop it once, and what is dropped moves nothing that is to be dropped after it."""
    des = {**WEAK, "cipher": "IKEEXT_CIPHER_DES"}
    own = {"main_mode": {"proposals": [des, STRONG]}}
    before = design(
        main_mode={"proposals": [WEAK, STRONG, des], "ike_proposals": [WEAK, SAME]},
        rules=[{"name": BASE}, {"name": "a", "negotiation": own}],
    )
    found = found_in(before, "weak-main-mode")
    after = remedied_all(before, found)
    assert after is not None
    strong = MainModeProposal.model_validate(STRONG)
    assert after.main_mode.proposals == (strong,)
    assert after.main_mode.ike_proposals == (MainModeProposal.model_validate(SAME),)
    assert after.rules[1].negotiation is not None
    assert after.rules[1].negotiation.main_mode.proposals == (strong,)
    assert not found_in(after, "weak-main-mode")


@pytest.mark.parametrize("identity", CASES)
def test_all_of_a_kind_are_remedied_like_each(identity: str):
    other = {"name": "other", "negotiation": CASES[identity], "scope": {"protocol": "tcp", "local_ports": [80]}}
    before = design(rules=[{"name": BASE}, other], **CASES[identity])
    found = found_in(before, identity)
    assert len({(each.where, each.within) for each in found}) > 1
    after = remedied_all(before, found)
    assert after is not None
    assert not found_in(after, identity)


def test_where_one_of_a_kind_has_no_remedy_nothing_is_done():
    own = {"main_mode": {"proposals": [WEAK]}}  # the last of the rule's
    before = design(rules=[{"name": BASE}, {"name": "a", "negotiation": own}], main_mode={"proposals": [STRONG, WEAK]})
    found = found_in(before, "weak-main-mode")
    assert any(remedied(before, each) for each in found)
    assert remedied_all(before, found) is None


def test_a_kind_that_has_no_remedy_has_none_for_all():
    said = Finding("start-up", "note", Origin("exemptions"), "", "", "", "")
    assert remedied_all(design(), [said, said]) is None
