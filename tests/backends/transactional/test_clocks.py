"""The time to confirm in runs by the clock of this boot: whatever is done to the wall clock changes nothing."""

import time
from pathlib import Path
from threading import Event

import pytest
from pydantic_core import to_json

from ndtui.backends import watchdog_process
from ndtui.backends.bfe.storage import sql_tables
from ndtui.backends.bfe.storage.database import writing
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.common import boot_clock
from ndtui.testing.sample_designs import ONE, TWO
from tests.backends.clocks import Clocks
from tests.backends.faults.operations import apply_unwatched
from tests.backends.holding import plan_for, put

HOUR = 3600.0
MOVES = {"an hour on": HOUR, "an hour back": -HOUR, "eleven minutes on": 660.0, "a day back": -24 * HOUR}


@pytest.fixture
def store(tmp_path: Path) -> StoreBackend:
    """Return a store that holds ONE."""
    made = StoreBackend(tmp_path / "store.sqlite3")
    put(made, ONE)
    return made


def applied_since(store: StoreBackend) -> list[str]:
    return [each.policy for each in reversed(store.history())]


def watch(store: StoreBackend) -> bool:
    """Watch as the watchdog does, over an apply that is made."""
    applied = Event()
    applied.set()
    return watchdog_process.watch(store, "token", applied)


@pytest.mark.parametrize("move", MOVES)
def test_clocks_a_wall_clock_that_is_set_changes_nothing_for_the_watchdog(
    store: StoreBackend, clocks: Clocks, move: str
) -> None:
    apply_unwatched(store, plan_for(store, TWO), 60)
    clocks.set_wall_clock(MOVES[move])
    before = clocks.slept
    assert watch(store)
    assert 60 <= clocks.slept - before <= 61
    assert applied_since(store) == ["one", "two", "one"]


@pytest.mark.parametrize("move", MOVES)
def test_clocks_a_wall_clock_that_is_set_changes_nothing_for_who_applies(
    store: StoreBackend, clocks: Clocks, move: str
) -> None:
    apply_unwatched(store, plan_for(store, TWO), 60)
    clocks.set_wall_clock(MOVES[move])
    with pytest.raises(BackendError, match="for 60 s more"):
        put(store, ONE)
    clocks.let_pass(60 + watchdog.GRACE + 1)
    with pytest.raises(BackendError, match="nothing waits"):
        store.confirm()
    put(store, TWO)
    assert applied_since(store) == ["one", "two", "one", "two"]


def test_clocks_the_watchdog_acts_before_it_gives_up(
    store: StoreBackend, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_unwatched(store, plan_for(store, TWO), 60)
    look, looks = StoreBackend.pending, []

    def pending(self: StoreBackend) -> Pending | None:
        looks.append(1)
        if len(looks) == 2:  # the machine was suspended, and its network is not back yet
            clocks.let_pass(5 * HOUR)
            raise BackendError("out of reach for now")
        return look(self)

    monkeypatch.setattr(StoreBackend, "pending", pending)
    assert watch(store)
    monkeypatch.undo()
    assert applied_since(store) == ["one", "two", "one"]


@pytest.mark.parametrize(
    ("passed", "left"),
    [(0, 60), (20, 40), (90, -30), (-20, float("-inf"))],
    ids=["at once", "later", "too late", "before the apply"],
)
def test_clocks_across_a_restart_the_wall_clock_counts(clocks: Clocks, passed: float, left: float) -> None:
    pending = Pending.from_now("token", 1, 60)
    clocks.restart()
    clocks.set_wall_clock(passed)
    assert pending.seconds_left() == pytest.approx(left)


@pytest.mark.parametrize(
    ("left", "next_second"), [(59.25, 0.25), (60.0, 1.0), (0.5, 0.5), (0.0, 1.0), (-3.5, 1.0), (float("-inf"), 1.0)]
)
def test_the_next_second_begins_when_one_less_is_left(
    monkeypatch: pytest.MonkeyPatch, left: float, next_second: float
) -> None:
    monkeypatch.setattr(Pending, "seconds_left", lambda _: left)
    assert Pending.from_now("token", 1, 60).next_second() == next_second


def test_clocks_what_an_earlier_version_has_stored_is_read(store: StoreBackend, clocks: Clocks) -> None:
    deadline = time.time() + 60
    with writing(store.path, 1) as connection:
        waiting = to_json(["token", 1, deadline]).decode()
        connection.execute(sql_tables._SET_META, ("pending", waiting))
        connection.execute("COMMIT")
    pending = store.pending()
    assert pending == Pending("token", 1, deadline)
    assert pending.seconds_left() == pytest.approx(60)


def test_the_clock_of_this_boot_runs_and_names_the_boot() -> None:
    first, second = boot_clock.now(), boot_clock.now()
    assert first.boot == second.boot
    assert first.seconds <= second.seconds
