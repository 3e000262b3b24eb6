"""References: what an object refers to has to be there, and has to stay."""

import pytest

from ndtui.backends.contract.engine import Session
from tests.backends.contract.expectations import add, everything, keys, refuses_add, refuses_delete, refuses_filter
from tests.backends.contract.sample_objects import (
    BLOCK,
    IKEEXT_V4,
    UNIVERSAL,
    ZERO,
    a_filter,
    callout_filter,
    context,
    new_key,
    of_kind,
    policy_filter,
    provider,
    sublayer,
    without,
)

OWNED = ("subLayer", "providerContext", "filter")


@pytest.mark.parametrize("kind", OWNED)
def test_an_unknown_provider_is_refused(session: Session, kind: str) -> None:
    """The provider an object names has to be there (wfp-error-codes)."""
    refuses_add(session, "FWP_E_PROVIDER_NOT_FOUND", kind, of_kind(kind, providerKey=new_key()))


@pytest.mark.parametrize("kind", OWNED)
def test_a_provider_is_optional(session: Session, kind: str) -> None:
    """The provider of an object is optional: left out, nothing, or the zero GUID (FWPM_FILTER0)."""
    for members in ({}, {"providerKey": None}, {"providerKey": ZERO}):
        key = add(session, kind, of_kind(kind, **members))
        assert session.get(kind, key).get("providerKey") is None


def test_an_unknown_sublayer_is_refused(session: Session) -> None:
    """The sublayer a filter names has to be there (wfp-error-codes)."""
    refuses_filter(session, "FWP_E_SUBLAYER_NOT_FOUND", a_filter(subLayerKey=new_key()))


def test_an_unknown_layer_is_refused(session: Session) -> None:
    """The layer a filter names has to be there, by name or by key (wfp-error-codes)."""
    for layer in ("FWPM_LAYER_NO_SUCH_V4", "FWPM_LAYER_ALE_AUTH_CONNECT", "", new_key(), ZERO):
        refuses_filter(session, "FWP_E_LAYER_NOT_FOUND", a_filter(layer=layer))


def test_an_unknown_callout_is_refused(session: Session) -> None:
    """The callout a filter invokes has to be there (wfp-error-codes, FWPM_ACTION0)."""
    for callout in (new_key(), "FWPM_CALLOUT_NO_SUCH_V4", None):
        refuses_filter(session, "FWP_E_CALLOUT_NOT_FOUND", callout_filter(callout))


def test_an_unknown_provider_context_is_refused(session: Session) -> None:
    """The provider context a filter names has to be there (wfp-error-codes)."""
    refuses_filter(session, "FWP_E_PROVIDER_CONTEXT_NOT_FOUND", policy_filter(new_key()))


def test_a_key_of_another_kind_is_no_reference(session: Session) -> None:
    """A reference means an object of its own type (object-management)."""
    key = add(session, "provider", provider())
    refuses_filter(session, "FWP_E_SUBLAYER_NOT_FOUND", a_filter(subLayerKey=key))
    refuses_filter(session, "FWP_E_PROVIDER_CONTEXT_NOT_FOUND", policy_filter(key))


@pytest.mark.parametrize("given", ["left out", None, ZERO])
def test_a_filter_without_a_sublayer_goes_to_the_default_one(session: Session, given: str | None) -> None:
    """A filter whose sublayer is IID_NULL is added to the default sublayer (FWPM_FILTER0)."""
    document = a_filter(subLayerKey=given)
    key = add(session, "filter", without(document, "subLayerKey") if given == "left out" else document)
    assert session.get("filter", key)["subLayerKey"] == UNIVERSAL


@pytest.mark.parametrize("kind", OWNED)
def test_a_provider_in_use_cannot_be_deleted(session: Session, kind: str) -> None:
    """An object cannot be deleted until all objects that reference it are (object-management)."""
    owner = add(session, "provider", provider())
    owned = add(session, kind, of_kind(kind, providerKey=owner))
    refuses_delete(session, "FWP_E_IN_USE", "provider", owner)
    session.delete(kind, owned)
    session.delete("provider", owner)
    assert owner not in keys(session, "provider")


def test_a_sublayer_in_use_cannot_be_deleted(session: Session) -> None:
    """A sublayer stays until its last filter is gone (object-management)."""
    place = add(session, "subLayer", sublayer())
    filters = [add(session, "filter", a_filter(subLayerKey=place)) for _ in range(2)]
    for key in filters:
        refuses_delete(session, "FWP_E_IN_USE", "subLayer", place)
        session.delete("filter", key)
    session.delete("subLayer", place)
    assert place not in keys(session, "subLayer")


def test_a_provider_context_in_use_cannot_be_deleted(session: Session) -> None:
    """A provider context stays until its last filter is gone (object-management)."""
    policy = add(session, "providerContext", context())
    filters = [add(session, "filter", policy_filter(policy)) for _ in range(2)]
    for key in filters:
        refuses_delete(session, "FWP_E_IN_USE", "providerContext", policy)
        session.delete("filter", key)
    session.delete("providerContext", policy)
    assert policy not in keys(session, "providerContext")


