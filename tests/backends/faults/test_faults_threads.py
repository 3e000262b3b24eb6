"""Several threads that use one backend at once: each operation is done whole, and every look is at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import Plan, Snapshot
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.model.compiled.compile import compile_design
from tests.backends.faults.benches import OTHERS
from tests.backends.faults.operations import ONE, THREE, TWO
from tests.backends.holding import held, objects_of
from tests.support import one_line

WHOLES = {"": {}, **{design.name: objects_of(design) for design in (ONE, TWO, THREE)}}
TIMES = 12


@pytest.fixture(params=["memory", "store"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> EngineBackend:
    return MemoryBackend() if request.param == "memory" else StoreBackend(tmp_path / "store.sqlite3")


def attempt(backend: EngineBackend, plan: Callable[[], Plan]) -> str:
    """Plan and apply, and return how that ended."""
    try:
        backend.apply(plan())
    except StalePlanError:
        return "stale"
    except BackendError as error:
        return one_line(str(error)).partition(":")[0]
    return "done"


@pytest.mark.slow
def test_threads_that_share_a_backend(backend: EngineBackend) -> None:
    targets = [compile_design(design) for design in (ONE, TWO, THREE)]
    plans: list[Callable[[], Plan]] = [lambda target=target: backend.plan(target) for target in (*targets, None)]
    plans += [backend.plan_rollback, backend.plan_rollback]
    over = Event()

    def look() -> list[Snapshot]:
        found = []
        while not over.is_set():
            found.append(backend.snapshot())
        return found

    def work(plan: Callable[[], Plan]) -> list[str]:
        return [attempt(backend, plan) for _ in range(TIMES)]

    with ThreadPoolExecutor(8) as pool:
        looks = [pool.submit(look) for _ in range(2)]
        outcomes = [outcome for each in pool.map(work, plans) for outcome in each]
        over.set()
        looked = [snapshot for each in looks for snapshot in each.result()]
    assert set(outcomes) <= {"done", "stale", "there is nothing to go back to"}
    assert all(held(each) == WHOLES[each.policy] for each in looked)
    snapshot, history = backend.snapshot(), backend.history()
    assert held(snapshot) == WHOLES[snapshot.policy]
    assert snapshot.policy == history[0].policy
    assert [each.number for each in history] == list(range(len(history), 0, -1))
    assert 1 <= len(history) <= outcomes.count("done")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["memory", "store"])
def test_sessions_of_several_threads_add_and_delete_at_once(kind: str, tmp_path: Path) -> None:
    engine = BfeEngine(None if kind == "memory" else tmp_path / "store.sqlite3")
    document = OTHERS[-1][1]

    def work(number: int) -> list[str]:
        with_session = engine.open(dynamic=number % 2 == 0, name=f"thread {number}")
        keys = []
        for _ in range(TIMES):
            with_session.begin()
            keys.append(with_session.add("filter", document).key)
            gone = with_session.add("filter", document).key
            with_session.delete("filter", gone)
            with_session.commit()
        with_session.close()
        return [] if number % 2 == 0 else keys

    with ThreadPoolExecutor(8) as pool:
        kept = [key for keys in pool.map(work, range(8)) for key in keys]
    found = engine.open(read_only=True)
    documents = [each for each in found.enumerate("filter") if each["displayData"] == document["displayData"]]
    assert sorted(each["filterKey"] for each in documents) == sorted(kept)
    assert len({each["filterId"] for each in documents}) == 4 * TIMES
    found.close()
    assert engine.open(read_only=True).sessions()[0].name == "ndtui"


@pytest.mark.slow
def test_the_first_who_write_make_one_store_and_wait_for_each_other(tmp_path: Path) -> None:
    threads = 6
    for number in range(40):
        path, together = tmp_path / f"{number}.sqlite3", Barrier(threads)

        def work(_: int) -> str:
            session = BfeEngine(path).open()  # noqa: B023 - it is over before the next round
            together.wait()  # noqa: B023
            try:
                return session.add("filter", OTHERS[-1][1]).key
            except BackendError as error:
                return str(error)

        with ThreadPoolExecutor(threads) as pool:
            keys = list(pool.map(work, range(threads)))
        with closing(BfeEngine(path).open(read_only=True)) as session:
            assert sorted(each["filterKey"] for each in session.enumerate("filter")) == sorted(keys)
