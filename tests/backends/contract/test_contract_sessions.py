"""Sessions: what they leave behind, what they take away, and who is told of them."""

import os

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Engine, Session
from tests.backends.contract.expectations import add, everything, keys, refuses, refuses_add, refuses_delete
from tests.backends.contract.sample_objects import a_filter, context, of_kind, policy_filter, provider, sublayer


def test_a_closed_session_refuses_every_call(engine: Engine, session: Session) -> None:
    """A call after the session has ended is refused (wfp-error-codes, inferred)."""
    key = add(session, "provider", provider())
    closed = engine.open()
    closed.close()
    for call in (
        lambda: closed.add("provider", provider()),
        lambda: closed.delete("provider", key),
        lambda: closed.get("provider", key),
        lambda: closed.enumerate("provider"),
        closed.begin,
        lambda: closed.begin(read_only=True),
        closed.commit,
        closed.abort,
        closed.sessions,
    ):
        refuses(session, "FWP_E_SESSION_ABORTED", call)


def test_closing_twice_is_fine(engine: Engine, session: Session) -> None:
    """A session that has ended can be closed again (inferred)."""
    before = everything(session)
    opened = engine.open()
    opened.close()
    opened.close()
    assert everything(session) == before
    assert opened.key not in {each.key for each in session.sessions()}


def test_closing_ends_no_other_session(engine: Engine, session: Session) -> None:
    """Each client has a session of its own (object-management)."""
    second = engine.open()
    engine.open().close()
    key = add(second, "provider", provider())
    second.close()
    assert key in keys(session, "provider")


def test_objects_of_a_dynamic_session_go_when_it_closes(session: Session, dynamic: Session) -> None:
    """Any object added during a dynamic session is deleted when it ends (object-management)."""
    before = everything(session)
    for kind in KINDS:
        add(dynamic, kind, of_kind(kind))
    assert everything(session) != before
    dynamic.close()
    assert everything(session) == before


def test_others_see_objects_of_a_dynamic_session_while_it_is_open(session: Session, dynamic: Session) -> None:
    """Dynamic objects live until they are deleted or their session ends (object-management)."""
    for kind in KINDS:
        key = add(dynamic, kind, of_kind(kind))
        assert session.get(kind, key) == dynamic.get(kind, key)
        assert everything(session) == everything(dynamic)


def test_a_dynamic_session_takes_along_objects_that_refer_to_each_other(session: Session, dynamic: Session) -> None:
    """Objects of a dynamic session go although they refer to each other (object-management, inferred)."""
    before = everything(session)
    owner = add(dynamic, "provider", provider())
    place = add(dynamic, "subLayer", sublayer(providerKey=owner))
    policy = add(dynamic, "providerContext", context(providerKey=owner))
    add(dynamic, "filter", policy_filter(policy, subLayerKey=place, providerKey=owner))
    add(dynamic, "filter", a_filter(subLayerKey=place))
    dynamic.close()
    assert everything(session) == before


def test_static_objects_outlive_their_session(engine: Engine, session: Session) -> None:
    """Static objects live until they are deleted or BFE stops (object-management, FwpmEngineOpen0)."""
    second = engine.open()
    added = {kind: add(second, kind, of_kind(kind)) for kind in KINDS}
    held = everything(second)
    second.close()
    assert everything(session) == held
    assert all(key in keys(session, kind) for kind, key in added.items())


def test_a_key_is_free_again_after_its_dynamic_session(session: Session, dynamic: Session) -> None:
    """A key of a dynamic object can be used again once its session has ended (object-management, inferred)."""
    document = provider()
    add(dynamic, "provider", document)
    refuses_add(session, "FWP_E_ALREADY_EXISTS", "provider", document)
    dynamic.close()
    assert add(session, "provider", document) == document["providerKey"]


def test_closing_a_dynamic_session_frees_what_its_objects_referred_to(session: Session, dynamic: Session) -> None:
    """An object can be deleted once the objects that refer to it are gone (object-management)."""
    place = add(session, "subLayer", sublayer())
    add(dynamic, "filter", a_filter(subLayerKey=place))
    refuses_delete(session, "FWP_E_IN_USE", "subLayer", place)
    dynamic.close()
    session.delete("subLayer", place)
    assert place not in keys(session, "subLayer")


