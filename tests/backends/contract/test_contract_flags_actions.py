"""Flags and actions of filters, and the flags of the other kinds."""

import pytest

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_types import Kind
from tests.backends.contract.expectations import accepts, add, refuses_add, refuses_filter
from tests.backends.contract.sample_objects import (
    ACCEPT_V4,
    BLOCK,
    CALLOUT,
    CONNECT_V4,
    IKEEXT_V4,
    IKEEXT_V6,
    INBOUND_V4,
    IPSEC_V4,
    IPSEC_V6,
    OUTBOUND_V4,
    PERMIT,
    PERSISTENT,
    SECURE_INBOUND,
    a_filter,
    callout_filter,
    context,
    of_kind,
    policy_filter,
    without,
)

FLAG = "FWPM_FILTER_FLAG_"
INSPECTION = "FWP_ACTION_CALLOUT_INSPECTION"
UNKNOWN = "FWP_ACTION_CALLOUT_UNKNOWN"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_flag_is_refused(session: Session, kind: Kind) -> None:
    """The flags of an object are those of its kind (wfp-error-codes)."""
    for flag in ("FWPM_NO_SUCH_FLAG", ""):
        refuses_add(session, "FWP_E_INVALID_FLAGS", kind, of_kind(kind, flags=[flag]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_flag_of_another_kind_is_refused(session: Session, kind: Kind) -> None:
    """A flag's name belongs to one kind of object (FWPM_PROVIDER0, FWPM_SUBLAYER0, inferred)."""
    foreign = PERSISTENT["provider" if kind != "provider" else "filter"]
    refuses_add(session, "FWP_E_INVALID_FLAGS", kind, of_kind(kind, flags=[foreign]))


def test_persistent_and_boot_time_exclude_each_other(session: Session) -> None:
    """The boot-time flag cannot be set together with the persistent one (FWPM_FILTER0)."""
    both = a_filter(layer=INBOUND_V4, flags=[f"{FLAG}PERSISTENT", f"{FLAG}BOOTTIME"])
    refuses_filter(session, "FWP_E_INVALID_FLAGS", both)


def test_a_filter_cannot_be_added_disabled(session: Session) -> None:
    """The disabled flag cannot be set when adding new filters (FWPM_FILTER0)."""
    refuses_filter(session, "FWP_E_INVALID_FLAGS", a_filter(flags=[f"{FLAG}DISABLED"]))


def test_a_provider_cannot_be_added_disabled(session: Session) -> None:
    """The disabled flag cannot be set when adding new providers (FWPM_PROVIDER0)."""
    refuses_add(session, "FWP_E_INVALID_FLAGS", "provider", of_kind("provider", flags=["FWPM_PROVIDER_FLAG_DISABLED"]))


def test_a_context_has_no_other_flag_than_persistent(session: Session) -> None:
    """The only flag for adding a provider context is the persistent one (FWPM_PROVIDER_CONTEXT0)."""
    downlevel = context(flags=["FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL"])
    refuses_add(session, "FWP_E_INVALID_FLAGS", "providerContext", downlevel)


@pytest.mark.parametrize("action", [PERMIT, BLOCK, INSPECTION])
def test_permit_if_unregistered_needs_a_callout_that_may_end(session: Session, action: str) -> None:
    """That flag can be set for terminating and unknown callouts only (FWPM_FILTER0)."""
    document = callout_filter(flags=[f"{FLAG}PERMIT_IF_CALLOUT_UNREGISTERED"])
    callout = SECURE_INBOUND if action == INSPECTION else None
    refuses_filter(session, "FWP_E_INVALID_FLAGS", {**document, "action": {"type": action, "filterType": callout}})


@pytest.mark.parametrize("action", [CALLOUT, UNKNOWN])
def test_permit_if_unregistered_goes_with_a_callout_that_may_end(session: Session, action: str) -> None:
    """That flag can be set for terminating and unknown callouts (FWPM_FILTER0)."""
    flag = f"{FLAG}PERMIT_IF_CALLOUT_UNREGISTERED"
    document = callout_filter(flags=[flag], action={"type": action, "filterType": SECURE_INBOUND})
    assert accepts(session, "filter", document)["flags"] == [flag]


def test_the_flag_that_makes_an_action_final_is_kept(session: Session) -> None:
    """A filter may clear the right of others to override it (FWPM_FILTER0)."""
    flag = f"{FLAG}CLEAR_ACTION_RIGHT"
    assert accepts(session, "filter", a_filter(flags=[flag]))["flags"] == [flag]


def test_the_indexed_flag_is_no_offence(session: Session) -> None:
    """A caller that gives back what it was told, indexed or not, is not refused (FWPM_FILTER0, inferred)."""
    key = add(session, "filter", a_filter(flags=[f"{FLAG}CLEAR_ACTION_RIGHT", f"{FLAG}INDEXED"]))
    assert f"{FLAG}CLEAR_ACTION_RIGHT" in session.get("filter", key)["flags"]


def test_a_filter_in_the_kernel_may_be_boot_time(session: Session) -> None:
    """Filters in kernel-mode layers can be marked as boot-time filters (object-management)."""
    for layer in (INBOUND_V4, OUTBOUND_V4, CONNECT_V4, "FWPM_LAYER_INBOUND_IPPACKET_V6"):
        flag = f"{FLAG}BOOTTIME"
        assert accepts(session, "filter", a_filter(layer=layer, flags=[flag]))["flags"] == [flag]


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6, IPSEC_V4, IPSEC_V6])
def test_a_policy_filter_cannot_be_boot_time(session: Session, layer: str) -> None:
    """Layers of the keying modules are not in the kernel (object-management, wfp-error-codes, inferred)."""
    policy = add(session, "providerContext", context("FWPM_IPSEC_IKE_MM_CONTEXT"))
    if layer in (IPSEC_V4, IPSEC_V6):
        policy = add(session, "providerContext", context("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"))
    refuses_filter(session, "FWP_E_INCOMPATIBLE_LAYER", policy_filter(policy, layer, flags=[f"{FLAG}BOOTTIME"]))


