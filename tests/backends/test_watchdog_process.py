"""The watchdog's own process, run here: what it waits for, and what does not end it."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Event

import pytest

from ndtui.backends import watchdog_process
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.guards.lasting_guard import LastingGuard
from ndtui.backends.transactional.watchdog import ready
from tests.backends.clocks import Clocks
from tests.backends.faults.operations import ONE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put

TOKEN = "t0ken"


@pytest.fixture
def applied() -> Event:
    """Return what says that the program that applied is done, or has ended."""
    event = Event()
    event.set()
    return event


@pytest.fixture
def store(tmp_path: Path, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> StoreBackend:
    """Return a store in which TWO, after ONE, waits to be confirmed, and its time is over."""
    monkeypatch.setattr(watchdog_process, "_PAUSE", 4.0)
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), 0, TOKEN)
    return store


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
    store: StoreBackend, applied: Event, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        looks = failing(patch, times)
        assert watchdog_process.watch(store, TOKEN, applied)
    assert len(looks) > times
    assert [each.policy for each in store.history()] == ["one", "two", "one"]
    assert held(store.snapshot()) == objects_of(ONE)


def test_it_gives_up_when_its_patience_is_over(
    store: StoreBackend, applied: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        looks = failing(patch, float("inf"))
        assert not watchdog_process.watch(store, TOKEN, applied)
    assert len(looks) == watchdog_process._PATIENCE / watchdog_process._PAUSE
    assert [each.policy for each in store.history()] == ["two", "one"]


def test_it_waits_for_a_deadline_however_far(
    tmp_path: Path, applied: Event, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog_process, "_PAUSE", 60.0)
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    within = 3 * watchdog_process._PATIENCE
    apply_unwatched(store, plan_for(store, TWO), within, TOKEN)
    watchdog_process.watch(store, TOKEN, applied)
    assert 0 <= clocks.slept - within <= 2 * watchdog_process._PAUSE
    assert held(store.snapshot()) == objects_of(ONE)


def test_what_is_anothers_is_left_alone_and_not_waited_for(tmp_path: Path, applied: Event, clocks: Clocks) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    apply_unwatched(store, plan_for(store, TWO), 60, "another")
    assert watchdog_process.watch(store, TOKEN, applied)
    assert clocks.slept == 0
    assert held(store.snapshot()) == objects_of(TWO)
    assert store.pending() is not None


def test_what_is_confirmed_is_left_alone(store: StoreBackend, applied: Event) -> None:
    with store.watching(TOKEN):
        store.confirm()
    assert watchdog_process.watch(store, TOKEN, applied)
    assert held(store.snapshot()) == objects_of(TWO)


def test_a_program_stopped_between_commit_and_hand_over_is_guarded_too(store: StoreBackend) -> None:
    assert watchdog_process.watch(store, TOKEN, Event())  # its end of the pipe is open, and stays so
    assert [each.policy for each in store.history()] == ["one", "two", "one"]


def test_it_stays_until_the_program_has_applied(
    tmp_path: Path, clocks: Clocks, applied: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    event = Event()
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 5:
            apply_unwatched(StoreBackend(store.path), plan_for(store, TWO), 0, TOKEN)
            event.set()

    monkeypatch.setattr(watchdog_process.time, "sleep", nap)
    assert watchdog_process.watch(store, TOKEN, event)
    assert [each.policy for each in store.history()] == ["", "two"]


class _Guard(LastingGuard):
    def __init__(self) -> None:
        self.removed: list[str] = []

    promise = "None."

    def install(self, token: str, command: Sequence[str], seconds: float) -> None:
        raise AssertionError("a watchdog installs nothing")

    def remove(self, token: str) -> None:
        self.removed.append(token)


@pytest.mark.parametrize("gives_up", [False, True])
def test_it_says_its_token_is_seen_to_watch_and_removes_the_lasting_guard_when_all_is_done(
    store: StoreBackend, gives_up: bool, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    guard, seen = _Guard(), []
    pending = store.pending()
    assert pending is not None

    def revert(self: StoreBackend, token: str) -> None:
        seen.append((token, StoreBackend(store.path).watched(pending)))
        if gives_up:
            raise BackendError("out of reach")

    monkeypatch.setattr(StoreBackend, "lasting_guard", lambda _: guard)
    monkeypatch.setattr(StoreBackend, "revert", revert)
    ours, theirs = os.pipe()
    os.close(theirs)
    with os.fdopen(ours) as end:
        monkeypatch.setattr("sys.stdin", end)
        with pytest.raises(SystemExit) if gives_up else nullcontext():
            watchdog_process.main("store", str(store.path), TOKEN)
    assert capfdbinary.readouterr().out == ready(TOKEN)
    assert set(seen) == {(TOKEN, True)}
    assert guard.removed == ([] if gives_up else [TOKEN])
    assert store.watched(pending) is False


def test_one_that_the_system_has_started_again_listens_to_nobody(
    store: StoreBackend, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    watchdog_process.main("store", str(store.path), TOKEN, "again")
    assert [each.policy for each in store.history()] == ["one", "two", "one"]
    watchdog_process.main("store", str(store.path), TOKEN, "again")
    assert capfdbinary.readouterr().out == b""
