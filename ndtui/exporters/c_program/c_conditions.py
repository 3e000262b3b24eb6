"""Conditions of filters: FWPM_FILTER_CONDITION0, and the values that their unions point to."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ndtui.exporters.c_program.c_declarations import Declarations, Member, structure
from ndtui.exporters.c_program.c_literals import octets, unsigned
from ndtui.exporters.c_program.c_lookups import Lookups
from ndtui.model.compiled.document_types import ConditionDocument, ValueDocument

Body = Mapping[str, Any]


class Conditions:
    """Declares conditions; filters that have the same ones share them."""

    def __init__(self, declared: Declarations, lookups: Lookups) -> None:
        self._declared = declared
        self._known: dict[int, tuple[Sequence[ConditionDocument], str]] = {}
        self._members: Mapping[str, Callable[[Any], Member]] = {
            "FWP_UINT8": lambda value: ("uint8", str(value["uint8"])),
            "FWP_UINT16": lambda value: ("uint16", str(value["uint16"])),
            "FWP_UINT32": _uint32,
            "FWP_UINT64": self._uint64,
            "FWP_BYTE_ARRAY16_TYPE": self._byte_array16,
            "FWP_V4_ADDR_MASK": self._v4_mask,
            "FWP_V6_ADDR_MASK": self._v6_mask,
            "FWP_RANGE_TYPE": self._range,
            "FWP_SECURITY_DESCRIPTOR_TYPE": lambda value: ("sd", "&" + lookups.descriptor(value["sd"])),
            "FWP_BYTE_BLOB_TYPE": lambda value: ("byteBlob", "&" + lookups.program(value["byteBlob"]["asString"])),
        }

    def array(self, conditions: Sequence[ConditionDocument]) -> str:
        """Return the name of an array of conditions, of which there is at least one."""
        known = self._known.get(id(conditions))
        if known is None:
            items = [self._condition(each) for each in conditions]
            # The documents are kept: while they are, no others have their identity.
            known = (conditions, self._declared.shared_array("FWPM_FILTER_CONDITION0", "conditions", items))
            self._known[id(conditions)] = known
        return known[1]

    def _condition(self, condition: ConditionDocument) -> str:
        return structure(
            (
                ("fieldKey", self._declared.guid(condition["fieldKey"])),
                ("matchType", self._declared.number(condition["matchType"])),
                ("conditionValue", self._value(condition["conditionValue"])),
            )
        )

    def _value(self, value: ValueDocument) -> str:
        kind = value["type"]
        return structure((("type", self._declared.number(kind)), self._members[kind](value)))

    def _uint64(self, value: Body) -> Member:
        return "uint64", "&" + self._declared.shared("UINT64", "number", unsigned(value["uint64"]))

    def _byte_array16(self, value: Body) -> Member:
        address = f"{{{octets(IPv6Address(value['byteArray16']).packed)}}} /* {value['byteArray16']} */"
        return "byteArray16", "&" + self._declared.shared("FWP_BYTE_ARRAY16", "address", address)

    def _v4_mask(self, value: Body) -> Member:
        subnet = value["v4AddrMask"]
        initialiser = structure((("addr", v4_address(subnet["addr"])), ("mask", v4_address(subnet["mask"]))))
        return "v4AddrMask", "&" + self._declared.shared("FWP_V4_ADDR_AND_MASK", "v4_subnet", initialiser)

    def _v6_mask(self, value: Body) -> Member:
        subnet = value["v6AddrMask"]
        address = f"{octets(IPv6Address(subnet['addr']).packed)} /* {subnet['addr']} */"
        initialiser = structure((("addr", address), ("prefixLength", str(subnet["prefixLength"]))))
        return "v6AddrMask", "&" + self._declared.shared("FWP_V6_ADDR_AND_MASK", "v6_subnet", initialiser)

    def _range(self, value: Body) -> Member:
        ends = value["rangeValue"]
        initialiser = structure((end, self._value(ends[end])) for end in ("valueLow", "valueHigh"))
        return "rangeValue", "&" + self._declared.shared("FWP_RANGE0", "range", initialiser)


def v4_address(text: str) -> str:
    """Return an IPv4 address as the number it is in WFP, with the address beside it."""
    return f"0x{int(IPv4Address(text)):08X} /* {text} */"


def _uint32(value: Body) -> Member:
    number = value["uint32"]
    return "uint32", v4_address(number) if isinstance(number, str) else unsigned(number)
