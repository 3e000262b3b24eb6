"""Enumeration: everything, or what a template asks for, in the order it was added."""

from copy import deepcopy

import pytest

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import ASSIGNED, Engine, Session
from ndtui.backends.planning.planner import stored_objects
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from tests.backends.contract.expectations import add, everything, keys, refuses
from tests.backends.contract.sample_objects import (
    ACCEPT_V4,
    AUTHIP_MM,
    AUTHIP_QM,
    CONNECT_V4,
    IKE_MM,
    IKE_QM,
    INBOUND_V4,
    a_filter,
    context,
    new_key,
    of_kind,
    port,
    provider,
)
from tests.support import preset

POLICIES = [each.name for each in presets.shipped()]


def own(session: Session, kind: Kind) -> list[str]:
    """Return the keys of what is not built in."""
    return [key for key in keys(session, kind) if key.startswith("{")]


@pytest.mark.parametrize("kind", KINDS)
def test_objects_are_enumerated_in_the_order_they_were_added(session: Session, kind: Kind) -> None:
    """Enumeration follows the order of adding (FwpmFilterEnum0, inferred)."""
    added = [add(session, kind, of_kind(kind)) for _ in range(6)]
    assert own(session, kind) == added
    session.delete(kind, added[1])
    added.append(add(session, kind, of_kind(kind)))
    assert own(session, kind) == [added[0], *added[2:]]


def test_an_object_that_is_added_again_comes_last(session: Session) -> None:
    """A key that is used again has no place from before (inferred)."""
    documents = [a_filter() for _ in range(3)]
    for document in documents:
        add(session, "filter", document)
    session.delete("filter", documents[0]["filterKey"])
    add(session, "filter", documents[0])
    assert keys(session, "filter") == [d["filterKey"] for d in (*documents[1:], documents[0])]


def test_enumerate_and_get_say_the_same(session: Session) -> None:
    """Get and enumerate return the same of an object (FwpmFilterEnum0)."""
    for kind in KINDS:
        for _ in range(2):
            add(session, kind, of_kind(kind))
        for document in session.enumerate(kind):
            assert session.get(kind, keys_of(kind, document)) == document


def keys_of(kind: Kind, document: Document) -> str:
    """Return the own key of a document."""
    return str(document[f"{kind}Key"])


def test_a_new_engine_holds_no_policy(session: Session) -> None:
    """No provider, context or filter is built in (inferred)."""
    held = everything(session)
    assert (held["provider"], held["providerContext"], held["filter"]) == ([], [], [])


def test_filters_are_enumerated_by_layer(session: Session) -> None:
    """A template may ask for the filters of a layer (FWPM_FILTER_ENUM_TEMPLATE0)."""
    layers = (CONNECT_V4, ACCEPT_V4, CONNECT_V4, INBOUND_V4)
    added = [add(session, "filter", a_filter(layer=layer)) for layer in layers]
    assert keys(session, "filter", layer=CONNECT_V4) == [added[0], added[2]]
    assert keys(session, "filter", layer=INBOUND_V4) == [added[3]]
    assert keys(session, "filter", layer="FWPM_LAYER_IPSEC_V6") == []


def test_enumerating_an_unknown_layer_is_refused(session: Session) -> None:
    """The layer of a template has to be there (wfp-error-codes, FWPM_FILTER_ENUM_TEMPLATE0)."""
    for layer in ("FWPM_LAYER_NO_SUCH_V4", new_key()):
        refuses(session, "FWP_E_LAYER_NOT_FOUND", lambda layer=layer: session.enumerate("filter", layer=layer), layer)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_objects_are_enumerated_by_provider(session: Session, kind: Kind) -> None:
    """A template may ask for the objects of a provider (FWPM_FILTER_ENUM_TEMPLATE0)."""
    one, two = (add(session, "provider", provider()) for _ in range(2))
    added = [add(session, kind, of_kind(kind, providerKey=owner)) for owner in (one, two, one)]
    add(session, kind, of_kind(kind))
    assert keys(session, kind, provider=one) == [added[0], added[2]]
    assert keys(session, kind, provider=two) == [added[1]]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_objects_are_enumerated_without_those_of_a_provider(session: Session, kind: Kind) -> None:
    """The rest is all but a provider's objects, built-in ones and those without a provider included (inferred)."""
    one, two = (add(session, "provider", provider()) for _ in range(2))
    added = [add(session, kind, of_kind(kind, providerKey=owner)) for owner in (one, two, None)]
    everyones = keys(session, kind)
    assert keys(session, kind, not_provider=one) == [key for key in everyones if key != added[0]]
    assert keys(session, kind, not_provider=two) == [key for key in everyones if key != added[1]]
    assert keys(session, kind, not_provider=new_key()) == everyones


