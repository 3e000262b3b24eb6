"""Documents in the one form the engine keeps: nothing left out, and known GUIDs by their names."""

from functools import lru_cache
from typing import cast
from uuid import uuid4

from ndtui.backends.bfe.rules.object_rules import NULL_KEYS
from ndtui.backends.contract.engine import ASSIGNED
from ndtui.model.compiled.document_names import KEY_MEMBERS, braces, known_key
from ndtui.model.compiled.document_types import Document, FilterDocument, Kind
from ndtui.model.compiled.filter_values import HAS_CONTEXT
from ndtui.model.vocabulary.sublayers import UNIVERSAL


def canonical(kind: Kind, document: Document) -> Document:
    """Return a document with every member a caller may leave out, and without those the engine assigns.

    An object without a key is given a new one.
    """
    found: dict[str, object] = {"flags": [], **document}
    for member in ASSIGNED:
        found.pop(member, None)
    found[KEY_MEMBERS[kind]] = own_key(found.get(KEY_MEMBERS[kind]))
    if kind == "provider":
        return cast("Document", found)
    if "providerKey" in found:
        found["providerKey"] = _reference(found["providerKey"])
    if kind == "filter":
        _complete_filter(cast("FilterDocument", found))
    return cast("Document", found)


def own_key(key: object) -> str:
    """Return the key of an object as documents have it; a new one for none."""
    return braces(uuid4()) if key in NULL_KEYS else known_key(key)


def _complete_filter(found: FilterDocument) -> None:
    found["layerKey"] = known_key(found.get("layerKey"))
    found["subLayerKey"] = _reference(found.get("subLayerKey")) or UNIVERSAL
    found.setdefault("weight", {"type": "FWP_EMPTY"})
    action = found.get("action")
    if action and str(action.get("filterType"))[:1] == "{":
        found["action"] = {**action, "filterType": known_key(action["filterType"])}
    found["filterCondition"] = found.get("filterCondition") or []  # its fields: ``condition_rules``
    if HAS_CONTEXT in found["flags"]:  # the two share a union in FWPM_FILTER0: the flag says which counts
        found.pop("rawContext", None)
        found["providerContextKey"] = _reference(found.get("providerContextKey"))
    else:
        found.pop("providerContextKey", None)
        found["rawContext"] = found.get("rawContext") or 0


@lru_cache(maxsize=4096)  # many filters refer to few objects
def _reference(key: object) -> str | None:
    """Return the key of another object as documents have it, ``None`` for none."""
    return None if key in NULL_KEYS else known_key(key)
