"""What a revision of the history held, how any two differ, and drift: found by the way that a rollback would go.

A backend that keeps a history plans a rollback to each of its revisions; what that plan leads to is what the revision
held. So every backend with a history can tell, whatever it is made of.
"""

from collections.abc import Sequence
from dataclasses import replace

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change, Plan, Revision, Snapshot
from ndtui.backends.planning.planner import in_listing_order, objects_after, plan_between
from ndtui.common.gc_pause import without_garbage_collection

#: How often it is looked again while others change what is there.
_ATTEMPTS = 3


def latest(history: Sequence[Revision]) -> int:
    """Return the number of the latest revision, by which it is known whether anything was done since; 0 for none."""
    return history[0].number if history else 0


@without_garbage_collection()
def contents_at(backend: Backend, number: int, held: Snapshot | None = None) -> Snapshot:
    """Return what a backend held of ours right after a revision; after revision 0 there was nothing.

    ``held`` is what it holds now, where that was read; it is read again where it has moved since.

    Raises:
        MissingRevisionError: there is no revision of that number.
        BackendError: it cannot be read.
    """
    if number == 0:
        return Snapshot("revision 0")
    for _ in range(_ATTEMPTS):
        way = backend.plan_rollback(number)
        held = backend.snapshot() if held is None else held
        if held.state == way.state:
            return Snapshot(
                f"revision {number}", in_listing_order(objects_after(held.lasting.objects, way.changes)), way.policy
            )
        held = None
    raise BackendError("what is there changes all the time", remedy="try again when that is done")


def difference(backend: Backend, before: Snapshot, after: Snapshot) -> Plan:
    """Return how two contents differ, as a plan that leads from one to the other; it is not to be carried out."""
    return replace(plan_between(backend.name, before, after, "apply"), pending=None, trial=None, replaces="")


def drift_of(backend: Backend, held: Snapshot, history: Sequence[Revision]) -> tuple[Change, ...] | None:
    """Return how what is there differs from what the latest revision left; ``None`` where that cannot be told.

    Of each change ``before`` is what was applied, and ``after`` what is there.

    Raises:
        BackendError: it cannot be read.
    """
    if not backend.capabilities.history:
        return None
    if not history:
        return tuple(Change(each.kind, each.key, None, each.document) for each in held.lasting.objects)
    known = backend.drift(held)
    if known is not None:
        return tuple(known)
    way = backend.plan_rollback(history[0].number)
    if way.state != held.state:  # somebody changes it at this moment
        return None
    return tuple(Change(each.kind, each.key, each.after, each.before) for each in way.changes)


def keeps_message(backend: Backend, message: str) -> bool:
    """Whether the history says of the latest revision what was just said of it; a backend may leave that out.

    Raises:
        BackendError: it cannot be read.
    """
    return backend.capabilities.history and any(each.note.message == message for each in backend.history()[:1])
