"""Dynamic sessions whose process is killed, and processes killed or stopped with an open transaction."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine, bfe_engine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import EngineError
from ndtui.backends.store import StoreBackend
from ndtui.model.design.design import Design
from tests.backends.faults.operations import ONE, THREE, TWO
from tests.backends.holding import held, objects_of, plan_for, put
from tests.backends.store_workers import (
    answer,
    hold_for_now,
    integrity,
    look_for_ever,
    stop_before_the_end,
    take_sessions,
    working,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


def everything(path: Path) -> tuple[object, ...]:
    """Return all there is to a program that has just been started, but for the number of its change."""
    opened, backend = BfeEngine(path), StoreBackend(path)
    with closing(opened.open(read_only=True)) as session:
        objects = {kind: session.enumerate(kind) for kind in KINDS}
        sessions = [info for info in session.sessions() if info.key != session.key]
    return objects, sessions, backend.snapshot().objects, backend.history()


def beside(path: Path) -> list[str]:
    """Return the files beside a store that are not its own."""
    return [each.name for each in path.parent.iterdir() if each != path]


def rows_of_sessions(path: Path) -> int:
    """Return how many objects of dynamic sessions are in a file."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT count(*) FROM object WHERE lifetime = 'dynamic' AND removed_in IS NULL"
        (found,) = connection.execute(query).fetchone()
    return int(found)


@pytest.fixture
def before(path: Path) -> tuple[object, ...]:
    """Let someone have used the store, and left nothing of ours."""
    store = StoreBackend(path)
    put(store, ONE)
    store.apply(store.plan(None))
    return everything(path)


def hold_and_be_killed(path: Path) -> None:
    """Let a process hold TWO for now, and kill it."""
    with working(hold_for_now, path, TWO) as (process, channel):
        assert answer(channel) == "held"
        assert held(StoreBackend(path).snapshot()) == objects_of(TWO)
        process.kill()
        process.join()


def test_what_a_killed_process_held_is_gone_for_the_next_who_looks(path: Path, before: tuple[object, ...]) -> None:
    hold_and_be_killed(path)
    assert everything(path) == before
    assert StoreBackend(path).snapshot().policy == ""
    assert beside(path) == []


def test_what_a_killed_process_held_is_removed_by_the_next_who_writes(path: Path, before: tuple[object, ...]) -> None:
    hold_and_be_killed(path)
    assert rows_of_sessions(path) == len(objects_of(TWO))
    with closing(BfeEngine(path).open()) as session:
        session.begin()
        session.commit()
    assert rows_of_sessions(path) == 0
    assert everything(path) == before


@pytest.mark.parametrize("looked", [False, True], ids=["at once", "after a look"])
@pytest.mark.parametrize("design", [ONE, TWO], ids=["another", "the same"])
def test_a_design_is_applied_over_what_a_killed_process_held(
    path: Path, before: tuple[object, ...], design: Design, looked: bool
) -> None:
    store = StoreBackend(path)
    if looked:
        store.snapshot()
    hold_and_be_killed(path)
    put(store, design)
    assert held(StoreBackend(path).snapshot()) == objects_of(design)
    assert rows_of_sessions(path) == 0
    store.apply(store.plan_rollback())
    assert everything(path)[:-1] == before[:-1]


def test_a_plan_of_the_time_when_it_was_held_is_refused_later_or_right(path: Path, before: tuple[object, ...]) -> None:
    with working(hold_for_now, path, TWO) as (process, channel):
        assert answer(channel) == "held"
        plan = plan_for(StoreBackend(path), THREE)
        process.kill()
        process.join()
    with pytest.raises(BackendError):
        StoreBackend(path).apply(plan)
    put(StoreBackend(path), THREE)
    assert held(StoreBackend(path).snapshot()) == objects_of(THREE)


def test_another_trial_may_follow_one_that_was_killed(path: Path, before: tuple[object, ...]) -> None:
    hold_and_be_killed(path)
    store = StoreBackend(path)
    with closing(store.trial(plan_for(store, TWO))):
        assert held(StoreBackend(path).snapshot()) == objects_of(TWO)
    assert everything(path) == before


def test_what_a_process_holds_is_seen_by_others_who_cannot_touch_it(path: Path, before: tuple[object, ...]) -> None:
    with working(hold_for_now, path, TWO) as (process, channel):
        assert answer(channel) == "held"
        store = StoreBackend(path)
        with closing(BfeEngine(path).open()) as session:
            theirs = [(info.dynamic, info.process) for info in session.sessions() if info.key != session.key]
        assert theirs == [(True, process.pid)]
        during = everything(path)
        for plan in (store.plan(None), plan_for(store, ONE)):
            with pytest.raises(BackendError, match=f"two is held on trial by process {process.pid}, and goes when"):
                store.apply(plan)
        assert everything(path) == during
        channel.send("let go")
        assert answer(channel) == "let go"
        assert everything(path) == before
        assert rows_of_sessions(path) == 0
        assert beside(path) == []


def test_letting_go_while_someone_else_writes_is_no_error(
    path: Path, before: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bfe_engine, "LOCK_WAIT", 0.05)
    store = StoreBackend(path)
    trial = store.trial(plan_for(store, TWO))
    with closing(BfeEngine(path).open()) as other:
        other.begin()
        trial.close()
        assert everything(path) == before
    assert everything(path) == before
    put(store, ONE)
    assert rows_of_sessions(path) == 0


@pytest.mark.slow
def test_sessions_are_opened_while_others_look_for_them(path: Path, before: tuple[object, ...]) -> None:
    times = 300
    looks = working(look_for_ever, path), working(look_for_ever, path)
    with looks[0], looks[1], working(take_sessions, path, times) as (_, channel):
        assert answer(channel) == {"opened": times}
    assert everything(path) == before


def test_a_process_killed_with_an_open_transaction_keeps_nobody_waiting(path: Path, before: tuple[object, ...]) -> None:
    with working(stop_before_the_end, path, TWO) as (process, channel):
        assert answer(channel) == "written"
        with closing(BfeEngine(path).open(wait=0)) as session, pytest.raises(EngineError, match="FWP_E_TIMEOUT"):
            session.begin()
        process.kill()
        process.join()
        with closing(BfeEngine(path).open(wait=0)) as session:
            session.begin()
            session.add("provider", {"displayData": {"name": "mine"}})
            session.abort()
    assert everything(path) == before
    assert integrity(path) == [("ok",)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stops a process")
def test_a_process_that_is_stopped_in_the_middle_goes_on_later(path: Path, before: tuple[object, ...]) -> None:
    with working(stop_before_the_end, path, TWO) as (process, channel):
        assert answer(channel) == "written"
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        assert everything(path) == before
        with closing(BfeEngine(path).open(wait=0.05)) as session, pytest.raises(EngineError, match="FWP_E_TIMEOUT"):
            session.begin()
        os.kill(process.pid, signal.SIGCONT)
        channel.send("go on")
        process.join(60)
        assert process.exitcode == 0
    assert held(StoreBackend(path).snapshot()) == objects_of(TWO)


@pytest.mark.parametrize("end", [sys.exit, os._exit], ids=["at its end", "at once"])
def test_a_process_that_ends_without_letting_go_holds_nothing_any_more(
    path: Path, before: tuple[object, ...], end: Callable[[int], None]
) -> None:
    with working(hold_for_now, path, TWO, end) as (process, channel):
        assert answer(channel) == "held"
        channel.send("end")
        process.join(60)
        assert process.exitcode == 3
    assert everything(path) == before
