"""Someone else who applies in between, at every single call that an operation makes: nothing is ever half of each.

Whoever looks sees one moment or the next, and whoever applies, to the last statement that SQLite is given, does it to
the state it was planned for or not at all.
"""

from collections.abc import Callable
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import Plan, Snapshot
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import engine_backend
from ndtui.backends.transactional.emulated_backend import EmulatedBackend
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from ndtui.backends.transactional.journal import applied_at
from tests.backends.faults.benches import BENCHES, Bench
from tests.backends.faults.operations import ONE, THREE, TWO, Operation, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.support import one_line

Check = Callable[[EngineBackend], None]
#: What does something, and returns what to check once it is done without interference.
Run = Callable[[], Check]

WHOLES = {"": {}, **{design.name: objects_of(design) for design in (ONE, TWO, THREE)}}


def whole(snapshot: Snapshot) -> None:
    """Check that a snapshot has what belongs to its policy."""
    assert held(snapshot) == WHOLES[snapshot.policy]


def someone_else(bench: Bench) -> Callable[[], None]:
    """Return what applies THREE to the engine of a bench, unless it is busy."""
    backend: EngineBackend
    if isinstance(bench.backend, StoreBackend):
        backend = StoreBackend(bench.backend.path)
    else:
        backend = MemoryBackend()
        EmulatedBackend.__init__(backend, bench.engine)

    def apply() -> None:
        with suppress(BackendError):
            put(backend, THREE)

    return apply


def ready(backend: EngineBackend) -> None:
    put(backend, ONE)
    put(backend, TWO)


def nothing_more(backend: EngineBackend) -> None:
    """Check nothing more than what is checked anyway."""


def _snapshot(backend: EngineBackend) -> Run:
    def run() -> Check:
        whole(backend.snapshot())
        return nothing_more

    return run


def _plan(backend: EngineBackend) -> Run:
    """Plan for ONE, in place of TWO or of THREE, and see what it leads to."""

    def run() -> Check:
        plan = plan_for(backend, ONE)
        gone = {(each.kind, each.key) for each in plan.changes if each.before is not None}
        assert gone <= set(WHOLES[plan.replaces])
        try:
            backend.apply(plan)
        except StalePlanError:
            assert plan.replaces == "two"
            return nothing_more
        return lambda backend: in_history(backend, plan.replaces, "one")

    return run


def _plan_rollback(backend: EngineBackend) -> Run:
    """Plan to go back from TWO to ONE, or from THREE to TWO, and do it."""

    def run() -> Check:
        plan = backend.plan_rollback()
        assert (plan.replaces, plan.policy) in (("two", "one"), ("three", "two"))
        try:
            backend.apply(plan)
        except StalePlanError:
            assert plan.replaces == "two"
            return nothing_more
        return lambda backend: in_history(backend, plan.replaces, plan.policy)

    return run


def _execute(made: Callable[[EngineBackend], Plan]) -> Callable[[EngineBackend], Run]:
    def start(backend: EngineBackend) -> Run:
        plan = made(backend)

        def run() -> Check:
            try:
                done = backend.apply(plan)
            except StalePlanError as error:
                one_line(str(error))
                return lambda backend: in_history(backend, "two", "three")
            assert done.policy == plan.policy
            return lambda backend: in_history(backend, "two", plan.policy)

        return run

    return start


def _revert(backend: EngineBackend) -> Run:
    apply_unwatched(backend, plan_for(backend, ONE), 3600)

    def run() -> Check:
        backend.revert("token")
        return lambda backend: in_history(backend, "one", "two")

    return run


def in_history(backend: EngineBackend, one: str, other: str) -> None:
    """Check that of the last things that were done, one came right after the other."""
    names = [each.policy for each in reversed(backend.history())][1:]
    assert (one, other) in pairwise(names)


STARTS = {
    "snapshot": _snapshot,
    "plan": _plan,
    "plan to go back": _plan_rollback,
    "apply": _execute(lambda backend: plan_for(backend, ONE)),
    "remove": _execute(lambda backend: backend.plan(None)),
    "go back": _execute(lambda backend: backend.plan_rollback()),
    "revert": _revert,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("kind", ["memory", "store", "statements"])
def test_someone_else_applies_in_between(kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_backend, "PATIENCE", 0.0)
    operation = Operation("two", ready, STARTS[name])
    wrong: list[str] = []
    with closing(BENCHES[kind](tmp_path, monkeypatch)) as benches:
        for position in range(1, 1000):
            bench = benches.new(operation)
            run = operation.plan(bench.backend)
            happened: list[str] = []
            other = someone_else(bench)

            def instead() -> None:
                happened.append(bench.faults.calls[-1])  # noqa: B023 - called at once
                other()  # noqa: B023

            try:
                with bench.faults.at(position, instead):
                    check = run()
                check(bench.backend)
                all_whole(bench)
            except (AssertionError, BackendError) as error:
                wrong.append(f"before call {position}, {happened}: {str(error).splitlines()[0]}")
            if not happened:
                break
    assert position > 5
    assert wrong == []


def all_whole(bench: Bench) -> None:
    """Check that what there is, and every entry of the history, is whole."""
    snapshot, history = bench.backend.snapshot(), bench.backend.history()
    whole(snapshot)
    assert snapshot.policy == history[0].policy
    for revision in history:
        objects = applied_at(bench.engine, revision.number, OURS)
        assert {(each.kind, each.key) for each in objects} == set(WHOLES[revision.policy])
