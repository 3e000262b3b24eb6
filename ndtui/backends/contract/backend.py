"""What a backend is: a place that holds one policy of ours, shows what it holds, plans, applies and removes.

A backend is a class whose instances satisfy ``Backend``; it is found through the entry-point group
``ndtui.backends``. It returns data or raises ``BackendError``; it never prints and never asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from ndtui.backends.contract.changes import Applied, Plan, Revision, Snapshot, StoredObject
from ndtui.model.compiled.objects import FilterSet

ENTRY_POINTS = "ndtui.backends"


#: Told how much of the work is done: (done, of how many).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do."""

    write: bool = True
    transactions: bool = True
    confirm_or_revert: bool = False
    lists_others: bool = False
    trial: bool = False


class Trial(Protocol):
    """A policy that is held only for now."""

    def close(self) -> None:
        """Take it away again."""


class Backend(Protocol):
    """Something a FilterSet can be applied to."""

    name: ClassVar[str]
    summary: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, store: Path | None = None) -> None:
        """Open the backend; ``store`` is the place of its data where it has one. Must not write."""

    def place(self) -> str:
        """Return where it keeps its state, in words for a person."""

    def snapshot(self) -> Snapshot:
        """Return what it holds of ours."""

    def others(self) -> Sequence[StoredObject]:
        """Return what it holds that is not ours; nothing without the capability ``lists_others``."""

    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing of ours when it is ``None``."""

    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Carry out a plan, all of it or nothing; the changes alone say what to do. An empty plan leaves no trace.

        With ``within``, for backends that can ``confirm_or_revert``, what was there before comes back by itself unless
        ``confirm`` is called in that many seconds, whatever becomes of this process.

        Raises:
            StalePlanError: the state has moved since the plan was made.
            BackendError: it could not be done; the state is as before.
        """

    def confirm(self) -> None:
        """Let what was applied last stay.

        Raises:
            BackendError: nothing waits to be confirmed, or not any more.
        """

    def trial(self, plan: Plan, progress: Progress | None = None) -> Trial:
        """Carry out a plan that only adds, for as long as the trial is not closed and this process lives.

        Raises:
            BackendError: something of ours is there already, or it could not be done.
        """

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first; empty where no history is kept."""

    def plan_rollback(self, number: int | None = None) -> Plan:
        """Return what has to be done to go back to the state after a revision; ``None`` is the one before the last.

        Raises:
            BackendError: there is no such revision, or no history is kept.
        """
