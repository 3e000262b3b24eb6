"""What every backend promises: the shipped suite, and what those of this package say and do beyond it."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.model.design.design import Design, change
from ndtui.testing.backend_contract import BackendContract
from ndtui.testing.sample_designs import ONE, TWO, many
from tests.backends.engines import BACKENDS, move_clock, watch_by_hand
from tests.backends.holding import held, objects_of, plan_for, put
from tests.strategies import designs


class _OnAnEngine(BackendContract):
    """What is not confirmed is reverted by the test, after the watchdog's time."""

    backend_name: ClassVar[str]

    def make(self, folder: Path) -> Backend:
        return BACKENDS[self.backend_name](folder)

    @pytest.fixture(autouse=True)
    def unwatched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        watch_by_hand(monkeypatch)

    @pytest.fixture
    def let_pass(self, monkeypatch: pytest.MonkeyPatch, backend: Backend) -> Callable[[float], None]:
        def later(seconds: float) -> None:
            move_clock(monkeypatch, seconds + watchdog.GRACE + 1)
            assert isinstance(backend, EngineBackend)
            backend.settle()

        return later


class TestMemory(_OnAnEngine):
    backend_name = "memory"


class TestStore(_OnAnEngine):
    backend_name = "store"


class TestWindows(_OnAnEngine):
    backend_name = "wfp"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    return BACKENDS[request.param](tmp_path)


def test_a_refusal_of_a_stale_plan_says_what_helps(backend: Backend) -> None:
    stale = plan_for(backend, ONE)
    put(backend, TWO)
    with pytest.raises(StalePlanError, match="plan again") as caught:
        backend.apply(stale)
    assert caught.value.status == 1


@pytest.mark.parametrize("number", [-1, 2, 10**30])
def test_a_revision_that_is_not_there_is_refused_with_those_there_are(backend: Backend, number: int) -> None:
    put(backend, ONE)
    with pytest.raises(BackendError, match=f"no revision {number}: choose one from 0 to 1"):
        backend.plan_rollback(number)


@pytest.mark.parametrize("number", [None, 0, 1])
def test_without_history_there_is_nothing_to_go_back_to(backend: Backend, number: int | None) -> None:
    with pytest.raises(BackendError, match="nothing has been applied"):
        backend.plan_rollback(number)


def test_progress_is_told_on_the_way(backend: Backend) -> None:
    told: list[int] = []
    backend.apply(plan_for(backend, many(500)), lambda done, total: told.append(done))
    assert told[0] < told[-1]


@settings(max_examples=60)
@given(a=designs(), b=designs(), same=st.booleans())
def test_from_any_design_to_any_other_and_back(
    a: Design, b: Design, same: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if same:
        b = change(b, name=a.name, id=a.id)
    for backend in (MemoryBackend(), StoreBackend(tmp_path_factory.mktemp("store") / "s.sqlite3")):
        put(backend, a)
        assert held(backend.snapshot()) == objects_of(a)
        number = len(backend.history())
        put(backend, b)
        assert plan_for(backend, b).empty
        assert held(backend.snapshot()) == objects_of(b)
        backend.apply(backend.plan_rollback(number))
        assert held(backend.snapshot()) == objects_of(a)
        assert plan_for(backend, a).empty
