"""Transactions: all or nothing, one at a time, not seen by other sessions before they are committed."""

from threading import Event, Thread

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Engine, Session
from tests.backends.contract.expectations import (
    add,
    everything,
    keys,
    refuses,
    refuses_add,
    refuses_delete,
    refuses_filter,
)
from tests.backends.contract.sample_objects import a_filter, context, of_kind, policy_filter, provider, sublayer


def test_a_second_transaction_is_refused(session: Session) -> None:
    """A session can have only one transaction in progress at a time (object-management, FwpmTransactionBegin0)."""
    session.begin()
    refuses(session, "FWP_E_TXN_IN_PROGRESS", session.begin)
    refuses(session, "FWP_E_TXN_IN_PROGRESS", lambda: session.begin(read_only=True))


def test_a_refused_begin_leaves_the_transaction_in_progress(session: Session) -> None:
    """A call that fails does not affect the state of the transaction (object-management)."""
    session.begin()
    key = add(session, "provider", provider())
    refuses(session, "FWP_E_TXN_IN_PROGRESS", session.begin)
    session.commit()
    assert keys(session, "provider") == [key]


def test_commit_needs_a_transaction(session: Session) -> None:
    """Commit can only be called within a transaction (FwpmTransactionCommit0)."""
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.commit)
    session.begin()
    session.commit()
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.commit)


def test_abort_needs_a_transaction(session: Session) -> None:
    """Abort can only be called within a transaction (FwpmTransactionAbort0)."""
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.abort)
    session.begin()
    session.abort()
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.abort)


def test_an_abort_cannot_undo_what_is_committed(session: Session) -> None:
    """What is committed lasts (object-management)."""
    session.begin()
    key = add(session, "provider", provider())
    session.commit()
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.abort)
    assert keys(session, "provider") == [key]


def test_the_transaction_of_one_session_is_not_that_of_another(session: Session, other: Session) -> None:
    """Each session has its own transaction (object-management)."""
    session.begin()
    refuses(other, "FWP_E_NO_TXN_IN_PROGRESS", other.commit)
    refuses(other, "FWP_E_NO_TXN_IN_PROGRESS", other.abort)
    session.commit()


def test_a_call_outside_a_transaction_is_one_by_itself(session: Session, other: Session) -> None:
    """A call outside an explicit transaction is executed within an implicit one (object-management)."""
    key = add(session, "provider", provider())
    assert key in keys(other, "provider")
    session.delete("provider", key)
    assert key not in keys(other, "provider")
    refuses(session, "FWP_E_NO_TXN_IN_PROGRESS", session.commit)


def test_commit_makes_adds_and_deletes_last(session: Session, other: Session) -> None:
    """A committed transaction is durable, and others see it (object-management)."""
    old = add(session, "provider", provider())
    session.begin()
    new = {kind: add(session, kind, of_kind(kind)) for kind in KINDS}
    session.delete("provider", old)
    held = everything(session)
    session.commit()
    assert everything(session) == everything(other) == held
    assert keys(other, "provider") == [new["provider"]]


def test_an_empty_transaction_changes_nothing(session: Session) -> None:
    """A transaction may be committed or aborted without any call in it (FwpmTransactionBegin0, inferred)."""
    add(session, "filter", a_filter())
    before = everything(session)
    session.begin()
    session.commit()
    session.begin()
    session.abort()
    assert everything(session) == before


def test_abort_undoes_adds(session: Session, other: Session) -> None:
    """An aborted transaction is rolled back (FwpmTransactionAbort0)."""
    before = everything(session)
    session.begin()
    for kind in KINDS:
        add(session, kind, of_kind(kind))
    session.abort()
    assert everything(session) == everything(other) == before


def test_abort_undoes_deletes(session: Session, other: Session) -> None:
    """An aborted deletion leaves object, run-time id and place in the order (FwpmTransactionAbort0)."""
    added = [(kind, add(session, kind, of_kind(kind))) for kind in KINDS for _ in range(2)]
    before = everything(session)
    session.begin()
    for kind, key in reversed(added):
        session.delete(kind, key)
    session.abort()
    assert everything(session) == everything(other) == before


