"""Objects as documents: the JSON that mirrors ``netsh wfp show filters`` and ``show state``.

Element names and constant spellings are Windows' own; ``origin``, the design element that made the object, stands
beside them. Known GUIDs appear by name, own ones in braces. Numbers are JSON numbers, up to 64 bits.
``document_types`` has the shapes.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from ndtui.common.counted import counted
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.document_types import (
    ActionDocument,
    ConditionDocument,
    DisplayData,
    FilterDocument,
    ObjectLists,
    ProviderDocument,
    SubLayerDocument,
    ValueDocument,
    WeightDocument,
)
from ndtui.model.compiled.objects import (
    Condition,
    Filter,
    FilterSet,
    Provider,
    Slot,
    SubLayer,
    Value,
    Weight,
)
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.addresses import format_address
from ndtui.model.vocabulary.layers import Family

#: The member of a value that holds a number, by its type.
NUMBER_MEMBERS = {"FWP_UINT8": "uint8", "FWP_UINT16": "uint16", "FWP_UINT32": "uint32", "FWP_UINT64": "uint64"}
_ADDRESS_MEMBERS: dict[str, tuple[str, Family]] = {
    "FWP_UINT32": ("uint32", "V4"),
    "FWP_BYTE_ARRAY16_TYPE": ("byteArray16", "V6"),
}


def filter_document(each: Filter) -> FilterDocument:
    """Return a filter as ``netsh wfp show filters`` lists it, with its modelled effective weight."""
    return next(filter_documents((each,)))


def filter_documents(filters: Sequence[Filter]) -> Iterator[FilterDocument]:
    """Return the document of each filter, as ``filter_document`` has it.

    What filters share, the action of a layer or the conditions of an exemption, their documents share too, which takes
    half the memory. So what stands in a document is not to be changed.
    """
    slots: dict[int, _OfSlot] = {}
    conditions: dict[int, list[ConditionDocument]] = {}
    displays: dict[tuple[str, str, str, str], dict[Origin, DisplayData]] = {}
    weights: dict[int, ValueDocument] = {}
    for each in counted(filters):
        slot, origin = each.slot, each.origin
        shared = slots.get(id(slot))
        if shared is None:
            alike = displays.setdefault((slot.policy, slot.role, slot.label, slot.part), {})
            shared = slots[id(slot)] = _of_slot(slot, alike)
        if origin not in shared.displays:
            shared.displays[origin] = {"name": each.name, "description": describe(each)}
        if id(each.conditions) not in conditions:
            conditions[id(each.conditions)] = [condition_document(c) for c in each.conditions]
        weight = effective_weight(each).value
        if weight not in weights:
            weights[weight] = {"type": "FWP_UINT64", "uint64": weight}
        document: FilterDocument = {
            "filterKey": braces(each.key_text),
            "displayData": shared.displays[origin],
            "flags": shared.flags,
            "providerKey": shared.provider,
            "layerKey": slot.layer,
            "subLayerKey": slot.sublayer,
            "weight": shared.weight,
            "filterCondition": conditions[id(each.conditions)],
            "action": shared.action,
            "effectiveWeight": weights[weight],
            "origin": str(origin),
        }
        if shared.context is None:
            document["rawContext"] = slot.raw_context
        else:
            document["providerContextKey"] = shared.context
        yield document


class _OfSlot(NamedTuple):
    """What the documents of all filters of a slot have in common; ``displays`` are theirs by origin."""

    flags: list[str]
    provider: str
    weight: WeightDocument
    action: ActionDocument
    context: str | None
    displays: dict[Origin, DisplayData]


def _of_slot(slot: Slot, displays: dict[Origin, DisplayData]) -> _OfSlot:
    return _OfSlot(
        list(slot.flags),
        braces(slot.provider),
        weight_document(slot.weight),
        {"type": slot.action, "filterType": slot.callout or None},
        None if slot.context is None else braces(slot.context),
        displays,
    )


def weight_document(weight: Weight) -> WeightDocument:
    """Return the weight that a filter is submitted with."""
    if weight.value is None:
        return {"type": weight.type}
    if weight.type == "FWP_UINT8":
        return {"type": weight.type, "uint8": weight.value}
    return {"type": weight.type, "uint64": weight.value}


def describe(each: Filter) -> str:
    """Return the description a filter carries: what it does, for whoever finds it on a machine."""
    if each.slot.is_before_bfe:
        blocks = each.slot.role == "block"
        return "Blocks unicast traffic until BFE is up" if blocks else "Traffic let through until BFE is up"
    if each.slot.role == "exemption":
        return "Traffic left out of IPsec"
    if each.slot.role == "policy":
        return "Policy that IPsec negotiates with"
    if each.slot.role == "block":
        return "Blocks whoever may not connect"
    return "Hands unicast traffic to IPsec"


@lru_cache(maxsize=8192)
def condition_document(condition: Condition) -> ConditionDocument:
    """Return a condition as netsh prints it. Filters share it, so it is not to be changed."""
    return {
        "fieldKey": condition.field,
        "matchType": condition.match,
        "conditionValue": value_document(condition.value, address=condition.field.endswith("_ADDRESS")),
    }


def value_document(value: Value, *, address: bool = True) -> ValueDocument:
    """Return a value under the name of its union member, addresses as text.

    ``address`` says that a number of 32 bits is an IPv4 address.
    """
    if value.type == "FWP_RANGE_TYPE":
        low, high = (_single(value.element, number, address=address) for number in (value.low, value.high))
        return {"type": value.type, "rangeValue": {"valueLow": low, "valueHigh": high}}
    if value.type == "FWP_V4_ADDR_MASK":
        mask = format_address("V4", 0xFFFFFFFF ^ (value.high - value.low))
        return {"type": value.type, "v4AddrMask": {"addr": format_address("V4", value.low), "mask": mask}}
    if value.type == "FWP_V6_ADDR_MASK":
        prefix = 128 - (value.high - value.low).bit_length()
        return {"type": value.type, "v6AddrMask": {"addr": format_address("V6", value.low), "prefixLength": prefix}}
    if value.type == "FWP_SECURITY_DESCRIPTOR_TYPE":
        return {"type": value.type, "sd": value.element}
    if value.type == "FWP_BYTE_BLOB_TYPE":
        return {"type": value.type, "byteBlob": {"asString": value.element}}
    return _single(value.type, value.low, address=address)


def _single(data_type: str, number: int, *, address: bool) -> ValueDocument:
    if data_type in _ADDRESS_MEMBERS and (address or data_type != "FWP_UINT32"):
        member, family = _ADDRESS_MEMBERS[data_type]
        return cast("ValueDocument", {"type": data_type, member: format_address(family, number)})
    return cast("ValueDocument", {"type": data_type, NUMBER_MEMBERS[data_type]: number})


def provider_document(provider: Provider) -> ProviderDocument:
    """Return the provider as ``netsh wfp show state`` lists it."""
    return {
        "providerKey": braces(provider.key),
        "displayData": {"name": provider.name, "description": provider.description},
        "flags": list(provider.flags),
    }


def sublayer_document(sublayer: SubLayer) -> SubLayerDocument:
    """Return a sublayer of our own as ``netsh wfp show state`` lists it."""
    return {
        "subLayerKey": braces(sublayer.key),
        "displayData": {"name": sublayer.name, "description": "Sublayer of an IPsec policy designed with ndtui"},
        "flags": list(sublayer.flags),
        "providerKey": braces(sublayer.provider),
        "weight": sublayer.weight,
        "origin": str(sublayer.origin),
    }


def object_lists(filterset: FilterSet) -> ObjectLists:
    """Return all objects of a filter set, as the lists a bundle and a backend's status have."""
    return {
        "provider": provider_document(filterset.provider),
        "subLayers": [sublayer_document(s) for s in filterset.sublayers],
        "providerContexts": [context_document(c) for c in filterset.contexts],
        "filters": list(filter_documents(filterset.filters)),
    }
