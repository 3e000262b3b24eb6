"""Changes of objects: in words for a person, and as plain data."""

from collections.abc import Iterator
from typing import Any

from ndtui.analysis.wording.object_lines import change_lines
from ndtui.backends.contract.changes import Change, Plan


def worded(change: Change) -> Iterator[str]:
    """Return what a change of an object makes another, a line for each property; nothing of a whole object."""
    if change.before is not None and change.after is not None:
        for label, text in change_lines(change.kind, change.before, change.after):
            yield f"      {label}: {text}"


def change_document(change: Change) -> dict[str, Any]:
    """Return a change as plain data."""
    return {
        "action": change.action,
        "kind": change.kind,
        "key": change.key,
        "name": change.name,
        "before": change.before,
        "after": change.after,
    }


def plan_members(plan: Plan) -> dict[str, Any]:
    """Return what a plan changes as plain data."""
    return {
        "policy": plan.policy,
        "replaces": plan.replaces,
        "counts": {**plan.counts, "unchanged": plan.unchanged},
        "changes": [change_document(each) for each in plan.changes],
    }
