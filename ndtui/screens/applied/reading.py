"""What the applied screen reads of a backend, in a thread beside the event loop."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change, Pending, Plan, Revision, Snapshot
from ndtui.backends.planning.plan_wording import DRIFT_TITLE, counts
from ndtui.backends.planning.planner import make_plan
from ndtui.backends.planning.revision_contents import contents_at, difference, drift_of, latest
from ndtui.model.compiled.objects import FilterSet
from ndtui.ui.rows.applied_rows import CONTENTS, content_rows, contents_view
from ndtui.ui.rows.plan_rows import PLAN, Drifted, plan_rows, plan_view, policy_shown
from ndtui.ui.rows.view import View

Side = Literal["contents", "before", "now", "design", "drift"]
#: Of so many revisions what they held is kept.
_KEPT = 4

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
    contents: dict[int, Snapshot] = field(default_factory=dict)
    """What revisions held, as far as it was asked for; to find it takes seconds where there is much."""


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


def has_moved(backend: Backend, reading: Reading) -> bool:
    """Tell whether something was done since a reading, as far as the history tells.

    Raises:
        BackendError: it cannot be read.
    """
    before = reading.history
    return before is not None and latest(backend.history()) != latest(before)


class Sided(NamedTuple):
    """The rows of a view of a revision, what is to be said of them in a line, and how they are shown."""

    title: str
    rows: Sequence[Any]
    view: View


def view_of(side: Side) -> View:
    """Return how the rows of a view of a revision are shown before it is known of what policy they are."""
    return CONTENTS if side == "contents" else PLAN


def side_of(backend: Backend, reading: Reading, number: int, side: Side, filterset: FilterSet) -> Sided:
    """Return a view of a revision.

    Raises:
        BackendError: it cannot be read.
    """
    if side == "drift":
        drift = reading.drift or ()
        return Sided(
            f"{DRIFT_TITLE}: {len(drift)}", [Drifted(change) for change in drift], plan_view(reading.held.policy)
        )
    contents = _contents(backend, reading, number)
    name = contents.policy or "nothing applied"
    if side == "contents":
        filters = len(contents.of_kind("filter"))
        return Sided(
            f"Revision {number} holds {name}: {filters} filters", content_rows(contents), contents_view(contents.policy)
        )
    plan, words = _compared(backend, reading, (number, contents), side, filterset)
    same = f"{words}: the same, {plan.unchanged} objects"
    return Sided(same if plan.empty else f"{words}: {counts(plan)}", plan_rows(plan), plan_view(policy_shown(plan)))


def _contents(backend: Backend, reading: Reading, number: int) -> Snapshot:
    """Return what a revision held: of the latest what is there now, as long as nobody has changed that since."""
    found = reading.contents.get(number)
    if found is None:
        if reading.history and number == reading.history[0].number and reading.drift == ():
            found = replace(reading.held.lasting, state=f"revision {number}", pending=None)
        else:
            found = contents_at(backend, number, reading.held)
        while len(reading.contents) >= _KEPT:
            del reading.contents[next(iter(reading.contents))]
        reading.contents[number] = found
    return found


def _compared(
    backend: Backend, reading: Reading, revision: tuple[int, Snapshot], side: Side, filterset: FilterSet
) -> tuple[Plan, str]:
    """Return how a revision differs from another state, as a plan from the earlier one, and which two they are."""
    number, contents = revision
    if side == "before":
        before = _contents(backend, reading, max(0, number - 1))
        return difference(backend, before, contents), f"Revision {number} changed"
    if side == "now":
        return difference(backend, contents, reading.held), f"From revision {number} to what is there now"
    return make_plan(backend.name, contents, filterset), f"From revision {number} to the design {filterset.design.name}"
