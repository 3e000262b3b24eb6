"""What is held on trial: told from what was applied, on every engine, and touched by nobody but who holds it."""

from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.planning.plan_wording import notes, plan_lines
from ndtui.backends.planning.revision_contents import contents_at, drift_of
from ndtui.backends.transactional import engine_backend
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.design.design import Design
from tests.backends.engines import BACKENDS, TOKEN, WATCHED, watch_by_hand
from tests.backends.faults.operations import ONE, TWO
from tests.backends.holding import held, objects_of, plan_for, put
from tests.support import exempting

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
SUBLAYER = {"kind": "own", "weight": 7}


def with_more(*more: int) -> Design:
    """Return ONE with an exemption more for each of these ports."""
    added = [{"name": f"port {port}", "protocol": "tcp", "remote_ports": [port]} for port in more]
    return exempting(DNS, *added, name="one", families=["V4"], sublayer=SUBLAYER)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> EngineBackend:
    return BACKENDS[request.param](tmp_path)


def test_what_is_on_trial_is_told_from_what_was_applied(backend: EngineBackend) -> None:
    put(backend, TWO)
    backend.apply(backend.plan(None))
    assert backend.snapshot().trial is None
    with closing(backend.trial(plan_for(backend, ONE))):
        snapshot = backend.snapshot()
        trial = snapshot.trial
        assert trial is not None
        assert trial.policy == "one"
        assert trial.process > 0
        assert {each.identity: each for each in trial.objects}.keys() == objects_of(ONE).keys()
        assert held(snapshot) == objects_of(ONE)
        assert (snapshot.lasting.objects, snapshot.lasting.policy) == ((), "")
        assert drift_of(backend, snapshot, backend.history()) == ()
        plan = plan_for(backend, ONE)
        assert (plan.counts["add"], plan.unchanged, plan.drift, plan.replaces) == (len(objects_of(ONE)), 0, (), "")
        assert plan.trial == trial
        (said,) = [each for each in notes(plan) if each.startswith("Trial: ")]
        assert said == (
            f"Trial: one is held on trial by process {trial.process}, and goes when that program ends: "
            "nothing is applied or removed before that"
        )
        assert said in list(plan_lines(plan))
        assert plan_for(backend, TWO).replaces == ""
        assert backend.plan(None).empty
        assert contents_at(backend, 2).objects == ()
        assert contents_at(backend, 1).policy == "two"
    assert backend.snapshot().trial is None
    assert plan_for(backend, ONE).trial is None


def test_where_nothing_was_ever_applied_a_trial_is_no_drift(backend: EngineBackend) -> None:
    with closing(backend.trial(plan_for(backend, ONE))):
        assert drift_of(backend, backend.snapshot(), backend.history()) == ()


def test_a_trial_beside_what_was_applied_is_told_object_by_object(backend: EngineBackend) -> None:
    put(backend, ONE)
    with closing(backend.trial(plan_for(backend, with_more(80)))):
        snapshot = backend.snapshot()
        assert snapshot.trial is not None
        assert {each.identity for each in snapshot.trial.objects} == (
            objects_of(with_more(80)).keys() - objects_of(ONE).keys()
        )
        assert held(snapshot.lasting) == objects_of(ONE)
        assert snapshot.lasting.policy == "one"
        assert drift_of(backend, snapshot, backend.history()) == ()
        assert plan_for(backend, ONE).empty
        assert plan_for(backend, with_more(80)).counts["add"] == len(snapshot.trial.objects)


@pytest.mark.parametrize("what", ["the same", "another", "nothing", "a revision", "on trial"])
def test_nothing_is_changed_while_something_is_on_trial(backend: EngineBackend, what: str) -> None:
    put(backend, ONE)
    put(backend, TWO)
    put(backend, ONE)
    with closing(backend.trial(plan_for(backend, with_more(80)))):
        before = held(backend.snapshot()), backend.history()
        plans = {
            "the same": lambda: plan_for(backend, with_more(80)),
            "another": lambda: plan_for(backend, TWO),
            "nothing": lambda: backend.plan(None),
            "a revision": backend.plan_rollback,
            "on trial": lambda: plan_for(backend, with_more(80, 81)),
        }
        plan = plans[what]()
        with pytest.raises(BackendError, match=r"^one is held on trial by process \d+, and goes when .*: nothing is"):
            backend.trial(plan) if what == "on trial" else backend.apply(plan)
        assert (held(backend.snapshot()), backend.history()) == before
    put(backend, TWO)
    assert held(backend.snapshot()) == objects_of(TWO)


@pytest.mark.parametrize("engine", WATCHED)
def test_nothing_is_tried_while_something_waits_and_a_revert_leaves_a_trial_alone(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version before this one tried beside what waited; the revert must not fail for that."""
    watch_by_hand(monkeypatch)
    backend = WATCHED[engine](tmp_path)
    put(backend, ONE)
    backend.apply(plan_for(backend, with_more(80)), within=60)
    with pytest.raises(BackendError, match="what was applied last waits to be confirmed, for 60 s more"):
        backend.trial(plan_for(backend, with_more(80, 81)))
    with monkeypatch.context() as older:
        older.setattr(engine_backend, "check_nothing_waits", lambda *_: None)
        trial = backend.trial(plan_for(backend, with_more(80, 81)))
    with closing(trial):
        assert backend.revert(TOKEN) is not None
        assert backend.pending() is None
        assert held(backend.snapshot().lasting) == objects_of(ONE)
        assert backend.snapshot().trial is not None
    assert held(backend.snapshot()) == objects_of(ONE)
    assert drift_of(backend, backend.snapshot(), backend.history()) == ()


def test_what_others_add_while_nobody_tries_anything_is_drift(backend: EngineBackend) -> None:
    with closing(backend._engine.open()) as session:
        session.add("provider", {"providerKey": OURS, "displayData": {"name": "ndtui"}})
    assert backend.snapshot().trial is None
    assert [each.kind for each in drift_of(backend, backend.snapshot(), backend.history()) or ()] == ["provider"]


def test_a_dynamic_session_of_others_is_no_trial_on_windows(tmp_path: Path) -> None:
    backend = BACKENDS["wfp"](tmp_path)
    assert isinstance(backend, WfpBackend)
    with (
        closing(backend._engine.open(dynamic=True, name="somebody else")),
        closing(backend._engine.open(name="ndtui trial")),
        closing(backend._engine.open()) as session,
    ):
        session.add("provider", {"providerKey": OURS, "displayData": {"name": "ndtui"}})
        assert backend.snapshot().trial is None
