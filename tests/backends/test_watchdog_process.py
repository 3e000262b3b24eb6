"""The watchdog's own process, run here: what it waits for, and what does not end it."""

import io
import sys
import time
from pathlib import Path

import pytest

from ndtui.backends import watchdog_process
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.watchdog import ready
from tests.backends.faults.operations import ONE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put

TOKEN = "t0ken"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the place of a store in which TWO, after ONE, waits to be confirmed, and its time is over."""
    path = tmp_path / "store.sqlite3"
    store = StoreBackend(path)
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), 0, TOKEN)
    return path


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the watchdog's input, as the program that applied does when it is done, and let no time pass."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr(watchdog_process, "_PAUSE", 4.0)
    now, slept = time.time(), []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time", lambda: now + 1 + sum(slept))


def failing(monkeypatch: pytest.MonkeyPatch, times: float) -> list[int]:
    """Make the store out of reach for its first looks, and return the looks there were."""
    look, looks = StoreBackend.pending, []

    def pending(store: StoreBackend) -> Pending | None:
        looks.append(len(looks))
        if len(looks) <= times:
            raise BackendError("out of reach for now")
        return look(store)

    monkeypatch.setattr(StoreBackend, "pending", pending)
    return looks


@pytest.mark.parametrize("times", [0, 1, 2, 50])
def test_no_error_ends_it_before_it_has_done_its_work(
    path: Path, times: int, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
):
    with monkeypatch.context() as patch:
        looks = failing(patch, times)
        watchdog_process.main("store", str(path), TOKEN)
    assert len(looks) > times
    assert capsysbinary.readouterr().out == ready(TOKEN)
    store = StoreBackend(path)
    assert [each.policy for each in store.history()] == ["one", "two", "one"]
    assert held(store.snapshot()) == objects_of(ONE)


def test_it_gives_up_when_its_patience_is_over(path: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        looks = failing(patch, float("inf"))
        watchdog_process.main("store", str(path), TOKEN)
    assert len(looks) == watchdog_process._PATIENCE / watchdog_process._PAUSE
    assert [each.policy for each in StoreBackend(path).history()] == ["two", "one"]


def test_it_waits_for_a_deadline_however_far(tmp_path: Path):
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    within = 3 * watchdog_process._PATIENCE
    apply_unwatched(store, plan_for(store, TWO), within, TOKEN)
    before = time.time()
    watchdog_process.main("store", str(tmp_path / "store.sqlite3"), TOKEN)
    assert 0 <= time.time() - before - within <= watchdog_process._PAUSE
    assert held(store.snapshot()) == objects_of(ONE)


def test_what_is_anothers_is_left_alone_and_not_waited_for(tmp_path: Path):
    store = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(store, plan_for(store, TWO), 60, "another")
    before = time.time()
    watchdog_process.main("store", str(tmp_path / "store.sqlite3"), TOKEN)
    assert time.time() == before
    assert held(store.snapshot()) == objects_of(TWO)
    assert store.pending() is not None


def test_what_is_confirmed_is_left_alone(path: Path):
    store = StoreBackend(path)
    store.confirm()
    watchdog_process.main("store", str(path), TOKEN)
    assert held(store.snapshot()) == objects_of(TWO)