def test_another_transaction_can_follow(session: Session) -> None:
    """After commit or abort the next transaction can begin (FwpmTransactionBegin0)."""
    for end in (session.commit, session.abort, session.commit):
        session.begin()
        add(session, "provider", provider())
        end()
    assert len(session.enumerate("provider")) == 2


def test_a_failed_call_leaves_the_rest_of_the_transaction(session: Session) -> None:
    """Three filters whose fourth fails can be committed (object-management)."""
    session.begin()
    added = [add(session, "filter", a_filter()) for _ in range(3)]
    refuses_filter(session, "FWP_E_LAYER_NOT_FOUND", a_filter(layer="FWPM_LAYER_NO_SUCH_V4"))
    session.commit()
    assert keys(session, "filter") == added


def test_a_transaction_with_a_failed_call_can_be_aborted(session: Session) -> None:
    """After a failed call the transaction can be aborted, and nothing is added (object-management)."""
    before = everything(session)
    session.begin()
    add(session, "filter", a_filter())
    refuses_filter(session, "FWP_E_NULL_DISPLAY_NAME", a_filter(displayData={"name": "", "description": ""}))
    session.abort()
    assert everything(session) == before


def test_a_failed_call_can_be_tried_again_in_its_transaction(session: Session) -> None:
    """A call that failed can be repeated once its cause is gone (object-management)."""
    document = sublayer()
    session.begin()
    filter_of_it = a_filter(subLayerKey=document["subLayerKey"])
    refuses_filter(session, "FWP_E_SUBLAYER_NOT_FOUND", filter_of_it)
    add(session, "subLayer", document)
    key = add(session, "filter", filter_of_it)
    session.commit()
    assert keys(session, "filter") == [key]


def test_adds_are_seen_by_their_own_session_only_until_commit(session: Session, other: Session) -> None:
    """Transactions are isolated (object-management)."""
    before = everything(other)
    session.begin()
    for kind in KINDS:
        key = add(session, kind, of_kind(kind))
        assert key in keys(session, kind)
        assert everything(other) == before
    held = everything(session)
    session.commit()
    assert everything(other) == held


def test_deletes_are_seen_by_their_own_session_only_until_commit(session: Session, other: Session) -> None:
    """Until a deletion is committed others get the object (object-management)."""
    key = add(session, "filter", a_filter())
    held = session.get("filter", key)
    session.begin()
    session.delete("filter", key)
    refuses(session, "FWP_E_FILTER_NOT_FOUND", lambda: session.get("filter", key), key)
    assert other.get("filter", key) == held
    session.commit()
    refuses(other, "FWP_E_FILTER_NOT_FOUND", lambda: other.get("filter", key), key)


def test_an_object_can_be_replaced_in_one_transaction(session: Session, other: Session) -> None:
    """Delete and add of one key in a transaction: others see the old or the new one, never none (object-management)."""
    old = a_filter()
    add(session, "filter", old)
    new = {**a_filter(), "filterKey": old["filterKey"]}
    session.begin()
    session.delete("filter", old["filterKey"])
    add(session, "filter", new)
    assert [d["displayData"] for d in other.enumerate("filter")] == [old["displayData"]]
    session.commit()
    assert [d["displayData"] for d in other.enumerate("filter")] == [new["displayData"]]


def test_an_object_can_be_added_and_deleted_in_one_transaction(session: Session) -> None:
    """What a transaction has added it can delete (object-management, inferred)."""
    before = everything(session)
    session.begin()
    key = add(session, "providerContext", context())
    filter_key = add(session, "filter", policy_filter(key))
    session.delete("filter", filter_key)
    session.delete("providerContext", key)
    session.commit()
    assert everything(session) == before


def test_a_read_only_transaction_refuses_adds(session: Session) -> None:
    """Add cannot be called within a read-only transaction (FwpmFilterAdd0, FwpmSubLayerAdd0)."""
    session.begin(read_only=True)
    for kind in KINDS:
        refuses_add(session, "FWP_E_INCOMPATIBLE_TXN", kind, of_kind(kind))
    session.commit()


