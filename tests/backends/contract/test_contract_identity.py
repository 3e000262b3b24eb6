"""Identity: keys, names and run-time ids."""

import re

import pytest

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS
from tests.backends.contract.expectations import (
    NOT_FOUND,
    accepts,
    add,
    everything,
    keys,
    refuses,
    refuses_add,
    refuses_delete,
)
from tests.backends.contract.sample_objects import (
    UNIVERSAL,
    ZERO,
    a_filter,
    braced,
    key_of,
    new_key,
    of_kind,
    provider,
    sublayer,
    without,
)
from tests.shapes import SHAPES, misfits

_KEY = re.compile(r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}")


def test_objects_come_back_as_they_were_added(session: Session) -> None:
    """Get and enumerate return what add was given (FWPM_FILTER0, FWPM_PROVIDER_CONTEXT0)."""
    for kind in KINDS:
        accepts(session, kind, of_kind(kind))


def test_what_an_engine_returns_has_the_shape_of_its_kind(session: Session) -> None:
    """Members and their types are those that ``model.compiled.document_types`` declares (inferred)."""
    for kind in KINDS:
        key = session.add(kind, of_kind(kind)).key
        for document in (session.get(kind, key), *session.enumerate(kind)):
            assert list(misfits(document, SHAPES[kind])) == []


def test_the_key_a_caller_gives_is_kept(session: Session) -> None:
    """A caller can assign an object's GUID (object-management)."""
    for kind in KINDS:
        document = of_kind(kind)
        assert session.add(kind, document).key == key_of(kind, document)


def test_the_same_key_twice_in_a_kind_is_refused(session: Session) -> None:
    """Two objects of a type cannot have one GUID (object-management, wfp-error-codes)."""
    for kind in KINDS:
        key = add(session, kind, of_kind(kind))
        refuses_add(session, "FWP_E_ALREADY_EXISTS", kind, of_kind(kind, **{KEY_MEMBERS[kind]: key}))


def test_the_same_key_in_two_kinds_is_fine(session: Session) -> None:
    """A GUID need only be unique within the object type (object-management)."""
    key = new_key()
    for kind in KINDS:
        assert add(session, kind, of_kind(kind, **{KEY_MEMBERS[kind]: key})) == key
    session.delete("filter", key)
    assert [key in keys(session, kind) for kind in KINDS] == [True, True, True, False]


def test_the_key_of_a_built_in_sublayer_is_taken(session: Session) -> None:
    """Built-in objects cannot be added (object-management)."""
    for key in (UNIVERSAL, braced(UNIVERSAL)):
        refuses_add(session, "FWP_E_ALREADY_EXISTS", "subLayer", sublayer(subLayerKey=key))


@pytest.mark.parametrize("given", ["left out", None, ZERO])
def test_an_object_without_a_key_is_given_one(session: Session, given: str | None) -> None:
    """BFE makes a GUID where the caller's is zero (object-management, FWPM_FILTER0)."""
    for kind in KINDS:
        member = KEY_MEMBERS[kind]
        assigned = []
        for _ in range(2):
            document = of_kind(kind)
            document = without(document, member) if given == "left out" else {**document, member: given}
            assigned.append(add(session, kind, document))
            assert key_of(kind, session.get(kind, assigned[-1])) == assigned[-1]
            assert session.get(kind, assigned[-1])["displayData"] == document["displayData"]
        assert len(set(assigned)) == 2
        assert all(_KEY.fullmatch(key) and key != ZERO for key in assigned)


def test_the_case_of_a_key_does_not_matter(session: Session) -> None:
    """A GUID is a number, however its digits are written (inferred)."""
    for kind in KINDS:
        key = new_key()
        document = of_kind(kind, **{KEY_MEMBERS[kind]: key.upper()})
        assert add(session, kind, document) == key
        assert key_of(kind, session.get(kind, key.upper())) == key
        refuses_add(session, "FWP_E_ALREADY_EXISTS", kind, of_kind(kind, **{KEY_MEMBERS[kind]: key}))


