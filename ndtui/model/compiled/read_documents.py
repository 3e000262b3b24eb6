"""Documents read back: filters, conditions and values as objects, the inverse of ``documents``.

A document that is read here is one that an engine holds, and so has everything that its kind of object needs.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from uuid import UUID

from ndtui.model.compiled.conditions import program_value
from ndtui.model.compiled.document_names import display_name
from ndtui.model.compiled.document_types import (
    BlobDocument,
    ConditionDocument,
    FilterDocument,
    ValueDocument,
    WeightDocument,
)
from ndtui.model.compiled.documents import NUMBER_MEMBERS
from ndtui.model.compiled.filter_values import BLOCK
from ndtui.model.compiled.objects import EMPTY, Condition, Filter, Role, Slot, Value, Weight
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.numbers import NUMBERS

_NO_PROVIDER = UUID(int=0)
#: Raw contexts by number. A number stands for other constants at other callouts; these are of the IPsec callouts.
_RAW_CONTEXTS: Mapping[int, str] = {
    NUMBERS[name]: name
    for name in (
        "FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY",
        "FWPM_CONTEXT_IPSEC_OUTBOUND_NEGOTIATE_DISCOVER",
        "FWPM_CONTEXT_ALE_SET_CONNECTION_REQUIRE_IPSEC_ENCRYPTION",
    )
}


class HeldFilter(Filter):
    """A filter as a backend holds it, made of its document by ``filter_of``.

    It is a class of its own because its key and its name are those that were read, where those of a compiled filter
    are derived from its design. It has a slot for itself, which holds the key in ``namespace`` and the name in
    ``label``.
    """

    __slots__ = ()

    @property
    def key_text(self) -> str:
        """The filterKey."""
        return str(self.slot.namespace)

    @property
    def name(self) -> str:
        """The display name."""
        return self.slot.label


def filter_of(document: FilterDocument) -> HeldFilter:
    """Return a filter from its document."""
    action, provider, context = document["action"], document.get("providerKey"), document.get("providerContextKey")
    callout = action.get("filterType") or ""
    blocks = action["type"] == BLOCK
    role: Role = "policy" if context else "callout" if callout else "block" if blocks else "exemption"
    slot = Slot(
        UUID(document["filterKey"]),
        "",
        UUID(provider) if provider else _NO_PROVIDER,
        document["layerKey"],
        document["subLayerKey"],
        role,
        action["type"],
        callout,
        weight_of(document["weight"]),
        _RAW_CONTEXTS.get(document.get("rawContext", 0), ""),
        UUID(context) if context else None,
        tuple(document["flags"]),
        display_name(document) or document["filterKey"],
    )
    return HeldFilter(
        slot, Origin.parse(document.get("origin", "")), tuple(map(condition_of, document["filterCondition"]))
    )


def weight_of(document: WeightDocument) -> Weight:
    """Return the weight that a filter was submitted with."""
    if document["type"] == EMPTY.type:
        return EMPTY
    return Weight(document["type"], document["uint8"] if document["type"] == "FWP_UINT8" else document["uint64"])


def condition_of(document: ConditionDocument) -> Condition:
    """Return a condition from its document."""
    return Condition(document["fieldKey"], document["matchType"], value_of(document["conditionValue"]))


def value_of(document: ValueDocument) -> Value:
    """Return a value as an interval; what is no number keeps its text, so that it is equal to nothing else.

    A blob is taken to name a program.
    """
    data_type = document["type"]
    if data_type == "FWP_RANGE_TYPE":
        low, high = value_of(document["rangeValue"]["valueLow"]), value_of(document["rangeValue"]["valueHigh"])
        return Value(data_type, low.low, high.high, low.type)
    if data_type in ("FWP_V4_ADDR_MASK", "FWP_V6_ADDR_MASK"):
        return _network(document)
    if data_type == "FWP_BYTE_ARRAY16_TYPE":
        return _single(data_type, document["byteArray16"])
    members: Mapping[str, object] = document
    number = members.get(NUMBER_MEMBERS.get(data_type, ""))
    if isinstance(number, int | str):
        return _single(data_type, number)
    if data_type == "FWP_BYTE_BLOB_TYPE":
        return program_value(blob_text(document["byteBlob"]))
    return Value(data_type, 0, 0, str(document.get("sd", document)))


def _network(document: ValueDocument) -> Value:
    if document["type"] == "FWP_V4_ADDR_MASK":
        masked = document["v4AddrMask"]
        hosts = 0xFFFFFFFF ^ int(ip_address(masked["mask"]))
        return subnet(document["type"], int(ip_address(masked["addr"])), hosts)
    prefixed = document["v6AddrMask"]
    hosts = (1 << (128 - prefixed["prefixLength"])) - 1
    return subnet(document["type"], int(ip_address(prefixed["addr"])), hosts)


def blob_text(blob: BlobDocument) -> str:
    """Return what a blob says, as a text: that of a program is its path; where there is no text in it, its bytes."""
    data = blob.get("data", "")
    if not data:
        return blob.get("asString", "")
    try:
        text = bytes.fromhex(data).decode("utf-16-le")
    except ValueError:
        return data
    return text.removesuffix("\0") if text[-1:] == "\0" and text[:-1].isprintable() else data


def subnet(data_type: str, address: int, hosts: int) -> Value:
    """Return the addresses of a subnet; ``hosts`` has the bits that its mask leaves open."""
    return Value(data_type, address & ~hosts, address | hosts)


def _single(data_type: str, number: int | str) -> Value:
    """Return one number, or one address as text."""
    value = number if isinstance(number, int) else int(ip_address(number))
    return Value(data_type, value, value)
