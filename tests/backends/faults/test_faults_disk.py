"""A disk that is full, wherever that shows: everything is as before, it is said in a line, and later it works."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Plan
from ndtui.backends.store import StoreBackend
from tests.backends.faults.operations import ONE
from tests.backends.holding import held, objects_of, plan_for, put
from tests.backends.store_workers import integrity, policy
from tests.support import one_line

LARGE = policy("large", 40)
PAGE = 4096

#: What is done to a store on which LARGE was applied before ONE, and what that leads to.
PLANS: dict[str, tuple[Callable[[StoreBackend], Plan], str]] = {
    "apply": (lambda store: plan_for(store, LARGE), "large"),
    "roll back": (lambda store: store.plan_rollback(), "large"),
    "remove": (lambda store: store.plan(None), ""),
}
WHOLES = {"": {}, "one": objects_of(ONE), "large": objects_of(LARGE)}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a small disk of its own: a file system in memory, which only root may mount."""
    place = tmp_path / "disk"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "ndtui-tests", place], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path, leave: int) -> None:
    """Fill a disk, but for some bytes."""
    with suppress(FileNotFoundError):
        empty(disk)
    found = os.statvfs(disk)
    (disk / "filling").write_bytes(bytes(max(0, found.f_bavail * found.f_frsize - leave)))


def empty(disk: Path) -> None:
    """Make room on a disk."""
    (disk / "filling").unlink()


def in_use(path: Path) -> StoreBackend:
    """Return a store on which LARGE was applied, and then ONE."""
    store = StoreBackend(path)
    put(store, LARGE)
    put(store, ONE)
    return store


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_a_disk_that_fills_up_at_any_page(disk: Path, name: str) -> None:
    make, leads_to = PLANS[name]
    path = disk / "store.sqlite3"
    in_use(path)
    before = StoreBackend(path).snapshot(), StoreBackend(path).history()
    refused = 0
    for leave in range(0, 1 << 20, PAGE):
        store = StoreBackend(path)
        plan = make(store)
        fill(disk, leave)
        try:
            store.apply(plan)
        except BackendError as error:
            refused += 1
            assert "no room left" in one_line(str(error))
        else:
            break
        finally:
            empty(disk)
        after = StoreBackend(path).snapshot(), StoreBackend(path).history()
        assert (after[0].state, after[0].objects, after[1]) == (before[0].state, before[0].objects, before[1])
        assert [each.name for each in disk.iterdir()] == [path.name]
    assert refused > 8
    assert held(StoreBackend(path).snapshot()) == WHOLES[leads_to]
    assert len(StoreBackend(path).history()) == 3
    assert integrity(path) == [("ok",)]


def test_a_store_on_a_full_disk_is_read(disk: Path) -> None:
    path = disk / "store.sqlite3"
    in_use(path)
    fill(disk, 0)
    store = StoreBackend(path)
    assert held(store.snapshot()) == WHOLES["one"]
    assert [each.policy for each in store.history()] == ["one", "large"]
    assert store.plan_rollback().policy == "large"
    assert store.others()


def test_nothing_is_tried_on_a_full_disk(disk: Path) -> None:
    path = disk / "store.sqlite3"
    store = in_use(path)
    trial, fresh = store.plan(None), StoreBackend(disk / "new.sqlite3")
    store.apply(trial)
    plans = plan_for(store, ONE), plan_for(fresh, ONE)
    fill(disk, 0)
    for use in (lambda: store.trial(plans[0]), lambda: fresh.apply(plans[1]), lambda: fresh.trial(plans[1])):
        with pytest.raises(BackendError) as caught:
            use()
        one_line(str(caught.value))
    empty(disk)
    assert held(store.snapshot()) == {}
    assert held(fresh.snapshot()) == {}
    for each, plan in zip((store, fresh), plans, strict=True):
        with closing(each.trial(plan)):
            assert held(each.snapshot()) == WHOLES["one"]
        put(each, ONE)


def test_what_is_held_for_now_is_let_go_on_a_full_disk(disk: Path) -> None:
    path = disk / "store.sqlite3"
    store = StoreBackend(path)
    trial = store.trial(plan_for(store, LARGE))
    fill(disk, 0)
    trial.close()
    empty(disk)
    assert held(StoreBackend(path).snapshot()) == {}
    put(StoreBackend(path), ONE)
    with closing(BfeEngine(path).open()) as session:
        assert [info.dynamic for info in session.sessions()] == [False]


@pytest.mark.parametrize("name", ["apply", "roll back"])
def test_a_file_that_must_not_grow(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, leads_to = PLANS[name]
    path = tmp_path / "store.sqlite3"
    store = in_use(path)
    before, plan = path.read_bytes(), make(store)
    page = int.from_bytes(before[16:18], "big")  # as the head of the file has it
    connect = sqlite3.connect

    def on_a_small_disk(*args: object, **options: object) -> sqlite3.Connection:
        connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.execute(f"PRAGMA max_page_count = {len(before) // page}")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", on_a_small_disk)
    with pytest.raises(BackendError, match="no room left") as caught:
        store.apply(plan)
    one_line(str(caught.value))
    assert path.read_bytes() == before
    monkeypatch.undo()
    store.apply(plan)
    assert held(StoreBackend(path).snapshot()) == WHOLES[leads_to]
