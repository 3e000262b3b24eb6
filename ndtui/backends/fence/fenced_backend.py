# says which). watchdog_process opens with registry.load(name)(place), not open_backend: there nothing is fenced.
"""A backend of somebody else, each call of it fenced: what it raises is one line, what it returns is checked.

Backends of this package stand in no fence: what they raise beyond the contract is a mistake of this program.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ndtui.backends.contract.backend import Backend, Capabilities, Obstacle, Progress, Trial
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Change, Pending, Plan, Revision, Snapshot, StoredObject
from ndtui.backends.fence import returned
from ndtui.common.checked_values import checked
from ndtui.common.plugins import Fence
from ndtui.model.compiled.objects import FilterSet

T = TypeVar("T")


def fenced(name: str, fence: Fence, make: Callable[[], Backend]) -> Backend:
    """Open a backend of somebody else and return it behind a fence.

    Raises:
        BackendError: it cannot be opened.
    """
    inner = fence.call("cannot be opened", make)

    class Fenced(FencedBackend):
        pass

    Fenced.name = name
    Fenced.summary, Fenced.capabilities = declared(fence, type(inner))
    return Fenced(inner, fence)


def declared(fence: Fence, backend: type[Backend]) -> tuple[str, Capabilities]:
    """Return what the class of a backend says it is, and can do."""
    return fence.call(
        "does not say what it is",
        lambda: (checked(backend.summary, str), checked(backend.capabilities, Capabilities)),
    )


class FencedBackend(Backend):
    """Stands before a backend of somebody else. Every method of the contract is written here."""

    def __init__(self, inner: Backend, fence: Fence) -> None:
        self._inner = inner
        self.opened_with = inner.opened_with
        self._fence = fence
        self._place = self._call("place", lambda: checked(inner.place(), str))

    def _call(self, method: str, function: Callable[[], T]) -> T:
        return self._fence.call(f"failed at {method}", function)

    def place(self) -> str:
        """Return where it keeps its state, as it said when it was opened."""
        return self._place

    def snapshot(self) -> Snapshot:
        """Return what it holds of ours."""
        return self._call("snapshot", lambda: returned.snapshot_of(self._inner.snapshot()))

    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``."""
        return self._call("plan", lambda: returned.plan_of(self._inner.plan(target), self.name, target))

    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Carry out a plan; with ``within`` make sure that what was applied waits to be confirmed.

        Raises:
            BackendError: as the contract says; or it was applied, and nothing waits that would revert it.
        """
        options = {} if within is None else {"within": within}
        done = self._told("apply", progress, lambda told: checked(self._inner.apply(plan, told, **options), Applied))
        if within is not None and not plan.empty:
            self._check_waits()
        return done

    def _check_waits(self) -> None:
        """Make sure that something waits to be confirmed, as an apply has promised."""
        try:
            why = "" if self.pending() is not None else "nothing waits to be confirmed"
        except BackendError as error:
            why = str(error)
        if why:
            raise BackendError(
                f"the backend {self.name} applied it and does not guard it: {why}",
                remedy=f"it stays as it is; see {self.own_commands.of('status')}, "
                f"and {self.own_commands.of('rollback')} to go back",
            )

    def others(self) -> Sequence[StoredObject]:
        """Return what it holds that is not ours."""
        return self._call("others", lambda: returned.objects_of(self._inner.others()))

    def obstacles(self) -> Sequence[Obstacle]:
        """Return what of the machine keeps what is applied from doing its work."""
        return self._call("obstacles", lambda: [self._obstacle(each) for each in self._inner.obstacles()])

    def _obstacle(self, each: Obstacle) -> Obstacle:
        words, remedy, question = (checked(text, str) for text in (each.words, each.remedy, each.question))
        settle = each.settle
        if settle is None:
            return Obstacle(words, remedy)
        return Obstacle(words, remedy, question, lambda: self._call("settling an obstacle", settle))

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed."""
        return self._call("pending", lambda: returned.pending_of(self._inner.pending()))

    def watched(self, pending: Pending) -> bool | None:
        """Whether anybody will revert what waits to be confirmed when its time is over."""
        return self._call("watched", lambda: returned.answer_of(self._inner.watched(pending)))

    def after_restart(self) -> str:
        """Return what becomes of an apply that waits if the machine is restarted meanwhile."""
        return self._call("after_restart", lambda: checked(self._inner.after_restart(), str))

    def confirm(self, token: str | None = None) -> None:
        """Let stay what waits, and make sure that it does.

        Raises:
            BackendError: it does not wait, or it still does after that.
        """
        waits = self.pending() if self.capabilities.confirm_or_revert else None
        if self.capabilities.confirm_or_revert and (waits is None or token not in (None, waits.token)):
            raise BackendError("nothing waits to be confirmed", remedy=f"see {self.own_commands.of('history')}")
        self._call("confirm", lambda: self._inner.confirm(token))
        left = self.pending() if waits is not None else None
        if waits is None or (left is not None and left.token == waits.token):
            raise BackendError(
                f"the backend {self.name} took the confirmation, and does not keep to it: it may be reverted",
                remedy=f"see {self.own_commands.of('status')}",
            )

    def revert(self, token: str, progress: Progress | None = None) -> Applied | None:
        """Bring back at once what was there before the apply that waits with a token, and make sure that it is.

        Raises:
            BackendError: it could not be done, or it still waits after that.
        """
        done = self._told("revert", progress, lambda told: returned.applied_of(self._inner.revert(token, told)))
        left = self.pending()
        if left is not None and left.token == token:
            raise BackendError(
                f"the backend {self.name} says that it reverted, and has not",
                remedy=f"see {self.own_commands.of('status')}",
            )
        return done

    def trial(self, plan: Plan, progress: Progress | None = None) -> Trial:
        """Carry out a plan for as long as the trial is not closed."""
        return FencedTrial(self._told("trial", progress, lambda told: self._inner.trial(plan, told)), self._fence)

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first."""
        return self._call("history", lambda: checked(self._inner.history(), tuple[Revision, ...]))

    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to go back to the state after a revision."""
        return self._call("plan_rollback", lambda: returned.plan_of(self._inner.plan_rollback(number), self.name, None))

    def drift(self, held: Snapshot) -> Sequence[Change] | None:
        """Return how what is held differs from what the latest revision left, where the backend tells."""
        return self._call("drift", lambda: returned.drift_of(self._inner.drift(held)))

    def _told(self, method: str, progress: Progress | None, function: Callable[[Progress | None], T]) -> T:
        """Return what a method returns that tells how far it has come; what the caller raises at that passes."""
        if progress is None:
            return self._call(method, lambda: function(None))
        told = _Told(progress)
        try:
            return self._call(method, lambda: function(told))
        except BackendError:
            if told.raised is not None:
                raise told.raised from None
            raise


class _Told:
    """A caller's progress as a backend is given it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.raised: BaseException | None = None

    def __call__(self, done: int, total: int) -> None:
        numbers = checked(done, int), checked(total, int)
        try:
            self._progress(*numbers)
        except BaseException as error:
            self.raised = error
            raise


class FencedTrial:
    """A trial of a backend of somebody else."""

    def __init__(self, inner: Trial, fence: Fence) -> None:
        self._inner = inner
        self._fence = fence

    def close(self) -> None:
        """Take it away again."""
        self._fence.call(
            "failed at close, and may still hold the trial",
            lambda: self._inner.close(),  # noqa: PLW0108 - to look it up may raise too
        )
