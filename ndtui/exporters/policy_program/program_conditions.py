"""Conditions of filters: FWPM_FILTER_CONDITION0, and the values that their unions point to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ndtui.exporters.policy_program.program_language import Language, Member
from ndtui.exporters.policy_program.program_lookups import Lookups
from ndtui.model.compiled.document_types import ConditionDocument, ValueDocument

Body = Mapping[str, Any]


class Conditions:
    """Declares conditions; filters that have the same ones share them."""

    def __init__(self, language: Language, lookups: Lookups) -> None:
        self._language = language
        self._known: dict[int, tuple[Sequence[ConditionDocument], str]] = {}
        self._members: Mapping[str, Callable[[Any], Member]] = {
            "FWP_UINT8": lambda value: ("uint8", str(value["uint8"])),
            "FWP_UINT16": lambda value: ("uint16", str(value["uint16"])),
            "FWP_UINT32": self._uint32,
            "FWP_UINT64": self._uint64,
            "FWP_BYTE_ARRAY16_TYPE": self._byte_array16,
            "FWP_V4_ADDR_MASK": self._v4_mask,
            "FWP_V6_ADDR_MASK": self._v6_mask,
            "FWP_RANGE_TYPE": self._range,
            "FWP_SECURITY_DESCRIPTOR_TYPE": lambda value: ("sd", language.pointer(lookups.descriptor(value["sd"]))),
            "FWP_BYTE_BLOB_TYPE": lambda value: (
                "byteBlob",
                language.pointer(lookups.program(value["byteBlob"]["asString"])),
            ),
        }

    def array(self, conditions: Sequence[ConditionDocument]) -> str:
        """Return the name of an array of conditions, of which there is at least one."""
        known = self._known.get(id(conditions))
        if known is None:
            items = [self._condition(each) for each in conditions]
            # The documents are kept: while they are, no others have their identity.
            known = (conditions, self._language.shared_array("FWPM_FILTER_CONDITION0", "conditions", items))
            self._known[id(conditions)] = known
        return known[1]

    def _condition(self, condition: ConditionDocument) -> str:
        return self._language.structure(
            "FWPM_FILTER_CONDITION0",
            (
                ("fieldKey", self._language.guid(condition["fieldKey"])),
                ("matchType", self._language.number(condition["matchType"])),
                ("conditionValue", self._value("FWP_CONDITION_VALUE0", condition["conditionValue"])),
            ),
        )

    def _value(self, structure: str, value: ValueDocument) -> str:
        kind = value["type"]
        return self._language.structure(structure, (("type", self._language.number(kind)), self._members[kind](value)))

    def _uint32(self, value: Body) -> Member:
        number = value["uint32"]
        language = self._language
        return "uint32", language.v4_address(number) if isinstance(number, str) else language.unsigned(number)

    def _uint64(self, value: Body) -> Member:
        return "uint64", self._pointed("UINT64", "number", self._language.uint64(value["uint64"]))

    def _byte_array16(self, value: Body) -> Member:
        members = (("byteArray16", self._language.v6_address(value["byteArray16"])),)
        return "byteArray16", self._pointed_structure("FWP_BYTE_ARRAY16", "address", members)

    def _v4_mask(self, value: Body) -> Member:
        subnet = value["v4AddrMask"]
        members = [(name, self._language.v4_address(subnet[name])) for name in ("addr", "mask")]
        return "v4AddrMask", self._pointed_structure("FWP_V4_ADDR_AND_MASK", "v4_subnet", members)

    def _v6_mask(self, value: Body) -> Member:
        subnet = value["v6AddrMask"]
        members = (
            ("addr", self._language.v6_address(subnet["addr"])),
            ("prefixLength", str(subnet["prefixLength"])),
        )
        return "v6AddrMask", self._pointed_structure("FWP_V6_ADDR_AND_MASK", "v6_subnet", members)

    def _range(self, value: Body) -> Member:
        ends = value["rangeValue"]
        members = [(end, self._value("FWP_VALUE0", ends[end])) for end in ("valueLow", "valueHigh")]
        return "rangeValue", self._pointed_structure("FWP_RANGE0", "range", members)

    def _pointed_structure(self, kind: str, stem: str, members: Sequence[Member]) -> str:
        return self._pointed(kind, stem, self._language.structure(kind, members))

    def _pointed(self, kind: str, stem: str, value: str) -> str:
        return self._language.pointer(self._language.shared(kind, stem, value))
