"""Lifetimes: dynamic, static, persistent, built-in; none refers to what may go before it."""

from typing import Any

import pytest

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Engine, Session
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.contract.expectations import accepts, add, keys, refuses_add, refuses_delete
from tests.backends.contract.sample_objects import (
    PERSISTENT,
    SECURE_INBOUND,
    a_filter,
    callout_filter,
    context,
    of_kind,
    policy_filter,
    provider,
    sublayer,
)

#: What can refer to what: the kind that refers, and the kind it refers to.
REFERENCES = [
    ("subLayer", "provider"),
    ("providerContext", "provider"),
    ("filter", "provider"),
    ("filter", "subLayer"),
    ("filter", "providerContext"),
]
each_reference = pytest.mark.parametrize(("kind", "target"), REFERENCES)


def lasting(kind: str, **members: Any) -> Document:
    """Return a persistent object."""
    return of_kind(kind, flags=[PERSISTENT[kind]], **members)


def referring(kind: str, target: str, key: str, *, persistent: bool = False, **members: Any) -> Document:
    """Return an object that refers to one of another kind."""
    flags = [PERSISTENT[kind]] if persistent else []
    if target == "providerContext":
        return policy_filter(key, flags=flags, **members)
    return of_kind(kind, flags=flags, **{f"{target}Key": key}, **members)


def accepted(session: Session, kind: Kind, document: Document) -> bool:
    """Add an object and tell that it is held."""
    return add(session, kind, document) in keys(session, kind)


@each_reference
def test_static_may_not_refer_to_dynamic(session: Session, dynamic: Session, kind: Kind, target: Kind) -> None:
    """A static object cannot refer to a dynamic object (object-management)."""
    key = add(dynamic, target, of_kind(target))
    refuses_add(session, "FWP_E_LIFETIME_MISMATCH", kind, referring(kind, target, key))


@each_reference
def test_persistent_may_not_refer_to_dynamic(session: Session, dynamic: Session, kind: Kind, target: Kind) -> None:
    """A persistent object cannot refer to a dynamic object (object-management)."""
    key = add(dynamic, target, of_kind(target))
    refuses_add(session, "FWP_E_LIFETIME_MISMATCH", kind, referring(kind, target, key, persistent=True))


@each_reference
def test_persistent_may_not_refer_to_static(session: Session, kind: Kind, target: Kind) -> None:
    """A persistent object cannot refer to a static object (object-management)."""
    key = add(session, target, of_kind(target))
    refuses_add(session, "FWP_E_LIFETIME_MISMATCH", kind, referring(kind, target, key, persistent=True))


@pytest.mark.parametrize(("member", "target"), [("providerKey", "provider"), ("subLayerKey", "subLayer")])
def test_boot_time_refers_to_what_outlasts_a_restart_only(session: Session, member: str, target: Kind) -> None:
    """A boot-time filter is there as TCP/IP starts, and so must be what it refers to (object-management, inferred)."""
    boot = ["FWPM_FILTER_FLAG_BOOTTIME"]
    static, kept = (add(session, target, of_kind(target, flags=flags)) for flags in ([], [PERSISTENT[target]]))
    refuses_add(session, "FWP_E_LIFETIME_MISMATCH", "filter", of_kind("filter", flags=boot, **{member: static}))
    assert accepted(session, "filter", of_kind("filter", flags=boot, **{member: kept}))


def test_boot_time_does_not_go_with_a_dynamic_session(dynamic: Session) -> None:
    """Objects of a dynamic session go with it, and a boot-time filter is one of the next start (inferred)."""
    document = of_kind("filter", flags=["FWPM_FILTER_FLAG_BOOTTIME"])
    refuses_add(dynamic, "FWP_E_DYNAMIC_SESSION_IN_PROGRESS", "filter", document)


@each_reference
def test_dynamic_may_not_refer_to_dynamic_of_another_session(
    engine: Engine, dynamic: Session, kind: Kind, target: Kind
) -> None:
    """A dynamic object cannot refer to a dynamic object of a different session (object-management)."""
    key = add(dynamic, target, of_kind(target))
    second = engine.open(dynamic=True)
    refuses_add(second, "FWP_E_LIFETIME_MISMATCH", kind, referring(kind, target, key))
    second.close()


@pytest.mark.parametrize("target", ["subLayer", "providerContext"])
def test_persistent_may_not_refer_to_persistent_of_another_provider(session: Session, target: Kind) -> None:
    """A persistent object cannot refer to a persistent object that a different provider owns (object-management)."""
    one, two = (add(session, "provider", lasting("provider")) for _ in range(2))
    key = add(session, target, lasting(target, providerKey=one))
    foreign = referring("filter", target, key, persistent=True, providerKey=two)
    refuses_add(session, "FWP_E_LIFETIME_MISMATCH", "filter", foreign)


@pytest.mark.parametrize("target", ["subLayer", "providerContext"])
def test_static_may_refer_to_persistent_of_another_provider(session: Session, target: Kind) -> None:
    """Whose a persistent object is matters to persistent objects only (object-management)."""
    one, two = (add(session, "provider", lasting("provider")) for _ in range(2))
    key = add(session, target, lasting(target, providerKey=one))
    assert accepted(session, "filter", referring("filter", target, key, providerKey=two))


