"""The store when programs are killed in the middle of their work, and when several work at once."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.engine_backend import OURS
from ndtui.backends.transactional.journal import applied_at
from ndtui.model.design.design import Design
from tests.backends.holding import Objects, held, objects_of, plan_for, put
from tests.backends.store_workers import (
    STEPS,
    act_against_others,
    after,
    answer,
    integrity,
    last_words,
    policy,
    stop_before_the_end,
    take_steps,
    working,
)

KILLS = 200
#: Kills after which a test goes on with a new store.
TURN = 8
TOGETHER = 8


def exemptions(store: StoreBackend) -> int:
    """Return how many exemptions the engine has made by itself."""
    return sum(each.document.get("origin") == "bfe:ike-exemption" for each in store.others())


@pytest.mark.slow
def test_a_program_killed_at_any_moment_has_done_each_thing_whole_or_not_at_all(tmp_path: Path) -> None:
    designs = {"one": policy("one", 20), "two": policy("two", 30)}
    wholes: dict[str, Objects] = {"": {}, **{name: objects_of(each) for name, each in designs.items()}}
    chance = random.Random(20_240_601)
    in_the_middle_of: set[str] = set()
    for number in range(KILLS):
        path = tmp_path / f"{number // TURN}.sqlite3"
        store = StoreBackend(path)
        policies = [each.policy for each in reversed(store.history())]
        first = chance.randrange(len(STEPS))
        with working(take_steps, path, designs, first) as (process, channel):
            said = [answer(channel) for _ in range(number % 3 + 1)]
            time.sleep(chance.uniform(0, 0.02))
            process.kill()
            last = [*said, *last_words(channel)][-1]
        assert isinstance(last, int)
        for each in range(first, last):
            policies = after(policies, STEPS[each % len(STEPS)])
        step = STEPS[last % len(STEPS)]
        found = [each.policy for each in reversed(store.history())]
        assert found in (policies, after(policies, step))
        in_the_middle_of.add(step)
        assert held(store.snapshot()) == wholes[found[-1] if found else ""]
        assert exemptions(store) == (12 if found and found[-1] else 0)
        assert not path.exists() or integrity(path) == [("ok",)]
    assert in_the_middle_of == set(STEPS)


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
def test_programs_that_apply_go_back_and_remove_at_once_never_mix(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "store.sqlite3"
    store = StoreBackend(path)
    designs = {f"p{n}": policy(f"p{n}", 20 + n) for n in range(TOGETHER)}
    wholes = {"": {}, **{name: objects_of(each) for name, each in designs.items()}}
    if there:
        put(store, designs["p0"])
    outcomes: list[str] = []
    with _all_working(path, list(designs.values())) as channels:
        for channel in channels:
            assert answer(channel) == "ready"
        for channel in channels:
            channel.send("go")
        for channel in channels:
            ended = answer(channel)
            assert isinstance(ended, list)
            outcomes += ended
    nothing_yet = {each for each in outcomes if each.startswith("there is nothing to go back to")}
    assert set(outcomes) <= {"done", "stale"} | (set() if there else nothing_yet)
    history = store.history()
    assert 1 <= len(history) - there <= outcomes.count("done")
    assert [revision.number for revision in history] == list(range(len(history), 0, -1))
    for revision in history:
        objects = applied_at(BfeEngine(path), revision.number, OURS)
        assert {(each.kind, each.key): each.document for each in objects}.keys() == wholes[revision.policy].keys()
    assert held(store.snapshot()) == wholes[store.snapshot().policy]
    assert store.snapshot().policy == history[0].policy
    assert exemptions(store) == (12 if history[0].policy else 0)
    assert integrity(path) == [("ok",)]


@contextmanager
def _all_working(path: Path, designs: list[Design]) -> Iterator[list[Connection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(working(act_against_others, path, each, 6))[1] for each in designs]
