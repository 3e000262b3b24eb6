"""``ndtui confirm``: let stay what was applied with --confirm-within."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend
from ndtui.cli.printing.output import write_lines

HELP = """\
Keep what was applied last with ndtui apply --confirm-within. If nobody confirms in time, what was there before comes
back by itself.

examples:
  ndtui apply nd-boundary --confirm-within 90s --yes
  ndtui confirm"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)


def run(*, backend: str, store: Path | None) -> int:
    """Confirm what waits now, and nothing that comes to wait meanwhile."""
    from ndtui.backends.registry import open_backend
    from ndtui.backends.transactional.answering import keep
    from ndtui.cli.applying.plan_and_ask import waiting_told, where

    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    if snapshot.pending is None:
        opened.confirm("")  # says why it cannot
        return 0
    with waiting_told():
        answered = keep(opened, snapshot.pending)
    if not answered.ours or not answered.ending.stays:
        write_lines([f"{answered.ending}."])
        return 0 if answered.ending.stays else 1
    write_lines([f"Confirmed: {snapshot.policy or 'it'} stays on {where(opened)}"])
    return 0
