"""What is not confirmed in time is reverted, whatever becomes of the program, its watchdog, or both."""

import gc
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import pytest

from ndtui.backends import watchdog_process
from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.emulated_backend import EmulatedBackend
from ndtui.common import isolated
from tests.backends.faults.faulty import Faults, faulty, raising, rpc_failure
from tests.backends.faults.operations import ONE, THREE, TWO, apply_unwatched
from tests.backends.faults.watchdogs import until, watchdogs, zombies
from tests.backends.holding import held, objects_of, plan_for, put
from tests.backends.store_workers import answer, apply_until_confirmed, working
from tests.support import one_line

pytestmark = pytest.mark.slow

WITHIN = 1.5

lists_processes = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed on Linux only")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Return the place for a store. When a test is over no watchdog is left."""
    yield tmp_path / "store.sqlite3"
    gone = until(lambda: not watchdogs(tmp_path), 30)
    for each in watchdogs(tmp_path):
        os.kill(each, signal.SIGTERM)
    assert gone, "a watchdog was left behind"


@pytest.fixture
def store(path: Path) -> StoreBackend:
    """Return a store that ONE has been applied to."""
    made = StoreBackend(path)
    put(made, ONE)
    return made


def names(store: StoreBackend) -> list[str]:
    """Return which design was applied when, first to last. Unlike a snapshot this reverts nothing."""
    return [each.policy for each in reversed(store.history())]


def test_a_program_killed_right_after_it_applied(store: StoreBackend, path: Path) -> None:
    others = store.others()
    with working(apply_until_confirmed, path, TWO, WITHIN, "applied") as (process, channel):
        assert answer(channel) == "applied"
        process.kill()
        process.join()
    assert held(store.snapshot()) == objects_of(TWO)
    assert until(lambda: names(store) == ["one", "two", "one"])
    assert held(store.snapshot()) == objects_of(ONE)
    assert store.others() == others
    assert store.pending() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes to kill")
