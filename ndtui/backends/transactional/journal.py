"""What was applied before, from the history of an emulated engine."""

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.state import Documents, all_rows, by_position
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import StoredObject


def applied_at(journal: BfeEngine, revision: int, provider: str) -> tuple[StoredObject, ...]:
    """Return the objects of a provider right after a revision, the provider among them.

    Raises:
        BackendError: another program has altered the history.
    """
    rows = [
        row
        for row in all_rows(journal.objects_at(revision))
        if provider in (row.provider, row.key) and row.lifetime != "dynamic"
    ]
    documents = Documents()
    try:
        return tuple(StoredObject(row.kind, row.key, documents.of(row)) for row in by_position(rows))
    except ValueError:
        raise BackendError("the history is damaged: an object in it cannot be read", remedy="apply again") from None
