"""The document of a stored object."""

from typing import cast

from ndtui.backends.bfe.state import Documents, Row
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.engine import ID_MEMBERS
from ndtui.model.compiled.document_types import Document


def stored_document(row: Row, documents: Documents | None = None) -> Document:
    """Return the document of a stored object, with its run-time id; ``documents`` reads those of several."""
    try:
        document = row.parsed() if documents is None else documents.of(row)
    except ValueError:
        raise BackendError(
            f"the store is damaged: the {row.kind} {row.key} cannot be read",
            remedy="put a copy back, or move it away and apply again",
        ) from None
    if row.kind in ID_MEMBERS:
        cast("dict[str, object]", document)[ID_MEMBERS[row.kind]] = row.id
    return document
