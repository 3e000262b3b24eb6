"""Contexts of filters: a raw number or a provider context, and which goes where."""

import pytest

from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_types import Document
from tests.backends.contract.expectations import accepts, add, refuses_filter
from tests.backends.contract.sample_objects import (
    ACCEPT_V4,
    AUTHIP_MM,
    AUTHIP_QM,
    HAS_CONTEXT,
    IKE_MM,
    IKE_QM,
    IKEEXT_V4,
    IKEEXT_V6,
    INBOUND_V4,
    IPSEC_V4,
    IPSEC_V6,
    OUTBOUND_V4,
    SECURE_INBOUND,
    ZERO,
    a_filter,
    callout_filter,
    context,
    new_key,
    policy_filter,
    without,
)


def _with_context(document: Document, key: str) -> Document:
    return {**without(document, "rawContext"), "flags": [HAS_CONTEXT], "providerContextKey": key}


def test_a_raw_context_is_kept_as_it_is(session: Session) -> None:
    """The raw context is placed as is, up to 64 bits (FWPM_FILTER0)."""
    for raw in (0, 2, 0xFF00000000000000, 0xFFFFFFFFFFFFFFFF):
        assert accepts(session, "filter", callout_filter(rawContext=raw))["rawContext"] == raw


def test_a_raw_context_has_sixty_four_bits(session: Session) -> None:
    """The raw context is an unsigned number of 64 bits (FWPM_FILTER0, wfp-error-codes, inferred)."""
    for raw in (-1, 1 << 64):
        refuses_filter(session, "FWP_E_OUT_OF_BOUNDS", callout_filter(rawContext=raw))


def test_a_filter_without_any_context_has_the_raw_context_zero(session: Session) -> None:
    """A context that is left out is zero (FWPM_FILTER0, inferred)."""
    key = add(session, "filter", without(a_filter(), "rawContext"))
    held = session.get("filter", key)
    assert held["rawContext"] == 0
    assert not held.get("providerContextKey")


def test_without_the_flag_the_raw_context_counts(session: Session) -> None:
    """Raw context and provider context share their place; without the flag it is a number (FWPM_FILTER0)."""
    key = add(session, "filter", callout_filter(rawContext=2, providerContextKey=new_key()))
    held = session.get("filter", key)
    assert held["rawContext"] == 2
    assert not held.get("providerContextKey")


def test_with_the_flag_the_provider_context_counts(session: Session) -> None:
    """Raw context and provider context share their place; with the flag it is a key (FWPM_FILTER0)."""
    policy = add(session, "providerContext", context())
    key = add(session, "filter", {**policy_filter(policy), "rawContext": 2})
    held = session.get("filter", key)
    assert held["providerContextKey"] == policy
    assert not held.get("rawContext")
    assert HAS_CONTEXT in held["flags"]


@pytest.mark.parametrize("given", ["left out", None, ZERO])
def test_the_flag_needs_a_provider_context(session: Session, given: str | None) -> None:
    """A filter that says it has a provider context has to name one (FWPM_FILTER0, wfp-error-codes)."""
    document = policy_filter(given)  # type: ignore[arg-type]
    document = without(document, "providerContextKey") if given == "left out" else document
    refuses_filter(session, "FWP_E_PROVIDER_CONTEXT_NOT_FOUND", document)


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6])
@pytest.mark.parametrize("context_type", [IKE_MM, AUTHIP_MM])
def test_main_mode_policy_goes_to_the_ikeext_layers(session: Session, layer: str, context_type: str) -> None:
    """At the IKEEXT layers stand the policies of main mode (ipsec-configuration, ike-exemptions)."""
    policy = add(session, "providerContext", context(context_type))
    assert accepts(session, "filter", policy_filter(policy, layer))["providerContextKey"] == policy


@pytest.mark.parametrize("layer", [IPSEC_V4, IPSEC_V6])
@pytest.mark.parametrize("context_type", [IKE_QM, AUTHIP_QM])
def test_quick_mode_policy_goes_to_the_ipsec_layers(session: Session, layer: str, context_type: str) -> None:
    """At the IPSEC layers stand the policies of quick and extended mode (ipsec-configuration)."""
    policy = add(session, "providerContext", context(context_type))
    assert accepts(session, "filter", policy_filter(policy, layer))["providerContextKey"] == policy


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6])
@pytest.mark.parametrize("context_type", [IKE_QM, AUTHIP_QM])
def test_the_ikeext_layers_take_no_quick_mode_policy(session: Session, layer: str, context_type: str) -> None:
    """A provider context has to suit its layer (wfp-error-codes, ipsec-configuration)."""
    policy = add(session, "providerContext", context(context_type))
    refuses_filter(session, "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER", policy_filter(policy, layer))


@pytest.mark.parametrize("layer", [IPSEC_V4, IPSEC_V6])
@pytest.mark.parametrize("context_type", [IKE_MM, AUTHIP_MM])
def test_the_ipsec_layers_take_no_main_mode_policy(session: Session, layer: str, context_type: str) -> None:
    """A provider context has to suit its layer (wfp-error-codes, ipsec-configuration)."""
    policy = add(session, "providerContext", context(context_type))
    refuses_filter(session, "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER", policy_filter(policy, layer))


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6, IPSEC_V4, IPSEC_V6])
def test_a_policy_filter_needs_a_policy(session: Session, layer: str) -> None:
    """A negotiation policy is the provider context of its filter (ipsec-configuration, wfp-error-codes, inferred)."""
    refuses_filter(session, "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER", a_filter(layer=layer))


@pytest.mark.parametrize(
    ("callout", "layer"),
    [(SECURE_INBOUND, INBOUND_V4), ("FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4", OUTBOUND_V4)],
)
def test_the_transport_callouts_take_no_provider_context(session: Session, callout: str, layer: str) -> None:
    """A callout that does not use provider contexts is given none (FWPM_CALLOUT0, wfp-error-codes, observed)."""
    policy = add(session, "providerContext", context(IKE_QM))
    document = _with_context(callout_filter(callout, layer), policy)
    refuses_filter(session, "FWP_E_CONTEXT_INCOMPATIBLE_WITH_CALLOUT", document)


def test_the_callout_that_asks_for_security_may_have_a_provider_context(session: Session) -> None:
    """A callout that uses provider contexts may be given one (FWPM_CALLOUT0, observed)."""
    policy = add(session, "providerContext", context(IKE_QM))
    document = callout_filter("FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4", ACCEPT_V4)
    assert accepts(session, "filter", _with_context(document, policy))["providerContextKey"] == policy
