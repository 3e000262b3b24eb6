"""Reverting and more on an engine, beyond what every backend promises: the watchdog's token, drift, others' objects."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN, ike_exemptions
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from ndtui.testing.sample_designs import ONE, PASSING, TWO
from tests.backends.engines import BACKENDS, TOKEN, WATCHED, watch_by_hand
from tests.backends.holding import held, objects_of, plan_for, put


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineBackend:
    """Return a backend that nobody watches over but the test."""
    watch_by_hand(monkeypatch)
    return BACKENDS[request.param](tmp_path)


@pytest.fixture(params=WATCHED)
def watched(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineBackend:
    """Return a backend that waits for a yes."""
    watch_by_hand(monkeypatch)
    return WATCHED[request.param](tmp_path)


def test_what_waits_bears_the_token_of_the_watchdog(watched: EngineBackend) -> None:
    watched.apply(plan_for(watched, TWO), within=60)
    pending = watched.snapshot().pending
    assert pending is not None
    assert pending.token == TOKEN
    assert 50 < pending.deadline - time.time() <= 60
    watched.revert(TOKEN)
    assert held(watched.snapshot()) == {}
    assert watched.snapshot().pending is None
    assert watched.history()[0].action == "rollback"


def test_a_watchdog_reverts_only_what_is_its_own(watched: EngineBackend) -> None:
    watched.apply(plan_for(watched, ONE), within=60)
    watched.revert("another")
    assert held(watched.snapshot()) == objects_of(ONE)
    watched.confirm()
    watched.revert(TOKEN)
    assert held(watched.snapshot()) == objects_of(ONE)
    assert len(watched.history()) == 1


def test_what_waits_is_told_by_its_name(watched: EngineBackend) -> None:
    watched.apply(plan_for(watched, ONE), within=60)
    named = "" if watched.name == "store" else f" --backend {watched.name}"
    for design in (ONE, TWO):
        with pytest.raises(BackendError, match=f"waits to be confirmed, for 60 s more: ndtui confirm{named} keeps it"):
            watched.apply(plan_for(watched, design))
    watched.confirm()
    watched.apply(plan_for(watched, ONE))
    with pytest.raises(BackendError, match="nothing waits"):
        watched.confirm()


def test_claims_a_yes_in_the_middle_of_a_revert_on_windows_is_too_late_and_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ndtui.backends.wfp import wfp_backend

    watch_by_hand(monkeypatch)
    monkeypatch.setattr(wfp_backend, "PATIENCE", 0.01)
    backend = BACKENDS["wfp"](tmp_path)
    other = wfp_backend.WfpBackend(tmp_path / "journal.sqlite3", backend._engine)
    backend.apply(plan_for(backend, ONE), within=60)
    commit, refusals = wfp_backend.WfpBackend._commit_both, []

    def confirmed_meanwhile(*arguments: Any) -> str:
        with pytest.raises(BackendError) as caught:
            other.confirm(TOKEN)
        refusals.append(str(caught.value))
        return commit(*arguments)

    monkeypatch.setattr(wfp_backend.WfpBackend, "_commit_both", confirmed_meanwhile)
    backend.revert(TOKEN)
    assert ["FWP_E_TIMEOUT" in each for each in refusals] == [True]
    assert held(backend.snapshot()) == {}


def test_a_backend_that_nobody_could_watch_over_does_not_apply_so(tmp_path: Path) -> None:
    backend = BACKENDS["memory"](tmp_path)
    with pytest.raises(BackendError, match="cannot revert by itself"):
        backend.apply(plan_for(backend, ONE), within=60)
    assert held(backend.snapshot()) == {}


def test_a_trial_that_is_refused_says_why(backend: EngineBackend) -> None:
    stale = plan_for(backend, PASSING)
    put(backend, ONE)
    with pytest.raises(BackendError, match="only adds"):
        backend.trial(plan_for(backend, TWO))
    with pytest.raises(BackendError, match="plan again"):
        backend.trial(stale)


def test_objects_that_would_stay_are_held_on_trial_too(backend: EngineBackend) -> None:
    with closing(backend.trial(plan_for(backend, ONE))):
        assert held(backend.snapshot()) == objects_of(ONE)
    assert held(backend.snapshot()) == {}


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
