"""What a plan is to reach: a design that is applied, nothing of ours, or a revision of the history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ndtui.analysis.check.before_apply import before_apply
from ndtui.analysis.check.finding import Finding
from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Plan
from ndtui.model.compiled.objects import FilterSet


@dataclass(frozen=True)
class Goal:
    """What a plan is to reach, in words, and how the plan is made."""

    title: str
    """What is done: ``Apply nd-transport``."""
    question: str
    """The beginning of the question before it, up to the backend's name: ``Apply to``."""
    verb: str
    plan: Callable[[Backend], Plan]
    fleeting: bool = False
    """Whether the objects would go as soon as they are there: with the session that makes them."""
    needs_services: bool = True
    """Whether what keeps a policy from doing its work matters to it."""
    findings: Callable[[], Sequence[Finding]] = tuple
    """What is to be said of the design before it is applied; found out beside the keys."""


def applying(filterset: FilterSet) -> Goal:
    """Return the goal that a design is applied."""
    design = filterset.design
    fleeting = design.lifetime == "dynamic"
    return Goal(
        f"Apply {design.name}",
        "Apply to",
        "Apply",
        lambda backend: backend.plan(filterset),
        fleeting,
        findings=lambda: before_apply(filterset),
    )


def removing() -> Goal:
    """Return the goal that nothing of ours is left."""
    return Goal("Remove all of ours", "Remove from", "Remove", lambda backend: backend.plan(None), needs_services=False)


def going_back(number: int, policy: str) -> Goal:
    """Return the goal that it is as after a revision; ``policy`` is what was applied then."""
    title = f"Roll back to revision {number}, {policy or 'nothing applied'}"
    return Goal(
        title,
        f"Roll back to {number} on",
        "Roll back",
        lambda backend: backend.plan_rollback(number),
        needs_services=bool(policy),
    )
