"""The table of strengths: every choice that there is stands in it, each with its source."""

from urllib.parse import urlparse

import pytest

from ndtui.model.design.authentication import METHODS
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal, Transform
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.vocabulary import NUMBERS, members
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN, WEAK
from ndtui.model.vocabulary.pages import PAGES

KINDS = ("IKEEXT_CIPHER_TYPE", "IKEEXT_INTEGRITY_TYPE", "IKEEXT_DH_GROUP", "IPSEC_AUTH_CONFIG", "IPSEC_CIPHER_CONFIG")


def test_every_algorithm_that_a_proposal_may_hold_is_known():
    assert set(ALGORITHMS) == {name for kind in (*KINDS, "IPSEC_PFS_GROUP") for name in members(kind)}


def test_every_method_is_known_with_the_keying_modules_that_have_it():
    assert set(METHODS_KNOWN) == {name for names in METHODS.values() for name in names}
    for name, known in METHODS_KNOWN.items():
        assert known.modules == tuple(module for module in KEYING_MODULES if name in METHODS[module])


def test_what_is_weak_is_weak_by_every_name():
    for kind in (*KINDS, "IPSEC_PFS_GROUP"):
        names = list(members(kind))
        for name in names:
            same = [other for other in names if NUMBERS[other] == NUMBERS[name]]
            assert len({ALGORITHMS[each].strength for each in same}) == 1


def test_every_choice_says_why_and_who_says_so():
    pages = {"www.rfc-editor.org", "learn.microsoft.com", "csrc.nist.gov"}
    for name, each in {**ALGORITHMS, **METHODS_KNOWN}.items():
        assert each.why, name
        assert urlparse(each.source).hostname in pages, name
        assert bool(each.named) == (each.strength == "weak"), name


@pytest.mark.parametrize(
    "name",
    [
        "IKEEXT_DH_GROUP_24",
        "IPSEC_PFS_24",
        "IKEEXT_DH_GROUP_2",
        "IKEEXT_INTEGRITY_SHA1",
        "IPSEC_CIPHER_CONFIG_CBC_3DES",
    ],
)
def test_what_the_documents_advise_against_is_weak(name: str):
    assert name in WEAK


def test_what_a_design_offers_by_itself_is_not_weak():
    main = MainModeProposal(
        cipher="IKEEXT_CIPHER_AES_256", integrity="IKEEXT_INTEGRITY_SHA_384", dh_group="IKEEXT_DH_ECP_384"
    )
    both = Transform(
        type="IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
        auth="IPSEC_AUTH_CONFIG_GCM_AES_256",
        cipher="IPSEC_CIPHER_CONFIG_GCM_AES_256",
    )
    quick = QuickModeProposal(transforms=(both,))
    assert ALGORITHMS[quick.pfs_group].strength == "modern"
    assert not {main.cipher, main.integrity, main.dh_group, quick.pfs_group} & WEAK.keys()


def test_the_page_of_a_group_says_what_only_authip_has():
    assert ALGORITHMS["IKEEXT_DH_GROUP_NONE"].modules == ("AuthIP",)
    assert ALGORITHMS["IKEEXT_DH_GROUP_NONE"].source == PAGES["dh-group"]
