"""What holds a plan up: an apply that waits to be confirmed, or a policy that a program holds on trial."""

from math import ceil

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import OnTrial, Pending, Plan
from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.backends.planning.trial_wording import UNTIL_THEN, trial_line
from ndtui.backends.planning.waiting_wording import keep_or_revert, not_confirmed, reverts


def check_nothing_waits(plan: Plan, pending: Pending | None, commands: OwnCommands) -> None:
    """Refuse a plan while an apply waits to be confirmed, as ``pending`` says, and tell the commands that settle it.

    Going back and removing settle what waits, and are let through. Where they find nothing to do they settle nothing:
    what they would leave is reverted, unless it is what a revert leads to.

    Raises:
        BackendError: it waits, or is overdue to be reverted.
    """
    if pending is None or not (plan.action == "apply" or (plan.empty and plan.back_to != pending.back_to)):
        return
    left = pending.seconds_left()
    if left > 0:
        raise BackendError(
            f"what was applied last waits to be confirmed, for {ceil(left)} s more", remedy=keep_or_revert(commands)
        )
    raise BackendError(
        f"what was applied last {not_confirmed(pending)}, and is not reverted yet", remedy=reverts(commands)
    )


def check_no_trial(trial: OnTrial | None) -> None:
    """Refuse to change anything while a program holds a policy on trial.

    What it holds cannot be removed by others, and what is applied beside it would refer to objects that go with it.

    Raises:
        BackendError: it does.
    """
    if trial is not None:
        raise BackendError(trial_line(trial), remedy=UNTIL_THEN)
