"""Sets of proposals: what is in them, and that each is taken over whole or not at all."""

import pytest

from ndtui.model.design.authentication import kerberos
from ndtui.model.design.design import Design, change, default_design, negotiation_of
from ndtui.model.design.edits import toggle_module
from ndtui.model.design.negotiation_edits import altered, certificates_of
from ndtui.model.design.proposal_sets import PROPOSAL_SETS, offers_of, set_of, with_set
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.vocabulary.algorithms import WEAK


def negotiation(**fields: object) -> Negotiation:
    return Negotiation.model_validate(fields)


def constants(name: str) -> set[str]:
    offers = offers_of(name)
    main = {each for p in offers.main_mode for each in (p.cipher, p.integrity, p.dh_group)}
    quick = {each for p in offers.quick_mode for t in p.transforms for each in (t.auth, t.cipher) if each}
    return main | quick | {p.pfs_group for p in offers.quick_mode}


def test_a_design_that_says_nothing_offers_the_modern_set():
    found = set_of(negotiation_of(default_design()))
    assert found is not None
    assert found.id == "modern"


@pytest.mark.parametrize("name", ["modern", "fips"])
def test_what_is_not_called_weak_has_nothing_weak(name: str):
    assert not constants(name) & WEAK.keys()


@pytest.mark.parametrize("name", ["windows-firewall", "sample"])
def test_what_is_called_weak_is_weak(name: str):
    assert constants(name) & WEAK.keys()
    assert "Weak" in next(each.text for each in PROPOSAL_SETS if each.id == name)


def test_windows_firewall_prefers_what_is_not_encrypted_and_offers_ah_last():
    """[MS-FASP], and what netsh shows: ESP:SHA1-None, ESP:SHA1-AES128, ESP:SHA1-3DES, AH:SHA1; DHGroup2."""
    offers = offers_of("windows-firewall")
    assert [p.transforms[0].cipher for p in offers.quick_mode] == [
        None,
        "IPSEC_CIPHER_CONFIG_CBC_AES_128",
        "IPSEC_CIPHER_CONFIG_CBC_3DES",
        None,
    ]
    assert offers.quick_mode[-1].transforms[0].type == "IPSEC_TRANSFORM_AH"
    assert {(p.lifetime_seconds, p.lifetime_kilobytes, p.pfs_group) for p in offers.quick_mode} == {
        (3600, 100000, "IPSEC_PFS_NONE")
    }
    assert {(p.dh_group, p.lifetime_seconds) for p in offers.main_mode} == {("IKEEXT_DH_GROUP_2", 28800)}


def test_the_fips_set_has_the_key_sizes_of_the_cnsa_suite_first():
    first = offers_of("fips").main_mode[0]
    assert (first.cipher, first.integrity, first.dh_group) == (
        "IKEEXT_CIPHER_AES_256",
        "IKEEXT_INTEGRITY_SHA_384",
        "IKEEXT_DH_ECP_384",
    )


@pytest.mark.parametrize("name", [each.id for each in PROPOSAL_SETS if each.id != "sample"])
def test_a_set_takes_the_place_of_every_proposal(name: str):
    before = negotiation()
    own = altered(before.main_mode.proposals, lifetime_seconds=60)
    before = negotiation(main_mode={**dict(before.main_mode), "ike_proposals": own})
    assert set_of(before) is None
    made = with_set(before, name)
    assert set_of(made) == next(each for each in PROPOSAL_SETS if each.id == name)
    assert made.main_mode.authip_authentication == kerberos()
    assert not made.main_mode.ike_proposals


def test_the_sample_has_no_group_which_authip_alone_can_do_without():
    with pytest.raises(ValueError, match="IKEEXT_DH_GROUP_NONE, which IKE does not have"):
        with_set(negotiation(), "sample")
    assert set_of(with_set(negotiation(keying_modules=["AuthIP"]), "sample")).id == "sample"


def test_ikev2_switched_on_authenticates_with_the_certificates_that_the_others_ask_for():
    root = ("subject:CN=Root",)
    main = {
        "ike_authentication": [certificates_of("IKE", root)],
        "authip_authentication": [certificates_of("AuthIP", root)],
    }
    design = toggle_module(Design.model_validate({"name": "test", "main_mode": main}), "IKEv2")
    assert design.main_mode.ikev2_authentication == (certificates_of("IKEv2", root),)
    assert toggle_module(default_design(), "IKEv2").main_mode.ikev2_authentication == (certificates_of("IKEv2", ()),)


def test_ikev2_switched_on_again_keeps_what_it_had():
    on = toggle_module(default_design(), "IKEv2")
    own = (certificates_of("IKEv2", ("subject:CN=Own",)),)
    on = change(on, main_mode={**dict(on.main_mode), "ikev2_authentication": own})
    assert toggle_module(toggle_module(on, "IKEv2"), "IKEv2") == on
