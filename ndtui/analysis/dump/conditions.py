"""Conditions of a dump in words, and GUIDs by name."""

from functools import cache
from ipaddress import AddressValueError, IPv4Address

from ndtui.analysis.dump.objects import DumpCondition
from ndtui.analysis.dump.tree import Node
from ndtui.analysis.words import value_words
from ndtui.model.objects import Value
from ndtui.model.vocabulary import GUIDS

_IN_WORDS = ("FWPM_CONDITION_IP_PROTOCOL", "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE")
_BYTES = frozenset(map(str, range(256)))


@cache
def _names_by_guid() -> dict[str, str]:
    return {guid: name for name, guid in GUIDS.items()}


def named(key: str) -> str:
    """Return the name of a GUID this program knows: a Windows prints those in braces that it does not know itself."""
    return _names_by_guid().get(key[1:-1].lower(), key) if key.startswith("{") else key


def read_condition(node: Node) -> DumpCondition:
    """Return a FWPM_FILTER_CONDITION0 as netsh writes it."""
    field, value = named(node.word("fieldKey")), node.child("conditionValue")
    return DumpCondition(field, node.word("matchType"), _value_text(field, value))


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
        blob = value.child("byteBlob")
        data, readable = blob.word("data"), blob.word("asString")
        return readable or data
    texts = [leaf.text.strip() for leaf in value.know().leaves() if leaf.tag != "type"]
    if field in _IN_WORDS and len(texts) == 1 and texts[0] in _BYTES:
        number = int(texts[0])
        return value_words(field, Value(data_type, number, number))
    return " ".join(texts)


def _prefix(mask: str) -> str:
    """Return the length of the prefix that a mask stands for; a mask with holes stays as it is."""
    try:
        hosts = 0xFFFFFFFF ^ int(IPv4Address(mask))
    except AddressValueError:
        return mask
    return mask if hosts & (hosts + 1) else str(32 - hosts.bit_length())
