"""What a backend of somebody else returns, held against the contract and copied.

Raises ``TypeError`` or ``ValueError`` where it is something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from ndtui.backends.contract.changes import Applied, Change, Pending, Plan, Snapshot, StoredObject
from ndtui.backends.contract.object_flaws import flaw_of
from ndtui.common.checked_values import checked
from ndtui.model.compiled.document_types import Document, FilterDocument, Kind
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.read_documents import filter_of

#: Seconds since 1970 of the end of the year 9999: no later time can be shown.
_END_OF_TIME = 253_402_300_799.0


def snapshot_of(value: object) -> Snapshot:
    """Return what a backend says it holds."""
    found = checked(value, Snapshot)
    for each in found.objects:
        _check(each.kind, each.key, each.document)
    return replace(found, pending=pending_of(found.pending))


def pending_of(value: object) -> Pending | None:
    """Return what a backend says waits to be confirmed."""
    if value is None:
        return None
    found = checked(value, Pending)
    if not 0 <= found.deadline <= _END_OF_TIME:
        raise ValueError("what waits to be confirmed has a deadline that is no time")
    return found


def answer_of(value: object) -> bool | None:
    """Return a yes, a no, or that it cannot be told."""
    return None if value is None else checked(value, bool)


def applied_of(value: object) -> Applied | None:
    """Return what a revert did; ``None`` where there was nothing to revert."""
    return None if value is None else checked(value, Applied)


def objects_of(value: object) -> tuple[StoredObject, ...]:
    """Return objects of others."""
    if not isinstance(value, Sequence):
        raise TypeError(f"there is a value of type {type(value).__name__} where a sequence is due")
    found = tuple(checked(each, StoredObject) for each in value)
    for each in found:
        _check(each.kind, each.key, each.document)
    return found


def plan_of(value: object, backend: str, target: FilterSet | None) -> Plan:
    """Return a plan of a backend, made for ``target``."""
    if not isinstance(value, Plan):
        raise TypeError(f"there is a value of type {type(value).__name__} where a Plan is due")
    found = checked(replace(value, target=None), Plan)
    for each in (*found.changes, *found.drift):
        _check_change(each)
    for other in found.others:
        _check("filter", str(other.document.get("filterKey")), other.document)
    return replace(found, backend=backend, target=target)


def drift_of(value: object) -> tuple[Change, ...] | None:
    """Return what others changed, or that it is to be found out otherwise."""
    if value is None:
        return None
    if not isinstance(value, Sequence):
        raise TypeError(f"there is a value of type {type(value).__name__} where a sequence is due")
    found = tuple(checked(each, Change) for each in value)
    for each in found:
        _check_change(each)
    return found


def _check_change(change: Change) -> None:
    if change.before is None and change.after is None:
        raise ValueError(f"a change of {change.key} has no object, neither before nor after")
    for document in (change.before, change.after):
        if document is not None:
            _check(change.kind, change.key, document)


def _check(kind: Kind, key: str, document: Document) -> None:
    """Make sure that an object can be shown, and a filter be read."""
    flaw = flaw_of(kind, key, cast("Mapping[str, object]", document))
    if flaw:
        raise ValueError(f"the {kind} {key} cannot be shown: {flaw}")
    if kind == "filter":
        try:
            filter_of(cast("FilterDocument", document))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"the filter {key} cannot be read: {type(error).__name__}: {error}") from error