def test_a_dynamic_session_leaves_the_objects_of_others(engine: Engine, session: Session, dynamic: Session) -> None:
    """A dynamic session takes along its own objects only (FWPM_SESSION0)."""
    add(session, "filter", a_filter())
    second = engine.open(dynamic=True)
    add(second, "filter", a_filter())
    before = everything(session)
    add(dynamic, "filter", a_filter())
    dynamic.close()
    assert everything(session) == before
    second.close()
    assert len(session.enumerate("filter")) == len(before["filter"]) - 1


def test_closing_aborts_the_transaction(engine: Engine, session: Session) -> None:
    """A transaction that is in progress when its session closes is aborted (FwpmEngineClose0)."""
    kept = add(session, "provider", provider())
    before = everything(session)
    second = engine.open()
    second.begin()
    add(second, "provider", provider())
    second.delete("provider", kept)
    second.close()
    assert everything(session) == before


def test_closing_in_a_transaction_lets_others_write(engine: Engine, other: Session) -> None:
    """A session that closes gives the lock of its transaction back (object-management)."""
    second = engine.open()
    second.begin()
    add(second, "provider", provider())
    second.close()
    other.begin()
    key = add(other, "provider", provider())
    other.commit()
    assert keys(other, "provider") == [key]


def test_closing_a_dynamic_session_in_a_transaction_takes_everything(engine: Engine, session: Session) -> None:
    """A dynamic session that ends in a transaction leaves nothing of it, nor of before (object-management)."""
    before = everything(session)
    second = engine.open(dynamic=True)
    add(second, "provider", provider())
    second.begin()
    add(second, "subLayer", sublayer())
    second.close()
    assert everything(session) == before


def test_dynamic_objects_are_gone_once_no_other_session_writes(session: Session, dynamic: Session) -> None:
    """A dynamic session may end while another writes; its objects go all the same (object-management, inferred)."""
    add(dynamic, "provider", provider())
    session.begin()
    key = add(session, "provider", provider())
    dynamic.close()
    session.commit()
    assert keys(session, "provider") == [key]


def test_a_dynamic_session_may_end_after_its_transaction(session: Session, dynamic: Session) -> None:
    """What a dynamic session commits lives as long as the session (object-management)."""
    dynamic.begin()
    key = add(dynamic, "filter", a_filter())
    dynamic.commit()
    assert key in keys(session, "filter")
    dynamic.close()
    assert key not in keys(session, "filter")


def test_open_sessions_are_listed(engine: Engine, session: Session, dynamic: Session) -> None:
    """The list of sessions says name, kind and process of each (FwpmSessionEnum0, FWPM_SESSION0)."""
    listed = {each.key: each for each in session.sessions()}
    assert {session.key, dynamic.key} <= set(listed)
    one, two = listed[session.key], listed[dynamic.key]
    assert (one.name, one.dynamic, one.process) == ("contract", False, os.getpid())
    assert (two.name, two.dynamic, two.process) == ("dynamic", True, os.getpid())
    assert {each.key for each in dynamic.sessions()} == set(listed)


def test_closed_sessions_are_not_listed(engine: Engine, session: Session) -> None:
    """Sessions that have ended are not listed any more (FwpmSessionEnum0)."""
    second = engine.open()
    assert second.key in {each.key for each in session.sessions()}
    second.close()
    assert second.key not in {each.key for each in session.sessions()}


def test_every_session_has_a_key_of_its_own(engine: Engine) -> None:
    """BFE makes a GUID for every session that brings none (FWPM_SESSION0)."""
    opened = [engine.open() for _ in range(5)]
    listed = [each.key for each in opened[0].sessions()]
    assert len(set(listed)) == len(listed)
    assert {each.key for each in opened} <= set(listed)
    for each in opened:
        each.close()


def test_a_session_that_only_reads_writes_nothing(engine: Engine, session: Session) -> None:
    """A session opened for reading reads everything and refuses to add and to delete (inferred)."""
    key = add(session, "provider", provider())
    reader = engine.open(read_only=True)
    assert everything(reader) == everything(session)
    refuses_add(reader, "FWP_E_INCOMPATIBLE_TXN", "provider", provider())
    refuses_delete(reader, "FWP_E_INCOMPATIBLE_TXN", "provider", key)
    reader.close()


def test_a_session_that_only_reads_reads_an_engine_never_written_to(engine: Engine) -> None:
    """The built-in sublayers are there before anybody has written (management-filtering-sublayer-identifiers)."""
    reader = engine.open(read_only=True)
    assert "FWPM_SUBLAYER_UNIVERSAL" in keys(reader, "subLayer")
    assert reader.enumerate("filter") == []
    reader.close()
