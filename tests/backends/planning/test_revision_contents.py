"""What a revision held, how two differ, and drift: of any backend that keeps a history, by the contract alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.revision_contents import contents_at, difference, drift_of
from ndtui.testing.sample_designs import DNS, ONE, TWO, exempting
from tests.backends.holding import held, objects_of, plan_for, put
from tests.testing.sample_backend.ndtui_sample_backend import DrawerBackend

MAKERS: list[Callable[[], Backend]] = [MemoryBackend, DrawerBackend]


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def backend(request: pytest.FixtureRequest) -> Backend:
    made: Backend = request.param()
    put(made, ONE)
    put(made, TWO)
    made.apply(made.plan(None))
    put(made, exempting("two", DNS))
    return made


def test_contents_of_every_revision_are_what_was_applied(backend: Backend) -> None:
    now = backend.snapshot()
    found = [contents_at(backend, number, now) for number in range(5)]
    assert [each.policy for each in found] == ["", "one", "two", "", "two"]
    expected = [{}, objects_of(ONE), objects_of(TWO), {}, objects_of(exempting("two", DNS))]
    assert [held(each) for each in found] == expected
    assert held(backend.snapshot()) == expected[-1]


def test_a_look_from_before_is_not_believed(backend: Backend) -> None:
    before = backend.snapshot()
    put(backend, ONE)
    assert held(contents_at(backend, 2, before)) == objects_of(TWO)


def test_before_the_first_revision_there_was_nothing() -> None:
    assert contents_at(MemoryBackend(), 0).objects == ()
    with pytest.raises(BackendError):
        contents_at(MemoryBackend(), 1)


def test_what_changes_all_the_time_is_said_to(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = replace(backend.plan_rollback(2), state="that of a moment ago")
    monkeypatch.setattr(type(backend), "plan_rollback", lambda self, number: plan)
    with pytest.raises(BackendError, match="changes all the time"):
        contents_at(backend, 2)


def test_a_difference_leads_from_one_to_the_other(backend: Backend) -> None:
    one, two = contents_at(backend, 1), contents_at(backend, 2)
    there, back = difference(backend, one, two), difference(backend, two, one)
    assert (there.replaces, there.policy) == ("", "two")
    assert there.counts["add"] == back.counts["remove"] > 0
    assert difference(backend, one, one).empty


def test_there_is_no_drift_after_an_apply(backend: Backend) -> None:
    assert drift_of(backend, backend.snapshot(), backend.history()) == ()


def test_drift_is_what_others_did() -> None:
    backend = MemoryBackend()
    put(backend, TWO)
    session = backend._engine.open()
    gone = backend.snapshot().of_kind("filter")[0]["filterKey"]  # type: ignore[typeddict-item]
    session.delete("filter", gone)
    session.close()
    found = drift_of(backend, backend.snapshot(), backend.history())
    assert found is not None
    assert [(change.action, change.key) for change in found] == [("remove", gone)]


def test_an_engine_has_a_short_way_to_tell_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = MemoryBackend()
    put(backend, TWO)
    before = backend.snapshot()
    monkeypatch.setattr(MemoryBackend, "plan_rollback", lambda *_: pytest.fail("the long way"))
    assert drift_of(backend, before, backend.history()) == ()
    monkeypatch.undo()
    put(backend, ONE)
    assert backend.drift(before) is None


def test_without_a_revision_all_of_ours_is_drift(backend: Backend) -> None:
    now = backend.snapshot()
    found = drift_of(backend, now, [])
    assert found is not None
    assert {change.action for change in found} == {"add"}
    assert len(found) == len(now.objects)


def test_of_another_moment_no_drift_can_be_told(backend: Backend) -> None:
    before, history = backend.snapshot(), backend.history()
    assert plan_for(backend, ONE).changes
    put(backend, ONE)
    assert drift_of(backend, before, history) is None