def test_what_a_filter_leaves_out_has_its_usual_value(session: Session) -> None:
    """Only name, layer and action of a filter are required (FWPM_FILTER0, FwpmFilterAdd0)."""
    usual = a_filter()
    key = add(session, "filter", {name: usual[name] for name in ("displayData", "layerKey", "action")})
    held = session.get("filter", key)
    for name in ("flags", "subLayerKey", "weight", "filterCondition", "rawContext"):
        assert held[name] == usual[name], name
    assert held.get("providerKey") is None


def test_a_key_is_free_again_after_delete(session: Session) -> None:
    """An object that is deleted leaves its key (object-management, inferred)."""
    for kind in KINDS:
        document = of_kind(kind)
        key = add(session, kind, document)
        session.delete(kind, key)
        assert key not in keys(session, kind)
        assert add(session, kind, document) == key


def test_deleting_an_unknown_key_is_refused(session: Session) -> None:
    """What does not exist cannot be deleted; each kind has its own error (wfp-error-codes)."""
    for kind in KINDS:
        refuses_delete(session, NOT_FOUND[kind], kind, new_key())


def test_deleting_twice_is_refused(session: Session) -> None:
    """What is deleted does not exist any more (wfp-error-codes)."""
    for kind in KINDS:
        key = add(session, kind, of_kind(kind))
        session.delete(kind, key)
        refuses_delete(session, NOT_FOUND[kind], kind, key)


def test_getting_an_unknown_key_is_refused(session: Session) -> None:
    """What does not exist cannot be got; each kind has its own error (wfp-error-codes)."""
    for kind in KINDS:
        key = new_key()
        refuses(session, NOT_FOUND[kind], lambda kind=kind, key=key: session.get(kind, key), key)


def test_a_key_says_nothing_outside_its_kind(session: Session) -> None:
    """A key of one kind is unknown in the others (object-management)."""
    key = add(session, "provider", provider())
    for kind in KINDS[1:]:
        refuses_delete(session, NOT_FOUND[kind], kind, key)


def test_a_name_is_required(session: Session) -> None:
    """The display name cannot be null (wfp-error-codes, FWPM_FILTER0)."""
    for kind in KINDS:
        for document in (
            without(of_kind(kind), "displayData"),
            of_kind(kind, displayData={"description": "nameless"}),
            of_kind(kind, displayData={"name": None, "description": ""}),
        ):
            refuses_add(session, "FWP_E_NULL_DISPLAY_NAME", kind, document)


def test_an_empty_name_is_refused(session: Session) -> None:
    """An empty display name is none (wfp-error-codes, inferred)."""
    for kind in KINDS:
        empty = of_kind(kind, displayData={"name": "", "description": ""})
        refuses_add(session, "FWP_E_NULL_DISPLAY_NAME", kind, empty)


def test_two_objects_may_have_one_name(session: Session) -> None:
    """Objects are identified by their key, not by their name (object-management)."""
    for kind in KINDS:
        named = {"name": "the same", "description": ""}
        assert add(session, kind, of_kind(kind, displayData=named)) != add(
            session, kind, of_kind(kind, displayData=named)
        )


def test_names_and_descriptions_may_be_any_text(session: Session) -> None:
    """Names are UTF-16 strings for people to read (FWPM_PROVIDER0, inferred)."""
    for kind in KINDS:
        text = {"name": "Schlüssel \U0001f512 鍵 'x' \"y\" %s \\", "description": "ключ " * 50}
        held = accepts(session, kind, of_kind(kind, displayData=text))
        assert held["displayData"] == text


def test_the_origin_of_an_object_is_carried_along(session: Session) -> None:
    """What the caller stores beside an object comes back with it, as provider data does (FWPM_FILTER0, inferred)."""
    for kind in KINDS[1:]:
        document = of_kind(kind, origin="exemption:DNS \U0001f512")
        assert accepts(session, kind, document)["origin"] == document["origin"]


