"""What a single object may be, whatever it refers to.

Source: FWPM_FILTER0 and its like in the Windows SDK's documentation; the codes are those of
https://learn.microsoft.com/windows/win32/fwp/wfp-error-codes
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from ndtui.backends.bfe.rules.condition_rules import CheckedConditions
from ndtui.backends.contract.changes import KIND_NAMES
from ndtui.backends.contract.engine import EngineError
from ndtui.common.text import brief, in_quotes
from ndtui.model.compiled.document_names import NULL_KEY, display_name, key_of, layer_of
from ndtui.model.compiled.document_types import (
    ConditionDocument,
    Document,
    FilterDocument,
    Kind,
    SubLayerDocument,
    WeightDocument,
)
from ndtui.model.compiled.filter_values import HAS_CONTEXT
from ndtui.model.compiled.objects import BOOT_TIME, EMPTY, Weight
from ndtui.model.compiled.weights import weigh
from ndtui.model.vocabulary import GUIDS, short_name
from ndtui.model.vocabulary.callouts import CALLOUTS
from ndtui.model.vocabulary.guids import LAYERS
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, stem_of
from ndtui.model.vocabulary.numbers import ENUMERATIONS

PERSISTENT: Mapping[Kind, str] = {
    "provider": "FWPM_PROVIDER_FLAG_PERSISTENT",
    "subLayer": "FWPM_SUBLAYER_FLAG_PERSISTENT",
    "providerContext": "FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT",
    "filter": "FWPM_FILTER_FLAG_PERSISTENT",
}
NULL_KEYS = (None, "", NULL_KEY)
#: Layers that are evaluated in user mode: without callouts, not before BFE starts, and always with a provider context.
_USER_MODE = {layer for layer in LAYERS if stem_of(layer) in (IKEEXT, IPSEC)}

#: What no text of an object has, but for tabs and ends of lines in a description.
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LAYOUT = dict.fromkeys(map(ord, "\t\n\r"), " ")
_GUID = re.compile(r"\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}")

_UNREGISTERED = "FWPM_FILTER_FLAG_PERMIT_IF_CALLOUT_UNREGISTERED"
#: Flags a caller may set; INDEXED is BFE's own and ignored.
_FILTER_FLAGS = set(ENUMERATIONS["FWPM_FILTER_FLAG"]) - {"FWPM_FILTER_FLAG_DISABLED"}
_CALLOUT_ACTIONS = ("FWP_ACTION_CALLOUT_TERMINATING", "FWP_ACTION_CALLOUT_INSPECTION", "FWP_ACTION_CALLOUT_UNKNOWN")
_ACTIONS = ("FWP_ACTION_PERMIT", "FWP_ACTION_BLOCK", *_CALLOUT_ACTIONS)
_WEIGHTS = {"FWP_UINT8": ("uint8", 0xF), "FWP_UINT64": ("uint64", (1 << 64) - 1)}
_EMPTY: WeightDocument = {"type": "FWP_EMPTY"}


class FilterFacts(NamedTuple):
    """What follows from a filter's document: the key of its provider context, empty for none, and its weight.

    ``conditions`` are its own with known fields by name.
    """

    context: str
    effective_weight: int
    conditions: list[ConditionDocument]


def named(kind: Kind, document: Document) -> str:
    """Return an object's kind, name and layer, for an error."""
    name = display_name(document) or key_of(kind, document) or "without a name"
    layer = layer_of(document) if kind == "filter" else ""
    at = f" at {short_name(str(layer))}" if layer else ""
    return f"the {KIND_NAMES[kind]} {in_quotes(name)}{at}"


def check_display_data(kind: Kind, document: Document) -> None:
    """Refuse an object without a display name, and texts that are none: control characters, halves of characters."""
    name = display_name(document)
    if not name:
        raise EngineError(
            "FWP_E_NULL_DISPLAY_NAME", f"{named(kind, document)} has no display name", remedy="give it one"
        )
    description = document["displayData"].get("description") or ""
    if name.isprintable() and description.isprintable():
        return
    if _NO_TEXT.search(name) or _NO_TEXT.search(description.translate(_LAYOUT)):
        raise EngineError(
            "FWP_E_INVALID_PARAMETER",
            f"{named(kind, document)} has a control character in its name or description",
            remedy="leave it out",
        )


def check_key(kind: Kind, key: str, document: Document) -> None:
    """Refuse an object whose own key, as documents have it, is no GUID."""
    if not _GUID.fullmatch(key) and key not in GUIDS:
        raise EngineError(
            "FWP_E_INVALID_PARAMETER",
            f"the key of {named(kind, document)} is {brief(key)}",
            remedy="write a GUID in braces",
        )


def check_flags(kind: Kind, document: Document) -> None:
    """Refuse flags that an object of another kind than a filter does not have."""
    for flag in document.get("flags", ()):
        if flag != PERSISTENT[kind]:
            raise EngineError(
                "FWP_E_INVALID_FLAGS", f"{named(kind, document)} cannot have {flag}", remedy="leave it out"
            )


def check_sublayer(document: SubLayerDocument) -> None:
    """Refuse a sublayer's weight beyond sixteen bits."""
    weight = document.get("weight", 0)
    if not isinstance(weight, int) or not 0 <= weight <= 0xFFFF:
        raise EngineError(
            "FWP_E_OUT_OF_BOUNDS", f"{named('subLayer', document)} has the weight {weight}", remedy="use 0 to 65535"
        )