def test_a_read_only_transaction_refuses_deletes(session: Session) -> None:
    """Delete cannot be called within a read-only transaction (FwpmFilterDeleteByKey0)."""
    added = {kind: add(session, kind, of_kind(kind)) for kind in KINDS}
    session.begin(read_only=True)
    for kind, key in added.items():
        refuses_delete(session, "FWP_E_INCOMPATIBLE_TXN", kind, key)
    session.abort()
    assert all(key in keys(session, kind) for kind, key in added.items())


def test_a_session_can_write_again_after_a_read_only_transaction(session: Session) -> None:
    """Reading only holds for the transaction that began so (FwpmTransactionBegin0)."""
    for end in (session.commit, session.abort):
        session.begin(read_only=True)
        session.enumerate("filter")
        end()
        add(session, "filter", a_filter())
    assert len(session.enumerate("filter")) == 2


def test_a_second_writer_gives_up_after_its_wait(session: Session, other: Session) -> None:
    """Begin fails when the lock is not had within the session's wait (object-management, wfp-error-codes)."""
    session.begin()
    add(session, "provider", provider())
    refuses(other, "FWP_E_TIMEOUT", other.begin)
    session.commit()


def test_a_call_outside_a_transaction_waits_for_the_lock_too(session: Session, other: Session) -> None:
    """The implicit transaction of a single call gives up after the session's wait (object-management, inferred)."""
    key = add(session, "provider", provider())
    session.begin()
    refuses(other, "FWP_E_TIMEOUT", lambda: other.add("provider", provider()))
    refuses(other, "FWP_E_TIMEOUT", lambda: other.delete("provider", key))
    session.commit()


def test_a_session_goes_on_after_a_timeout(session: Session, other: Session) -> None:
    """A begin that gave up has begun nothing, and can be repeated (object-management)."""
    session.begin()
    refuses(other, "FWP_E_TIMEOUT", other.begin)
    refuses(other, "FWP_E_NO_TXN_IN_PROGRESS", other.commit)
    session.abort()
    other.begin()
    key = add(other, "provider", provider())
    other.commit()
    assert keys(session, "provider") == [key]


def test_a_waiting_writer_goes_on_when_the_first_one_is_done(engine: Engine, session: Session) -> None:
    """Begin waits for the lock, and then has it (object-management)."""
    about_to_begin = Event()

    def write() -> None:
        second = engine.open(wait=60)
        about_to_begin.set()
        second.begin()
        add(second, "provider", late)
        second.commit()
        second.close()

    early, late = provider(), provider()
    session.begin()
    add(session, "provider", early)
    writer = Thread(target=write)
    writer.start()
    assert about_to_begin.wait(60)
    session.commit()
    writer.join(60)
    assert keys(session, "provider") == [early["providerKey"], late["providerKey"]]


def test_readers_do_not_wait_for_a_writer(session: Session, other: Session) -> None:
    """Reading goes on beside a transaction that writes, and sees what is committed (object-management, inferred)."""
    key = add(session, "provider", provider())
    before = everything(session)
    session.begin()
    session.delete("provider", key)
    assert everything(other) == before
    assert key_in(other, key)
    session.abort()


def test_a_read_only_transaction_does_not_wait_for_a_writer(session: Session, other: Session) -> None:
    """Only transactions that write need the lock (object-management, inferred)."""
    before = everything(session)
    session.begin()
    add(session, "provider", provider())
    other.begin(read_only=True)
    assert everything(other) == before
    other.commit()
    session.commit()
    assert len(other.enumerate("provider")) == 1


def test_a_writer_does_not_wait_for_readers(session: Session, other: Session) -> None:
    """A read-only transaction keeps no other session from writing (inferred)."""
    session.begin(read_only=True)
    session.enumerate("provider")
    key = add(other, "provider", provider())
    session.commit()
    assert key_in(session, key)


def key_in(session: Session, key: str) -> bool:
    """Tell whether a session gets a provider by its key, and lists it."""
    return bool(session.get("provider", key)) and key in keys(session, "provider")
