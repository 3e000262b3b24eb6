"""Policies: what stands in a provider context."""

import pytest

from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_types import Document
from tests.backends.contract.expectations import accepts, refuses_add
from tests.backends.contract.sample_objects import (
    AUTHIP_MM,
    AUTHIP_QM,
    IKE_MM,
    IKE_QM,
    context,
    ike_proposal,
    kerberos,
    main_mode,
    method,
    quick_mode,
    without,
)

#: The methods of each keying module, by the page that lists them.
METHODS = {
    IKE_MM: (
        "IKEEXT_PRESHARED_KEY",
        "IKEEXT_CERTIFICATE",
        "IKEEXT_KERBEROS",
        "IKEEXT_CERTIFICATE_ECDSA_P256",
        "IKEEXT_CERTIFICATE_ECDSA_P384",
    ),
    AUTHIP_MM: (
        "IKEEXT_KERBEROS",
        "IKEEXT_ANONYMOUS",
        "IKEEXT_SSL",
        "IKEEXT_NTLM_V2",
        "IKEEXT_SSL_ECDSA_P256",
        "IKEEXT_SSL_ECDSA_P384",
    ),
}
MAIN_MODE = (IKE_MM, AUTHIP_MM)
QUICK_MODE = (IKE_QM, AUTHIP_QM)


def takes(session: Session, document: Document) -> None:
    """Check that a provider context is accepted, and comes back with its whole policy."""
    accepts(session, "providerContext", document)


def refuses(session: Session, code: str, document: Document) -> None:
    """Check that a provider context is refused."""
    refuses_add(session, code, "providerContext", document)


def extended(*methods: Document) -> Document:
    """Return a policy of extended mode."""
    return {"authenticationMethods": list(methods), "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE"}


@pytest.mark.parametrize("context_type", [*MAIN_MODE, *QUICK_MODE])
def test_a_policy_comes_back_whole(session: Session, context_type: str) -> None:
    """Each type of provider context has its policy (FWPM_PROVIDER_CONTEXT0)."""
    takes(session, context(context_type))


def test_an_unknown_type_is_refused(session: Session) -> None:
    """A type has to be one of the enumeration (wfp-error-codes)."""
    document = context()
    for unknown in ("FWPM_IPSEC_NO_SUCH_CONTEXT", "FWPM_PROVIDER_CONTEXT_TYPE_MAX", ""):
        refuses(session, "FWP_E_INVALID_ENUMERATOR", {**document, "type": unknown})


@pytest.mark.parametrize("context_type", [*MAIN_MODE, *QUICK_MODE])
def test_a_policy_is_required(session: Session, context_type: str) -> None:
    """A required pointer cannot be null (wfp-error-codes)."""
    document = context(context_type)
    refuses(session, "FWP_E_NULL_POINTER", without(document, POLICY_MEMBERS[context_type]))
    refuses(session, "FWP_E_NULL_POINTER", {**document, POLICY_MEMBERS[context_type]: None})


def test_the_policy_of_another_type_does_not_do(session: Session) -> None:
    """The policy that counts is the one of the context's type (FWPM_PROVIDER_CONTEXT0, wfp-error-codes)."""
    document = context(IKE_MM)
    refuses(session, "FWP_E_NULL_POINTER", {**document, "type": AUTHIP_MM})


@pytest.mark.parametrize("context_type", MAIN_MODE)
def test_main_mode_needs_a_proposal(session: Session, context_type: str) -> None:
    """An array that must contain an element has none (wfp-error-codes, IKEEXT_POLICY0)."""
    refuses(session, "FWP_E_ZERO_LENGTH_ARRAY", context(context_type, main_mode(kerberos(), ikeProposals=[])))


@pytest.mark.parametrize("context_type", MAIN_MODE)
def test_main_mode_needs_an_authentication_method(session: Session, context_type: str) -> None:
    """An array that must contain an element has none (wfp-error-codes, IKEEXT_POLICY0)."""
    refuses(session, "FWP_E_ZERO_LENGTH_ARRAY", context(context_type, main_mode()))


@pytest.mark.parametrize("context_type", QUICK_MODE)
def test_quick_mode_needs_a_proposal(session: Session, context_type: str) -> None:
    """An array that must contain an element has none (wfp-error-codes, IPSEC_TRANSPORT_POLICY0)."""
    refuses(session, "FWP_E_ZERO_LENGTH_ARRAY", context(context_type, quick_mode(ipsecProposals=[])))


@pytest.mark.parametrize("context_type", QUICK_MODE)
def test_a_proposal_of_quick_mode_needs_a_transform(session: Session, context_type: str) -> None:
    """An array that must contain an element has none (wfp-error-codes, IPSEC_TRANSPORT_POLICY0, inferred)."""
    whole = quick_mode()["ipsecProposals"][0]
    policy = quick_mode(ipsecProposals=[whole, {**whole, "saTransforms": []}])
    refuses(session, "FWP_E_ZERO_LENGTH_ARRAY", context(context_type, policy))


