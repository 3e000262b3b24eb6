"""Right answers to real people's questions about negotiation, each with its source."""

import pytest

from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from ndtui.model.vocabulary.pages import PAGES
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import design, preset

__all__ = ["run"]

OLD = {
    "cipher": "IKEEXT_CIPHER_3DES",
    "integrity": "IKEEXT_INTEGRITY_SHA1",
    "dh_group": "IKEEXT_DH_GROUP_2",
}
NEW = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}


def test_authip_with_kerberos_alone_is_what_microsoft_advises_against():
    """Source: the note of the page IPsec Configuration; case: MicrosoftDocs/win32#1984."""
    (found,) = (each for each in check(compile_design(preset("nd-transport"))) if each.id == "authip-kerberos")
    assert (found.severity, found.source) == ("note", PAGES["ipsec-configuration"])
    assert "recommends IKEv2" in found.why


def test_3des_sha1_and_group_2_are_named_and_that_they_come_first():
    """Case: MicrosoftDocs/azure-docs#57375."""
    found = check(compile_design(design(main_mode={"proposals": [OLD, NEW]})))
    weak = [each for each in found if each.id == "weak-main-mode"]
    assert [name for each in weak for name in OLD.values() if name in each.message] == list(OLD.values())
    nist, rfc = "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final", "https://www.rfc-editor.org/rfc/rfc8247"
    assert [each.source for each in weak] == [nist, rfc, rfc]
    assert [str(each.where) for each in found if each.id == "weak-preferred"] == ["main_mode.proposals[0]"]


@pytest.mark.parametrize(("method", "status"), [("IKEEXT_SSL", 0), ("IKEEXT_CERTIFICATE", 2)])
def test_authip_has_certificates_by_ssl_and_not_as_ike_has_them(method: str, status: int, run: Run):
    """Source: IKEEXT_AUTHENTICATION_METHOD_TYPE; case: SEC505 course script, rule IPsec1."""
    store = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
    text = f"""name = "users"
keying_modules = ["AuthIP"]
[main_mode]
authip_authentication = [{{method = "IKEEXT_KERBEROS"}}]
[extended_mode]
authentication = [{{method = "{method}", inbound = "{store}", outbound = "{store}"}}]
"""
    ran = run("check", "-", stdin=text.encode())
    assert ran.status == status
    if status:
        assert "IKEEXT_CERTIFICATE, which AuthIP does not have" in ran.err
        assert "IKEEXT_SSL" in ran.err


def test_proposals_of_one_keying_module_are_examined_as_those_of_all_are():
    of = design(main_mode={"authip_proposals": [OLD, NEW]})
    found = {str(each.where): each for each in check(compile_design(of)) if each.id.startswith("weak-")}
    assert found.keys() == {"main_mode.authip_proposals[0]"}
    assert " of AuthIP " in found["main_mode.authip_proposals[0]"].message
    off = design(keying_modules=["IKE"], main_mode={"authip_proposals": [OLD]})
    assert not [each for each in check(compile_design(off)) if each.id.startswith("weak-")]
    both = design(main_mode={"authip_proposals": [NEW], "ike_proposals": [NEW], "proposals": [OLD]})
    assert not [each for each in check(compile_design(both)) if each.id.startswith("weak-")]
