"""Looking never writes: what is overdue is said by whoever looks, and reverted by what is told to write."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.planning.plan_wording import notes, plan_lines
from ndtui.backends.planning.waiting_wording import overdue_line
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.wfp.wfp_backend import WfpBackend
from tests.backends.engines import WATCHED
from tests.backends.faults.operations import ONE, THREE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.cli.conftest import run
from tests.cli.running import Run

__all__ = ["run"]

OVERDUE = -watchdog.GRACE - 3600

LOOKS: dict[str, Callable[[EngineBackend], object]] = {
    "a look": lambda backend: backend.snapshot(),
    "a look at others": lambda backend: backend.others(),
    "a look at the history": lambda backend: backend.history(),
    "a plan": lambda backend: plan_for(backend, THREE),
    "a plan to remove": lambda backend: backend.plan(None),
    "a plan to go back": lambda backend: backend.plan_rollback(),
}


@pytest.fixture(params=WATCHED)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> EngineBackend:
    """Return a backend on which TWO is overdue to be reverted to ONE."""
    return overdue(WATCHED[request.param](tmp_path))


def overdue(backend: EngineBackend) -> EngineBackend:
    put(backend, ONE)
    apply_unwatched(backend, plan_for(backend, TWO), OVERDUE)
    return backend


def actions(backend: EngineBackend) -> list[tuple[str, str]]:
    """Return what was done and what is applied since, first to last."""
    return [(each.action, each.policy) for each in reversed(backend.history())]


@pytest.mark.parametrize("look", LOOKS)
def test_looking_reverts_nothing(backend: EngineBackend, look: str) -> None:
    before = backend.snapshot()
    LOOKS[look](backend)
    after = backend.snapshot()
    assert (after.state, after.objects, after.pending) == (before.state, before.objects, before.pending)
    assert held(after) == objects_of(TWO)
    assert actions(backend) == [("apply", "one"), ("apply", "two")]


def test_looking_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    overdue(StoreBackend(path))
    before = {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in tmp_path.iterdir()}
    for look in LOOKS.values():
        look(StoreBackend(path))
    assert {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "words",
    [("status",), ("status", "--json"), ("status", "--all"), ("plan", "nd-transport"), ("history",)],
    ids=" ".join,
)
def test_commands_that_look_say_what_is_overdue_and_how_to_settle_it(
    tmp_path: Path, run: Run, words: tuple[str, ...]
) -> None:
    path = tmp_path / "store.sqlite3"
    overdue(StoreBackend(path))
    before = path.read_bytes()
    ran = run(*words, "--store", path)
    assert ran.status == 0
    assert path.read_bytes() == before
    if "--json" not in words:
        said = ran.out + ran.err
        assert "was not confirmed by" in said or "nobody confirmed it by" in said
        assert "ndtui rollback" in said


def test_a_plan_says_what_is_overdue(backend: EngineBackend) -> None:
    plan = plan_for(backend, THREE)
    assert [note for note in notes(plan) if "ndtui rollback reverts it" in note]
    assert [line for line in plan_lines(plan) if line.startswith("Overdue: ")]


def test_what_still_has_time_is_not_overdue(tmp_path: Path) -> None:
    backend = WATCHED["memory"](tmp_path)
    apply_unwatched(backend, plan_for(backend, TWO), 3600)
    assert overdue_line(backend.snapshot().pending) == ""
    assert overdue_line(None) == ""
    assert notes(plan_for(backend, THREE)) == []


def test_a_rollback_settles_what_is_overdue(backend: EngineBackend) -> None:
    backend.apply(backend.plan_rollback())
    assert held(backend.snapshot()) == objects_of(ONE)
    assert backend.snapshot().pending is None
    assert actions(backend) == [("apply", "one"), ("apply", "two"), ("rollback", "one")]


def test_a_removal_settles_what_is_overdue(backend: EngineBackend) -> None:
    backend.apply(backend.plan(None))
    assert held(backend.snapshot()) == {}
    assert backend.snapshot().pending is None


def test_a_plan_to_apply_made_before_is_refused_once_it_is_reverted(backend: EngineBackend) -> None:
    with pytest.raises(StalePlanError, match="was not confirmed in time, and has been reverted now: plan again"):
        put(backend, THREE)
    assert held(backend.snapshot()) == objects_of(ONE)
    put(backend, THREE)
    assert actions(backend) == [("apply", "one"), ("apply", "two"), ("rollback", "one"), ("apply", "three")]


def test_with_the_watchdog_gone_the_next_apply_reverts_as_soon_as_the_time_is_over(tmp_path: Path, run: Run) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    assert run("apply", "nd-transport", "--store", store.path, "--yes").status == 0
    put(store, ONE)
    apply_unwatched(store, store.plan_rollback(), 0)
    ran = run("apply", "nd-transport", "--store", store.path, "--yes")
    assert "was not confirmed in time, and has been reverted" in ran.err
    assert "Done: " in ran.out
    assert (ran.status, store.snapshot().policy, store.pending()) == (0, "nd-transport", None)
    assert actions(store)[-2:] == [("rollback", "one"), ("apply", "nd-transport")]


def test_with_the_watchdog_gone_what_is_confirmed_too_late_is_reverted(tmp_path: Path, run: Run) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), 0)
    ran = run("confirm", "--store", store.path)
    assert (ran.status, ran.out) == (1, "It was reverted already.\n")
    assert held(store.snapshot()) == objects_of(ONE)


def test_a_watchdog_that_runs_has_its_time(tmp_path: Path) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), 0)
    with store.watching("token"):
        assert store.settle() is False
        assert held(store.snapshot()) == objects_of(TWO)
    assert store.settle() is True
    assert held(store.snapshot()) == objects_of(ONE)


def test_a_trial_reverts_first_too(backend: EngineBackend) -> None:
    with pytest.raises(StalePlanError):
        backend.trial(plan_for(backend, THREE))
    assert held(backend.snapshot()) == objects_of(ONE)


def test_settling_reverts_once(backend: EngineBackend) -> None:
    assert backend.settle() is True
    assert backend.settle() is False
    assert held(backend.snapshot()) == objects_of(ONE)
    assert len(actions(backend)) == 3


def test_the_command_apply_reverts_first_and_says_so(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "store.sqlite3"
    store = overdue(StoreBackend(path))
    ran = run("apply", "nd-transport", "--store", path, "--yes")
    assert ran.status == 0
    assert "was not confirmed in time, and has been reverted" in ran.err
    assert actions(store)[1:] == [("apply", "two"), ("rollback", "one"), ("apply", "nd-transport")]


def test_the_command_apply_writes_nothing_where_it_cannot_ask(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "store.sqlite3"
    overdue(StoreBackend(path))
    before = path.read_bytes()
    assert run("apply", "nd-transport", "--store", path).status == 2
    assert path.read_bytes() == before


def test_the_command_rollback_goes_back_to_before_what_is_overdue(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "store.sqlite3"
    store = overdue(StoreBackend(path))
    assert run("rollback", "--store", path, "--yes").status == 0
    assert held(store.snapshot()) == objects_of(ONE)
    assert store.snapshot().pending is None


def test_a_journal_that_does_not_go_with_windows_reverts_nothing(tmp_path: Path) -> None:
    """Somebody has planted a journal in which something is overdue: Windows holds something else."""
    overdue(WfpBackend(tmp_path / "planted.sqlite3", BfeEngine()))
    windows = BfeEngine()
    put(WfpBackend(tmp_path / "own.sqlite3", windows), THREE)
    planted = WfpBackend(tmp_path / "planted.sqlite3", windows)
    with pytest.raises(BackendError, match="not of what Windows holds: see ndtui status; ndtui rollback"):
        planted.settle()
    with pytest.raises(BackendError, match="not of what Windows holds"):
        put(planted, ONE)
    assert held(planted.snapshot()) == objects_of(THREE)
    genuine = overdue(WfpBackend(tmp_path / "genuine.sqlite3", BfeEngine()))
    assert genuine.settle()
    assert held(genuine.snapshot()) == objects_of(ONE)
