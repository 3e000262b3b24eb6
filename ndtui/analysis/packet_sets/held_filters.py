"""Held filters: filters from the documents that a backend holds, as far as they decide over packets."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from ndtui.model.compiled.documents import Document
from ndtui.model.compiled.ike_exemptions import ike_exemptions
from ndtui.model.compiled.objects import Condition, Filter, Slot, Value, Weight
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.layers import IKEEXT, stem_of
from ndtui.model.vocabulary.numbers import NUMBERS

_NUMBERS = ("uint8", "uint16", "uint32", "uint64")
_NOBODY = UUID(int=0)
_RAW_CONTEXTS: Mapping[int, str] = {
    NUMBERS[name]: name
    for name in (
        "FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY",
        "FWPM_CONTEXT_IPSEC_OUTBOUND_NEGOTIATE_DISCOVER",
    )
}


class HeldFilter(Filter):
    """A filter as a backend holds it: its name stands alone."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The display name."""
        return self.slot.label


def filters_by_layer(documents: Iterable[Document]) -> dict[str, list[Filter]]:
    """Return filters by layer, from documents in the form of ``analysis.documents``, with those that BFE adds."""
    by_layer: dict[str, list[Filter]] = {}
    for document in documents:
        by_layer.setdefault(document["layerKey"], []).append(_filter(document))
    if any(stem_of(layer) == IKEEXT for layer in by_layer):
        for each in ike_exemptions():
            by_layer.setdefault(each.layer, []).append(each)
    return by_layer


def _filter(document: Document) -> HeldFilter:
    action, weight = document["action"], document.get("weight", {"type": "FWP_EMPTY"})
    slot = Slot(
        _NOBODY,
        "",
        _NOBODY,
        document["layerKey"],
        document.get("subLayerKey", ""),
        "callout" if action.get("filterType") else "exemption",
        action["type"],
        action.get("filterType") or "",
        Weight(weight["type"], next((weight[name] for name in _NUMBERS if name in weight), None)),
        _RAW_CONTEXTS.get(document.get("rawContext", 0), ""),
        flags=tuple(document.get("flags", ())),
        label=document.get("displayData", {}).get("name") or document["filterKey"],
    )
    conditions = tuple(
        Condition(each["fieldKey"], each["matchType"], _value(each["conditionValue"]))
        for each in document.get("filterCondition", ())
    )
    return HeldFilter(slot, Origin(document.get("origin", "")), conditions)


def _value(value: Mapping[str, Any]) -> Value:
    """Return a value as an interval; what is no number keeps its text, so that it is equal to nothing else."""
    kind = value["type"]
    if kind == "FWP_RANGE_TYPE":
        low, high = _value(value["rangeValue"]["valueLow"]), _value(value["rangeValue"]["valueHigh"])
        return Value(kind, low.low, high.low, low.type)
    if kind == "FWP_V4_ADDR_MASK":
        address, mask = (int(ip_address(value["v4AddrMask"][name])) for name in ("addr", "mask"))
        return Value(kind, address & mask, address | (0xFFFFFFFF ^ mask))
    if kind == "FWP_V6_ADDR_MASK":
        address = int(ip_address(value["v6AddrMask"]["addr"]))
        hosts = (1 << (128 - value["v6AddrMask"]["prefixLength"])) - 1
        return Value(kind, address & ~hosts, address | hosts)
    if kind == "FWP_BYTE_ARRAY16_TYPE":
        number = int(ip_address(value["byteArray16"]))
        return Value(kind, number, number)
    for name in _NUMBERS:
        if name in value:
            number = value[name] if isinstance(value[name], int) else int(ip_address(value[name]))
            return Value(kind, number, number)
    return Value(kind, 0, 0, str(value.get("sd", value)))
