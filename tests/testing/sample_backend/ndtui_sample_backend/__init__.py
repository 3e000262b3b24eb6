"""A backend written on nothing but the contract: snapshots in a list, the latest last."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from typing import ClassVar
from uuid import uuid4

from ndtui.backends.contract.backend import Backend, Capabilities, Progress, Trial
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Plan, Revision, Snapshot, StoredObject
from ndtui.backends.planning.planner import (
    applied,
    check_state,
    in_listing_order,
    make_plan,
    now,
    plan_between,
    rollback_target,
)
from ndtui.model.compiled.objects import FilterSet


class DrawerBackend(Backend):
    """Keeps every state that was ever applied, for as long as the process lives."""

    contract_version: ClassVar[int] = 1
    name: ClassVar[str] = "drawer"
    summary: ClassVar[str] = "a drawer of policies, emptied when the program ends"
    capabilities: ClassVar[Capabilities] = Capabilities(trial=True, history=True)

    def __init__(self, store: Path | None = None) -> None:
        super().__init__(store)
        self._states = [Snapshot(uuid4().hex)]
        self._revisions: list[Revision] = []
        self._tried: Snapshot | None = None
        self._lock = RLock()

    def place(self) -> str:
        return "a drawer in this process"

    def snapshot(self) -> Snapshot:
        return self._tried or self._states[-1]

    def plan(self, target: FilterSet | None) -> Plan:
        return make_plan(self.name, self.snapshot(), target)

    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        if within is not None:
            raise BackendError("a drawer does not open by itself", remedy="apply it to stay")
        with self._lock:
            after = self._after(plan, progress)
            if not plan.empty:
                counts = plan.counts
                done = (counts["add"], counts["change"], counts["remove"])
                self._revisions.append(Revision(len(self._states), now(), plan.action, plan.policy, *done))
                self._states.append(after)
        return applied(plan, after.state)

    def _after(self, plan: Plan, progress: Progress | None) -> Snapshot:
        """Return what a plan leads to, without doing it."""
        check_state(plan, self.snapshot().state)
        if plan.empty:
            return self.snapshot()
        held = {(each.kind, each.key): each for each in self.snapshot().objects}
        for done, change in enumerate(plan.changes, 1):
            if change.after is None:
                del held[change.kind, change.key]
            else:
                held[change.kind, change.key] = StoredObject(change.kind, change.key, change.after)
            if progress is not None:
                progress(done, len(plan.changes))
        return Snapshot(uuid4().hex, in_listing_order(held.values()), plan.policy)

    def trial(self, plan: Plan, progress: Progress | None = None) -> Trial:
        with self._lock:
            after = self._after(plan, progress)
            if self.snapshot().objects:
                raise BackendError("the drawer is not empty", remedy="remove what is in it first")
            self._tried = after
        return _Tried(self._put_away)

    def _put_away(self) -> None:
        self._tried = None

    def history(self) -> Sequence[Revision]:
        return self._revisions[::-1]

    def plan_rollback(self, number: int | None = None) -> Plan:
        past = self._states[rollback_target(len(self._revisions), number)]
        return plan_between(self.name, self.snapshot(), past, "rollback")


class _Tried:
    def __init__(self, close: Callable[[], None]) -> None:
        self.close = close
