"""``ndtui apply``: apply a design to a backend, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.backends.registry import open_backend
from ndtui.commands.changing import carry_out
from ndtui.commands.options import add_backend, add_design, add_yes
from ndtui.commands.sources import read_filterset

HELP = """\
Apply a design: show the plan, ask, and carry it out in one transaction, all of it or nothing.
Another design of ours that is applied gives way in the same transaction; ndtui rollback goes back to it.

examples:
  ndtui apply nd-transport
  ndtui apply my-design.toml --yes"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_backend(parser)
    add_yes(parser)


def run(design: str, *, backend: str, store: Path | None, yes: bool) -> int:
    """Plan, ask and apply."""
    filterset = read_filterset(design)
    opened = open_backend(backend, store)
    plan = opened.plan(filterset)
    return carry_out(opened, plan, f"Apply {plan.policy}", f"{plan.policy} is already applied", yes=yes)
