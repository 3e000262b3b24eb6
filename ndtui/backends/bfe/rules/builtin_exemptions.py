"""The exemptions BFE adds by itself, as documents, and when the engine removes them.

``model.compiled.ike_exemptions`` says which they are.
"""

from functools import cache

from ndtui.backends.bfe.state import Draft, Row
from ndtui.model.compiled import ike_exemptions as built_in
from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.documents import filter_document

#: Their origin, as documents have it.
ORIGIN = str(built_in.ORIGIN)


def is_main_mode_policy(row: Row) -> bool:
    """Whether an object is a main mode filter, with which the exemptions come and go."""
    return row.kind == "filter" and row.context != "" and built_in.is_main_mode(row.layer)


@cache
def ike_exemptions() -> tuple[FilterDocument, ...]:
    """Return the twelve filters, which belong to no provider."""
    return tuple({**filter_document(each), "providerKey": None} for each in built_in.ike_exemptions())


def remove_exemptions(draft: Draft) -> None:
    """Remove BFE's own exemptions, unless there is main mode policy left."""
    filters = draft.objects["filter"]
    if not any(map(is_main_mode_policy, filters.values())):
        for document in ike_exemptions():
            if document["filterKey"] in filters:
                draft.remove(filters[document["filterKey"]])
