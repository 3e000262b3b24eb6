"""Weights, conditions and their values: FWP_VALUE0, FWP_CONDITION_VALUE0 and FWPM_FILTER_CONDITION0."""

from collections.abc import Callable, Mapping
from ctypes import c_ubyte, c_uint64
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from ndtui.backends.wfp.marshal.arena import point
from ndtui.backends.wfp.marshal.node import Node
from ndtui.backends.wfp.marshal.program_ids import program_id
from ndtui.backends.wfp.native import Struct
from ndtui.common.text import brief
from ndtui.model.design.program_path import parse_program
from ndtui.model.vocabulary import members, number_of

#: Numbers that stand in the union itself, by data type: their member, and their width in bits.
INLINE: Mapping[str, tuple[str, int]] = {
    "FWP_UINT8": ("uint8", 8),
    "FWP_UINT16": ("uint16", 16),
    "FWP_UINT32": ("uint32", 32),
}

#: The types a weight may have. Source: FWPM_FILTER0.
_WEIGHTS = ("FWP_EMPTY", "FWP_UINT8", "FWP_UINT64")


def put_weight(node: Node | None, weight: Struct) -> None:
    """Fill the FWP_VALUE0 of a filter's weight; without one the engine computes it (FWP_EMPTY)."""
    if node is None:
        return
    data_type = node.word("type")
    if data_type not in _WEIGHTS:
        raise node.wrong("type", f"is {brief(data_type)}, not {', '.join(_WEIGHTS)}", "FWP_E_INVALID_WEIGHT")
    weight.type = number_of(data_type)
    if data_type == "FWP_UINT8":
        weight.uint8 = node.checked("uint8", node.body.get("uint8"), 8, "FWP_E_INVALID_WEIGHT")
    elif data_type == "FWP_UINT64":
        _put_uint64(node, weight, "FWP_E_INVALID_WEIGHT")


def put_condition(node: Node, condition: Struct) -> None:
    """Fill an FWPM_FILTER_CONDITION0."""
    if not node.word("fieldKey"):
        raise node.wrong("fieldKey", "is missing", "FWP_E_NULL_POINTER")
    node.key(condition, "fieldKey", "FWPM_CONDITION_")
    node.choice(condition, "matchType", "FWP_MATCH_TYPE")
    value = node.child("conditionValue")
    if value is None:
        raise node.wrong("conditionValue", "is missing", "FWP_E_NULL_POINTER")
    put_value(value, condition.conditionValue)


def put_value(node: Node, value: Struct) -> None:
    """Fill an FWP_CONDITION_VALUE0, or an FWP_VALUE0, which has neither masks nor ranges."""
    data_type = node.word("type")
    if data_type not in members("FWP_DATA_TYPE"):
        raise node.wrong("type", f"is {brief(data_type)}, which is no FWP_DATA_TYPE", "FWP_E_TYPE_MISMATCH")
    value.type = number_of(data_type)
    if data_type == "FWP_EMPTY":
        return
    if data_type in INLINE:
        member, bits = INLINE[data_type]
        setattr(value, member, _inline(node, member, bits))
        return
    put = _POINTED.get(data_type)
    if put is None or not hasattr(type(value), MEMBERS[data_type]):
        raise node.wrong("type", f"is {data_type}, which nothing is compared with here", "FWP_E_TYPE_MISMATCH")
    if node.body.get(MEMBERS[data_type]) is None:
        raise node.wrong(MEMBERS[data_type], "is missing", "FWP_E_NULL_POINTER")
    put(node, value)


def _inline(node: Node, member: str, bits: int) -> int:
    number = node.body.get(member)
    if number is None:
        raise node.wrong(member, "is missing", "FWP_E_NULL_POINTER")
    if bits == 32 and isinstance(number, str):
        return _v4(node, member)
    return node.checked(member, number, bits)


def _put_uint64(node: Node, value: Struct, code: str = "FWP_E_OUT_OF_BOUNDS") -> None:
    number = node.work.arena.structure(c_uint64)
    number.value = node.checked("uint64", node.body.get("uint64"), 64, code)
    point(value, "uint64", number)


def _put_byte_array16(node: Node, value: Struct) -> None:
    array = node.work.make("FWP_BYTE_ARRAY16")
    array.byteArray16 = (c_ubyte * 16)(*_v6(node, "byteArray16"))
    point(value, "byteArray16", array)


def _put_byte_array6(node: Node, value: Struct) -> None:
    content = _hexadecimal(node, "byteArray6", node.word("byteArray6").replace(":", ""))
    if len(content) != 6:
        raise node.wrong("byteArray6", "is no hardware address: write 00:11:22:33:44:55", "FWP_E_TYPE_MISMATCH")
    array = node.work.make("FWP_BYTE_ARRAY6")
    array.byteArray6 = (c_ubyte * 6)(*content)
    point(value, "byteArray6", array)


def _put_blob(node: Node, value: Struct, member: str, content: bytes) -> None:
    blob = node.work.make("FWP_BYTE_BLOB")
    node.blob(blob, content)
    point(value, member, blob)


def _put_bytes(node: Node, value: Struct) -> None:
    inner = node.child("byteBlob")
    if inner is None:
        return
    if not inner.word("asString"):
        _put_blob(node, value, "byteBlob", _hexadecimal(inner, "data", inner.word("data")))
    elif inner.word("data"):
        raise inner.wrong("asString", "stands beside data: leave one of them out")
    else:
        _put_blob(node, value, "byteBlob", _program(inner))


