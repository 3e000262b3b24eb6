"""Confirming, reverting, trials, drift and others' objects, the same for every backend on an engine."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN, ike_exemptions
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from tests.backends.holding import held, objects_of, plan_for, put
from tests.backends.test_backend_contract import Factory, new  # noqa: F401 - a fixture
from tests.support import exempting

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
ONE = exempting(DNS, name="one")
TWO = exempting({"name": "Web", "protocol": "tcp", "remote_ports": [443]}, name="two")
TOKEN = "t0ken"


@pytest.fixture
def backend(new: Factory, monkeypatch: pytest.MonkeyPatch) -> EngineBackend:  # noqa: F811
    """Return a backend that nobody watches over but the test."""

    @contextmanager
    def nobody(*_: object) -> Iterator[str]:
        yield TOKEN

    monkeypatch.setattr(watchdog, "watching", nobody)
    made = new()
    assert isinstance(made, EngineBackend)
    return made


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)


@pytest.mark.parametrize("before", [None, ONE], ids=["at first", "later"])
def test_what_is_not_confirmed_is_reverted(backend: EngineBackend, before: object) -> None:
    if before is not None:
        put(backend, ONE)
    earlier = held(backend.snapshot())
    backend.apply(plan_for(backend, TWO), within=60)
    pending = backend.snapshot().pending
    assert pending is not None
    assert pending.token == TOKEN
    assert 50 < pending.deadline - time.time() <= 60
    backend.revert(TOKEN)
    assert held(backend.snapshot()) == earlier
    assert backend.snapshot().pending is None
    assert backend.history()[0].action == "rollback"


def test_a_watchdog_reverts_only_what_is_its_own(backend: EngineBackend) -> None:
    backend.apply(plan_for(backend, ONE), within=60)
    backend.revert("another")
    assert held(backend.snapshot()) == objects_of(ONE)
    backend.confirm()
    backend.revert(TOKEN)
    assert held(backend.snapshot()) == objects_of(ONE)
    assert len(backend.history()) == 1


def test_confirming_makes_no_plan_stale(backend: EngineBackend) -> None:
    backend.apply(plan_for(backend, ONE), within=60)
    plan = plan_for(backend, TWO)
    with pytest.raises(BackendError, match="waits to be confirmed"):
        backend.apply(plan)
    backend.confirm()
    backend.apply(plan)
    assert held(backend.snapshot()) == objects_of(TWO)


def test_any_use_after_the_time_reverts_it(backend: EngineBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    backend.apply(plan_for(backend, ONE), within=60)
    later(monkeypatch, 60 + watchdog.GRACE + 1)
    assert held(backend.snapshot()) == {}
    with pytest.raises(BackendError, match="nothing waits"):
        backend.confirm()


@pytest.mark.parametrize("way", ["rollback", "remove"])
def test_going_back_by_hand_settles_it(backend: EngineBackend, way: str) -> None:
    backend.apply(plan_for(backend, ONE), within=60)
    backend.apply(backend.plan_rollback() if way == "rollback" else backend.plan(None))
    assert backend.snapshot().pending is None
    assert held(backend.snapshot()) == {}


def test_a_trial_is_gone_when_it_is_closed(backend: EngineBackend) -> None:
    plan = plan_for(backend, ONE)
    others = backend.others()
    with closing(backend.trial(plan)):
        assert held(backend.snapshot()) == objects_of(ONE)
        assert backend.snapshot().policy == "one"
    assert held(backend.snapshot()) == {}
    assert backend.others() == others
    assert backend.history() == []


def test_a_trial_only_adds(backend: EngineBackend) -> None:
    put(backend, ONE)
    with pytest.raises(BackendError, match="only adds"):
        backend.trial(plan_for(backend, TWO))
    assert held(backend.snapshot()) == objects_of(ONE)


def test_a_trial_is_refused_when_the_state_has_moved(backend: EngineBackend) -> None:
    plan = plan_for(backend, ONE)
    put(backend, TWO)
    with pytest.raises(BackendError, match="plan again"):
        backend.trial(plan)
    assert held(backend.snapshot()) == objects_of(TWO)


def test_what_somebody_else_changed_is_drift(backend: EngineBackend) -> None:
    put(backend, ONE)
    gone = next(key for kind, key in objects_of(ONE) if kind == "filter")
    with closing(backend._engine.open()) as session:
        session.delete("filter", gone)
    plan = plan_for(backend, ONE)
    assert [(c.action, c.key) for c in plan.drift] == [("remove", gone)]
    assert [(c.action, c.key) for c in plan.changes] == [("add", gone)]
    backend.apply(plan)
    assert plan_for(backend, ONE).drift == ()
    assert held(backend.snapshot()) == objects_of(ONE)


def test_others_objects_are_listed_and_left_alone(backend: EngineBackend) -> None:
    theirs = {
        "displayData": {"name": "theirs", "description": ""},
        "flags": [],
        "layerKey": "FWPM_LAYER_OUTBOUND_TRANSPORT_V4",
        "weight": {"type": "FWP_UINT8", "uint8": 15},
        "action": {"type": "FWP_ACTION_BLOCK", "filterType": None},
    }
    with closing(backend._engine.open()) as session:
        session.add("filter", theirs)
    plan = plan_for(backend, ONE)
    assert [(o.relation, o.document["displayData"]["name"]) for o in plan.others] == [("outranks", "theirs")]
    backend.apply(plan)
    others = [each for each in backend.others() if each.kind == "filter"]
    assert all(each.document.get("providerKey") != OURS for each in others)
    assert len([each for each in others if each.document.get("origin") == ORIGIN]) == len(ike_exemptions())
    backend.apply(backend.plan(None))
    assert [o.document["displayData"]["name"] for o in backend.others() if o.kind == "filter"] == ["theirs"]
