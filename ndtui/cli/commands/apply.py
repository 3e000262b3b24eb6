"""``ndtui apply``: apply a design or a saved plan to a backend, all of it or nothing."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from ndtui.cli.arguments.common_options import DESIGN, add_backend, add_json, add_message, add_yes
from ndtui.common.durations import seconds_of
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.text import in_quotes

HELP = """\
Apply a design, or a plan that ndtui plan -o has saved: show what is done, ask, and carry it out in one transaction, all
of it or nothing. Another design of ours that is applied gives way in the same transaction; ndtui rollback goes back to
it. A saved plan is refused when the state it was made from has moved, or when it changes anything that is not ours.
Connection security rules are refused where they say more than a design can: ndtui import makes a design of the rest.

With --confirm-within what was there before comes back by itself unless it is confirmed in time, even if this terminal,
the connection or this program is gone; what becomes of it if the machine is restarted meanwhile is said before anything
is applied. As long as it waits, apply is refused, of the same design too. With --trial the policy is held only while
this program runs: Ctrl+C ends it, and that is exit status 0. With -m the history says why, beside who and when. With
--json, which needs --yes, plan and outcome are printed as data: done is null where there was nothing to do.

examples:
  ndtui apply nd-transport
  ndtui apply my-design.toml --confirm-within 90s -m "let printers out"
  ndtui plan my-design.toml -o change.json
  ndtui apply change.json --yes"""

_LONGEST = 24 * 3600.0


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("design", metavar="DESIGN", help=f"{DESIGN}; or a saved plan")
    add_backend(parser, own_default=False)
    add_message(parser)
    add_yes(parser)
    add_json(parser)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--confirm-within",
        metavar="TIME",
        type=_duration,
        help="revert it by itself unless it is confirmed within 90s, 5m or 1h",
    )
    choice.add_argument("--trial", action="store_true", help="hold the policy only while this program runs")


def run(
    design: str,
    *,
    backend: str | None,
    store: Path | None,
    message: str,
    yes: bool,
    confirm_within: float | None,
    trial: bool,
    as_json: bool,
) -> int:
    """Plan, ask and apply."""
    from ndtui.cli.applying.confirm_within import wait_for_answer
    from ndtui.cli.applying.plan_and_ask import Asking, ask_and_execute
    from ndtui.cli.applying.plan_to_apply import plan_to_apply
    from ndtui.cli.applying.trial import hold
    from ndtui.cli.printing.output import is_interactive

    if trial and message:
        raise InputError("a trial stands in no history", remedy="leave --message out")
    if trial and as_json:
        raise InputError("a trial ends with this program, and prints no JSON", remedy="leave --json out")
    opened, plan, found = plan_to_apply(design, backend, store, trial=trial, writes=yes or is_interactive())
    what, idle = f"Apply {plan.policy}", f"{plan.policy} is already applied"
    if plan.action != "apply":
        what, idle = "Carry out the plan", "The plan is empty"
    if trial:
        return hold(opened, plan, Asking(f"Try {plan.policy}", idle, yes=yes, findings=found))
    if confirm_within is not None and not opened.capabilities.confirm_or_revert:
        raise RefusedError(f"the backend {opened.name} cannot revert by itself", remedy="leave --confirm-within out")
    asking = Asking(what, idle, yes, confirm_within, message, found, as_json)
    done = ask_and_execute(opened, plan, asking)
    if done is None or confirm_within is None or as_json:
        return 0
    if done.pending is None:
        history = opened.own_commands.of("history")
        raise RefusedError("it does not wait to be confirmed any more", remedy=f"see {history}")
    return wait_for_answer(opened, done.pending, yes=yes)


def _duration(text: str) -> float:
    """Return the seconds of ``90``, ``90s``, ``5m`` or ``1h``; an error of the argument otherwise."""
    seconds = seconds_of(text, 1, _LONGEST)
    if seconds is None:
        raise ArgumentTypeError(f"{in_quotes(text)} is no time: write 90s, 5m or 1h, from 1s to 24h")
    return seconds
