"""What is wrong with an object from outside: a saved plan or a plug-in may hold anything."""

from collections.abc import Mapping
from types import NoneType

from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Kind

#: What whoever shows or orders objects looks at, where it is there: names of other objects and of layers, and parts.
_PARTS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("layerKey", "subLayerKey", "providerKey", "providerContextKey"), (str, NoneType)),
    "weight": (dict, int, NoneType),
    "filterCondition": (list, NoneType),
    "action": (dict, NoneType),
}


def flaw_of(kind: Kind, key: str, members: Mapping[str, object]) -> str:
    """Return what of an object cannot be shown, in words; empty for nothing. Engines check the rest."""
    display = members.get("displayData")
    if members.get(KEY_MEMBERS[kind]) != key:
        return f"its {KEY_MEMBERS[kind]} is not {key}"
    if not (isinstance(display, dict) and isinstance(display.get("name"), str)):
        return "it has no display name"
    if kind == "filter" and not isinstance(members.get("layerKey"), str):
        return "it has no layerKey"
    flags = members.get("flags", [])
    if not (isinstance(flags, list) and all(isinstance(flag, str) for flag in flags)):
        return "its flags are no list of texts"
    wrong = (member for member, kinds in _PARTS.items() if not isinstance(members.get(member), kinds))
    return next((f"its {member} is of another kind" for member in wrong), "")
