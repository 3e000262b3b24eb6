"""Looking never writes: what is overdue is said by whoever looks, and reverted by what is told to write."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.planning.history_wording import moment_words
from ndtui.backends.planning.plan_wording import notes, plan_lines
from ndtui.backends.planning.waiting_wording import Settling, pending_line
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.compiled.compile import compile_design
from tests.backends.engines import WATCHED
from tests.backends.faults.operations import ONE, THREE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import preset

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
    assert not [line for line in plan_lines(plan) if line.startswith("Waits: ")]


@pytest.mark.parametrize(
    ("watched", "said"),
    [
        (True, ", or it is reverted: ndtui confirm keeps it, ndtui rollback reverts it"),
        (None, ", or it is reverted: ndtui confirm keeps it, ndtui rollback reverts it"),
        (False, ", but nobody watches over it: ndtui confirm keeps it, ndtui rollback reverts it"),
    ],
)
def test_a_plan_says_what_still_has_time(tmp_path: Path, watched: bool | None, said: str) -> None:
    backend = WATCHED["memory"](tmp_path)
    assert pending_line(None) == ""
    assert notes(plan_for(backend, THREE)) == []
    apply_unwatched(backend, plan_for(backend, TWO), 3600)
    pending = backend.pending()
    assert pending is not None
    until = moment_words(pending.deadline)
    line = f"Waits: what was applied last is to be confirmed until {until}{said}"
    assert notes(plan_for(backend, THREE), Settling(watched)) == [line]
    assert line in list(plan_lines(plan_for(backend, THREE), settling=Settling(watched)))


@pytest.mark.parametrize("design", ["nd-transport", "nd-boundary"])
@pytest.mark.parametrize(
    ("within", "said", "watched"),
    [
        (3600, "Waits: what was applied last is to be confirmed until ", "or it is reverted: ndtui confirm"),
        (3600, "Waits: what was applied last is to be confirmed until ", ""),
        (OVERDUE, "Overdue: what was applied last was not confirmed by ", "is not reverted yet: ndtui rollback"),
        (OVERDUE, "Overdue: what was applied last was not confirmed by ", ""),
    ],
)
def test_the_command_plan_says_what_waits_and_what_is_overdue(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, design: str, within: float, said: str, watched: str
) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(store, store.plan(compile_design(preset("nd-transport"))), within)
    if watched:
        monkeypatch.setattr(StoreBackend, "watched", lambda *_: True)
    nobody = "nobody watches over it: ndtui confirm" if within > 0 else "and nobody is there to do it: ndtui rollback"
    ran = run("plan", design, "--store", store.path, "--detailed-exitcode")
    (line,) = [each for each in ran.out.splitlines() if each.startswith(said)]
    assert f"{watched or nobody} --store {store.path} " in line
    assert "Nothing to do" not in ran.out
    assert ("Nothing to change: nd-transport is applied on store" in ran.out) is (design == "nd-transport")
    assert ran.status == (0 if design == "nd-transport" else 3)
    pending = json.loads(run("plan", design, "--store", store.path, "--json").out)["pending"]
    assert (pending["back_to"], pending["watched"]) == (0, bool(watched))
    assert (pending["seconds_left"] > 0) is (within > 0)
    store.apply(store.plan_rollback())
    assert json.loads(run("plan", design, "--store", store.path, "--json").out)["pending"] is None


@pytest.mark.parametrize("words", [("remove",), ("rollback",)], ids=" ".join)
def test_what_settles_what_waits_says_so_before(tmp_path: Path, run: Run, words: tuple[str, ...]) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(store, plan_for(store, TWO), 3600)
    ran = run(*words, "--store", store.path, "--yes")
    assert (ran.status, store.pending()) == (0, None)
    assert [each for each in ran.out.splitlines() if each.startswith("Waits: ") and "nobody watches over it" in each]


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
    with pytest.raises(BackendError, match="not of what Windows holds: see ndtui status --backend wfp; ndtui rollback"):
        planted.settle()
    with pytest.raises(BackendError, match="not of what Windows holds"):
        put(planted, ONE)
    assert held(planted.snapshot()) == objects_of(THREE)
    genuine = overdue(WfpBackend(tmp_path / "genuine.sqlite3", BfeEngine()))
    assert genuine.settle()
    assert held(genuine.snapshot()) == objects_of(ONE)
