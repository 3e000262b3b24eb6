"""Executing a plan on an engine: the order of its calls, what has to be added again, and progress."""

from collections.abc import Sequence

from ndtui.backends.contract.backend import Progress
from ndtui.backends.contract.changes import KINDS, Change, Kind, StoredObject
from ndtui.backends.contract.engine import Session

#: How many calls are made between two reports of progress.
CHUNK = 2_000

_REFERENCES: tuple[tuple[str, Kind], ...] = (
    ("providerKey", "provider"),
    ("subLayerKey", "subLayer"),
    ("providerContextKey", "providerContext"),
)


def execute(
    session: Session, changes: Sequence[Change], held: Sequence[StoredObject], progress: Progress | None = None
) -> None:
    """Make changes within the transaction of a session.

    An engine cannot change an object: it is deleted and added again, and so is what refers to it. ``held`` are the
    objects that are there; they matter only where something else than a filter changes.

    Raises:
        EngineError: the engine refused one; the transaction is still open, to be aborted.
    """
    again = _referring(changes, held)
    gone = [c for c in changes if c.before is not None]
    come = [c for c in changes if c.after is not None]
    deletes = sorted([*((c.kind, c.key) for c in gone), *((o.kind, o.key) for o in again)], key=_last_first)
    adds = [*((c.kind, c.after) for c in come), *((o.kind, o.document) for o in again)]
    adds.sort(key=lambda each: KINDS.index(each[0]))
    total, done = len(deletes) + len(adds), 0
    for kind, key in deletes:
        session.delete(kind, key)
        done += 1
        if progress is not None and done % CHUNK == 0:
            progress(done, total)
    for kind, document in adds:
        session.add(kind, document or {})
        done += 1
        if progress is not None and done % CHUNK == 0:
            progress(done, total)
    if progress is not None and done % CHUNK:
        progress(done, total)


def _last_first(each: tuple[Kind, str]) -> int:
    return -KINDS.index(each[0])


def _referring(changes: Sequence[Change], held: Sequence[StoredObject]) -> list[StoredObject]:
    """Return the objects that do not change, but refer to one that is deleted and added again."""
    replaced: set[tuple[Kind, str]] = {(c.kind, c.key) for c in changes if c.before is not None and c.kind != "filter"}
    if not replaced:
        return []
    touched = {(c.kind, c.key) for c in changes}
    found = []
    for each in sorted(held, key=lambda o: KINDS.index(o.kind)):
        identity = (each.kind, each.key)
        refers = any((kind, each.document.get(member)) in replaced for member, kind in _REFERENCES)
        if refers and identity not in touched:
            found.append(each)
            replaced.add(identity)
    return found
