"""``ndtui remove``: remove everything of ours from a backend."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_json, add_message, add_yes

HELP = """\
Remove every object that ndtui put into a backend; what others put there stays. ndtui rollback brings it back.
With --json, which needs --yes, plan and outcome are printed as data: done is null where there was nothing to do.

examples:
  ndtui remove
  ndtui remove --store policy.db --yes -m "end of the trial\""""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    add_message(parser)
    add_yes(parser)
    add_json(parser)


def run(*, backend: str, store: Path | None, message: str, yes: bool, as_json: bool) -> int:
    """Plan, ask and remove."""
    from ndtui.backends.registry import open_backend
    from ndtui.cli.applying.plan_and_ask import Asking, ask_and_execute

    opened = open_backend(backend, store)
    plan = opened.plan(None)
    ask_and_execute(
        opened,
        plan,
        Asking("Remove everything of ours", "There is nothing of ours", yes=yes, message=message, as_json=as_json),
    )
    return 0
