"""Filters of others that matter to a policy: those that outrank its filters at a layer, or tie with a callout."""

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN
from ndtui.backends.contract.changes import Other, Relation
from ndtui.backends.contract.engine import Session
from ndtui.model.compiled.document_names import is_filter, sublayer_weights
from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.objects import BOOT_TIME, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL

#: What the names of the callouts that hand traffic to IPsec begin with.
_CALLS_IPSEC = "FWPM_CALLOUT_IPSEC_"


def others_that_matter(session: Session, target: FilterSet, ours: str) -> tuple[Other, ...]:
    """Return the filters of other providers that outrank ours at their layers, or tie with one of our callouts.

    BFE's own exemptions for IKE are left out: they belong to the policy.
    """
    weights = {**BUILTIN_WEIGHTS, **sublayer_weights(session.enumerate("subLayer"))}
    sublayer = target.sublayer
    own = target.sublayers[0].weight if target.sublayers else BUILTIN_WEIGHTS[UNIVERSAL]
    found: list[Other] = []
    for layer, filters in target.by_layer.items():
        documents = session.enumerate("filter", not_provider=ours, layer=layer)
        there = [each for each in documents if is_filter(each) and each.get("origin") != ORIGIN]
        if not there:
            continue
        highest = max(effective_weight(each).value for each in filters)
        callouts = {effective_weight(each).value for each in filters if each.slot.role == "callout"}
        for document in there:
            relation = _relation(document, weights.get(document["subLayerKey"], 0) - own, sublayer, highest, callouts)
            found += [Other(relation, document)] if relation else []
    return tuple(found)


def _relation(document: FilterDocument, above: int, sublayer: str, highest: int, callouts: set[int]) -> Relation | None:
    if not {"FWPM_FILTER_FLAG_DISABLED", BOOT_TIME}.isdisjoint(document.get("flags", ())):
        return None
    if document["subLayerKey"] != sublayer:
        if above <= 0:
            return None
        return "negotiates" if (document["action"].get("filterType") or "").startswith(_CALLS_IPSEC) else "outranks"
    weight = document["effectiveWeight"]["uint64"]
    if weight > highest:
        return "outranks"
    calls_out = "CALLOUT" in document["action"]["type"]
    return "ties" if calls_out and weight in callouts else None
