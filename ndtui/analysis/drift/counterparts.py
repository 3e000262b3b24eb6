"""Counterparts: which object of a machine stands for which of a design.

By key first. What is left is matched by what it says, whatever its key and its name are; then by its name; and where
another program has applied it by what it calls, where just one on each side does: so what was changed is told from what
is missing.
"""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from typing import Any

from ndtui.analysis.drift.held_there import HeldThere, Identity, Objects
from ndtui.analysis.drift.untold import UNTOLD
from ndtui.model.compiled.document_names import KEY_MEMBERS, display_name, is_filter, layer_of
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import file_part

#: What the engine assigns, and what only says where an object comes from.
_ASSIGNED = ("filterId", "effectiveWeight", "providerContextId", "origin")
#: Flags that the engine sets by itself. Sources: FWPM_FILTER0, FWPM_PROVIDER0.
ASSIGNED_FLAGS = ("FWPM_FILTER_FLAG_INDEXED", "FWPM_FILTER_FLAG_DISABLED", "FWPM_PROVIDER_FLAG_DISABLED")
_REFERENCES = ("subLayerKey", "providerContextKey")
#: Filters last: they refer to the others.
_ORDER: tuple[Kind, ...] = ("subLayer", "providerContext", "filter")

#: The keys that the design has for objects of a machine that have other ones.
Renamed = Mapping[str, str]
#: What two objects have in common that stand for each other; None for an object that it finds no other for.
Likeness = Callable[[Document], Hashable]


def counterparts(design: Objects, held: HeldThere) -> dict[Identity, Identity]:
    """Return the object of a machine that stands for each of a design; those that have none are left out."""
    there = held.objects
    found = {identity: identity for identity in design if identity in there}
    for kind in _ORDER:
        renamed = renamed_by(found)
        for ours_like, theirs_like in (
            (partial(_sense, kind, {}), partial(_sense, kind, renamed)),
            (_named, _named),
            *(() if held.ours else ((_calling, _calling),)),
        ):
            taken = set(found.values())
            ours = {each: document for each, document in design.items() if each[0] == kind and each not in found}
            theirs = {each: document for each, document in there.items() if each[0] == kind and each not in taken}
            if ours and theirs:
                found.update(_alike(_grouped(ours, ours_like), _grouped(theirs, theirs_like), theirs_like))
    return found


def renamed_by(pairs: Mapping[Identity, Identity]) -> Renamed:
    """Return the design's keys for those that a machine has in their place."""
    return {there[1]: ours[1] for ours, there in pairs.items() if ours != there}


def _grouped(objects: Objects, likeness: Likeness) -> dict[Hashable, list[Identity]]:
    groups: dict[Hashable, list[Identity]] = {}
    for identity, document in objects.items():
        groups.setdefault(likeness(document), []).append(identity)
    groups.pop(None, None)
    return groups


def _alike(
    ours: Mapping[Hashable, list[Identity]], theirs: Mapping[Hashable, list[Identity]], likeness: Likeness
) -> Iterator[tuple[Identity, Identity]]:
    """Yield objects that are alike, in the order in which they stand; by what they call only the one that there is."""
    for said, several in ours.items():
        others = theirs.get(said, [])
        if likeness is not _calling or len(several) == len(others) == 1:
            yield from zip(several, others, strict=False)


def _named(document: Document) -> Hashable:
    name = display_name(document)
    return (layer_of(document), document.get("type"), name) if name else None


def _calling(document: Document) -> Hashable:
    """Return what an object is by what it is for, where that tells it from others: exemptions are told by nothing."""
    if not is_filter(document):
        return (str(document.get("type") or "sublayer"),)
    callout, context = document["action"].get("filterType"), "providerContextKey" in document
    return (document["layerKey"], callout, context) if callout or context else None


def _sense(kind: Kind, renamed: Renamed, document: Document) -> str:
    """Return what an object says, in one text: without what no file tells as a design does."""
    return json.dumps(_told(plain(kind, document, renamed, other_key=True)), sort_keys=True)


def plain(kind: Kind, document: Document, renamed: Renamed, *, other_key: bool) -> dict[str, Any]:
    """Return what is compared of an object: with the design's keys where it refers to others, and no member in vain.

    ``other_key``: nothing that only says which object it is, and what it is called.
    """
    members: dict[str, Any] = {
        name: value for name, value in document.items() if name not in _ASSIGNED and value not in (None, "")
    }
    if other_key:
        for name in (KEY_MEMBERS[kind], "providerKey", "displayData"):
            members.pop(name, None)
    for name in _REFERENCES:
        if name in members and name != KEY_MEMBERS[kind]:
            members[name] = renamed.get(members[name], members[name])
    members["flags"] = sorted(flag for flag in document.get("flags", ()) if flag not in ASSIGNED_FLAGS)
    if is_filter(document):
        members["action"] = {name: value for name, value in document["action"].items() if value}
        members["filterCondition"] = sorted(document["filterCondition"], key=_place)
    return members


def _place(condition: Any) -> tuple[str, ...]:
    """Return where a condition stands among those of its filter: their order says nothing."""
    said = "" if condition["fieldKey"] == PROGRAM else str(condition["conditionValue"])
    return condition["fieldKey"], condition["matchType"], said


def _told(value: Any) -> Any:
    if isinstance(value, list):
        return [_told(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("fieldKey") == PROGRAM:
        path = str(value["conditionValue"].get("byteBlob", {}).get("asString", ""))
        return {"program": file_part(path), "matchType": value["matchType"]}
    return {name: "" if name in UNTOLD else _told(each) for name, each in value.items()}
