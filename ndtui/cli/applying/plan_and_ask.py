"""Plan and ask: a plan in words, the question before it is carried out, and what was done."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from ndtui.analysis.check.before_apply import when_confirmed
from ndtui.analysis.check.finding import Finding
from ndtui.backends.contract.backend import Backend, Obstacle, Progress
from ndtui.backends.contract.changes import Applied, Plan
from ndtui.backends.planning.held_up import check_no_trial, check_nothing_waits
from ndtui.backends.planning.plan_wording import altered_lines, counts, plan_lines, standing_lines
from ndtui.backends.planning.revision_contents import keeps_message
from ndtui.backends.planning.trial_wording import trial_document
from ndtui.backends.planning.waiting_wording import settling_of, waiting_document
from ndtui.cli.printing.change_words import change_document, plan_members, worded
from ndtui.cli.printing.finding_lines import tell_findings
from ndtui.cli.printing.output import ask, is_interactive, note, write_json, write_lines
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.kept_waiting import told_when_kept_waiting


def where(backend: Backend) -> str:
    """Return a backend's name and its place."""
    return f"{backend.name} ({backend.place()})"


def plan_document(backend: Backend, plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data."""
    return {
        "backend": plan.backend,
        "place": backend.place(),
        "state": plan.state,
        "pending": waiting_document(backend, plan.pending),
        "trial": trial_document(plan.trial),
        **plan_members(plan),
        "drift": [change_document(c) for c in plan.drift],
        "others": [{"relation": other.relation, "filter": other.document} for other in plan.others],
    }


def outcome_document(backend: Backend, plan: Plan, done: Applied | None) -> dict[str, Any]:
    """Return a plan and what carrying it out did as plain data: ``done`` is null where there was nothing to do."""
    document = {**plan_document(backend, plan), "done": None}
    if done is not None:
        document["pending"] = waiting_document(backend, done.pending)
        document["done"] = {
            "policy": done.policy,
            "state": done.state,
            "counts": {"added": done.added, "changed": done.changed, "removed": done.removed},
            "altered": [change_document(each) for each in done.altered],
        }
    return document


class Asking(NamedTuple):
    """What is said before a change: what it does, why there is nothing to do when it is empty, and whether to ask.

    ``message`` is why it is done, for the history; ``findings`` are about the design, to be told before. With
    ``as_json`` plan and outcome are printed as data at the end, and nothing in words.
    """

    what: str
    idle: str
    yes: bool
    within: float | None = None
    message: str = ""
    findings: Sequence[Finding] = ()
    as_json: bool = False

    def say(self, *lines: str) -> None:
        """Print lines for a person."""
        if not self.as_json:
            write_lines(lines)


def ask_first(backend: Backend, plan: Plan, asking: Asking) -> bool:
    """Show a plan and ask whether to carry it out; ``False`` when there is nothing to do.

    Raises:
        BackendError: a program holds a policy on trial, or something waits to be confirmed: that nothing is to be done
            is not said of what is going to end.
        RefusedError: the backend cannot write, or the answer was no.
        InputError: there is no terminal to ask on, and no leave to go on without.
    """
    if plan.empty or asking.yes or is_interactive():
        check_no_trial(plan.trial)
        check_nothing_waits(plan, plan.pending, backend.own_commands)
    if plan.empty:
        asking.say(
            f"{asking.idle} on {where(backend)}: nothing to do",
            *standing_lines(plan, settling_of(backend, plan.pending)),
        )
        return False
    if not backend.capabilities.write:
        raise RefusedError(f"the backend {backend.name} only reads", remedy="choose another with --backend")
    asking.say(*plan_lines(plan, worded, settling_of(backend, plan.pending)))
    tell_findings(asking.findings if asking.within is None else when_confirmed(asking.findings))
    for obstacle in tell_obstacles(backend):
        if obstacle.settle is not None and not asking.yes and is_interactive() and ask(f"{obstacle.question}?"):
            obstacle.settle()
    if asking.within is not None:
        asking.say(f"It is reverted unless you confirm it within {asking.within:.0f} s. {backend.after_restart()}")
    if not asking.yes:
        if not is_interactive():
            raise InputError("nothing was changed, there is no terminal to ask on", remedy="use --yes to go without")
        if not ask(f"{asking.what} on {where(backend)}: {counts(plan)}?"):
            raise RefusedError("nothing was changed, as you chose")
    return True


def tell_obstacles(backend: Backend) -> Sequence[Obstacle]:
    """Say what of the machine keeps what is applied from doing its work, and return it."""
    found = backend.obstacles()
    for each in found:
        note(f"warning: {each.words}: {each.remedy}")
    return found


def ask_and_execute(backend: Backend, plan: Plan, asking: Asking) -> Applied | None:
    """Show a plan, ask unless told not to, and carry it out; ``None`` when there was nothing to do.

    Raises:
        BackendError: it could not be done; nothing has changed.
        InputError: JSON is to be printed, and there is no leave to go on without asking.
        NdtuiError: as ``ask_first`` says.
    """
    if asking.as_json and not asking.yes:
        raise InputError("with --json nothing is asked, and nothing was changed", remedy="add --yes")
    if not ask_first(backend, plan, asking):
        if asking.as_json:
            write_json(outcome_document(backend, plan, None))
        return None
    plan = replace(plan, message=asking.message)
    with progress_shown() as progress:
        if asking.within is None:
            done = backend.apply(plan, progress)
        else:
            done = backend.apply(plan, progress, within=asking.within)
    if asking.within is not None and done.pending is None:
        done = replace(done, pending=backend.pending())
    if asking.as_json:
        write_json(outcome_document(backend, plan, done))
    asking.say(_done(backend, done), *altered_lines(done.altered))
    if asking.message and not keeps_message(backend, asking.message):
        note(f"warning: the backend {backend.name} does not keep why it was done: the message is in no history")
    return done


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Show on the terminal how far an apply has come, for as long as it lasts, and what it waits for."""
    progress = _Progress()
    try:
        with waiting_told():
            yield progress
    finally:
        progress.clear()


@contextmanager
def waiting_told() -> Iterator[None]:
    """Say once, should it come to that, that another program writes and is waited for."""
    told: list[str] = []

    def tell() -> None:
        if not told:
            told.append("Another program changes what the backend holds: waiting for it; Ctrl+C gives up")
            note(told[0])

    with told_when_kept_waiting(tell):
        yield


def _done(backend: Backend, done: Applied) -> str:
    now = f"{done.policy} is applied" if done.policy else "nothing of ours is left"
    return f"Done: {done.added} added, {done.changed} changed, {done.removed} removed; {now} on {where(backend)}"


class _Progress:
    """Says on the terminal how far an apply has come, from the second report on: short ones are done by then."""

    def __init__(self) -> None:
        self._shown = False
        self._enabled = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self._enabled and (done < total or self._shown):
            sys.stderr.write(f"\r{done:,} of {total:,} ")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
