"""What applying a design would change on a machine that is known from a file, as lines and as plain data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ndtui.analysis.check.machine_findings import on_machine
from ndtui.analysis.drift.facts_there import facts_there
from ndtui.analysis.drift.machine_drift import Drift
from ndtui.analysis.dump import Dump
from ndtui.analysis.machine.others_in_the_way import in_the_way
from ndtui.backends.contract.changes import Plan
from ndtui.backends.planning.plan_wording import plan_lines
from ndtui.cli.printing.change_words import plan_members, worded
from ndtui.cli.printing.drift_text import machine_words, not_compared_lines
from ndtui.cli.printing.in_the_way_text import in_the_way_document, in_the_way_lines
from ndtui.cli.printing.output import count, write_json, write_lines
from ndtui.model.compiled.objects import FilterSet


class PlanThere(NamedTuple):
    """A design and a machine, what applying would change there, and how the design is there now.

    ``held_by_others`` is how many objects another program has there that say what the design's do.
    """

    filterset: FilterSet
    dump: Dump
    plan: Plan
    drift: Drift
    held_by_others: int


def show_plan_there(there: PlanThere, path: Path, *, as_json: bool) -> None:
    """Print what would change, what is in the way, and what the file does not tell."""
    if as_json:
        write_json(_document(there, path))
    else:
        write_lines(_lines(there, path))


def _lines(there: PlanThere, path: Path) -> Iterator[str]:
    plan, machine = there.plan, machine_words(path, there.dump)
    if plan.empty:
        yield f"Nothing to do: {plan.policy} is applied on {machine}, as far as the file tells"
    else:
        yield f"Plan for {plan.policy} on {machine}"
        yield from plan_lines(plan, worded)
    if there.held_by_others:
        held = count(there.held_by_others, "object")
        yield f"Another program has there what says the same, under keys of its own, which stays beside this: {held}"
    yield from in_the_way_lines(on_machine(there.filterset, there.dump), there.filterset.design)
    yield from not_compared_lines(there.drift.uncompared)


def _document(there: PlanThere, path: Path) -> dict[str, Any]:
    dump = there.dump
    return {
        "machine": {"file": str(path), "kind": dump.kind, "timeStamp": dump.time_stamp},
        **plan_members(there.plan),
        "heldByOthers": there.held_by_others,
        "inTheWay": [in_the_way_document(each) for each in in_the_way(there.filterset, dump)],
        "facts": facts_there(there.drift, dump)._asdict(),
        "notCompared": list(there.drift.uncompared),
    }
