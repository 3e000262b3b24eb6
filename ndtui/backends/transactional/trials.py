"""Which of our objects are held on trial: those that a dynamic session has made, and that go with it."""

from collections.abc import Callable, Collection, Sequence

from ndtui.backends.bfe.state import State, all_rows
from ndtui.backends.contract.changes import Identity, OnTrial, StoredObject
from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_names import display_name

#: What the session of a trial is called.
TRIAL = "ndtui trial"


def by_sessions(
    session: Session, held: Sequence[StoredObject], applied: Callable[[], Collection[Identity]]
) -> OnTrial | None:
    """Return what another session holds on trial, where an engine does not tell which objects are whose.

    A trial only adds: while one is open, what is held and was not applied, as ``applied`` tells, is taken for its own.
    """
    trials = [each for each in session.sessions() if each.dynamic and each.name == TRIAL and each.key != session.key]
    if not trials:
        return None
    known = applied()
    return _on_trial([each for each in held if each.identity not in known], trials[0].process)


def by_rows(session: Session, state: State, held: Sequence[StoredObject]) -> OnTrial | None:
    """Return what is held on trial in a state of the emulated engine, which knows the session of each object."""
    owners = {(row.kind, row.key): row.session for row in all_rows(state.objects) if row.session}
    found = [each for each in held if each.identity in owners] if owners else []
    if not found:
        return None
    processes = {each.key: each.process for each in session.sessions()}
    return _on_trial(found, processes.get(owners[found[0].identity], 0))


def _on_trial(objects: Sequence[StoredObject], process: int) -> OnTrial | None:
    return OnTrial(name_from(objects), process, tuple(objects)) if objects else None


def name_from(objects: Sequence[StoredObject]) -> str:
    """Return the name of a policy, which the display names of its filters begin with; empty where there is none."""
    name = next((display_name(each.document) for each in objects if each.kind == "filter"), "")
    return name.rpartition(": ")[0]