def test_everything_killed_that_belongs_to_the_terminal(store: StoreBackend, path: Path) -> None:
    program = f"""if True:
        import sys
        from pathlib import Path
        sys.path[:0] = {sys.path!r}
        from tests.backends.faults.operations import TWO
        from tests.backends.holding import plan_for
        from ndtui.backends.store import StoreBackend
        store = StoreBackend(Path({str(path)!r}))
        store.apply(plan_for(store, TWO), within={WITHIN})
        print("applied", flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"applied\n"
        os.killpg(process.pid, signal.SIGHUP)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert until(lambda: names(store) == ["one", "two", "one"])


def test_a_program_killed_while_it_applies(store: StoreBackend, path: Path) -> None:
    before = store.snapshot()
    with working(apply_until_confirmed, path, TWO, WITHIN, "written") as (process, channel):
        assert answer(channel) == "written"
        process.kill()
        process.join()
    assert until(lambda: not watchdogs(path.parent))
    after = store.snapshot()
    assert (after.state, after.objects, after.pending) == (before.state, before.objects, None)
    assert names(store) == ["one"]


def test_what_is_confirmed_in_time_stays(store: StoreBackend, path: Path) -> None:
    with working(apply_until_confirmed, path, TWO, WITHIN, "applied") as (_, channel):
        assert answer(channel) == "applied"
        channel.send("confirm")
        assert answer(channel) == "confirmed"
    assert until(lambda: not watchdogs(path.parent))
    time.sleep(WITHIN)
    assert names(store) == ["one", "two"]
    assert held(store.snapshot()) == objects_of(TWO)
    with pytest.raises(BackendError, match="nothing waits to be confirmed"):
        store.confirm()


def test_what_is_confirmed_by_another_program_after_a_kill_stays(store: StoreBackend, path: Path) -> None:
    with working(apply_until_confirmed, path, TWO, 60, "applied") as (process, channel):
        assert answer(channel) == "applied"
        process.kill()
        process.join()
    store.confirm()
    assert until(lambda: not watchdogs(path.parent))
    assert names(store) == ["one", "two"]


@pytest.mark.parametrize("seconds", [0, -5])
def test_no_time_at_all_is_reverted_at_once(store: StoreBackend, seconds: float) -> None:
    store.apply(plan_for(store, TWO), within=seconds)
    assert until(lambda: names(store) == ["one", "two", "one"])


def test_the_first_apply_of_all_is_reverted_to_nothing(path: Path) -> None:
    store = StoreBackend(path)
    others = store.others()
    store.apply(plan_for(store, TWO), within=0.2)
    assert until(lambda: names(store) == ["two", ""])
    assert held(store.snapshot()) == {}
    assert store.others() == others


def test_two_stores_at_once_have_a_watchdog_each(store: StoreBackend, path: Path) -> None:
    other = StoreBackend(path.with_name("other.sqlite3"))
    put(other, THREE)
    for each in (store, other):
        each.apply(plan_for(each, TWO), within=WITHIN)
    other.confirm()
    assert until(lambda: names(store) == ["one", "two", "one"])
    assert until(lambda: not watchdogs(path.parent))
    assert names(other) == ["three", "two"]


def test_a_watchdog_leaves_alone_what_is_not_its_own(store: StoreBackend, path: Path) -> None:
    store.apply(plan_for(store, TWO), within=WITHIN)
    store.apply(store.plan(None))
    store.apply(plan_for(store, THREE), within=60)
    time.sleep(WITHIN)
    assert until(lambda: len(watchdogs(path.parent)) <= 1)
    assert names(store) == ["one", "two", "", "three"]
    store.confirm()
    assert names(store) == ["one", "two", "", "three"]


def test_going_back_by_hand_is_final(store: StoreBackend, path: Path) -> None:
    store.apply(plan_for(store, TWO), within=WITHIN)
    with pytest.raises(BackendError, match="waits to be confirmed"):
        put(store, THREE)
    store.apply(store.plan_rollback())
    assert until(lambda: not watchdogs(path.parent))
    time.sleep(WITHIN)
    assert names(store) == ["one", "two", "one"]


def test_it_is_tried_again_while_another_program_writes(store: StoreBackend, path: Path) -> None:
    store.apply(plan_for(store, TWO), within=0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        assert names(store) == ["one", "two"]
        other.execute("ROLLBACK")
    assert until(lambda: names(store) == ["one", "two", "one"])


@pytest.mark.parametrize("call", ["open", "begin", "delete", "add", "record", "commit"])
def test_an_apply_that_failed_leaves_no_watchdog(store: StoreBackend, path: Path, call: str) -> None:
    copy = path.with_name("copy.sqlite3")
    shutil.copy(path, copy)
    faults = Faults()
    EmulatedBackend.__init__(store, faulty(BfeEngine(copy), faults))
    plan = plan_for(store, TWO)
    start = len(faults.calls)
    apply_unwatched(store, plan, 60)
    last = max(number for number, each in enumerate(faults.calls[start:], 1) if each == call)

    EmulatedBackend.__init__(store, faulty(BfeEngine(path), faults))
    before = store.snapshot()
    with faults.at(last, raising(rpc_failure())), pytest.raises(BackendError, match="RPC_S_CALL_FAILED"):
        store.apply(plan, within=60)
    assert until(lambda: not watchdogs(path.parent))
    after = store.snapshot()
    assert (after.state, after.objects, after.pending) == (before.state, before.objects, None)


@lists_processes
@pytest.mark.parametrize("killed", [0.0, 0.3], ids=["at once", "later"])
def test_the_next_who_comes_does_the_work_of_a_watchdog_that_was_killed_too(
    store: StoreBackend, path: Path, killed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "GRACE", 0.5)
    with working(apply_until_confirmed, path, TWO, WITHIN, "applied") as (process, channel):
        assert answer(channel) == "applied"
        (watcher,) = watchdogs(path.parent)
        process.kill()
        process.join()
        time.sleep(killed)
        os.kill(watcher, signal.SIGKILL)
    assert held(store.snapshot()) == objects_of(TWO)
    time.sleep(WITHIN + 0.6)
    assert names(store) == ["one", "two"]
    assert StoreBackend(path).settle()
    assert held(StoreBackend(path).snapshot()) == objects_of(ONE)
    assert names(store) == ["one", "two", "one"]


def test_what_is_overdue_cannot_be_confirmed(store: StoreBackend) -> None:
    apply_unwatched(store, plan_for(store, TWO), -watchdog.GRACE - 1)
    with pytest.raises(BackendError, match="nothing waits to be confirmed"):
        store.confirm()
    assert names(store) == ["one", "two", "one"]


def test_until_it_is_overdue_it_is_left_to_the_watchdog(store: StoreBackend) -> None:
    apply_unwatched(store, plan_for(store, TWO), 0)
    assert held(store.snapshot()) == objects_of(TWO)
    assert names(store) == ["one", "two"]


def test_what_is_overdue_is_reverted_once_however_many_come(store: StoreBackend, path: Path) -> None:
    apply_unwatched(store, plan_for(store, TWO), -watchdog.GRACE - 1)

    def settle(_: int) -> bool:
        try:
            return StoreBackend(path).settle()
        except BackendError:  # another one was faster
            return False

    with ThreadPoolExecutor(8) as pool:
        assert any(pool.map(settle, range(8)))
    assert held(store.snapshot()) == objects_of(ONE)
    assert names(store) == ["one", "two", "one"]


@pytest.mark.parametrize("program", ["no/such/program", None], ids=["cannot be started", "ends at once"])
def test_without_a_watchdog_nothing_is_applied(
    store: StoreBackend, program: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, before = plan_for(store, TWO), store.snapshot().state
    if program is None:
        monkeypatch.setattr(store, "name", "no such backend")
    else:
        monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(BackendError, match="no watchdog could be started") as caught:
        store.apply(plan, within=60)
    one_line(str(caught.value))
    del caught
    gc.collect()  # what it has left open is told now
    assert store.snapshot().state == before
    assert names(store) == ["one"]


def test_a_watchdog_of_a_damaged_store_gives_up(
    store: StoreBackend, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"no store at all" * 1000)
    monkeypatch.setattr(watchdog_process, "_PATIENCE", 1.0)
    assert not watchdog_process.watch(store, "token", Event())


PLANTED = """
import os, pathlib
pathlib.Path({marker!r}).touch()
raise ImportError("planted")
"""


def test_the_watchdog_runs_no_code_of_the_current_folder(
    store: StoreBackend, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted, marker = tmp_path / "planted", tmp_path / "ran"
    for name in ("uuid.py", "sqlite3.py", "ndtui/__init__.py", "pydantic/__init__.py", "sitecustomize.py"):
        (planted / name).parent.mkdir(parents=True, exist_ok=True)
        (planted / name).write_text(PLANTED.format(marker=str(marker)), encoding="utf-8")
    monkeypatch.chdir(planted)
    monkeypatch.setenv("PYTHONPATH", str(planted))
    monkeypatch.setattr(sys, "path", ["", str(planted), *sys.path])
    store.apply(plan_for(store, TWO), within=60)
    pending = store.pending()
    assert pending is not None
    assert store.watched(pending)
    assert not marker.exists()
    store.confirm()


def test_a_watchdog_has_to_say_its_own_token(store: StoreBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = "print('watching'); print('watching 0123')"
    monkeypatch.setattr(watchdog, "command", lambda *_: [sys.executable, "-I", "-c", claims])
    with pytest.raises(BackendError, match="no watchdog could be started"):
        store.apply(plan_for(store, TWO), within=60)
    assert names(store) == ["one"]


def test_a_backend_of_another_package_is_watched_over_too(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "shelf-1.dist-info").mkdir(parents=True)
    (site / "shelf-1.dist-info" / "METADATA").write_text("Name: shelf\nVersion: 1\n", encoding="utf-8")
    entry = "[ndtui.backends]\nshelf = shelf_backend:Shelf\n"
    (site / "shelf-1.dist-info" / "entry_points.txt").write_text(entry, encoding="utf-8")
    text = "from ndtui.backends.store import StoreBackend\nclass Shelf(StoreBackend):\n    name = 'shelf'\n"
    (site / "shelf_backend.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(isolated, "_user_site", lambda: str(site))
    with watchdog.watching("shelf", str(path)) as token:
        assert StoreBackend(path).watched(Pending(token, 0, 0.0))


@lists_processes
def test_a_watchdog_that_is_gone_is_seen_to_be_gone(store: StoreBackend, path: Path) -> None:
    store.apply(plan_for(store, TWO), within=60)
    pending = store.pending()
    assert pending is not None
    assert store.watched(pending)
    for each in watchdogs(path.parent):
        os.kill(each, signal.SIGKILL)
    assert until(lambda: StoreBackend(path).watched(pending) is False)
    store.confirm()


@lists_processes
def test_nothing_is_left_of_a_watchdog_that_is_done(store: StoreBackend, path: Path) -> None:
    before = set(zombies())
    store.apply(plan_for(store, TWO), within=0)
    assert until(lambda: names(store) == ["one", "two", "one"] and not watchdogs(path.parent))
    assert until(lambda: set(zombies()) <= before, 10)
