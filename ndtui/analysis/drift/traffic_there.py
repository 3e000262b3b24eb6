"""Traffic there: what a machine's copy of a design does with traffic, as a policy that the design is compared with.

Of the machine's filters only those that are the design's, or stand for them, or are left of ours; those that sleep
decide nothing. What other filters of the machine do is told by a trace.
"""

from typing import cast
from uuid import UUID

from ndtui.analysis.drift.held_there import Identity
from ndtui.analysis.drift.machine_drift import Drift
from ndtui.analysis.packet_sets.box import PACKET_FIELDS
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.compare import Meaning, Policy, compare_meaning
from ndtui.model.compiled.document_names import NULL_KEY, braces, display_name, is_filter
from ndtui.model.compiled.document_types import Document, FilterDocument, ObjectLists, SubLayerDocument
from ndtui.model.compiled.objects import BOOT_TIME, FilterSet
from ndtui.model.design.access_list import IDENTITY_FIELDS, entries_of
from ndtui.model.vocabulary import short_name

_MATCHES = ("FWP_MATCH_EQUAL", "FWP_MATCH_RANGE")


class NotReadableError(Exception):
    """A filter of the machine asks for what no packet shows, so that what it does with traffic is not known."""


def policy_there(found: Drift) -> Policy:
    """Return what a machine has of a design, as a policy.

    Raises:
        NotReadableError: says which filter asks for what.
    """
    made_by = {each.there["filterKey"]: each.ours for each in found.objects if each.there and is_filter(each.there)}
    filters = [
        _read(each, made_by.get(each["filterKey"]))
        for each in found.held.objects.values()
        if is_filter(each) and "FWPM_FILTER_FLAG_DISABLED" not in each["flags"] and BOOT_TIME not in each["flags"]
    ]
    lists = {"subLayers": [*_sublayers(found).values()], "providerContexts": [], "filters": filters}
    return Policy.of_documents(found.held.policy or ("what is there" if filters else ""), cast("ObjectLists", lists))


def compare_traffic(filterset: FilterSet, found: Drift) -> tuple[Meaning, str]:
    """Return the traffic that the machine's copy treats otherwise than the design; or why that is not known."""
    if not any(each.state != "there" for each in found.objects) and not found.left:
        return Meaning((), ()), ""
    try:
        there = policy_there(found)
    except NotReadableError as error:
        return Meaning((), ()), str(error)
    ours = Policy.of(filterset)
    return compare_meaning(ours, there, Effort.for_filters(ours.sets.count + there.sets.count)), ""


def _sublayers(found: Drift) -> dict[Identity, SubLayerDocument]:
    """Return the sublayers there; where the file lists none, those of the design."""
    ours = [each.ours for each in found.objects if each.kind == "subLayer"]
    documents = {key: each for key, each in found.held.objects.items() if key[0] == "subLayer"}
    documents = documents or {("subLayer", str(each.get("subLayerKey"))): each for each in ours}
    return cast("dict[Identity, SubLayerDocument]", documents)


def _read(document: FilterDocument, ours: Document | None) -> FilterDocument:
    """Return a filter as sets of packets are made of it: with the element of the design that it stands for."""
    name = display_name(document) or document["filterKey"]
    for condition in document["filterCondition"]:
        if not _is_readable(condition["fieldKey"], condition["matchType"], condition["conditionValue"]):
            raise NotReadableError(f"{name} asks for {short_name(condition['fieldKey'])}")
    read: FilterDocument = {**document, "filterKey": _key(document["filterKey"]), "providerKey": None}
    if "providerContextKey" in read:
        read["providerContextKey"] = NULL_KEY  # which it is does not matter to traffic
    if ours is not None and "origin" in ours:
        read["origin"] = ours["origin"]
    return read


def _key(text: str) -> str:
    try:
        return braces(UUID(text))
    except ValueError:
        raise NotReadableError(f"{text} is no key of a filter") from None


def _is_readable(field: str, match: str, value: object) -> bool:
    if field not in PACKET_FIELDS or match not in _MATCHES or not isinstance(value, dict) or not value["type"]:
        return False
    if field in IDENTITY_FIELDS:
        try:
            entries_of(str(value.get("sd", "")))
        except ValueError:
            return False
    return True
