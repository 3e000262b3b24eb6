"""Weights, conditions and their values, read: the inverse of ``marshal.value_structs``."""

from collections.abc import Callable, Mapping
from ctypes import c_uint64, string_at
from ipaddress import IPv4Address, IPv6Address
from typing import cast

from ndtui.backends.wfp.marshal.node import name_of
from ndtui.backends.wfp.marshal.value_structs import INLINE, MEMBERS
from ndtui.backends.wfp.unmarshal.struct_view import View
from ndtui.model.compiled.document_types import ConditionDocument, ValueDocument


def condition_document(view: View) -> ConditionDocument:
    """Return an FWPM_FILTER_CONDITION0."""
    field = view.key("fieldKey")
    return {
        "fieldKey": field,
        "matchType": view.choice("matchType", "FWP_MATCH_TYPE"),
        "conditionValue": value_document(view.inner("conditionValue"), address=field.endswith("_ADDRESS")),
    }


def value_document(view: View, *, address: bool = False) -> ValueDocument:
    """Return an FWP_VALUE0 or FWP_CONDITION_VALUE0; of a type that is never written, the type alone.

    ``address`` says that a number of 32 bits is an IPv4 address.
    """
    data_type = name_of("FWP_DATA_TYPE", view.number("type"))
    document: dict[str, object] = {"type": data_type}
    if data_type in INLINE:
        member = INLINE[data_type][0]
        number = view.number(member)
        document[member] = str(IPv4Address(number)) if address and data_type == "FWP_UINT32" else number
    elif data_type == "FWP_RANGE_TYPE":
        ends = view.pointed("rangeValue", "FWP_RANGE0")
        if ends is not None:
            document["rangeValue"] = {
                end: value_document(ends.inner(end), address=address) for end in ("valueLow", "valueHigh")
            }
    elif data_type in _POINTED and view.address(MEMBERS[data_type]) is not None:
        document[MEMBERS[data_type]] = _POINTED[data_type](view)
    return cast("ValueDocument", document)


def _uint64(view: View) -> int:
    return int(c_uint64.from_address(view.address("uint64") or 0).value)


def _byte_array16(view: View) -> str:
    return str(IPv6Address(string_at(view.address("byteArray16") or 0, 16)))


def _byte_array6(view: View) -> str:
    return string_at(view.address("byteArray6") or 0, 6).hex(":")


def _blob(view: View, member: str) -> bytes:
    blob = view.pointed(member, "FWP_BYTE_BLOB")
    return b"" if blob is None else blob.bytes()


def _byte_blob(view: View) -> Mapping[str, str]:
    """Return the path that the name of a program was made of, where it is that still; else the bytes."""
    content = _blob(view, "byteBlob")
    path = view.notes.taken_from(view.where("byteBlob.asString"), content)
    return {"data": content.hex()} if path is None else {"asString": path}


def _descriptor(view: View) -> str:
    """Return a security descriptor as it was written, where that means the same still; else as Windows writes it."""
    content = _blob(view, "sd")
    written = view.notes.spellings.get(view.where("sd"))
    if isinstance(written, str):
        try:
            meant = view.native.security_descriptor(written)
        except ValueError:
            meant = b""
        if meant == content:
            return written
    return view.native.sddl(content)


def _sid(view: View) -> str:
    """Return a SID: revision, number of parts, six bytes of authority, four bytes for each part ([MS-DTYP] 2.4.2)."""
    address = view.address("sid") or 0
    parts = string_at(address, 2)[1]
    return view.native.sid_text(string_at(address, 8 + 4 * parts))


def _v4_mask(view: View) -> Mapping[str, str]:
    subnet = view.pointed("v4AddrMask", "FWP_V4_ADDR_AND_MASK")
    return {} if subnet is None else {name: str(IPv4Address(subnet.number(name))) for name in ("addr", "mask")}


def _v6_mask(view: View) -> Mapping[str, str | int]:
    subnet = view.pointed("v6AddrMask", "FWP_V6_ADDR_AND_MASK")
    if subnet is None:
        return {}
    return {"addr": str(IPv6Address(bytes(subnet.structure.addr))), "prefixLength": subnet.number("prefixLength")}


_POINTED: Mapping[str, Callable[[View], object]] = {
    "FWP_UINT64": _uint64,
    "FWP_BYTE_ARRAY16_TYPE": _byte_array16,
    "FWP_BYTE_ARRAY6_TYPE": _byte_array6,
    "FWP_BYTE_BLOB_TYPE": _byte_blob,
    "FWP_SECURITY_DESCRIPTOR_TYPE": _descriptor,
    "FWP_SID": _sid,
    "FWP_UNICODE_STRING_TYPE": lambda view: view.text("unicodeString"),
    "FWP_V4_ADDR_MASK": _v4_mask,
    "FWP_V6_ADDR_MASK": _v6_mask,
}