def test_a_filter_is_never_in_use(session: Session) -> None:
    """Nothing refers to a filter (object-management)."""
    owner = add(session, "provider", provider())
    place = add(session, "subLayer", sublayer(providerKey=owner))
    key = add(session, "filter", a_filter(subLayerKey=place, providerKey=owner))
    session.delete("filter", key)
    session.delete("subLayer", place)
    session.delete("provider", owner)
    assert keys(session, "provider") == []


def test_the_same_key_in_another_kind_is_not_in_use(session: Session) -> None:
    """A reference means one object of its type, not others with its key (object-management)."""
    key = add(session, "provider", provider())
    add(session, "subLayer", sublayer(subLayerKey=key))
    add(session, "providerContext", context(providerContextKey=key))
    add(session, "filter", policy_filter(key))
    session.delete("subLayer", key)
    session.delete("provider", key)
    refuses_delete(session, "FWP_E_IN_USE", "providerContext", key)


def test_first_the_filter_then_its_context_go_in_one_transaction(session: Session) -> None:
    """Within a transaction a deletion counts for the next one (object-management)."""
    policy = add(session, "providerContext", context())
    key = add(session, "filter", policy_filter(policy))
    session.begin()
    refuses_delete(session, "FWP_E_IN_USE", "providerContext", policy)
    session.delete("filter", key)
    session.delete("providerContext", policy)
    session.commit()
    assert keys(session, "providerContext") == []


def test_an_object_may_refer_to_one_of_its_transaction(session: Session) -> None:
    """Within a transaction an added object can be referred to (object-management)."""
    session.begin()
    owner = add(session, "provider", provider())
    place = add(session, "subLayer", sublayer(providerKey=owner))
    policy = add(session, "providerContext", context(providerKey=owner))
    add(session, "filter", policy_filter(policy, subLayerKey=place, providerKey=owner))
    held = everything(session)
    session.commit()
    assert everything(session) == held


def test_what_an_aborted_transaction_added_cannot_be_referred_to(session: Session) -> None:
    """After an abort its objects are unknown (FwpmTransactionAbort0)."""
    session.begin()
    place = add(session, "subLayer", sublayer())
    session.abort()
    refuses_filter(session, "FWP_E_SUBLAYER_NOT_FOUND", a_filter(subLayerKey=place))


def test_an_aborted_deletion_leaves_its_references(session: Session) -> None:
    """After an abort the object is in use as before (FwpmTransactionAbort0, object-management)."""
    place = add(session, "subLayer", sublayer())
    key = add(session, "filter", a_filter(subLayerKey=place))
    session.begin()
    session.delete("filter", key)
    session.abort()
    refuses_delete(session, "FWP_E_IN_USE", "subLayer", place)


def test_an_aborted_add_refers_to_nothing(session: Session) -> None:
    """After an abort what its objects referred to is free (FwpmTransactionAbort0, object-management)."""
    place = add(session, "subLayer", sublayer())
    session.begin()
    add(session, "filter", a_filter(subLayerKey=place))
    session.abort()
    session.delete("subLayer", place)
    assert place not in keys(session, "subLayer")


def test_a_refused_object_refers_to_nothing(session: Session) -> None:
    """An add that failed leaves no reference behind (object-management)."""
    place = add(session, "subLayer", sublayer())
    refuses_filter(
        session, "FWP_E_INVALID_ACTION_TYPE", a_filter(subLayerKey=place, action={"type": "FWP_ACTION_NONE"})
    )
    session.delete("subLayer", place)
    assert place not in keys(session, "subLayer")


def test_a_filter_type_is_no_reference(session: Session) -> None:
    """Without a callout the filter's type is an arbitrary GUID of the provider's choice (FWPM_ACTION0)."""
    chosen = new_key()
    key = add(session, "filter", a_filter(action={"type": BLOCK, "filterType": chosen}))
    assert session.get("filter", key)["action"] == {"type": BLOCK, "filterType": chosen}


def test_a_context_that_only_stands_there_is_no_reference(session: Session) -> None:
    """Without its flag the key of a provider context is not looked at (FWPM_FILTER0)."""
    policy = add(session, "providerContext", context())
    add(session, "filter", a_filter(providerContextKey=policy))
    session.delete("providerContext", policy)
    assert keys(session, "providerContext") == []
    add(session, "filter", a_filter(layer="FWPM_LAYER_INBOUND_IPPACKET_V4", providerContextKey=new_key()))


def test_one_context_serves_many_filters(session: Session) -> None:
    """A provider context can be referred to by any number of filters (ipsec-configuration)."""
    policy = add(session, "providerContext", context())
    filters = [
        add(session, "filter", policy_filter(policy, layer=layer)) for layer in (IKEEXT_V4, "FWPM_LAYER_IKEEXT_V6")
    ]
    assert [session.get("filter", key)["providerContextKey"] for key in filters] == [policy, policy]
