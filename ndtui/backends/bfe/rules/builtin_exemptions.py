"""The exemptions BFE adds by itself, as the engine adds and removes them: with the first main mode filter and the last.

Source: https://learn.microsoft.com/windows/win32/fwp/ike-exemptions
"""

from functools import cache

from ndtui.backends.bfe.state import Draft
from ndtui.model.compiled import ike_exemptions as built_in
from ndtui.model.compiled.documents import Document, filter_document
from ndtui.model.vocabulary.layers import IKEEXT, stem_of

#: The origin as a document has it.
ORIGIN = str(built_in.ORIGIN)


@cache
def ike_exemptions() -> tuple[Document, ...]:
    """Return the twelve filters, which belong to no provider."""
    return tuple({**filter_document(each), "providerKey": None} for each in built_in.ike_exemptions())


def remove_exemptions(draft: Draft) -> None:
    """Take BFE's own exemptions away, unless there is main mode policy left."""
    filters = draft.objects["filter"]
    if not any(row.context and stem_of(row.layer) == IKEEXT for row in filters.values()):
        for document in ike_exemptions():
            if document["filterKey"] in filters:
                draft.remove(filters[document["filterKey"]])
