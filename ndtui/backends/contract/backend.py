"""What a backend is: a place that holds one policy of ours, shows what it holds, plans, applies and removes.

A backend is a class derived from ``Backend``, found through the entry-point group ``ndtui.backends``. It returns data
or raises ``BackendError``; it never prints and never asks.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import ClassVar, Protocol

from ndtui.backends.contract.backend_errors import BackendError, PlaceError
from ndtui.backends.contract.changes import Applied, Change, Pending, Plan, Revision, Snapshot, StoredObject
from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.model.compiled.objects import FilterSet

ENTRY_POINTS = "ndtui.backends"

#: The version of this contract that the program speaks: a backend that was written for another one is not used.
CONTRACT_VERSION = 1


#: Told how much of the work is done: (done, of how many).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do. A flag that is set promises methods: see ``PROMISES``."""

    write: bool = True
    transactions: bool = True
    confirm_or_revert: bool = False
    lists_others: bool = False
    trial: bool = False
    history: bool = False


#: The methods that a backend has to write itself when it sets a flag. Whoever is asked to confirm an apply may also go
#: back at once, and is told from the history how it ended.
PROMISES: Mapping[str, tuple[str, ...]] = {
    "confirm_or_revert": ("pending", "watched", "after_restart", "confirm", "revert", "history", "plan_rollback"),
    "lists_others": ("others",),
    "trial": ("trial",),
    "history": ("history", "plan_rollback"),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something of the machine that keeps what is applied from doing its work, and what settles it, in words.

    ``question`` and ``settle`` are there where the backend itself can settle it: the operator is asked first.
    """

    words: str
    remedy: str
    question: str = ""
    settle: Callable[[], None] | None = None


class Trial(Protocol):
    """A policy that is held only for now."""

    def close(self) -> None:
        """Take it away again."""


class Backend(ABC):
    """Something a FilterSet can be applied to.

    What is abstract has to be written. The other methods say that the backend cannot do it, or have nothing to tell; a
    backend that sets the flag of one has to write it.
    """

    #: The version of the contract that a class was written for; one that does not say was written for the first.
    contract_version: ClassVar[int] = 1

    name: ClassVar[str]
    """What it is called on the command line: the name of its entry point."""
    summary: ClassVar[str]
    """What it is, in a line."""
    capabilities: ClassVar[Capabilities]

    opened_with: Path | None = None
    """The place that it was opened with, ``None`` for its own: whoever opens it by name sets it."""

    def __init__(self, store: Path | None = None) -> None:
        """Open the backend; ``store`` is the place of its data where it has one. Must not write.

        Raises:
            PlaceError: it cannot be used with that place; here, where a backend has no place, with any.
            BackendError: it cannot be used on this machine, or now.
        """
        if store is not None:
            raise PlaceError(f"the backend {self.name} keeps nothing in a file", remedy="leave the store's place out")

    @property
    def own_commands(self) -> OwnCommands:
        """The commands of this program that work on this backend, and at this place."""
        return OwnCommands(self.name, self.opened_with)

    @abstractmethod
    def place(self) -> str:
        """Return where it keeps its state, in words for a person."""

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """Return what it holds of ours."""

    @abstractmethod
    def plan(self, target: FilterSet | None) -> Plan:
        """Return what has to be done to hold exactly ``target``, or nothing of ours when it is ``None``.

        ``backends.planning.planner.make_plan`` makes it from a snapshot.
        """

    @abstractmethod
    def apply(self, plan: Plan, progress: Progress | None = None, *, within: float | None = None) -> Applied:
        """Carry out a plan, all of it or nothing; the changes alone say what to do. An empty plan leaves no trace.

        ``progress`` is told before anything lasts; what it raises breaks the apply off, and nothing has changed then.

        With ``within``, what was there before comes back by itself unless ``confirm`` is called in that many seconds,
        whatever becomes of this process; what is returned says what waits. A backend that does not set
        ``confirm_or_revert`` refuses it.

        Raises:
            StalePlanError: the state has moved since the plan was made.
            BackendError: it could not be done; the state is as before.
        """

    def others(self) -> Sequence[StoredObject]:
        """Return what it holds that is not ours; nothing without the capability ``lists_others``."""
        return ()

    def pending(self) -> Pending | None:
        """Return what waits to be confirmed: it is asked for often, and a snapshot may be slow to make."""
        return self.snapshot().pending

    def watched(self, pending: Pending) -> bool | None:  # noqa: ARG002 - for those that can tell
        """Whether anybody will revert what waits to be confirmed when its time is over; ``None``: it cannot tell."""
        return None

    def after_restart(self) -> str:
        """Return what becomes of an apply that waits if the machine is restarted meanwhile, as a sentence."""
        return f"If this machine is restarted meanwhile, run {self.own_commands.of('status')} then."

    def obstacles(self) -> Sequence[Obstacle]:
        """Return what of the machine keeps what is applied from doing its work; nothing where all is well.

        Raises:
            BackendError: it cannot be told.
        """
        return ()

    def confirm(self, token: str | None = None) -> None:  # noqa: ARG002 - for those that can
        """Let stay what waits with a token, and nothing else; ``None`` is whatever waits.

        Raises:
            BackendError: it does not wait, or not any more; nothing was done.
        """
        raise BackendError(f"the backend {self.name} cannot revert by itself", remedy="nothing waits for a yes")

    def revert(self, token: str, progress: Progress | None = None) -> Applied | None:  # noqa: ARG002 - for those that can
        """Bring back at once what was there before the apply that waits with a token.

        Where nothing waits with it, because somebody confirmed it, say, nothing is done, and ``None`` returned.

        Raises:
            BackendError: it could not be done.
        """
        raise BackendError(f"the backend {self.name} cannot revert by itself", remedy="nothing waits for a yes")

    def trial(self, plan: Plan, progress: Progress | None = None) -> Trial:  # noqa: ARG002 - for those that can
        """Carry out a plan that only adds, for as long as the trial is not closed and this process lives.

        Raises:
            BackendError: something of ours is there already, or it could not be done.
        """
        raise BackendError(f"the backend {self.name} holds nothing on trial", remedy="apply the policy to stay")

    def history(self) -> Sequence[Revision]:
        """Return what was done, latest first.

        Raises:
            BackendError: no history is kept.
        """
        raise self._no_history()

    def plan_rollback(self, number: int | None = None) -> Plan:  # noqa: ARG002 - for those that can
        """Return what has to be done to go back to the state after a revision; ``None`` is the one before the last.

        Raises:
            MissingRevisionError: there is no revision of that number.
            BackendError: there is nothing to go back to, or no history is kept.
        """
        raise self._no_history()

    def drift(self, held: Snapshot) -> Sequence[Change] | None:  # noqa: ARG002 - for those that know a short way
        """Return how ``held`` differs from what the latest revision left: ``before`` was applied, ``after`` is there.

        ``None`` leaves it to be found by ``plan_rollback``, which any backend with a history has.
        """
        return None

    def _no_history(self) -> BackendError:
        return BackendError(f"the backend {self.name} keeps no history", remedy="apply the design you want instead")


def unkept_promise(backend: type[Backend]) -> str:
    """Return which flag a class sets without what it promises, in words; empty where it keeps them all."""
    for flag, methods in PROMISES.items():
        if not getattr(backend.capabilities, flag):
            continue
        for method in methods:
            if getattr(backend, method) is getattr(Backend, method):
                return f"sets the flag {flag} without a method {method} of its own"
    if backend.capabilities.confirm_or_revert:
        for method, argument in (("apply", "within"), ("confirm", "token")):
            if argument not in signature(getattr(backend, method)).parameters:
                return f"sets the flag confirm_or_revert, and its method {method} takes no {argument}"
    return ""
