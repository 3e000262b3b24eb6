"""Certificates of authentication sets: suites of one kind are one method, and what each asks is asked of its side."""

import pytest

from ndtui.model.design.authentication import AuthenticationMethod
from ndtui.model.design.design import Design
from tests.analysis.connection_security.rule_files import imported, registry, under, whole

ROOT, OTHER = "C=US, O=Corp, CN=Root CA", "CN=Other"


def policy(*suites: dict[str, str]) -> str:
    """Return a registry file with one rule, whose machines authenticate in some ways."""
    sets = under("Phase1AuthenticationSets", "{A}", Version="2.20") + "".join(
        under(r"Phase1AuthenticationSets\{A}", f"{number:04}", **suite) for number, suite in enumerate(suites)
    )
    return registry("v2.20|Active=TRUE|Action=Secure|Name=x|KeyMod=IkeV1|Auth1Set={A}|", sets=sets)


def certificate(authority: str = ROOT, **said: str) -> dict[str, str]:
    """Return the values of a suite."""
    return {"Method": "MachineCert", "CAName": authority, **said}


def methods(design: Design) -> tuple[AuthenticationMethod, ...]:
    """Return how machines authenticate to one another with IKE."""
    return design.main_mode.ike_authentication


def test_authorities_of_one_kind_are_one_method_in_the_place_of_the_first():
    suites = (certificate(), {"Method": "MachineKerb"}, certificate(OTHER))
    first, second = methods(whole(policy(*suites)))
    assert first.roots == (f"subject:{ROOT}", f"subject:{OTHER}")
    assert second.method == "IKEEXT_KERBEROS"


def test_each_way_to_sign_is_a_method_of_its_own():
    suites = (certificate(), certificate(OtherCertSigning="ECDSA384"), certificate(OtherCertSigning="ECDSA256"))
    found = [each.method for each in methods(whole(policy(*suites)))]
    assert found == ["IKEEXT_CERTIFICATE", "IKEEXT_CERTIFICATE_ECDSA_P384", "IKEEXT_CERTIFICATE_ECDSA_P256"]


def test_what_is_asked_of_certificates():
    asked = "v2.20|CriteriaType=Both|NameType=UPN|Name=host@corp|Eku=1.3.6.1.5.5.8.2.2|Eku=1.2.3|Hash=" + "ab" * 20
    suite = certificate(CertCriteria=f"{asked}|FollowRenewal=True|", CertAccountMapping="TRUE", IntermediateCA="TRUE")
    (method,) = methods(whole(policy(suite)))
    assert method.inbound_criteria == method.outbound_criteria
    (criteria,) = method.inbound_criteria
    assert criteria.root == f"subject:{ROOT}"
    assert criteria.key_usages == ("1.3.6.1.5.5.8.2.2", "1.2.3")
    assert (criteria.name, criteria.name_type) == ("host@corp", "IKEEXT_CERT_CRITERIA_UPN")
    assert criteria.thumbprint == "ab" * 20
    assert set(criteria.flags) == {
        "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING",
        "IKEEXT_CERT_FLAG_INTERMEDIATE_CA",
        "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE",
    }


def test_what_is_asked_of_one_side_is_not_asked_of_the_other():
    suites = (
        certificate(CertCriteria="v2.20|CriteriaType=Validate|Eku=1.2.3|"),
        certificate(OTHER, CertCriteria="v2.20|CriteriaType=Select|Eku=2.5.6|"),
    )
    (method,) = methods(whole(policy(*suites)))
    (validated,), (selected,) = method.inbound_criteria, method.outbound_criteria
    assert (validated.root, validated.key_usages) == (f"subject:{ROOT}", ("1.2.3",))
    assert (selected.root, selected.key_usages) == (f"subject:{OTHER}", ("2.5.6",))
    assert method.roots == ()


def test_a_side_of_which_nothing_more_is_asked_has_authorities_alone():
    suites = (
        certificate(CertCriteria="v2.20|CriteriaType=Select|Eku=1.2.3|"),
        certificate(OTHER, CertCriteria="v2.20|CriteriaType=Validate|"),
    )
    (method,) = methods(whole(policy(*suites)))
    assert (method.roots, method.inbound_criteria) == ((f"subject:{OTHER}",), ())
    assert [each.key_usages for each in method.outbound_criteria] == [("1.2.3",)]


@pytest.mark.parametrize(
    ("suite", "why"),
    [
        (certificate(HealthCert="TRUE"), "HealthCert = TRUE"),
        (certificate(ExcludeCAName="TRUE"), "ExcludeCAName = TRUE"),
        ({"Method": "MachineCert", "CertCriteria": "v2.20|Eku=1.2.3|"}, "certcriteria = v2.20|Eku=1.2.3|"),
    ],
)
def test_what_no_design_asks_is_named(suite: dict[str, str], why: str):
    made = imported(policy(suite))
    assert made.design is not None
    assert [each for each in made.missing if why.casefold() in each.casefold()], made.missing


def test_a_name_of_a_kind_that_no_design_has_is_named():
    made = imported(policy(certificate(CertCriteria="v2.20|NameType=Serial|Name=x|")))
    assert made.design is None
    assert any("IKEEXT_CERT_CRITERIA_SERIAL" in each for each in made.missing), made.missing


def test_a_proxy_of_kerberos_is_taken_over():
    (method,) = methods(whole(policy({"Method": "MachineKerb", "ProxyServer": "proxy.corp"})))
    assert method.proxy == "proxy.corp"
