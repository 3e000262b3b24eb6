"""Executing a plan on an engine: the order of its calls, what has to be added again, and progress."""

from collections.abc import Mapping, Sequence
from typing import cast

from ndtui.backends.contract.backend import Progress
from ndtui.backends.contract.changes import KINDS, Change, StoredObject
from ndtui.backends.contract.engine import ENGINE_FLAGS, Session
from ndtui.model.compiled.document_types import Document, Kind

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
    deletes = [*(c.identity for c in changes if c.before is not None), *(o.identity for o in again)]
    deletes.sort(key=lambda each: -KINDS.index(each[0]))
    adds = [*((c.kind, c.after) for c in changes if c.after is not None), *((o.kind, o.document) for o in again)]
    adds.sort(key=lambda each: KINDS.index(each[0]))
    total, done = len(deletes) + len(adds), 0
    for kind, key in deletes:
        session.delete(kind, key)
        done += 1
        if progress is not None and done % CHUNK == 0:
            progress(done, total)
    for kind, document in adds:
        session.add(kind, _addable(document))
        done += 1
        if progress is not None and done % CHUNK == 0:
            progress(done, total)
    if progress is not None and done % CHUNK:
        progress(done, total)


def _addable(document: Document) -> Document:
    """Return an object without the flags that the engine has set; a caller who sets them is refused."""
    flags = document.get("flags", ())
    if ENGINE_FLAGS.isdisjoint(flags):
        return document
    return cast("Document", {**document, "flags": [each for each in flags if each not in ENGINE_FLAGS]})


def _referring(changes: Sequence[Change], held: Sequence[StoredObject]) -> list[StoredObject]:
    """Return the objects that do not change, but refer to one that is deleted and added again."""
    replaced = {c.identity for c in changes if c.before is not None and c.kind != "filter"}
    if not replaced:
        return []
    changed = {c.identity for c in changes}
    found = []
    for each in sorted(held, key=lambda o: KINDS.index(o.kind)):
        if each.identity in changed:
            continue
        members: Mapping[str, object] = each.document
        if any((kind, members.get(member)) in replaced for member, kind in _REFERENCES):
            found.append(each)
            replaced.add(each.identity)
    return found
