"""``ndtui rollback``: go back to what was applied before."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_json, add_message, add_yes

HELP = """\
Go back to what was applied after revision N of ndtui history, or without N to what was applied before the last one; 0
is the state before the first. A rollback is a revision too: one more undoes it. With --json, which needs --yes, plan
and outcome are printed as data: done is null where there was nothing to do.

examples:
  ndtui rollback
  ndtui rollback 3 --yes -m "the printers are cut off"

ndtui history N shows what a revision holds, ndtui history N now what going back to it would undo."""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("number", metavar="N", nargs="?", type=int, help="a revision, as ndtui history numbers them")
    add_backend(parser)
    add_message(parser)
    add_yes(parser)
    add_json(parser)


def run(number: int | None, *, backend: str, store: Path | None, message: str, yes: bool, as_json: bool) -> int:
    """Plan, ask and go back."""
    from ndtui.backends.registry import open_backend
    from ndtui.cli.applying.plan_and_ask import Asking, ask_and_execute

    opened = open_backend(backend, store)
    plan = opened.plan_rollback(number)
    target = plan.policy or "nothing applied"
    ask_and_execute(
        opened,
        plan,
        Asking(f"Go back to {target}", "The state is that one already", yes=yes, message=message, as_json=as_json),
    )
    return 0
