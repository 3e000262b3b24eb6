"""Conditions of a dump in words, and GUIDs by name."""

from functools import cache
from ipaddress import AddressValueError, IPv4Address, ip_address

from ndtui.analysis.dump.dump_objects import DumpCondition
from ndtui.analysis.dump.xml_node import Node
from ndtui.analysis.wording.phrases import value_words
from ndtui.model.compiled.conditions import program_value
from ndtui.model.compiled.objects import Value
from ndtui.model.compiled.read_documents import blob_text, subnet
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.vocabulary import GUIDS

_IN_WORDS = ("FWPM_CONDITION_IP_PROTOCOL", "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE")
_BYTES = frozenset(map(str, range(256)))


@cache
def _names_by_guid() -> dict[str, str]:
    return {guid: name for name, guid in GUIDS.items()}


def named(key: str) -> str:
    """Return the name of a GUID this program knows: a Windows prints those in braces that it does not know itself."""
    return _names_by_guid().get(key[1:-1].lower(), key) if key.startswith("{") else key


def read_condition(node: Node) -> tuple[DumpCondition, Value | None]:
    """Return a FWPM_FILTER_CONDITION0 as netsh writes it, and the numbers it is about, if it is about numbers.

    A program is one of them: a number stands for it.
    """
    field, match, value = named(node.word("fieldKey")), node.word("matchType"), node.child("conditionValue")
    numbers = _program(value) if field == PROGRAM and match in _EQUALITY else _numbers(match, value)
    return DumpCondition(field, match, _value_text(field, value)), numbers


_EQUALITY = ("FWP_MATCH_EQUAL", "FWP_MATCH_NOT_EQUAL")


def _program(value: Node) -> Value | None:
    text = _blob_text(value) if value.word("type") == "FWP_BYTE_BLOB_TYPE" else ""
    return program_value(text) if text else None


_BITS = {"FWP_UINT8": 8, "FWP_UINT16": 16, "FWP_UINT32": 32, "FWP_UINT64": 64, "FWP_BYTE_ARRAY16_TYPE": 128}


def _numbers(match: str, value: Node) -> Value | None:
    """Return the numbers a condition is about; None where it is not about numbers, or they are not to be read."""
    found = _interval(value)
    if found is None:
        return None
    top = (1 << _BITS.get(found.type, 0)) - 1
    low, high = {
        "FWP_MATCH_GREATER": (found.low + 1, top),
        "FWP_MATCH_GREATER_OR_EQUAL": (found.low, top),
        "FWP_MATCH_LESS": (0, found.low - 1),
        "FWP_MATCH_LESS_OR_EQUAL": (0, found.low),
    }.get(match, (found.low, found.high))
    return found._replace(low=low, high=high) if low <= high else None


def _interval(value: Node) -> Value | None:
    data_type = value.word("type")
    if data_type == "FWP_RANGE_TYPE":
        ends = value.child("rangeValue")
        low, high = (_interval(ends.child(tag)) for tag in ("valueLow", "valueHigh"))
        if low is None or high is None or low.type != high.type or low.low > high.high:
            return None
        return Value(data_type, low.low, high.high, low.type)
    if data_type in ("FWP_V4_ADDR_MASK", "FWP_V6_ADDR_MASK"):
        return _subnet(data_type, value)
    if data_type not in _BITS:
        return None
    texts = [leaf.text.strip() for leaf in value.leaves() if leaf.tag != "type"]
    number = _number(texts[0], _BITS[data_type]) if len(texts) == 1 else None
    return None if number is None else Value(data_type, number, number)


def _subnet(data_type: str, value: Node) -> Value | None:
    v4 = data_type == "FWP_V4_ADDR_MASK"
    masked, bits = value.child("v4AddrMask" if v4 else "v6AddrMask"), 32 if v4 else 128
    length = _prefix(masked.word("mask")) if v4 else masked.word("prefixLength")
    address = _number(masked.word("addr"), bits)
    if address is None or not (length.isascii() and length.isdigit() and len(length) <= 3 and int(length) <= bits):
        return None
    return subnet(data_type, address, (1 << (bits - int(length))) - 1)


def _number(text: str, bits: int) -> int | None:
    """Return a number as netsh writes it: in decimal, or as an address where it is one."""
    if text.isascii() and text.isdigit() and len(text) <= 20:
        number = int(text)
    else:
        try:
            address = ip_address(text)
        except ValueError:
            return None
        if address.max_prefixlen != bits:
            return None
        number = int(address)
    return number if number >> bits == 0 else None


def _value_text(field: str, value: Node) -> str:
    """Return a FWP_CONDITION_VALUE0 in words; of a type never seen, whatever texts it holds."""
    data_type = value.word("type")
    if data_type == "FWP_RANGE_TYPE":
        ends = value.child("rangeValue")
        return "-".join(_value_text("", ends.child(tag)) for tag in ("valueLow", "valueHigh"))
    if data_type == "FWP_V4_ADDR_MASK":
        subnet = value.child("v4AddrMask")
        return f"{subnet.word('addr')}/{_prefix(subnet.word('mask'))}"
    if data_type == "FWP_V6_ADDR_MASK":
        subnet = value.child("v6AddrMask")
        return f"{subnet.word('addr')}/{subnet.word('prefixLength')}"
    if data_type == "FWP_BYTE_BLOB_TYPE":
        return _blob_text(value)
    texts = [leaf.text.strip() for leaf in value.know().leaves() if leaf.tag != "type"]
    if field in _IN_WORDS and len(texts) == 1 and texts[0] in _BYTES:
        number = int(texts[0])
        return value_words(field, Value(data_type, number, number))
    return " ".join(texts)


def _blob_text(value: Node) -> str:
    """Return a blob as the text that stands beside its bytes; else as that which they are, or in hexadecimal."""
    blob = value.child("byteBlob")
    data, readable = blob.word("data"), blob.word("asString")
    return readable or blob_text({"data": data})


def _prefix(mask: str) -> str:
    """Return the length of the prefix that a mask stands for; a mask with holes stays as it is."""
    try:
        hosts = 0xFFFFFFFF ^ int(IPv4Address(mask))
    except AddressValueError:
        return mask
    return mask if hosts & (hosts + 1) else str(32 - hosts.bit_length())
