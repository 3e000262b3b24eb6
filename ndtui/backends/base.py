"""What a backend is: a place that holds one policy of ours, shows what it holds, plans, applies and removes.

A backend is a class whose instances satisfy ``Backend``; it is found through the entry-point group
``ndtui.backends``. It returns data or raises ``BackendError``; it never prints and never asks.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from ndtui.analysis.differences import differences
from ndtui.analysis.documents import Document
from ndtui.errors import NdtuiError
from ndtui.model.objects import FilterSet

ENTRY_POINTS = "ndtui.backends"

Kind = Literal["provider", "subLayer", "providerContext", "filter"]
#: The order in which objects can be added; they are removed in the opposite one, since each may refer to those before.
KINDS: tuple[Kind, ...] = ("provider", "subLayer", "providerContext", "filter")
ChangeKind = Literal["add", "change", "remove"]
Action = Literal["apply", "remove", "rollback"]

#: Told how much of the work is done: (done, of how many).
Progress = Callable[[int, int], None]


class BackendError(NdtuiError):
    """A backend could not do what was asked. Nothing was changed."""

    status = 1


class StalePlanError(BackendError):
    """The state that a plan was made from has moved since."""


class PlaceError(BackendError):
    """The place a backend was given for its state holds something else: bad input rather than bad luck."""

    status = 2


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do."""

    write: bool = True
    transactions: bool = True
    confirm_or_revert: bool = False
    lists_others: bool = False
    trial: bool = False


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a backend holds it: its document in the form of ``analysis.documents``, keyed by its GUID."""

    kind: Kind
    key: str
    document: Document


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything of ours that a backend holds at one moment.

    ``state`` names that moment: it changes with every change, and a plan made from another state is refused.
    """

    state: str
    objects: tuple[StoredObject, ...] = ()
    policy: str = ""
    """Name of the design that is applied; empty when nothing is."""
    pending: "Pending | None" = None
    """What waits to be confirmed."""

    def of_kind(self, kind: Kind) -> list[Document]:
        """Return the documents of one kind, in the order they were applied."""
        return [each.document for each in self.objects if each.kind == kind]


@dataclass(frozen=True, slots=True)
class Change:
    """One object that a plan adds, changes or removes. ``before`` or ``after`` is ``None`` where there is none."""

    kind: Kind
    key: str
    before: Document | None
    after: Document | None

    @property
    def action(self) -> ChangeKind:
        """What happens to the object."""
        if self.before is None:
            return "add"
        return "remove" if self.after is None else "change"

    @property
    def document(self) -> Document:
        """The object as it will be, or as it was when it goes."""
        document = self.after if self.after is not None else self.before
        return document if document is not None else {}

    @property
    def name(self) -> str:
        """Its display name."""
        return str(self.document.get("displayData", {}).get("name", self.key))

    @property
    def layer(self) -> str:
        """The layer of a filter, empty for other objects."""
        return str(self.document.get("layerKey", ""))

    def differences(self) -> list[tuple[str, Any, Any]]:
        """Return (property, before, after) for each property that changes, as deep as they differ.

        A property inside another is named by its path: ``ikeQmTransportPolicy.ipsecProposals[0].pfsGroup``.
        """
        return list(differences("", self.before or {}, self.after or {}))


def value_text(value: object) -> str:
    """Return a property's value for a person: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else "nothing" if value is None else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Other:
    """A filter of someone else that stands before one of ours, or beside it, at the same layer.

    ``outranks``: it is evaluated before all of ours, in a higher sublayer or by its weight; ``ties``: it calls out too,
    in our sublayer and with the weight of one of our callouts, and which comes first is undefined.
    Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
    """

    relation: Literal["outranks", "ties"]
    document: Document


@dataclass(frozen=True, eq=False)
class Plan:
    """What a backend would do to reach a target. Made from one state, and refused when that has moved."""

    backend: str
    state: str
    policy: str
    """Name of the design to be applied; empty when everything is to be removed."""
    replaces: str
    """Name of another design of ours that gives way; empty when none does."""
    changes: tuple[Change, ...]
    unchanged: int
    target: FilterSet | None = field(default=None, repr=False)
    """What the plan was made for; ``None`` when that is nothing, or a past state."""
    action: Action = "apply"
    drift: tuple[Change, ...] = ()
    """How what is there differs from what was last applied: from what was meant, to what someone else made of it."""
    others: tuple[Other, ...] = ()
    """Filters of others that matter to what is to be applied."""

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many objects are added, changed and removed."""
        found: dict[ChangeKind, int] = {"add": 0, "change": 0, "remove": 0}
        for change in self.changes:
            found[change.action] += 1
        return found

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a backend's history. ``at`` is an ISO 8601 time in UTC."""

    number: int
    at: str
    action: Action
    policy: str
    """Name of the design that is applied since; empty when nothing is."""
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An apply that waits to be confirmed: by ``deadline`` (seconds since 1970), or revision ``back_to`` comes back.

    ``token`` is known to whoever watches over it.
    """

    token: str
    back_to: int
    deadline: float


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did."""

    state: str
    policy: str
    added: int
    changed: int
    removed: int


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