def check_filter(document: FilterDocument, known: CheckedConditions) -> FilterFacts:
    """Refuse a filter that is wrong in itself, and return what follows from it. The document is canonical.

    ``known`` are conditions that were checked before.

    Raises:
        EngineError: BFE refuses it.
    """
    layer = str(document["layerKey"])
    if layer not in LAYERS:
        raise EngineError("FWP_E_LAYER_NOT_FOUND", f"{named('filter', document)}: there is no layer {layer}")
    flags = document.get("flags", ())
    action = document.get("action")
    kind = action.get("type") if action else None
    if flags:
        _check_filter_flags(document, layer, kind)
    _check_action(document, layer, kind)
    if HAS_CONTEXT in flags:
        context = document["providerContextKey"] or ""
    else:
        context = _check_raw_context(document, layer, kind)
    return FilterFacts(context, *check_conditions(document, layer, weight_of(document), known))


def check_conditions(
    document: FilterDocument, layer: str, weight: Weight, known: CheckedConditions
) -> tuple[int, list[ConditionDocument]]:
    """Refuse the conditions of a filter that are wrong, and return its effective weight, and them in canonical form.

    Raises:
        EngineError: BFE refuses one.
    """
    conditions = document["filterCondition"]
    if not conditions:
        return weigh(layer, weight, ()).value, conditions
    checked = known.at(layer, conditions, lambda: named("filter", document))
    return weigh(layer, weight, checked.conditions).value, checked.documents


def _check_filter_flags(document: FilterDocument, layer: str, action: str | None) -> None:
    flags = document["flags"]
    wrong = [flag for flag in flags if flag not in _FILTER_FLAGS]
    if BOOT_TIME in flags and PERSISTENT["filter"] in flags:
        wrong.append(BOOT_TIME)
    if _UNREGISTERED in flags and action not in ("FWP_ACTION_CALLOUT_TERMINATING", "FWP_ACTION_CALLOUT_UNKNOWN"):
        wrong.append(_UNREGISTERED)
    if wrong:
        raise EngineError(
            "FWP_E_INVALID_FLAGS", f"{named('filter', document)} cannot have {wrong[0]}", remedy="leave it out"
        )
    if BOOT_TIME in flags and layer in _USER_MODE:
        raise EngineError(
            "FWP_E_INCOMPATIBLE_LAYER", f"{named('filter', document)}: nothing is filtered there before BFE starts"
        )


def _check_action(document: FilterDocument, layer: str, action: str | None) -> None:
    if action == "FWP_ACTION_PERMIT":
        return
    if action not in _ACTIONS:
        raise EngineError(
            "FWP_E_INVALID_ACTION_TYPE",
            f"{named('filter', document)} has the action {action}",
            remedy=f"choose {', '.join(_ACTIONS)}",
        )
    if action not in _CALLOUT_ACTIONS:
        return
    callout = str(document["action"].get("filterType"))
    if layer in _USER_MODE:
        raise EngineError("FWP_E_ACTION_INCOMPATIBLE_WITH_LAYER", f"{named('filter', document)}: there are no callouts")
    if callout not in CALLOUTS:
        raise EngineError("FWP_E_CALLOUT_NOT_FOUND", f"{named('filter', document)}: there is no callout {callout}")
    if CALLOUTS[callout].layer != layer:
        raise EngineError(
            "FWP_E_INCOMPATIBLE_LAYER",
            f"{named('filter', document)}: {callout} belongs to {CALLOUTS[callout].layer}",
            remedy="choose a callout of the layer",
        )
    if HAS_CONTEXT in document.get("flags", ()) and not CALLOUTS[callout].uses_provider_context:
        raise EngineError(
            "FWP_E_CONTEXT_INCOMPATIBLE_WITH_CALLOUT",
            f"{named('filter', document)}: {callout} takes a raw context, no provider context",
        )


def _check_raw_context(document: FilterDocument, layer: str, action: str | None) -> str:
    """Refuse a policy filter without a provider context; there is none, so return no key."""
    if action == "FWP_ACTION_PERMIT" and layer in _USER_MODE:
        raise EngineError(
            "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER",
            f"{named('filter', document)} permits without a policy",
            remedy=f"set {HAS_CONTEXT} and a provider context",
        )
    raw = document.get("rawContext") or 0
    if isinstance(raw, int) and not 0 <= raw < 1 << 64:
        raise EngineError("FWP_E_OUT_OF_BOUNDS", f"{named('filter', document)} has the raw context {raw}")
    return ""


def weight_of(document: FilterDocument) -> Weight:
    """Return the weight that a filter is submitted with.

    Raises:
        EngineError: it is none.
    """
    weight = document.get("weight") or _EMPTY
    kind = weight.get("type")
    members: Mapping[str, object] = weight
    if kind == "FWP_EMPTY":
        return EMPTY
    if kind in _WEIGHTS:
        member, most = _WEIGHTS[kind]
        value = members.get(member)
        if isinstance(value, int) and 0 <= value <= most:
            return Weight(kind, value)
    raise EngineError(
        "FWP_E_INVALID_WEIGHT",
        f"{named('filter', document)} has the weight {weight}",
        remedy="use FWP_EMPTY, FWP_UINT8 from 0 to 15, or FWP_UINT64",
    )
