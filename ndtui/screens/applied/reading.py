"""What the applied screen reads of a backend, in a thread beside the event loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change, Pending, Plan, Revision, Snapshot
from ndtui.backends.planning.plan_wording import DRIFT_TITLE, counts
from ndtui.backends.planning.planner import make_plan
from ndtui.backends.planning.revision_contents import contents_at, difference, drift_of
from ndtui.model.compiled.objects import FilterSet
from ndtui.ui.rows.applied_rows import CONTENTS, content_rows
from ndtui.ui.rows.plan_rows import PLAN, Drifted, plan_rows
from ndtui.ui.rows.view import View

Side = Literal["contents", "before", "now", "design", "drift"]
SIDES: tuple[Side, ...] = get_args(Side)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a backend holds at one moment; ``history`` is ``None`` where it keeps none, and ``trouble`` says why."""

    held: Snapshot
    pending: Pending | None
    watched: bool | None
    history: Sequence[Revision] | None
    drift: tuple[Change, ...] | None
    trouble: str = ""


def read(backend: Backend) -> Reading:
    """Return what there is to see; a history that cannot be read leaves the rest to be seen.

    Raises:
        BackendError: what it holds cannot be read.
    """
    held = backend.snapshot()
    pending = backend.pending() if backend.capabilities.confirm_or_revert else None
    watched = None if pending is None else backend.watched(pending)
    try:
        history = backend.history()
        return Reading(held, pending, watched, history, drift_of(backend, held, history))
    except BackendError as error:
        return Reading(held, pending, watched, None, None, str(error))


class Sided(NamedTuple):
    """The rows of a view of a revision: what is to be said of them in a line, and how they are shown."""

    title: str
    rows: Sequence[Any]
    view: View


def side_of(backend: Backend, reading: Reading, number: int, side: Side, filterset: FilterSet) -> Sided:
    """Return a view of a revision.

    Raises:
        BackendError: it cannot be read.
    """
    if side == "drift":
        drift = reading.drift or ()
        return Sided(f"{DRIFT_TITLE}: {len(drift)}", [Drifted(change) for change in drift], PLAN)
    contents = contents_at(backend, number, reading.held)
    name = contents.policy or "nothing applied"
    if side == "contents":
        filters = len(contents.of_kind("filter"))
        return Sided(f"Revision {number} holds {name}: {filters} filters", content_rows(contents), CONTENTS)
    plan, words = _compared(backend, reading, (number, contents), side, filterset)
    same = f"{words}: the same, {plan.unchanged} objects"
    return Sided(same if plan.empty else f"{words}: {counts(plan)}", plan_rows(plan), PLAN)


def _compared(
    backend: Backend, reading: Reading, revision: tuple[int, Snapshot], side: Side, filterset: FilterSet
) -> tuple[Plan, str]:
    """Return how a revision differs from another state, as a plan from the earlier one, and which two they are."""
    number, contents = revision
    if side == "before":
        before = contents_at(backend, max(0, number - 1), reading.held)
        return difference(backend, before, contents), f"Revision {number} changed"
    if side == "now":
        return difference(backend, contents, reading.held), f"From revision {number} to what is there now"
    return make_plan(backend.name, contents, filterset), f"From revision {number} to the design {filterset.design.name}"
