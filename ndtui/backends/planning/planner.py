"""Planning, the same for every backend: two lists of objects become the changes that lead from one to the other."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import cast

from ndtui.backends.contract.backend_errors import BackendError, MissingRevisionError, StalePlanError
from ndtui.backends.contract.changes import KINDS, Action, Applied, Change, Other, Plan, Snapshot, StoredObject
from ndtui.backends.contract.engine import ASSIGNED
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.document_names import layer_of
from ndtui.model.compiled.document_types import Document
from ndtui.model.compiled.documents import filter_documents, provider_document, sublayer_document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary.layers import layer_position

#: Flags that the Base Filtering Engine sets by itself, and that say nothing of whether an object acts. A filter that it
#: has disabled does not, until it is added again. Sources: FWPM_FILTER0, FWPM_PROVIDER0.
_ASSIGNED_FLAGS = ("FWPM_FILTER_FLAG_INDEXED", "FWPM_PROVIDER_FLAG_DISABLED")
#: What says no more than that a member is missing.
_EMPTY = (None, "")


@without_garbage_collection()
def stored_objects(target: FilterSet | None) -> list[StoredObject]:
    """Return the objects of a filter set as a backend stores them, in the order of ``KINDS``; none for ``None``."""
    if target is None:
        return []
    return [
        StoredObject.of("provider", provider_document(target.provider)),
        *(StoredObject.of("subLayer", sublayer_document(each)) for each in target.sublayers),
        *(StoredObject.of("providerContext", context_document(each)) for each in target.contexts),
        *(StoredObject.of("filter", each) for each in filter_documents(target.filters)),
    ]


@without_garbage_collection()
def make_plan(
    backend: str,
    snapshot: Snapshot,
    target: FilterSet | None,
    *,
    drift: tuple[Change, ...] = (),
    others: tuple[Other, ...] = (),
) -> Plan:
    """Return what leads from a snapshot to a filter set, or to nothing of ours when that is ``None``.

    ``drift`` and ``others`` are what the backend has found in addition.
    """
    after = Snapshot("", tuple(stored_objects(target)), "" if target is None else target.design.name)
    plan = plan_between(backend, snapshot, after, "remove" if target is None else "apply", target)
    return replace(plan, drift=drift, others=others)


@without_garbage_collection()
def plan_between(
    backend: str, before: Snapshot, after: Snapshot, action: Action, target: FilterSet | None = None
) -> Plan:
    """Return what leads from what a backend holds, ``before``, to the objects and the policy of ``after``.

    The changes stand in an order in which they can be executed, see ``in_planned_order``. What is held on trial is left
    out on either side: it was not applied, and is nobody else's to change.
    """
    trial, before, after = before.trial, before.lasting, after.lasting
    held = {each.identity: each.document for each in before.objects}
    wanted = {each.identity: each.document for each in after.objects}
    gone = [Change(*key, document, None) for key, document in held.items() if key not in wanted]
    kept = [(key, held[key], document) for key, document in wanted.items() if key in held]
    changed = [Change(*key, old, new) for key, old, new in kept if not same(old, new)]
    added = [Change(*key, None, document) for key, document in wanted.items() if key not in held]
    return Plan(
        backend=backend,
        state=before.state,
        policy=after.policy,
        replaces=before.policy if after.policy not in ("", before.policy) else "",
        changes=in_planned_order(gone, changed, added),
        unchanged=len(kept) - len(changed),
        target=target,
        action=action,
        pending=before.pending,
        trial=trial,
    )


def in_planned_order(gone: Iterable[Change], changed: Iterable[Change], added: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in an order in which they can be executed; those of one kind stay as they come.

    First what is removed, filters before what they refer to; then what changes; then what is added, filters last.
    """
    first = sorted(gone, key=lambda change: -KINDS.index(change.kind))
    last = sorted(added, key=lambda change: KINDS.index(change.kind))
    return (*first, *changed, *last)


def same(one: Document, other: Document) -> bool:
    """Whether two documents ask for the same object, whatever the engine assigned: their normal forms are equal."""
    if one is other or one == other:
        return True
    mine, theirs = cast("Mapping[str, object]", one), cast("Mapping[str, object]", other)
    # member by member, since where a policy is replaced the first few tell the two apart
    return all(_agree(name, value, theirs.get(name)) for name, value in mine.items()) and all(
        _agree(name, None, theirs[name]) for name in theirs.keys() - mine.keys()
    )


def _agree(name: str, one: object, other: object) -> bool:
    """Whether a member asks for the same in two documents; ``None`` where it is missing."""
    if one == other or name in ASSIGNED:
        return True
    if name == "flags":
        return _asked_flags(one) == _asked_flags(other)
    return one in _EMPTY and other in _EMPTY


def _asked_flags(flags: object) -> list[str]:
    return sorted(flag for flag in cast("Iterable[str]", flags or ()) if flag not in _ASSIGNED_FLAGS)


def normalised(document: Document) -> Mapping[str, object]:
    """Return the members of a document without those that the engine assigns, and without empty ones."""
    found: dict[str, object] = {
        name: value for name, value in document.items() if name not in ASSIGNED and value not in _EMPTY
    }
    found["flags"] = _asked_flags(document.get("flags"))
    return found


def check_state(plan: Plan, state: str) -> None:
    """Make sure that a plan was made from a state.

    Raises:
        StalePlanError: it was made from another one.
    """
    if plan.state != state:
        raise StalePlanError(
            f"the plan was made from state {plan.state}, and the state is now {state}", remedy="plan again"
        )


def applied(plan: Plan, state: str) -> Applied:
    """Return what executing a plan did, and the state it led to."""
    counts = plan.counts
    return Applied(state, plan.policy, counts["add"], counts["change"], counts["remove"])


def objects_after(held: Iterable[StoredObject], changes: Iterable[Change]) -> tuple[StoredObject, ...]:
    """Return the objects that are held after changes."""
    found = {each.identity: each for each in held}
    for change in changes:
        if change.after is None:
            found.pop(change.identity, None)
        else:
            found[change.identity] = StoredObject(change.kind, change.key, change.after)
    return tuple(found.values())


def in_listing_order(objects: Iterable[StoredObject]) -> tuple[StoredObject, ...]:
    """Return objects in the order of ``KINDS``, filters by layer, and otherwise as they come."""
    return tuple(sorted(objects, key=lambda o: (KINDS.index(o.kind), _layer_position(layer_of(o.document)))))


@cache
def _layer_position(layer: str) -> int:
    try:
        return layer_position(layer)
    except KeyError:
        return sys.maxsize  # no filter, or a layer of a later version of this program


def now() -> str:
    """Return the time as a history has it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def rollback_target(latest: int, number: int | None) -> int:
    """Return the revision to return to: the one asked for, or the one before the latest; 0 is nothing applied.

    Raises:
        MissingRevisionError: there is no revision of that number.
        BackendError: nothing has been applied yet.
    """
    if number is not None and not 0 <= number <= latest:
        there_are = f"choose one from 0 to {latest}" if latest else "nothing has been applied yet"
        raise MissingRevisionError(f"there is no revision {number}", remedy=there_are)
    if latest == 0:
        raise BackendError("there is nothing to go back to", remedy="nothing has been applied yet")
    return latest - 1 if number is None else number
