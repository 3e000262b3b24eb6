"""Telling the exemptions that BFE adds for IKE and AuthIP from other filters, by what they are like."""

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN
from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.documents import weight_document
from ndtui.model.compiled.filter_values import EXEMPT
from ndtui.model.compiled.ike_exemptions import is_like_one

_WEIGHT = weight_document(EXEMPT)


def with_origin(document: FilterDocument) -> FilterDocument:
    """Return a filter as it was read, with the origin the emulated engine gives an exemption of BFE's if it is one."""
    return {**document, "origin": ORIGIN} if "origin" not in document and _is_exemption(document) else document


def _is_exemption(document: FilterDocument) -> bool:
    if document["weight"] != _WEIGHT:
        return False
    equal = {
        condition["fieldKey"]: condition["conditionValue"].get("uint8", condition["conditionValue"].get("uint16"))
        for condition in document["filterCondition"]
        if condition["matchType"] == "FWP_MATCH_EQUAL"
    }
    action = document["action"]["type"]
    return is_like_one(document["layerKey"], action, EXEMPT, document.get("providerKey"), equal)
