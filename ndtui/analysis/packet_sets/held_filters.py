"""The filters that a backend holds by layer, as the sets of packets are made of them."""

from collections.abc import Iterable

from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.ike_exemptions import exemptions_with
from ndtui.model.compiled.objects import BOOT_TIME, Filter
from ndtui.model.compiled.read_documents import filter_of


def filters_by_layer(documents: Iterable[FilterDocument]) -> dict[str, list[Filter]]:
    """Return filters by layer, from the documents of a policy that a backend holds, with those that BFE adds to it.

    Those that stand until BFE is up decide over nothing after, and are left out.
    """
    by_layer: dict[str, list[Filter]] = {}
    for document in documents:
        if BOOT_TIME in document["flags"]:
            continue
        by_layer.setdefault(document["layerKey"], []).append(filter_of(document))
    for each in exemptions_with(by_layer):
        by_layer.setdefault(each.layer, []).append(each)
    return by_layer
