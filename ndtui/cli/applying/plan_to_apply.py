"""What an apply carries out: the plan of a design, or one that was saved."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ndtui.analysis.check.before_apply import before_apply
from ndtui.analysis.check.finding import Finding
from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Plan
from ndtui.backends.planning.own_changes import as_held
from ndtui.backends.planning.plan_file import PLAN_AGAIN, SavedPlan, is_plan, parse_plan
from ndtui.backends.registry import open_backend
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from ndtui.cli.applying.plan_and_ask import where
from ndtui.cli.arguments.sources import STDIN, read_source
from ndtui.cli.arguments.user_settings import settings
from ndtui.cli.printing.output import note
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.text import in_quotes
from ndtui.exporters.bundle.designs_and_bundles import is_file
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change


class ToApply(NamedTuple):
    """A plan, the backend it is for, and what is to be said of the design before."""

    backend: Backend
    plan: Plan
    findings: Sequence[Finding] = ()


def plan_to_apply(design: str, backend: str | None, store: Path | None, *, trial: bool, writes: bool) -> ToApply:
    """Return the plan that applies a design, or the saved one that a file holds, and the backend it is for.

    What is overdue to be reverted is reverted first, if ``writes`` says that it comes to writing at all.

    Raises:
        InputError: it cannot be read, or what it says does not go with the backend, the store or the trial.
        RefusedError: the backend holds nothing on trial, or rules say more than a design can.
        BackendError: the backend cannot be opened or read, or a saved plan is not for what it holds.
    """
    if design != STDIN and is_file(design):
        text = files.read_windows_text(Path(design), files.MAX_JSON)
        if is_plan(text):
            if trial:
                raise InputError("a saved plan is carried out to stay", remedy="use --trial with a design")
            opened, saved = _saved(text, design, backend, store)
            _settle(opened, writes=writes)
            plan = as_held(saved.plan, opened.snapshot(), OURS)
            return ToApply(opened, plan, () if plan.empty else _findings(opened, plan, saved.design, design))
    read = read_source(design)
    source = read.design
    if read.lost:
        raise RefusedError(
            f"{design} says more than a design can, and only part of it would be applied",
            remedy="ndtui import names what is missing and saves the rest as a design, which can be applied",
        )
    if source.lifetime == "dynamic" and not trial:
        raise InputError(
            f"{source.name} is dynamic: its objects last as long as the session that makes them",
            remedy="use --trial, or set lifetime to static or persistent",
        )
    opened = open_backend(backend or settings().backend, store)
    if trial and not opened.capabilities.trial:
        raise RefusedError(f"the backend {opened.name} holds nothing on trial", remedy="use --confirm-within")
    _settle(opened, writes=writes)
    compiled = compile_design(change(source, lifetime="dynamic") if trial else source)
    return ToApply(opened, opened.plan(compiled), before_apply(compiled))


def _findings(opened: Backend, plan: Plan, design: Design | None, word: str) -> Sequence[Finding]:
    """Return what is to be said of the design of a saved plan, once it is known that the plan is of that design.

    Raises:
        RefusedError: the design makes other objects.
    """
    if design is None:
        note(f"warning: {word} does not say of which design it is: ndtui check says what is to be known of that")
        return ()
    compiled = compile_design(design)
    made = {change.identity: change.after for change in opened.plan(compiled).changes}
    if made != {change.identity: change.after for change in plan.changes}:
        raise RefusedError(
            f"{word} makes other objects than its design {in_quotes(design.name)} does", remedy=PLAN_AGAIN
        )
    return before_apply(compiled)


def _saved(text: str, word: str, backend: str | None, store: Path | None) -> tuple[Backend, SavedPlan]:
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
    return opened, saved


def _settle(backend: Backend, *, writes: bool) -> None:
    if writes and isinstance(backend, EngineBackend) and backend.settle():
        note("What was applied last was not confirmed in time, and has been reverted.")
