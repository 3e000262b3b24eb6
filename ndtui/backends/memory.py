"""The memory backend: holds a policy as long as the process lives. For trying things out, and for tests."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import ClassVar, NamedTuple
from uuid import uuid4

from ndtui.backends.base import (
    Applied,
    Capabilities,
    Kind,
    PlaceError,
    Plan,
    Progress,
    Revision,
    Snapshot,
    StoredObject,
)
from ndtui.backends.plan import applied, check_state, in_order, make_plan, now, plan_between, rollback_target
from ndtui.model.objects import FilterSet

_CHUNK = 2_000


class _Moment(NamedTuple):
    """A revision and the objects there are since, by kind and key in the order they came."""

    revision: Revision
    objects: dict[tuple[Kind, str], StoredObject]


class MemoryBackend:
    """Keeps policy and history in the instance. May be used from several threads."""

    name: ClassVar[str] = "memory"
    summary: ClassVar[str] = "this process's memory, gone when it ends: for trying things out"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def __init__(self, store: Path | None = None) -> None:
        if store is not None:
            raise PlaceError("the memory backend keeps nothing in a file", remedy="leave the store's place out")
        self._id = str(uuid4())
        self._lock = Lock()
        self._moments: tuple[_Moment, ...] = ()

    def place(self) -> str:
        """Return where it keeps its state."""
        return "this process's memory"

    def snapshot(self) -> Snapshot:
        """Return what it holds."""
        return self._snapshot(len(self._moments))

    def _snapshot(self, number: int) -> Snapshot:
        state = f"{self._id}:{number}"
        if number == 0:
            return Snapshot(state)
        moment = self._moments[number - 1]
        return Snapshot(state, in_order(moment.objects.values()), moment.revision.policy)

    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing when it is ``None``."""
        return make_plan(self.name, self.snapshot(), target)

    def apply(self, plan: Plan, progress: Progress | None = None) -> Applied:
        """Carry out a plan, all of it or nothing.

        Raises:
            StalePlanError: the state has moved since the plan was made.
        """
        with self._lock:
            number = len(self._moments)
            check_state(plan, f"{self._id}:{number}")
            if plan.empty:
                return applied(plan, plan.state)
            objects = dict(self._moments[-1].objects) if self._moments else {}
            for done, change in enumerate(plan.changes, 1):
                if change.after is None:
                    del objects[change.kind, change.key]
                else:
                    objects[change.kind, change.key] = StoredObject(change.kind, change.key, change.after)
                if progress is not None and (done % _CHUNK == 0 or done == len(plan.changes)):
                    progress(done, len(plan.changes))
            result = applied(plan, f"{self._id}:{number + 1}")
            counts = (result.added, result.changed, result.removed)
            self._moments += (_Moment(Revision(number + 1, now(), plan.action, plan.policy, *counts), objects),)
            return result

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first."""
        return [moment.revision for moment in reversed(self._moments)]

    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to go back to the state after a revision; ``None`` is the one before the last.

        Raises:
            BackendError: there is no such revision.
        """
        latest = len(self._moments)
        past = self._snapshot(rollback_target(latest, number))
        return plan_between(self.name, self._snapshot(latest), past, "rollback")
