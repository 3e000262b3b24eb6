"""What objects in documents are called: their keys, names and layers, and which kind of object a document is.

``document_types`` has the shapes, ``documents`` how the model's objects become documents.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeGuard
from uuid import UUID

from ndtui.model.compiled.document_types import Document, FilterDocument, Kind, SubLayerDocument
from ndtui.model.vocabulary import GUIDS

#: The member of a document that holds an object's own key.
KEY_MEMBERS: Mapping[Kind, str] = {
    "provider": "providerKey",
    "subLayer": "subLayerKey",
    "providerContext": "providerContextKey",
    "filter": "filterKey",
}


def braces(key: object) -> str:
    """Return a GUID as Windows prints one it has no name for."""
    return f"{{{key}}}"


#: What stands where there is no key.
NULL_KEY = braces(UUID(int=0))


@cache
def _names() -> Mapping[str, str]:
    return {braces(guid): name for name, guid in GUIDS.items()}


def known_key(key: object) -> str:
    """Return a key as documents have it: a known GUID by its SDK name, another in lower case and braces."""
    text = str(key)
    if text[:1] != "{":
        return text
    text = text.lower()
    return _names().get(text, text)


def key_of(kind: Kind, document: Document) -> str:
    """Return an object's own key, empty where it has none yet."""
    members: Mapping[str, object] = document
    return str(members.get(KEY_MEMBERS[kind]) or "")


def display_name(document: Document) -> str:
    """Return an object's display name, empty where it has none."""
    display = document.get("displayData")
    return display.get("name") or "" if display else ""


def is_filter(document: Document) -> TypeGuard[FilterDocument]:
    """Whether an object is a filter: no other kind of object is at a layer."""
    return "layerKey" in document


def is_sublayer(document: Document) -> TypeGuard[SubLayerDocument]:
    """Whether an object is a sublayer: a filter names one too, but has a layer."""
    return "subLayerKey" in document and "layerKey" not in document


def layer_of(document: Document) -> str:
    """Return the layer of a filter, empty for other objects."""
    return document["layerKey"] if is_filter(document) else ""


def sublayer_weights(documents: Iterable[Document]) -> dict[str, int]:
    """Return the weights of the sublayers among documents, by key."""
    return {each["subLayerKey"]: each["weight"] for each in documents if is_sublayer(each)}