@pytest.mark.parametrize("action", [PERMIT, BLOCK])
def test_a_filter_permits_or_blocks(session: Session, action: str) -> None:
    """Permit and block need nothing else (FWPM_ACTION0)."""
    document = a_filter(action={"type": action, "filterType": None})
    assert accepts(session, "filter", document)["action"]["type"] == action


@pytest.mark.parametrize("action", [CALLOUT, INSPECTION, UNKNOWN])
def test_a_filter_may_invoke_a_callout(session: Session, action: str) -> None:
    """A callout may be terminating, inspecting or unknown (FWPM_ACTION0)."""
    document = callout_filter(action={"type": action, "filterType": SECURE_INBOUND})
    assert accepts(session, "filter", document)["action"] == {"type": action, "filterType": SECURE_INBOUND}


@pytest.mark.parametrize(
    "action", ["FWP_ACTION_NONE", "FWP_ACTION_NONE_NO_MATCH", "FWP_ACTION_CONTINUE", "FWP_ACTION_NO_SUCH", ""]
)
def test_any_other_action_is_refused(session: Session, action: str) -> None:
    """The action has to be one of those allowed for a filter (wfp-error-codes, FWPM_ACTION0)."""
    document = a_filter(action={"type": action, "filterType": None})
    refuses_filter(session, "FWP_E_INVALID_ACTION_TYPE", document)


def test_an_action_is_required(session: Session) -> None:
    """No action is none of those allowed for a filter (wfp-error-codes, inferred)."""
    refuses_filter(session, "FWP_E_INVALID_ACTION_TYPE", without(a_filter(), "action"))


@pytest.mark.parametrize(
    ("callout", "layer"),
    [
        (SECURE_INBOUND, OUTBOUND_V4),
        (SECURE_INBOUND, "FWPM_LAYER_INBOUND_TRANSPORT_V6"),
        ("FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4", INBOUND_V4),
        ("FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4", ACCEPT_V4),
    ],
)
def test_a_callout_belongs_to_its_layer(session: Session, callout: str, layer: str) -> None:
    """Only filters in its applicable layer can invoke a callout (FWPM_CALLOUT0, wfp-error-codes)."""
    refuses_filter(session, "FWP_E_INCOMPATIBLE_LAYER", callout_filter(callout, layer))


@pytest.mark.parametrize(
    ("callout", "layer"),
    [
        ("FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4", INBOUND_V4),
        ("FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V6", "FWPM_LAYER_INBOUND_TRANSPORT_V6"),
        ("FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4", OUTBOUND_V4),
        ("FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V6", "FWPM_LAYER_OUTBOUND_TRANSPORT_V6"),
        ("FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4", ACCEPT_V4),
        ("FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V6", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6"),
        ("FWPM_CALLOUT_IPSEC_ALE_CONNECT_V4", CONNECT_V4),
        ("FWPM_CALLOUT_IPSEC_ALE_CONNECT_V6", "FWPM_LAYER_ALE_AUTH_CONNECT_V6"),
    ],
)
def test_the_ipsec_callouts_are_there(session: Session, callout: str, layer: str) -> None:
    """The callouts of IPsec are built in, each at its layer (FWPM_CALLOUT0, observed)."""
    assert accepts(session, "filter", callout_filter(callout, layer))["layerKey"] == layer


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6, IPSEC_V4, IPSEC_V6])
def test_no_callout_is_invoked_where_policy_is_kept(session: Session, layer: str) -> None:
    """The layers of the keying modules know no callouts (wfp-error-codes, inferred)."""
    for action in (CALLOUT, INSPECTION, UNKNOWN):
        document = callout_filter(layer=layer, action={"type": action, "filterType": SECURE_INBOUND})
        refuses_filter(session, "FWP_E_ACTION_INCOMPATIBLE_WITH_LAYER", document)
