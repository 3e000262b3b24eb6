"""A plan's changes held against what is there: they are of our provider alone, and of the objects as they are held.

A plan may come from a file that anybody has written: it is data. What it does is shown, and carried out, only as far as
what is held bears it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import KIND_NAMES, Change, Identity, Plan, Snapshot, StoredObject
from ndtui.backends.planning.planner import check_state, in_planned_order, same
from ndtui.common.text import brief
from ndtui.model.compiled.document_names import display_name, is_filter
from ndtui.model.compiled.document_types import Document

_AGAIN = "plan again"


def check_changes(changes: Sequence[Change], held: Sequence[StoredObject], ours: str) -> None:
    """Refuse changes of objects that are not held under our provider, or not as they are said to be; ``ours`` is it.

    Raises:
        BackendError: a change is of something else, or makes something that would not be ours.
    """
    there: Mapping[Identity, Document] = {each.identity: each.document for each in held}
    seen: set[Identity] = set()
    for change in changes:
        identity = change.identity
        before = there.get(identity)
        if identity in seen:
            raise _refused(change, "is named twice")
        seen.add(identity)
        if before is None and change.before is not None:
            raise _refused(change, "is not held under our provider")
        if before is not None and (change.before is None or not same(before, change.before)):
            raise _refused(change, "is not held as the plan says")
        if change.after is not None and _provider_of(change.after) != ours:
            raise _refused(change, "would not belong to our provider")


def as_held(plan: Plan, held: Snapshot, ours: str) -> Plan:
    """Return a saved plan as what it does to what is held; nothing else that its file says is taken over.

    Raises:
        StalePlanError: it was made from another state.
        BackendError: it changes what is not ours, or is for another policy than it says.
    """
    check_state(plan, held.state)
    trial, held = held.trial, held.lasting
    check_changes(plan.changes, held.objects, ours)
    touched = {change.identity for change in plan.changes}
    kept = [each.document for each in held.objects if each.identity not in touched]
    left = [*kept, *(change.after for change in plan.changes if change.after is not None)]
    policy = _policy_of(plan.policy, left) if left else ""
    gone, changed, added = ([c for c in plan.changes if c.action == each] for each in ("remove", "change", "add"))
    return replace(
        plan,
        policy=policy,
        replaces=held.policy if policy not in ("", held.policy) else "",
        changes=in_planned_order(gone, changed, added),
        unchanged=len(kept),
        action="apply" if left else "remove",
        pending=held.pending,
        trial=trial,
    )


def _provider_of(document: Document) -> object:
    """Return the provider that an object belongs to; a provider belongs to itself."""
    members: Mapping[str, object] = document
    return members.get("providerKey")


def _policy_of(name: str, objects: Sequence[Document]) -> str:
    """Return the name of the policy that objects make up, if it is the one that is said: filters are named for it."""
    for document in objects:
        if is_filter(document) and not display_name(document).startswith(f"{name}: "):
            raise BackendError(
                f"the plan is for {brief(name)}, and the filter {brief(display_name(document))} is of another policy",
                remedy=_AGAIN,
            )
    return name


def _refused(change: Change, what: str) -> BackendError:
    return BackendError(f"the plan is refused: the {KIND_NAMES[change.kind]} {change.key} {what}", remedy=_AGAIN)
