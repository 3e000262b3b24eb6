"""What can be done with a backend: what has to be there before, and the plan for it, if any."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ndtui.backends.contract.changes import Plan
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.model.design.design import Design, change
from tests.backends.holding import plan_for, put
from tests.support import exempting

Run = Callable[[], object]


@dataclass(frozen=True)
class Operation:
    """Something that is done to a backend."""

    name: str
    ready: Callable[[EngineBackend], object]
    """Puts there what has to be there before."""
    plan: Callable[[EngineBackend], Run]
    """Plans it, and returns what does it."""


ONE = exempting(
    {"name": "DNS", "protocol": "udp", "remote_ports": [53]},
    name="one",
    families=["V4"],
    sublayer={"kind": "own", "weight": 7},
)
TWO = exempting({"name": "Web", "protocol": "tcp", "remote_ports": [80]}, name="two", families=["V4"])
THREE = exempting({"name": "SSH", "protocol": "tcp", "remote_ports": [22]}, name="three", families=["V4"])
RENEWED = change(ONE, quick_mode={"idle_timeout_seconds": 600})
"""ONE with other contexts for quick mode: the filters that refer to them stay, but are made anew."""


def apply_unwatched(backend: EngineBackend, plan: Plan, within: float, token: str = "token") -> None:
    """Apply what has to be confirmed, without a watchdog that reverts it."""

    @contextmanager
    def no_watchdog(backend: str, place: str) -> Iterator[str]:
        yield token

    watching, watchdog.watching = watchdog.watching, no_watchdog
    try:
        backend.apply(plan, within=within)
    finally:
        watchdog.watching = watching


def _nothing(backend: EngineBackend) -> None:
    assert backend.plan(None).empty


def _one(backend: EngineBackend) -> None:
    put(backend, ONE)


def _one_and_two(backend: EngineBackend) -> None:
    put(backend, ONE)
    put(backend, TWO)


def _waiting(backend: EngineBackend) -> None:
    put(backend, ONE)
    apply_unwatched(backend, plan_for(backend, TWO), 3600)


def _apply(design: Design) -> Callable[[EngineBackend], Run]:
    def plan(backend: EngineBackend) -> Run:
        made = plan_for(backend, design)
        return lambda: backend.apply(made)

    return plan


def _apply_another_context(backend: EngineBackend) -> Run:
    plan = plan_for(backend, RENEWED)
    assert {(each.kind, each.action) for each in plan.changes} == {("providerContext", "change")}
    return lambda: backend.apply(plan)


def _apply_until_confirmed(backend: EngineBackend) -> Run:
    plan = plan_for(backend, TWO)
    return lambda: apply_unwatched(backend, plan, 3600)


def _remove(backend: EngineBackend) -> Run:
    plan = backend.plan(None)
    return lambda: backend.apply(plan)


def _roll_back(backend: EngineBackend) -> Run:
    plan = backend.plan_rollback()
    return lambda: backend.apply(plan)


def _trial(backend: EngineBackend) -> Run:
    plan = plan_for(backend, ONE)
    return lambda: backend.trial(plan)


def _look(backend: EngineBackend) -> Run:
    def run() -> object:
        return backend.snapshot(), backend.others(), backend.history(), plan_for(backend, ONE), backend.plan_rollback()

    return run


OPERATIONS = (
    Operation("apply the first", _nothing, _apply(ONE)),
    Operation("apply another", _one, _apply(TWO)),
    Operation("apply another context", _one, _apply_another_context),
    Operation("apply until confirmed", _one, _apply_until_confirmed),
    Operation("remove", _one, _remove),
    Operation("roll back", _one_and_two, _roll_back),
    Operation("revert", _waiting, lambda backend: lambda: backend.revert("token")),
    Operation("confirm", _waiting, lambda backend: backend.confirm),
    Operation("trial", _nothing, _trial),
    Operation("look", _one_and_two, _look),
)