def test_the_built_in_sublayers_are_there(session: Session) -> None:
    """Predefined objects live forever, each with its weight (management-filtering-sublayer-identifiers, observed)."""
    held = {document["subLayerKey"]: document["weight"] for document in session.enumerate("subLayer")}
    assert held == dict(BUILTIN_WEIGHTS)
    for name in BUILTIN_WEIGHTS:
        assert session.get("subLayer", name)["displayData"]["name"]


def test_built_in_sublayers_cannot_be_deleted(session: Session) -> None:
    """Built-in objects cannot be deleted (object-management, wfp-error-codes)."""
    for name in BUILTIN_WEIGHTS:
        refuses_delete(session, "FWP_E_BUILTIN_OBJECT", "subLayer", name)


def test_a_built_in_object_has_one_name_and_one_key(session: Session) -> None:
    """An SDK name stands for its GUID (management-filtering-sublayer-identifiers)."""
    assert session.get("subLayer", braced(UNIVERSAL)) == session.get("subLayer", UNIVERSAL)
    assert session.get("subLayer", UNIVERSAL)["subLayerKey"] == UNIVERSAL


def test_references_by_name_and_by_key_are_the_same(session: Session) -> None:
    """A filter whose layer and sublayer are given as GUIDs is the one of their names (object-management, inferred)."""
    document = a_filter()
    by_key = {**document, "layerKey": braced(document["layerKey"]), "subLayerKey": braced(UNIVERSAL)}
    key = add(session, "filter", by_key)
    held = session.get("filter", key)
    assert (held["layerKey"], held["subLayerKey"]) == (document["layerKey"], UNIVERSAL)
    assert keys(session, "filter", layer=document["layerKey"]) == [key]


def test_a_filter_has_a_run_time_id(session: Session) -> None:
    """Add tells the id that get and enumerate show (FwpmFilterAdd0)."""
    added = session.add("filter", a_filter())
    assert added.id > 0
    assert session.get("filter", added.key)["filterId"] == added.id
    assert [d["filterId"] for d in session.enumerate("filter")] == [added.id]


def test_providers_and_sublayers_have_no_run_time_id(session: Session) -> None:
    """Adding a provider or a sublayer tells no id (FwpmSubLayerAdd0)."""
    assert session.add("provider", provider()).id == 0
    assert session.add("subLayer", sublayer()).id == 0


def test_run_time_ids_grow_and_are_never_used_again(session: Session) -> None:
    """LUIDs are always assigned by BFE (object-management, observed)."""
    ids = []
    for _ in range(4):
        added = session.add("filter", a_filter())
        ids.append(added.id)
        session.delete("filter", added.key)
    ids.extend(session.add("filter", a_filter()).id for _ in range(3))
    assert ids == sorted(set(ids))


def test_what_the_engine_assigns_a_caller_cannot_set(session: Session) -> None:
    """Some fields are assigned by the system, and ignored in the call (FwpmFilterAdd0, FwpmProviderContextAdd0)."""
    document = a_filter(filterId=77777, effectiveWeight={"type": "FWP_UINT64", "uint64": 5})
    added = session.add("filter", document)
    held = session.get("filter", added.key)
    assert held["filterId"] == added.id != 77777
    assert held["effectiveWeight"] == {"type": "FWP_UINT64", "uint64": 0}
    context = of_kind("providerContext", providerContextId=77777)
    key = add(session, "providerContext", context)
    assert session.get("providerContext", key).get("providerContextId") != 77777


def test_deleting_one_object_leaves_the_others(session: Session) -> None:
    """A deletion takes away what it names, and nothing else (FwpmFilterDeleteByKey0)."""
    added = [add(session, "filter", a_filter()) for _ in range(5)]
    rest = everything(session)
    session.delete("filter", added[2])
    assert everything(session) == {**rest, "filter": [d for d in rest["filter"] if d["filterKey"] != added[2]]}
