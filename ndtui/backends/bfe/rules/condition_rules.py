"""Conditions as BFE takes them: fields of the layer, data types that fit, match types the data supports.

Source: FWP_MATCH_TYPE (https://learn.microsoft.com/windows/win32/api/fwptypes/ne-fwptypes-fwp_match_type) for which
types compare with which; the fields of a layer as a running BFE lists them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

from pydantic_core import from_json, to_json

from ndtui.backends.contract.engine import EngineError
from ndtui.model.compiled.document_names import known_key
from ndtui.model.compiled.document_types import (
    BlobDocument,
    ConditionDocument,
    FilterDocument,
    RangeDocument,
    ValueDocument,
)
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.compiled.read_documents import subnet
from ndtui.model.design.program_path import parse_program
from ndtui.model.vocabulary import members
from ndtui.model.vocabulary.layers import Field, fields_of

UNSIGNED: Mapping[str, tuple[str, int]] = {
    "FWP_UINT8": ("uint8", 8),
    "FWP_UINT16": ("uint16", 16),
    "FWP_UINT32": ("uint32", 32),
    "FWP_UINT64": ("uint64", 64),
}
_SORTABLE = {*UNSIGNED, "FWP_BYTE_ARRAY16_TYPE", "FWP_BYTE_BLOB_TYPE", "FWP_UNICODE_STRING_TYPE"}
#: Types that compare with a field of another type. Source: the remarks of FWP_MATCH_TYPE.
_STANDS_FOR = {
    "FWP_V4_ADDR_MASK": ("FWP_UINT32",),
    "FWP_V6_ADDR_MASK": ("FWP_BYTE_ARRAY16_TYPE",),
    "FWP_SECURITY_DESCRIPTOR_TYPE": ("FWP_TOKEN_INFORMATION_TYPE", "FWP_TOKEN_ACCESS_INFORMATION_TYPE"),
}
_ADDRESSES = ("FWP_V4_ADDR_MASK", "FWP_V6_ADDR_MASK")
_TEXTS = {"FWP_SECURITY_DESCRIPTOR_TYPE": "sd", "FWP_SID": "sid", "FWP_UNICODE_STRING_TYPE": "unicodeString"}

_EQUALITY = ("FWP_MATCH_EQUAL", "FWP_MATCH_NOT_EQUAL")
_FLAGS = ("FWP_MATCH_FLAGS_ALL_SET", "FWP_MATCH_FLAGS_ANY_SET", "FWP_MATCH_FLAGS_NONE_SET")
_SUFFIXES = ("FWP_MATCH_PREFIX", "FWP_MATCH_NOT_PREFIX")


class Checked(NamedTuple):
    """Conditions that BFE takes at a layer.

    ``given`` are their documents, which live as long as they are known, ``documents`` the same with known fields by
    name, and ``conditions`` are for weighing.
    """

    given: list[ConditionDocument]
    documents: list[ConditionDocument]
    fields: tuple[Field, ...]
    conditions: tuple[Condition, ...]


class CheckedConditions:
    """Lists of conditions that were checked, so that each is gone through once: the filters of an exemption share one.

    A list is known by itself, and not by what stands in it, which is not to be changed while it is known.
    """

    def __init__(self) -> None:
        self._known: dict[int, Checked] = {}
        self._shaped: dict[int, list[ConditionDocument]] = {}

    def at(self, layer: str, documents: list[ConditionDocument], what: Callable[[], str]) -> Checked:
        """Return the conditions of a filter at a layer. ``what`` names the filter in errors.

        Raises:
            EngineError: BFE refuses one.
        """
        known = self._known.get(id(documents))
        if known is not None:
            here = fields_of(layer)
            if [field for field in known.fields if here.get(field.name) != field]:
                known = None  # a field is another one at this layer, or not there at all
        if known is None:
            known = self._known[id(documents)] = _check(layer, documents, what)
        return known

    def is_shaped(self, conditions: list[ConditionDocument]) -> bool:
        """Tell whether the shape of conditions was checked."""
        return id(conditions) in self._shaped

    def unshaped(self, document: FilterDocument) -> FilterDocument:
        """Return a filter without conditions of which the shape was checked; all of it where that was not."""
        return {**document, "filterCondition": []} if self.is_shaped(document["filterCondition"]) else document

    def have_shape(self, conditions: list[ConditionDocument]) -> None:
        """Take note that conditions have the shape of such."""
        self._shaped[id(conditions)] = conditions


def _check(layer: str, documents: list[ConditionDocument], what: Callable[[], str]) -> Checked:
    fields: list[Field] = []
    found: list[Condition] = []
    seen: set[str] = set()
    before = ""
    for document in documents:
        try:
            name = known_key(document["fieldKey"])
            field = _field(layer, name)
            found.append(_checked(field, document["matchType"], to_json(document["conditionValue"])))
        except _RefusedError as refused:
            raise EngineError(refused.code, f"{what()}: {refused.why}", remedy=refused.remedy) from None
        except (KeyError, TypeError, AttributeError):
            raise EngineError("FWP_E_NULL_POINTER", f"{what()}: a condition is not whole") from None
        if name != before and name in seen:  # only consecutive conditions on one field are an OR: FWPM_FILTER0
            raise EngineError(
                "FWP_E_DUPLICATE_CONDITION",
                f"{what()}: conditions on {name} stand apart",
                remedy="put them one after the other",
            )
        fields.append(field)
        seen.add(name)
        before = name
    named = documents
    if [each["fieldKey"] for each in documents] != [each.name for each in fields]:
        named = [each.copy() for each in documents]
        for each, field in zip(named, fields, strict=True):
            each["fieldKey"] = field.name
    return Checked(documents, named, tuple(fields), tuple(found))


def _field(layer: str, name: str) -> Field:
    known = fields_of(layer).get(name)
    if known is None:
        raise _RefusedError("FWP_E_CONDITION_NOT_FOUND", f"{layer} has no field {name}", "use a field of the layer")
    return known


class _RefusedError(Exception):
    """A condition that BFE refuses in any filter."""

    def __init__(self, code: str, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.code, self.why, self.remedy = code, why, remedy


@lru_cache(maxsize=65536)
def _checked(known: Field, match: str, text: bytes) -> Condition:
    """Return a condition on a field, which is the same at many layers, its value given as JSON to be found again."""
    field = known.name
    if match not in members("FWP_MATCH_TYPE"):
        raise _RefusedError("FWP_E_INVALID_ENUMERATOR", f"there is no match type {match}")
    value: ValueDocument = from_json(text)
    kind = value["type"]
    if (match == "FWP_MATCH_RANGE") != (kind == "FWP_RANGE_TYPE"):
        raise _RefusedError("FWP_E_MATCH_TYPE_MISMATCH", f"{field}: {match} does not go with {kind}")
    if kind == "FWP_RANGE_TYPE":
        return Condition(field, match, _range(known, value["rangeValue"]))
    if kind != known.data_type and known.data_type not in _STANDS_FOR.get(kind, ()):
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field} is {known.data_type}, not {kind}")
    if kind in _ADDRESSES and not field.endswith("_ADDRESS"):
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field} is no address, which {kind} needs")
    _check_match(match, kind, field)
    return Condition(field, match, _value(known, value))


def _check_match(match: str, kind: str, field: str) -> None:
    """Refuse a match type that the data type does not support."""
    if match == "FWP_MATCH_EQUAL":
        return
    supported = (
        kind in UNSIGNED
        if match in _FLAGS
        else kind == "FWP_UNICODE_STRING_TYPE"
        if match == "FWP_MATCH_EQUAL_CASE_INSENSITIVE"
        else kind in ("FWP_BYTE_BLOB_TYPE", "FWP_UNICODE_STRING_TYPE")
        if match in _SUFFIXES
        else kind in _SORTABLE or (match in _EQUALITY and kind in _ADDRESSES)
    )
    if not supported:
        raise _RefusedError("FWP_E_MATCH_TYPE_MISMATCH", f"{field}: {kind} cannot be compared with {match}")


def _range(field: Field, ends: RangeDocument) -> Value:
    low, high = ends["valueLow"], ends["valueHigh"]
    if low["type"] != high["type"]:
        raise _RefusedError("FWP_E_INVALID_RANGE", f"{field.name}: the ends of a range are of two types")
    if low["type"] != field.data_type:
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field.name} is {field.data_type}, not {low['type']}")
    if field.data_type not in _SORTABLE:
        raise _RefusedError("FWP_E_MATCH_TYPE_MISMATCH", f"{field.name}: {field.data_type} cannot be sorted")
    first, last = _value(field, low), _value(field, high)
    if first.low > last.high:
        raise _RefusedError("FWP_E_INVALID_RANGE", f"{field.name}: the range ends before it begins")
    return Value("FWP_RANGE_TYPE", first.low, last.high, field.data_type)


def _value(field: Field, value: ValueDocument) -> Value:
    kind = value["type"]
    by_name: Mapping[str, object] = value
    if kind == "FWP_V4_ADDR_MASK":
        masked = value["v4AddrMask"]
        return _subnet(kind, _address4(field, masked["addr"]), 0xFFFFFFFF ^ _address4(field, masked["mask"]))
    if kind == "FWP_V6_ADDR_MASK":
        prefixed = value["v6AddrMask"]
        if not 0 <= prefixed["prefixLength"] <= 128:
            raise _RefusedError("FWP_E_INVALID_NET_MASK", f"{field.name}: a prefix has at most 128 bits")
        return _subnet(kind, _address6(field, prefixed["addr"]), (1 << (128 - prefixed["prefixLength"])) - 1)
    if kind == "FWP_UINT32" and isinstance(value["uint32"], str):
        if not field.name.endswith("_ADDRESS"):
            raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field.name} is no address", "write a number")
        number = _address4(field, value["uint32"])
        return Value(kind, number, number)
    if kind == "FWP_BYTE_ARRAY16_TYPE":
        number = _address6(field, value["byteArray16"])
        return Value(kind, number, number)
    if kind in UNSIGNED:
        return _number(field, kind, by_name[UNSIGNED[kind][0]])
    if kind == "FWP_BYTE_BLOB_TYPE":
        _check_blob(field, value["byteBlob"])
    elif not by_name[_TEXTS[kind]]:
        raise _RefusedError("FWP_E_NULL_POINTER", f"{field.name} is compared with nothing")
    return Value(kind, 0, 0)  # only weighed: any text is an exact match


def _check_blob(field: Field, blob: BlobDocument) -> None:
    """Refuse a blob that has nothing in it, what is no hexadecimal, and a text that is no path of a program."""
    data, path = blob.get("data"), blob.get("asString")
    if data and path:
        raise _RefusedError("FWP_E_INVALID_PARAMETER", f"{field.name} has bytes and a text", "leave one of them out")
    if not (data or path):
        raise _RefusedError("FWP_E_NULL_POINTER", f"{field.name} is compared with nothing")
    try:
        bytes.fromhex(data or "")
    except ValueError:
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field.name} is compared with what is not hexadecimal") from None
    try:
        parse_program(path or "C:\\x.exe")
    except ValueError as error:
        raise _RefusedError("FWP_E_INVALID_PARAMETER", f"{field.name}: {error}") from None


def _number(field: Field, kind: str, number: object) -> Value:
    if not isinstance(number, int):
        raise TypeError(f"{number!r} is no number")
    if not 0 <= number < 1 << UNSIGNED[kind][1]:
        raise _RefusedError("FWP_E_OUT_OF_BOUNDS", f"{field.name}: {number} does not fit into {kind}")
    return Value(kind, number, number)


def _subnet(kind: str, address: int, hosts: int) -> Value:
    if hosts & (hosts + 1):
        raise _RefusedError("FWP_E_INVALID_NET_MASK", "a mask has a hole", "let its ones stand before its zeros")
    return subnet(kind, address, hosts)


def _address4(field: Field, text: str) -> int:
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field.name}: {text!r} is no IPv4 address") from None


def _address6(field: Field, text: str) -> int:
    try:
        return int(IPv6Address(text))
    except AddressValueError:
        raise _RefusedError("FWP_E_TYPE_MISMATCH", f"{field.name}: {text!r} is no IPv6 address") from None
