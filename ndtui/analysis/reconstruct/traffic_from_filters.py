"""Traffic from filters: the conditions of a dump's filters back into what exemptions and scopes say of traffic."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ndtui.analysis.dump import DumpFilter
from ndtui.model.compiled.conditions import UNICAST
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ports import PortRange
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.scope import Scope
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import Family, family_of
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES

_ICMP = (1, 58)
#: What exemptions and scopes call the fields of conditions; some of them only the one, or the other, has.
_NAMES: Mapping[str, str] = {
    "FWPM_CONDITION_IP_PROTOCOL": "protocol",
    "FWPM_CONDITION_IP_LOCAL_ADDRESS": "local_addresses",
    "FWPM_CONDITION_IP_REMOTE_ADDRESS": "remote_addresses",
    "FWPM_CONDITION_IP_LOCAL_PORT": "local_ports",
    "FWPM_CONDITION_IP_REMOTE_PORT": "remote_ports",
    "FWPM_CONDITION_ORIGINAL_ICMP_TYPE": "icmp_type",
    "FWPM_CONDITION_CURRENT_PROFILE_ID": "profiles",
    "FWPM_CONDITION_INTERFACE_TYPE": "interfaces",
    PROGRAM: "program",
}
_NUMBERED: Mapping[str, Mapping[int, str]] = {
    "profiles": {number: name for name, number in PROFILES.items()},
    "interfaces": {number: name for name, number in INTERFACES.items()},
}


class NotReconstructedError(Exception):
    """No element of a design can say what a filter says."""


def traffic_of(
    filters: Iterable[DumpFilter], element: type[Exemption | Scope], beside: Sequence[str] = ()
) -> tuple[dict[str, Any], tuple[Family, ...]]:
    """Return what filters of one element say of traffic, by the fields that it has, and the families they are for.

    Conditions on the fields ``beside`` are not about traffic.

    Raises:
        NotReconstructedError: such an element cannot say it.
    """
    found: dict[str, Any] = {}
    numbers: dict[Family, int | None] = {}
    for each in filters:
        said = _Reading(each, element, beside).said()
        numbers[family_of(each.layer)] = said.pop("protocol")
        for key, values in said.items():
            before = found.setdefault(key, values)
            if isinstance(values, list):
                before += [value for value in values if value not in before]
            elif before != values:
                raise NotReconstructedError(f"its filters differ in {key}")
    found["protocol"] = _protocol(numbers)
    return found, tuple(numbers)


class _Reading:
    """Reads one filter."""

    def __init__(self, each: DumpFilter, element: type[Exemption | Scope], beside: Sequence[str]) -> None:
        self._filter = each
        self._fields = {field: name for field, name in _NAMES.items() if name in element.model_fields}
        self._kind = "an exemption" if element is Exemption else "a rule"
        self._beside = beside

    def said(self) -> dict[str, Any]:
        """Return what the filter says, by the fields of the element."""
        conditions = self._conditions()
        if UNICAST not in conditions:
            raise NotReconstructedError(f"it is not for unicast traffic only, as {self._kind} is")
        protocols = [c.value.low for c in conditions if self._fields.get(c.field) == "protocol"]
        if len(protocols) > 1:
            raise NotReconstructedError("it names several protocols")
        said: dict[str, Any] = {"protocol": protocols[0] if protocols else None}
        icmp = said["protocol"] in _ICMP and "icmp_type" in self._fields.values()
        for condition in conditions:
            key = self._fields.get(condition.field, "")
            if condition == UNICAST or key == "protocol":
                continue
            if not key or condition.match not in ("FWP_MATCH_EQUAL", "FWP_MATCH_RANGE"):
                raise self._no_place(condition.field)
            self._take(said, key, condition, icmp=icmp)
        return said

    def _conditions(self) -> list[Condition]:
        found = []
        for written, value in zip(self._filter.conditions, self._filter.values, strict=True):
            if written.field in self._beside:
                continue
            if value is None:
                raise self._no_place(written.field)
            found.append(Condition(written.field, written.match, value))
        return found

    def _no_place(self, field: str) -> NotReconstructedError:
        return NotReconstructedError(f"a condition on {short_name(field)} has no place in {self._kind}")

    def _take(self, said: dict[str, Any], key: str, condition: Condition, *, icmp: bool) -> None:
        value = condition.value
        if key == "program":
            if key in said:
                raise NotReconstructedError("it has more than one program")
            said[key] = value.element
        elif key in _NUMBERED:
            if value.low != value.high or value.low not in _NUMBERED[key]:
                raise self._no_place(condition.field)
            said.setdefault(key, []).append(_NUMBERED[key][value.low])
        elif key.endswith("addresses"):
            said.setdefault(key, []).append(str(_address(value)))
        elif key == "icmp_type" or (icmp and key.endswith("ports")):
            name = "icmp_code" if key == "remote_ports" else "icmp_type"
            if name in said or value.low != value.high:
                raise NotReconstructedError(f"it has more than one {name}")
            said[name] = value.low
        else:
            said.setdefault(key, []).append(str(PortRange(value.low, value.high)))


def _address(value: Value) -> AddressRange:
    v6 = "BYTE_ARRAY16" in value.type + value.element or value.type == "FWP_V6_ADDR_MASK"
    bits = 128 if v6 else 32
    prefix = None if value.type == "FWP_RANGE_TYPE" else bits - (value.high - value.low).bit_length()
    return AddressRange("V6" if v6 else "V4", value.low, value.high, prefix)


def _protocol(numbers: dict[Family, int | None]) -> str | int:
    """Return a protocol as a design names it, from its number in each family."""
    found = set(numbers.values())
    if numbers in ({"V4": 1, "V6": 58}, {"V4": 1}, {"V6": 58}):
        return "icmp"
    if len(found) > 1:
        raise NotReconstructedError("its protocol differs between IPv4 and IPv6")
    number = found.pop()
    return "any" if number is None else number
