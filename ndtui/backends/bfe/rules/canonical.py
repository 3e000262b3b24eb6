"""Documents in the one form the engine keeps: nothing left out, and known GUIDs by their names."""

from collections.abc import Mapping
from functools import cache

from ndtui.backends.bfe.rules.object_rules import HAS_CONTEXT, NULL_KEYS
from ndtui.backends.contract.changes import Kind
from ndtui.backends.contract.engine import ASSIGNED
from ndtui.model.compiled.documents import Document
from ndtui.model.vocabulary import GUIDS
from ndtui.model.vocabulary.sublayers import UNIVERSAL


@cache
def _names() -> Mapping[str, str]:
    return {f"{{{guid}}}": name for name, guid in GUIDS.items()}


def key_of(key: object) -> str:
    """Return a key as documents have it: a known one by its SDK name, another as a GUID in lower case and braces."""
    text = str(key)
    if text[:1] != "{":
        return text
    text = text.lower()
    return _names().get(text, text)


def canonical(kind: Kind, document: Document) -> Document:
    """Return a document with every member a caller may leave out, and without those the engine assigns."""
    found = {"flags": [], **document}
    for member in ASSIGNED:
        found.pop(member, None)
    if kind == "provider":
        return found
    if "providerKey" in found:
        provider = found["providerKey"]
        found["providerKey"] = None if provider in NULL_KEYS else key_of(provider)
    if kind == "filter":
        _complete_filter(found)
    return found


def _complete_filter(found: Document) -> None:
    found["layerKey"] = key_of(found.get("layerKey"))
    sublayer = found.get("subLayerKey")
    found["subLayerKey"] = UNIVERSAL if sublayer in NULL_KEYS else key_of(sublayer)
    found.setdefault("weight", {"type": "FWP_EMPTY"})
    action = found.get("action") or {"type": None}
    if str(action.get("filterType"))[:1] == "{":
        action = {**action, "filterType": key_of(action["filterType"])}
    found["action"] = action
    conditions = found.get("filterCondition") or []
    if any(str(each.get("fieldKey"))[:1] == "{" for each in conditions):
        conditions = [{**each, "fieldKey": key_of(each.get("fieldKey"))} for each in conditions]
    found["filterCondition"] = conditions
    if HAS_CONTEXT in found["flags"]:  # the two share a union in FWPM_FILTER0: the flag says which counts
        found.pop("rawContext", None)
        context = found.get("providerContextKey")
        found["providerContextKey"] = None if context in NULL_KEYS else key_of(context)
    else:
        found.pop("providerContextKey", None)
        found["rawContext"] = found.get("rawContext") or 0