@each_reference
def test_persistent_may_refer_to_persistent_of_its_provider(session: Session, kind: Kind, target: Kind) -> None:
    """Persistent objects of one provider may refer to each other (object-management)."""
    owner = add(session, "provider", lasting("provider"))
    key = owner if target == "provider" else add(session, target, lasting(target, providerKey=owner))
    document = referring(kind, target, key, persistent=True)
    assert accepted(session, kind, {**document, "providerKey": owner})


@each_reference
def test_static_may_refer_to_static_and_persistent(session: Session, kind: Kind, target: Kind) -> None:
    """A static object may refer to what lives as long or longer (object-management)."""
    for flags in ([], [PERSISTENT[target]]):
        key = add(session, target, of_kind(target, flags=flags))
        assert accepted(session, kind, referring(kind, target, key))


@each_reference
def test_dynamic_may_refer_to_static_and_persistent(
    session: Session, dynamic: Session, kind: Kind, target: Kind
) -> None:
    """A dynamic object may refer to what lives longer (object-management)."""
    for flags in ([], [PERSISTENT[target]]):
        key = add(session, target, of_kind(target, flags=flags))
        assert accepted(dynamic, kind, referring(kind, target, key))


@each_reference
def test_dynamic_may_refer_to_dynamic_of_its_session(dynamic: Session, kind: Kind, target: Kind) -> None:
    """Dynamic objects of one session go together, so they may refer to each other (object-management)."""
    key = add(dynamic, target, of_kind(target))
    assert accepted(dynamic, kind, referring(kind, target, key))


def test_anything_may_refer_to_built_in_objects(session: Session, dynamic: Session) -> None:
    """Built-in objects live forever (object-management)."""
    flags = [PERSISTENT["filter"]]
    for document in (a_filter(), callout_filter(), a_filter(flags=flags), callout_filter(SECURE_INBOUND, flags=flags)):
        assert accepted(session, "filter", document)
    for document in (a_filter(), callout_filter()):
        assert accepted(dynamic, "filter", document)


def test_persistent_objects_say_so(session: Session) -> None:
    """The flag that makes an object persistent comes back with it (FWPM_PROVIDER0, FWPM_SUBLAYER0)."""
    for kind in KINDS:
        assert accepts(session, kind, lasting(kind))["flags"] == [PERSISTENT[kind]]


def test_persistent_objects_can_be_deleted(session: Session) -> None:
    """Persistent objects live until they are deleted (object-management)."""
    for kind in KINDS:
        key = add(session, kind, lasting(kind))
        session.delete(kind, key)
        assert key not in keys(session, kind)


def test_nothing_persistent_is_added_in_a_dynamic_session(dynamic: Session) -> None:
    """Some calls are not allowed from within a dynamic session (wfp-error-codes, inferred)."""
    for kind in KINDS:
        refuses_add(dynamic, "FWP_E_DYNAMIC_SESSION_IN_PROGRESS", kind, lasting(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_dynamic_object_is_deleted_by_its_own_session_only(
    engine: Engine, session: Session, dynamic: Session, kind: Kind
) -> None:
    """An object of a different dynamic session cannot be deleted (FwpmFilterDeleteByKey0)."""
    key = add(dynamic, kind, of_kind(kind))
    refuses_delete(session, "FWP_E_WRONG_SESSION", kind, key)
    second = engine.open(dynamic=True)
    refuses_delete(second, "FWP_E_WRONG_SESSION", kind, key)
    second.close()
    dynamic.delete(kind, key)
    assert key not in keys(session, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dynamic_session_deletes_none_but_its_own_objects(session: Session, dynamic: Session, kind: Kind) -> None:
    """A dynamic session cannot delete what was not added during a dynamic session (FwpmFilterDeleteByKey0)."""
    for document in (of_kind(kind), lasting(kind)):
        key = add(session, kind, document)
        refuses_delete(dynamic, "FWP_E_DYNAMIC_SESSION_IN_PROGRESS", kind, key)


def test_a_persistent_policy_refers_to_its_own_objects(session: Session) -> None:
    """Persistent provider, sublayer, context and filters of one provider go together (object-management)."""
    owner = add(session, "provider", lasting("provider"))
    place = add(session, "subLayer", sublayer(flags=[PERSISTENT["subLayer"]], providerKey=owner))
    policy = add(session, "providerContext", context(flags=[PERSISTENT["providerContext"]], providerKey=owner))
    document = policy_filter(policy, flags=[PERSISTENT["filter"]], subLayerKey=place, providerKey=owner)
    assert accepts(session, "filter", document)["subLayerKey"] == place


def test_an_unowned_persistent_sublayer_serves_every_provider(session: Session) -> None:
    """An object without a provider is not owned by a different one (object-management, inferred)."""
    owner = add(session, "provider", provider(flags=[PERSISTENT["provider"]]))
    place = add(session, "subLayer", lasting("subLayer"))
    assert accepted(session, "filter", lasting("filter", subLayerKey=place, providerKey=owner))
