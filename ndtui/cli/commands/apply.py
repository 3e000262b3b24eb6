"""``ndtui apply``: apply a design or a saved plan to a backend, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Plan
from ndtui.backends.planning.plan_file import is_plan, parse_plan
from ndtui.backends.registry import DEFAULT, open_backend
from ndtui.cli.applying.confirm_within import add_confirm_within, wait_for_answer
from ndtui.cli.applying.plan_and_ask import Asking, carry_out, where
from ndtui.cli.applying.trial import hold
from ndtui.cli.arguments.common_options import add_backend, add_yes
from ndtui.cli.arguments.sources import STDIN, is_file, read_source
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import change

HELP = """\
Apply a design, or a plan that ndtui plan -o has saved: show what is done, ask, and carry it out in one transaction, all
of it or nothing. Another design of ours that is applied gives way in the same transaction; ndtui rollback goes back to
it. A saved plan is refused when the state it was made from has moved.

With --confirm-within what was there before comes back by itself unless it is confirmed in time, even if this terminal,
the connection or this program is gone. With --trial the policy is held only while this program runs.

examples:
  ndtui apply nd-transport
  ndtui apply my-design.toml --confirm-within 90s
  ndtui plan my-design.toml -o change.json
  ndtui apply change.json --yes"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "design", metavar="DESIGN", help="a preset's name, a file (TOML or JSON), a saved plan, or - for standard input"
    )
    add_backend(parser, default=None)
    add_yes(parser)
    choice = parser.add_mutually_exclusive_group()
    add_confirm_within(choice)
    choice.add_argument("--trial", action="store_true", help="hold the policy only while this program runs")


def run(
    design: str, *, backend: str | None, store: Path | None, yes: bool, confirm_within: float | None, trial: bool
) -> int:
    """Plan, ask and apply."""
    opened, plan = _plan(design, backend, store, trial=trial)
    what, idle = f"Apply {plan.policy}", f"{plan.policy} is already applied"
    if plan.action != "apply":
        what, idle = "Carry out the plan", "The plan is empty"
    if trial:
        return hold(opened, plan, Asking(f"Try {plan.policy}", idle, yes=yes))
    if confirm_within is not None and not opened.capabilities.confirm_or_revert:
        raise RefusedError(f"the backend {opened.name} cannot revert by itself", remedy="leave --confirm-within out")
    done = carry_out(opened, plan, Asking(what, idle, yes=yes, within=confirm_within))
    return wait_for_answer(opened, yes=yes) if done and confirm_within is not None else 0


def _plan(design: str, backend: str | None, store: Path | None, *, trial: bool) -> tuple[Backend, Plan]:
    if design != STDIN and is_file(design):
        text = files.read_text(Path(design))
        if is_plan(text):
            if trial:
                raise InputError("a saved plan is carried out to stay", remedy="use --trial with a design")
            return _saved(text, design, backend, store)
    source = read_source(design).design
    if source.lifetime == "dynamic" and not trial:
        raise InputError(
            f"{source.name} is dynamic: its objects last as long as the session that makes them",
            remedy="use --trial, or set lifetime to static or persistent",
        )
    opened = open_backend(backend or DEFAULT, store)
    if trial and not opened.capabilities.trial:
        raise RefusedError(f"the backend {opened.name} holds nothing on trial", remedy="use --confirm-within")
    return opened, opened.plan(compile_design(change(source, lifetime="dynamic") if trial else source))


def _saved(text: str, word: str, backend: str | None, store: Path | None) -> tuple[Backend, Plan]:
    saved = parse_plan(text, word)
    if backend is not None and backend != saved.plan.backend:
        raise InputError(
            f"{word} was made for the backend {saved.plan.backend}, not for {backend}", remedy="leave --backend out"
        )
    opened = open_backend(saved.plan.backend, store)
    if opened.place() != saved.place and store is None:
        opened = open_backend(saved.plan.backend, Path(saved.place))
    if opened.place() != saved.place:
        raise InputError(f"{word} was made for {saved.place}, not for {where(opened)}", remedy="leave --store out")
    return opened, saved.plan
