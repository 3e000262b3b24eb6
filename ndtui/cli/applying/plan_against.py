"""Plan against: what applying a design would change on a machine that is known from a file of netsh.

It is what the Windows backend would do there: objects of ours that have a key of the design are changed, others of ours
are removed, and what is missing is added. Nothing is written, and no backend is asked.
"""

from typing import cast

from ndtui.analysis.drift.held_there import Objects, kinds_listed
from ndtui.analysis.drift.machine_drift import drift
from ndtui.analysis.drift.untold import settled
from ndtui.analysis.dump import Dump
from ndtui.backends.contract.changes import Snapshot, StoredObject
from ndtui.backends.planning.planner import plan_between, stored_objects
from ndtui.cli.printing.plan_there_text import PlanThere
from ndtui.model.compiled.document_types import Document
from ndtui.model.compiled.objects import FilterSet

BACKEND = "netsh wfp show"


def plan_against(filterset: FilterSet, dump: Dump) -> PlanThere:
    """Return what applying a design would change on a machine, as far as the file lists its objects."""
    found = drift(filterset, dump)
    listed = kinds_listed(dump)
    target = [each for each in stored_objects(filterset) if each.kind in listed]
    ours = {each.identity: each.document for each in target}
    held = _as_comparable(found.held.objects, ours) if found.held.ours else ()
    before = Snapshot("", held, found.held.policy)
    after = Snapshot("", tuple(target), filterset.design.name)
    others = 0 if found.held.ours else found.counts["there"] + found.counts["disabled"]
    return PlanThere(filterset, dump, plan_between(BACKEND, before, after, "apply", filterset), found, others)


def _as_comparable(held: Objects, ours: Objects) -> tuple[StoredObject, ...]:
    """Return what a machine holds, with the design's own where no file tells it: also which element made an object."""
    return tuple(StoredObject(kind, key, _one(each, ours.get((kind, key)))) for (kind, key), each in held.items())


def _one(there: Document, ours: Document | None) -> Document:
    if ours is None:
        return there
    document, _ = settled(there, ours)
    members: dict[str, object] = {**document}
    if "origin" in ours:
        members["origin"] = ours["origin"]
    return cast("Document", members)