def test_filters_are_enumerated_by_provider_and_layer(session: Session) -> None:
    """A template may ask for both, and both have to hold (FWPM_FILTER_ENUM_TEMPLATE0)."""
    owner = add(session, "provider", provider())
    added = add(session, "filter", a_filter(providerKey=owner))
    add(session, "filter", a_filter(providerKey=owner, layer=INBOUND_V4))
    add(session, "filter", a_filter())
    assert keys(session, "filter", provider=owner, layer=CONNECT_V4) == [added]


def test_provider_contexts_are_enumerated_by_type(session: Session) -> None:
    """A template may ask for the provider contexts of a type (FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0)."""
    added = {name: add(session, "providerContext", context(name)) for name in (IKE_MM, AUTHIP_MM, IKE_QM)}
    for name, key in added.items():
        assert keys(session, "providerContext", context_type=name) == [key]
    assert keys(session, "providerContext", context_type=AUTHIP_QM) == []


def test_what_is_returned_can_be_changed_without_harm(session: Session) -> None:
    """The entries of an enumeration are the caller's (FwpmFilterEnum0, inferred)."""
    key = add(session, "filter", a_filter(port(80), origin="x"))
    before = everything(session)
    for document in (session.get("filter", key), session.enumerate("filter")[0]):
        document["filterCondition"][0]["conditionValue"]["uint16"] = 81
        document["displayData"]["name"] = "changed"
        document["flags"].append("changed")
    assert everything(session) == before


def test_what_was_given_can_be_changed_without_harm(session: Session) -> None:
    """What add is given is read and left alone (FwpmFilterAdd0, inferred)."""
    for kind in KINDS:
        document = of_kind(kind)
        given = deepcopy(document)
        add(session, kind, document)
        assert document == given
        before = everything(session)
        document["displayData"]["name"] = "changed"
        document["flags"].append("changed")
        assert everything(session) == before


def test_an_enumeration_shows_one_moment(session: Session, other: Session) -> None:
    """An enumeration works on a snapshot (FwpmFilterEnum0)."""
    for _ in range(3):
        add(session, "filter", a_filter())
    listed = session.enumerate("filter")
    again = deepcopy(listed)
    other.delete("filter", listed[0]["filterKey"])
    add(other, "filter", a_filter())
    assert listed == again
    assert keys(session, "filter")[:2] == [d["filterKey"] for d in listed[1:]]


def _policy(name: str, lifetime: str) -> Design:
    return change(preset(name), lifetime=lifetime)


@pytest.mark.parametrize("lifetime", ["dynamic", "static", "persistent"])
@pytest.mark.parametrize("name", POLICIES)
def test_a_whole_policy_goes_in_and_comes_out(engine: Engine, session: Session, name: str, lifetime: str) -> None:
    """Provider, sublayer, contexts and filters of a policy are added in one transaction (using-transport-mode)."""
    before = everything(session)
    writer = engine.open(dynamic=lifetime == "dynamic")
    objects = list(stored_objects(compile_design(_policy(name, lifetime))))
    writer.begin()
    for each in objects:
        assert writer.add(each.kind, each.document).key == each.key
    writer.commit()
    for each in objects:
        held, expected = session.get(each.kind, each.key), each.document
        assert {n: v for n, v in held.items() if n in expected and n not in (*ASSIGNED, "flags")} == {
            n: v for n, v in expected.items() if n not in (*ASSIGNED, "flags")
        }
        assert set(held["flags"]) == set(expected["flags"])
    writer.begin()
    for each in reversed(objects):
        writer.delete(each.kind, each.key)
    writer.commit()
    assert everything(session) == before
    writer.close()
