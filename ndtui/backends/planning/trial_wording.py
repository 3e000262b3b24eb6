"""A policy that another program holds on trial, in words and as plain data."""

from typing import Any

from ndtui.backends.contract.changes import OnTrial
from ndtui.common.text import shortened, visible

#: What follows from a trial for everything else.
UNTIL_THEN = "nothing is applied or removed before that"


def trial_line(trial: OnTrial) -> str:
    """Return that a program holds a policy on trial, and until when."""
    policy = shortened(visible(trial.policy), 80) or "A policy"
    by = f"process {trial.process}" if trial.process else "another program"
    return f"{policy} is held on trial by {by}, and goes when that program ends"


def trial_document(trial: OnTrial | None) -> dict[str, Any] | None:
    """Return a trial as plain data, with the keys of its objects; ``process`` is null where it is not known."""
    if trial is None:
        return None
    objects = [{"kind": each.kind, "key": each.key} for each in trial.objects]
    return {"policy": trial.policy, "process": trial.process or None, "objects": objects}