def _program(node: Node) -> bytes:
    """Return what Windows makes of the path of a program, and note the path: it cannot be told from that."""
    try:
        path = parse_program(node.word("asString"))
    except ValueError as error:
        raise node.wrong("asString", str(error)) from None
    content = program_id(node.work.native, path)
    node.work.notes.add_root(node.where("asString"), node.word("asString"), content)
    return content


def _put_descriptor(node: Node, value: Struct) -> None:
    """Write a security descriptor, and note how it was written where Windows would write it in another way."""
    content = _by_native(node, "sd", node.work.native.security_descriptor)
    node.spell("sd", node.word("sd"), node.work.native.sddl(content))
    _put_blob(node, value, "sd", content)


def _put_sid(node: Node, value: Struct) -> None:
    point(value, "sid", node.work.arena.data(_by_native(node, "sid", node.work.native.sid)))


def _put_text(node: Node, value: Struct) -> None:
    node.text(value, "unicodeString")
    if not node.word("unicodeString"):
        value.unicodeString = node.work.arena.text("")


def _put_v4_mask(node: Node, value: Struct) -> None:
    inner = node.child("v4AddrMask")
    if inner is not None:
        subnet = node.work.make("FWP_V4_ADDR_AND_MASK")
        subnet.addr = _v4(inner, "addr")
        subnet.mask = _v4(inner, "mask", "FWP_E_INVALID_NET_MASK")
        point(value, "v4AddrMask", subnet)


def _put_v6_mask(node: Node, value: Struct) -> None:
    inner = node.child("v6AddrMask")
    if inner is not None:
        subnet = node.work.make("FWP_V6_ADDR_AND_MASK")
        subnet.addr = (c_ubyte * 16)(*_v6(inner, "addr"))
        subnet.prefixLength = inner.checked("prefixLength", inner.body.get("prefixLength"), 8, "FWP_E_INVALID_NET_MASK")
        point(value, "v6AddrMask", subnet)


def _put_range(node: Node, value: Struct) -> None:
    inner = node.child("rangeValue")
    if inner is not None:
        ends = node.work.make("FWP_RANGE0")
        for end in ("valueLow", "valueHigh"):
            limit = inner.child(end)
            if limit is None:
                raise inner.wrong(end, "is missing", "FWP_E_INVALID_RANGE")
            put_value(limit, getattr(ends, end))
        point(value, "rangeValue", ends)


def _v4(node: Node, name: str, code: str = "FWP_E_TYPE_MISMATCH") -> int:
    """Return an address as the number it is in WFP: in the machine's byte order."""
    try:
        return int(IPv4Address(node.word(name)))
    except AddressValueError:
        raise node.wrong(name, f"is {brief(node.word(name))}, which is no IPv4 address", code) from None


def _v6(node: Node, name: str) -> bytes:
    try:
        address = IPv6Address(node.word(name))
    except AddressValueError:
        address = None
    if address is None or address.scope_id is not None:
        raise node.wrong(name, f"is {brief(node.word(name))}, which is no IPv6 address", "FWP_E_TYPE_MISMATCH")
    return address.packed


def _hexadecimal(node: Node, name: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise node.wrong(name, "is not hexadecimal", "FWP_E_TYPE_MISMATCH") from None


def _by_native(node: Node, name: str, convert: Callable[[str], bytes]) -> bytes:
    if not node.word(name):
        raise node.wrong(name, "is empty", "FWP_E_NULL_POINTER")
    try:
        return convert(node.word(name))
    except ValueError as error:
        raise node.wrong(name, str(error), "FWP_E_INVALID_PARAMETER") from None


#: The union member of each data type that is pointed to.
MEMBERS: Mapping[str, str] = {
    "FWP_UINT64": "uint64",
    "FWP_BYTE_ARRAY16_TYPE": "byteArray16",
    "FWP_BYTE_ARRAY6_TYPE": "byteArray6",
    "FWP_BYTE_BLOB_TYPE": "byteBlob",
    "FWP_SECURITY_DESCRIPTOR_TYPE": "sd",
    "FWP_SID": "sid",
    "FWP_UNICODE_STRING_TYPE": "unicodeString",
    "FWP_V4_ADDR_MASK": "v4AddrMask",
    "FWP_V6_ADDR_MASK": "v6AddrMask",
    "FWP_RANGE_TYPE": "rangeValue",
}

_POINTED: Mapping[str, Callable[[Node, Struct], None]] = {
    "FWP_UINT64": _put_uint64,
    "FWP_BYTE_ARRAY16_TYPE": _put_byte_array16,
    "FWP_BYTE_ARRAY6_TYPE": _put_byte_array6,
    "FWP_BYTE_BLOB_TYPE": _put_bytes,
    "FWP_SECURITY_DESCRIPTOR_TYPE": _put_descriptor,
    "FWP_SID": _put_sid,
    "FWP_UNICODE_STRING_TYPE": _put_text,
    "FWP_V4_ADDR_MASK": _put_v4_mask,
    "FWP_V6_ADDR_MASK": _put_v6_mask,
    "FWP_RANGE_TYPE": _put_range,
}