@pytest.mark.parametrize(("context_type", "name"), [(t, name) for t, names in METHODS.items() for name in names])
def test_a_keying_module_takes_its_methods(session: Session, context_type: str, name: str) -> None:
    """Each method is available for the modules its page names (IKEEXT_AUTHENTICATION_METHOD_TYPE)."""
    takes(session, context(context_type, main_mode(method(name))))


@pytest.mark.parametrize(
    ("context_type", "name"),
    [
        *((IKE_MM, name) for name in METHODS[AUTHIP_MM] if name not in METHODS[IKE_MM]),
        *((AUTHIP_MM, name) for name in METHODS[IKE_MM] if name not in METHODS[AUTHIP_MM]),
        (IKE_MM, "IKEEXT_EAP"),
        (AUTHIP_MM, "IKEEXT_EAP"),
    ],
)
def test_a_keying_module_refuses_methods_it_does_not_have(session: Session, context_type: str, name: str) -> None:
    """A method has to suit the type of policy (IKEEXT_AUTHENTICATION_METHOD_TYPE, wfp-error-codes)."""
    unfit = context(context_type, main_mode(kerberos(), method(name)))
    refuses(session, "FWP_E_INCOMPATIBLE_AUTH_METHOD", unfit)


def test_several_methods_keep_their_order(session: Session) -> None:
    """The methods are an array, and are offered in its order (IKEEXT_POLICY0, inferred)."""
    names = METHODS[AUTHIP_MM]
    for some in (names, names[::-1]):
        takes(session, context(AUTHIP_MM, main_mode(*map(method, some))))


@pytest.mark.parametrize("context_type", MAIN_MODE)
def test_a_method_stands_once(session: Session, context_type: str) -> None:
    """The same authentication method twice is a duplicate (inferred)."""
    refuses(session, "FWP_E_DUPLICATE_AUTH_METHOD", context(context_type, main_mode(kerberos(), kerberos())))


def test_several_proposals_keep_their_order(session: Session) -> None:
    """Proposals are an array, and are offered in its order (IKEEXT_POLICY0, IPSEC_TRANSPORT_POLICY0, inferred)."""
    groups = ("IKEEXT_DH_ECP_384", "IKEEXT_DH_GROUP_2", "IKEEXT_DH_GROUP_24")
    policy = main_mode(kerberos(), ikeProposals=[ike_proposal(dhGroup=group) for group in groups])
    takes(session, context(IKE_MM, policy))
    quick = quick_mode()
    fast, slow = quick["ipsecProposals"][0], {**quick["ipsecProposals"][0], "pfsGroup": "IPSEC_PFS_ECP_256"}
    takes(session, context(IKE_QM, quick_mode(ipsecProposals=[slow, fast])))


def test_no_diffie_hellman_is_for_authip_only(session: Session) -> None:
    """Only AuthIP can do without a Diffie-Hellman group (IKEEXT_DH_GROUP, wfp-error-codes)."""
    policy = main_mode(kerberos(), ikeProposals=[ike_proposal(dhGroup="IKEEXT_DH_GROUP_NONE")])
    takes(session, context(AUTHIP_MM, policy))
    refuses(session, "FWP_E_INCOMPATIBLE_DH_GROUP", context(IKE_MM, policy))


def test_ike_has_no_extended_mode(session: Session) -> None:
    """An IKE policy cannot contain an extended mode policy (wfp-error-codes)."""
    policy = quick_mode(emPolicy=extended(kerberos()))
    refuses(session, "FWP_E_EM_NOT_SUPPORTED", context(IKE_QM, policy))


def test_authip_may_have_extended_mode(session: Session) -> None:
    """Extended mode is AuthIP's, and its methods come back (IPSEC_TRANSPORT_POLICY0)."""
    takes(session, context(AUTHIP_QM, quick_mode(emPolicy=extended(kerberos(), method("IKEEXT_NTLM_V2")))))


def test_extended_mode_needs_an_authentication_method(session: Session) -> None:
    """An array that must contain an element has none (wfp-error-codes, inferred)."""
    refuses(session, "FWP_E_ZERO_LENGTH_ARRAY", context(AUTHIP_QM, quick_mode(emPolicy=extended())))


def test_extended_mode_refuses_methods_of_ike(session: Session) -> None:
    """Extended mode is AuthIP's, and so are its methods (IKEEXT_AUTHENTICATION_METHOD_TYPE, inferred)."""
    policy = quick_mode(emPolicy=extended(method("IKEEXT_PRESHARED_KEY")))
    refuses(session, "FWP_E_INCOMPATIBLE_AUTH_METHOD", context(AUTHIP_QM, policy))


def test_the_flags_of_a_policy_come_back(session: Session) -> None:
    """A quick mode policy says how it discovers (IPSEC_TRANSPORT_POLICY0)."""
    for flags in ([], ["IPSEC_POLICY_FLAG_ND_SECURE"], ["IPSEC_POLICY_FLAG_ND_BOUNDARY"]):
        takes(session, context(IKE_QM, quick_mode(flags=flags)))
