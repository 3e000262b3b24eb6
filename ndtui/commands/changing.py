"""Changing a backend: a plan in words, the question before it is carried out, and what was done."""

import sys
from collections.abc import Iterator
from typing import Any

from ndtui.backends.base import KINDS, Applied, Backend, Change, Kind, Plan, value_text
from ndtui.commands.output import ask, is_interactive, write_lines
from ndtui.errors import InputError, RefusedError
from ndtui.model.vocabulary import short_name

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_KINDS: dict[Kind, str] = {
    "provider": "Provider",
    "subLayer": "Sublayers",
    "providerContext": "Provider contexts",
    "filter": "Filters",
}


def where(backend: Backend) -> str:
    """Return a backend's name and its place."""
    return f"{backend.name} ({backend.place()})"


def counts(plan: Plan) -> str:
    """Return how much a plan changes, in words."""
    found = plan.counts
    return f"{found['add']} to add, {found['change']} to change, {found['remove']} to remove"


def plan_lines(plan: Plan) -> Iterator[str]:
    """Return a plan, its changes grouped by kind of object and by layer."""
    groups: dict[str, list[Change]] = {}
    for change in plan.changes:
        groups.setdefault(short_name(change.layer) or _KINDS[change.kind], []).append(change)
    for title, changes in sorted(groups.items(), key=lambda group: KINDS.index(group[1][0].kind)):
        yield title
        for change in changes:
            yield f"  {_SIGNS[change.action]} {change.name}"
            yield from _differences(change)
    if plan.replaces:
        yield f"{plan.replaces} is applied now and gives way."
    yield f"{counts(plan)}, {plan.unchanged} unchanged"


def _differences(change: Change) -> Iterator[str]:
    if change.action == "change":
        for name, before, after in change.differences():
            yield f"      {name}: {value_text(before)} -> {value_text(after)}"


def plan_document(backend: Backend, plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data."""
    return {
        "backend": plan.backend,
        "place": backend.place(),
        "state": plan.state,
        "policy": plan.policy,
        "replaces": plan.replaces,
        "counts": {**plan.counts, "unchanged": plan.unchanged},
        "changes": [
            {"action": c.action, "kind": c.kind, "key": c.key, "name": c.name, "before": c.before, "after": c.after}
            for c in plan.changes
        ],
    }


def carry_out(backend: Backend, plan: Plan, what: str, idle: str, *, yes: bool) -> int:
    """Show a plan, ask unless ``yes`` was given, and carry it out.

    ``what`` says in words what it does, ``idle`` why there is nothing to do when it is empty.

    Raises:
        RefusedError: the backend cannot write, or the answer was no.
        InputError: there is no terminal to ask on, and no leave to go on without.
        BackendError: it could not be done; nothing has changed.
    """
    if plan.empty:
        write_lines([f"{idle} on {where(backend)}: nothing to do"])
        return 0
    if not backend.capabilities.write:
        raise RefusedError(f"the backend {backend.name} only reads", remedy="choose another with --backend")
    write_lines(plan_lines(plan))
    question = f"{what} on {where(backend)}: {counts(plan)}?"
    if not yes:
        if not is_interactive():
            raise InputError("nothing was changed, there is no terminal to ask on", remedy="use --yes to go without")
        if not ask(question):
            raise RefusedError("nothing was changed, as you chose")
    progress = _Progress()
    try:
        done = backend.apply(plan, progress)
    finally:
        progress.clear()
    write_lines([_done(backend, done)])
    return 0


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
            sys.stderr.write(f"\r{done} of {total} ")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
