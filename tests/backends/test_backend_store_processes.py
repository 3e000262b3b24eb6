"""The store when programs are killed in the middle of their work, and when several work at once."""

import multiprocessing
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from holding import held, objects_of, plan_for, put
from store_workers import apply_against_others, apply_in_turn, policy, stop_before_the_end

from ndtui.backends.store import StoreBackend
from ndtui.model.design import Design

KILLS = 64
TOGETHER = 8

_context = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
_context.set_forkserver_preload(["pytest", "ndtui.backends.store", "ndtui.model.compile"])


@contextmanager
def working(target: Callable[..., None], *args: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start a process that works with the given arguments and a channel; it is gone afterwards."""
    ours, theirs = _context.Pipe()
    process = _context.Process(target=target, args=(*args, theirs))
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def answer(channel: Connection) -> object:
    assert channel.poll(60), "the process does not answer"
    return channel.recv()


def integrity(path: Path) -> list[tuple[str]]:
    """Return what SQLite finds wrong with a file, which is ``ok`` when nothing is."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall()


@pytest.mark.slow
def test_a_program_killed_at_any_moment_leaves_one_policy_or_none(tmp_path: Path) -> None:
    policies = (policy("one", 150), policy("two", 200))
    wholes = {"": {}, **{each.name: objects_of(each) for each in policies}}
    chance = random.Random(20_240_601)
    found: set[str] = set()
    for number in range(KILLS):
        path = tmp_path / f"{number // 4}.sqlite3"
        with working(apply_in_turn, path, policies) as (process, channel):
            for _ in range(number % 3 + 1):
                assert answer(channel) == "starts"
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
        snapshot = StoreBackend(path).snapshot()
        assert held(snapshot) == wholes[snapshot.policy]
        assert not path.exists() or integrity(path) == [("ok",)]
        found.add(snapshot.policy)
    assert {"one", "two"} <= found


def test_what_a_killed_program_had_not_finished_is_undone_by_whoever_reads_next(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    before, after = policy("one", 20), policy("two", 30)
    store = StoreBackend(path)
    put(store, before)
    plan = plan_for(store, after)
    with working(stop_before_the_end, path, after) as (process, channel):
        assert answer(channel) == "written"
        assert held(store.snapshot()) == objects_of(before)
        process.kill()
        process.join()
    assert held(store.snapshot()) == objects_of(before)
    assert integrity(path) == [("ok",)]
    store.apply(plan)
    assert held(store.snapshot()) == objects_of(after)


def test_half_a_transaction_that_reached_the_file_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    store = StoreBackend(path)
    design = policy("one", 30)
    put(store, design)
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 2")  # pages are written to the log long before the end
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE object SET document = '{}', removed_in = 1")
        for name in ("store.sqlite3", "store.sqlite3-wal"):  # as they are left when the program dies here
            (tmp_path / name.replace("store", "copy")).write_bytes((tmp_path / name).read_bytes())
        assert (tmp_path / "copy.sqlite3-wal").stat().st_size > 4096
        other.execute("ROLLBACK")
    assert held(StoreBackend(copy).snapshot()) == objects_of(design)
    assert integrity(copy) == [("ok",)]


@pytest.mark.slow
@pytest.mark.parametrize("there", [False, True], ids=["new store", "store in use"])
def test_programs_that_apply_at_once_never_mix(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "store.sqlite3"
    store = StoreBackend(path)
    policies = {f"p{n}": policy(f"p{n}", 20 + n) for n in range(TOGETHER)}
    if there:
        put(store, policies["p0"])
    outcomes: list[str] = []
    with _all_working(path, list(policies.values())) as channels:
        for channel in channels:
            assert answer(channel) == "ready"
        for channel in channels:
            channel.send("go")
        for channel in channels:
            ended = answer(channel)
            assert isinstance(ended, list)
            outcomes += ended
    assert set(outcomes) <= {"done", "stale"}
    snapshot = store.snapshot()
    assert held(snapshot) == (objects_of(policies[snapshot.policy]) if snapshot.policy else {})
    written = [revision for revision in store.history() if revision.added or revision.removed]
    assert 1 <= len(written) - there <= outcomes.count("done")
    assert [revision.number for revision in written] == list(range(len(written), 0, -1))
    assert integrity(path) == [("ok",)]


@contextmanager
def _all_working(path: Path, policies: list[Design]) -> Iterator[list[Connection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(working(apply_against_others, path, each, 5))[1] for each in policies]
