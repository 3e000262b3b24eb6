"""What tests of backends compare: objects as documents by kind and key, whatever their order."""

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Applied, Plan, Snapshot
from ndtui.backends.planning.planner import stored_objects
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design

Objects = dict[tuple[Kind, str], Document]


def objects_of(design: Design) -> Objects:
    """Return what a backend has to hold for a design."""
    return {(each.kind, each.key): each.document for each in stored_objects(compile_design(design))}


def held(snapshot: Snapshot) -> Objects:
    """Return what a backend holds; no object twice."""
    found = {(each.kind, each.key): each.document for each in snapshot.objects}
    assert len(found) == len(snapshot.objects)
    return found


def plan_for(backend: Backend, design: Design) -> Plan:
    """Return the plan for a design."""
    return backend.plan(compile_design(design))


def put(backend: Backend, design: Design) -> Applied:
    """Plan and apply a design."""
    return backend.apply(plan_for(backend, design))


def revisions(backend: Backend) -> int | None:
    """Return how many entries the history has, ``None`` where none is kept."""
    return len(backend.history()) if backend.capabilities.history else None
