"""Values that pass between a backend and its callers: what it holds, what a plan changes, what was done."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Literal, NamedTuple, cast

from ndtui.backends.contract.history_note import NO_NOTE, Note
from ndtui.common import boot_clock
from ndtui.model.compiled.document_diff import Difference, differences
from ndtui.model.compiled.document_names import display_name, key_of, layer_of
from ndtui.model.compiled.document_types import Document, FilterDocument, Kind, ObjectLists
from ndtui.model.compiled.objects import FilterSet

#: The order in which objects can be added; they are removed in the opposite one, since each may refer to those before.
KINDS: tuple[Kind, ...] = ("provider", "subLayer", "providerContext", "filter")

#: What a kind of object is called in a sentence.
KIND_NAMES: Mapping[Kind, str] = {
    "provider": "provider",
    "subLayer": "sublayer",
    "providerContext": "provider context",
    "filter": "filter",
}

ChangeKind = Literal["add", "change", "remove"]
Action = Literal["apply", "remove", "rollback"]
Relation = Literal["outranks", "negotiates", "ties"]

#: What tells an object from every other one: its kind and its key.
Identity = tuple[Kind, str]


class StoredObject(NamedTuple):
    """An object as a backend holds it: its document, see ``model.compiled.documents``, keyed by its GUID."""

    kind: Kind
    key: str
    document: Document

    @classmethod
    def of(cls, kind: Kind, document: Document) -> "StoredObject":
        """Return an object that has a key."""
        return cls(kind, key_of(kind, document), document)

    @property
    def identity(self) -> Identity:
        """What tells it from every other object."""
        return self.kind, self.key


@dataclass(frozen=True, slots=True)
class OnTrial:
    """What a program holds on trial: objects that go when it ends, and with them the policy that they make up."""

    policy: str
    process: int
    """The program's process; 0 where it is not known."""
    objects: tuple[StoredObject, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything of ours that a backend holds at one moment.

    ``state`` names that moment: it changes with every change, and a plan made from another state is refused.
    """

    state: str
    objects: tuple[StoredObject, ...] = ()
    policy: str = ""
    """Name of the design that is applied, or held on trial; empty when nothing is."""
    pending: "Pending | None" = None
    """What waits to be confirmed."""
    trial: OnTrial | None = None
    """What of the objects a program holds on trial, where a backend can tell."""

    @cached_property
    def lasting(self) -> "Snapshot":
        """The same without what is held on trial: what was applied."""
        if self.trial is None:
            return self
        passing = {each.identity for each in self.trial.objects}
        objects = tuple(each for each in self.objects if each.identity not in passing)
        return Snapshot(self.state, objects, self.policy if objects else "", self.pending)

    def of_kind(self, kind: Kind) -> list[Document]:
        """Return the documents of one kind, in the order they were applied."""
        return [each.document for each in self.objects if each.kind == kind]

    def lists(self) -> ObjectLists:
        """Return the objects in the lists that a bundle has."""
        lists = {
            "subLayers": self.of_kind("subLayer"),
            "providerContexts": self.of_kind("providerContext"),
            "filters": self.of_kind("filter"),
        }
        return cast("ObjectLists", lists)


class Change(NamedTuple):
    """One object that a plan adds, changes or removes. ``before`` or ``after`` is ``None`` where there is none."""

    kind: Kind
    key: str
    before: Document | None
    after: Document | None

    @property
    def identity(self) -> Identity:
        """What tells its object from every other one."""
        return self.kind, self.key

    @property
    def action(self) -> ChangeKind:
        """What happens to the object."""
        if self.before is None:
            return "add"
        return "remove" if self.after is None else "change"

    @property
    def document(self) -> Document:
        """The object as it will be, or as it was when it is removed."""
        document = self.after if self.after is not None else self.before
        if document is None:
            raise ValueError(f"the change of {self.key} has no object, neither before nor after it")
        return document

    @property
    def name(self) -> str:
        """Its display name."""
        return display_name(self.document) or self.key

    @property
    def layer(self) -> str:
        """The layer of a filter, empty for other objects."""
        return layer_of(self.document)

    def differences(self) -> list[Difference]:
        """Return (property, before, after) for each property that changes, as deep as they differ.

        A property inside another is named by its path: ``ikeQmTransportPolicy.ipsecProposals[0].pfsGroup``.
        """
        return list(differences("", self.before or {}, self.after or {}))


def value_text(value: object) -> str:
    """Return a property's value for a person: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else "nothing" if value is None else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Other:
    """A filter of another program that outranks ours at a layer, or ties with one of our callouts.

    ``outranks``: it is evaluated before all of ours, in a higher sublayer or by its weight; ``negotiates``: so is this
    one, and it calls IPsec, so that another IPsec policy decides of the traffic, such as the connection security rules
    of Windows Firewall (its filters stand in a sublayer of weight 40961); ``ties``: it calls out too,
    in our sublayer and with the weight of one of our callouts, and which is evaluated first is undefined.
    Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
    """

    relation: Relation
    document: FilterDocument


@dataclass(frozen=True, eq=False)
class Plan:
    """What a backend would do to reach a target. Made from one state, and refused when that has moved."""

    backend: str
    state: str
    policy: str
    """Name of the design to be applied; empty when everything is to be removed."""
    replaces: str
    """Name of another design of ours that is replaced; empty when none is."""
    changes: tuple[Change, ...]
    unchanged: int
    target: FilterSet | None = field(default=None, repr=False)
    """What the plan was made for; ``None`` when that is nothing, or a past state."""
    action: Action = "apply"
    drift: tuple[Change, ...] = ()
    """How what is there differs from what was last applied: ``before`` is what was applied, ``after`` what is there."""
    others: tuple[Other, ...] = ()
    """Filters of others that matter to what is to be applied."""
    pending: "Pending | None" = None
    """What waits to be confirmed in the state that it was made from."""
    trial: OnTrial | None = None
    """What a program holds on trial in that state; no part of what the plan changes."""
    back_to: int | None = None
    """The revision that a rollback returns to; 0 is the state before the first."""
    message: str = ""
    """Why it is carried out, as the operator says, for a backend that keeps that in its history."""

    @cached_property
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
    """One entry of a backend's history. ``at`` is an ISO 8601 time in UTC; ``note`` says who, why and how."""

    number: int
    at: str
    action: Action
    policy: str
    """Name of the design that is applied since; empty when nothing is."""
    added: int
    changed: int
    removed: int
    note: Note = NO_NOTE


@dataclass(frozen=True, slots=True)
class Pending:
    """An apply that is reverted to revision ``back_to`` unless it is confirmed in time.

    ``token`` tells it from every other one: an answer is for the apply whose token it names, and for no other.

    ``deadline`` says when, in seconds since 1970, to a person. A wall clock can be set at any moment, and so time runs
    by the clock of this boot, see ``common.boot_clock``: until ``boot_deadline`` of the boot ``boot``. The wall clock
    counts only where the machine was started anew since, and then no more than ``within``, the seconds there were.
    """

    token: str
    back_to: int
    deadline: float
    within: float = 0.0
    boot: str = ""
    boot_deadline: float = 0.0

    @classmethod
    def from_now(cls, token: str, back_to: int, within: float) -> "Pending":
        """Return one that has to be confirmed in so many seconds."""
        start = boot_clock.now()
        return cls(token, back_to, time.time() + within, within, start.boot, start.seconds + within)

    def seconds_left(self) -> float:
        """Return how much time is left; less than nothing once it is over.

        Where the wall clock shows a time before the apply, after a restart, nobody knows: it is long over then.
        """
        now = boot_clock.now()
        if self.boot and self.boot == now.boot:
            return self.boot_deadline - now.seconds
        left = self.deadline - time.time()
        return -inf if self.boot and left > self.within else left

    def next_second(self) -> float:
        """Return in how many seconds there is one second less left than now, rounded up; at most one."""
        left = self.seconds_left()
        return (left % 1 if left > 0 else 0.0) or 1.0


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did."""

    state: str
    policy: str
    added: int
    changed: int
    removed: int
    pending: Pending | None = None
    """What waits to be confirmed now, where the apply has to be."""
    altered: tuple[Change, ...] = ()
    """How what the engine held within the transaction differs from what it was given; ``before`` is what was given."""
