"""Changing a backend: a plan in words, the question before it is carried out, and what was done."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ndtui.backends.base import KINDS, Applied, Backend, Change, Kind, Plan, Progress, value_text
from ndtui.commands.output import ask, is_interactive, write_lines
from ndtui.errors import InputError, RefusedError
from ndtui.model.vocabulary import short_name

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_DRIFT = {"add": "appeared:", "change": "changed:", "remove": "vanished:"}
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
    yield from _drift_lines(plan)
    yield from _other_lines(plan)
    if plan.replaces:
        yield f"{plan.replaces} is applied now and gives way."
    yield f"{counts(plan)}, {plan.unchanged} unchanged"


def _differences(change: Change) -> Iterator[str]:
    if change.action == "change":
        for name, before, after in change.differences():
            yield f"      {name}: {value_text(before)} -> {value_text(after)}"


def _drift_lines(plan: Plan) -> Iterator[str]:
    if plan.drift:
        yield "Changed behind our back since the last apply"
    for change in plan.drift:
        at = f" at {short_name(change.layer)}" if change.layer else ""
        yield f"  {_DRIFT[change.action]} {change.name}{at}"
        yield from _differences(change)


def _other_lines(plan: Plan) -> Iterator[str]:
    if plan.others:
        yield "Filters of others at the same layers"
    for other in plan.others:
        document = other.document
        name = document.get("displayData", {}).get("name") or document["filterKey"]
        relation = "is evaluated before ours" if other.relation == "outranks" else "has the weight of our callout"
        yield f"  ! {name} at {short_name(document['layerKey'])}, {short_name(document['subLayerKey'])}: {relation}"


def plan_document(backend: Backend, plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data."""
    return {
        "backend": plan.backend,
        "place": backend.place(),
        "state": plan.state,
        "policy": plan.policy,
        "replaces": plan.replaces,
        "counts": {**plan.counts, "unchanged": plan.unchanged},
        "changes": [_change_document(c) for c in plan.changes],
        "drift": [_change_document(c) for c in plan.drift],
        "others": [{"relation": other.relation, "filter": other.document} for other in plan.others],
    }


def _change_document(change: Change) -> dict[str, Any]:
    return {
        "action": change.action,
        "kind": change.kind,
        "key": change.key,
        "name": change.name,
        "before": change.before,
        "after": change.after,
    }


class Asking(NamedTuple):
    """What is said before a change: what it does, why there is nothing to do when it is empty, and whether to ask."""

    what: str
    idle: str
    yes: bool
    within: float | None = None


def ask_first(backend: Backend, plan: Plan, asking: Asking) -> bool:
    """Show a plan and ask whether to carry it out; ``False`` when there is nothing to do.

    Raises:
        RefusedError: the backend cannot write, or the answer was no.
        InputError: there is no terminal to ask on, and no leave to go on without.
    """
    if plan.empty:
        write_lines([f"{asking.idle} on {where(backend)}: nothing to do"])
        return False
    if not backend.capabilities.write:
        raise RefusedError(f"the backend {backend.name} only reads", remedy="choose another with --backend")
    write_lines(plan_lines(plan))
    if not asking.yes:
        if not is_interactive():
            raise InputError("nothing was changed, there is no terminal to ask on", remedy="use --yes to go without")
        if not ask(f"{asking.what} on {where(backend)}: {counts(plan)}?"):
            raise RefusedError("nothing was changed, as you chose")
    return True


def carry_out(backend: Backend, plan: Plan, asking: Asking) -> bool:
    """Show a plan, ask unless told not to, and carry it out; ``False`` when there was nothing to do.

    Raises:
        BackendError: it could not be done; nothing has changed.
        NdtuiError: as ``ask_first`` says.
    """
    if not ask_first(backend, plan, asking):
        return False
    with progress_shown() as progress:
        if asking.within is None:
            done = backend.apply(plan, progress)
        else:
            done = backend.apply(plan, progress, within=asking.within)
    write_lines([_done(backend, done)])
    return True


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Show on the terminal how far an apply has come, for as long as it lasts."""
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.clear()


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
