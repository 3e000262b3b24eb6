"""Exemptions from filters: permit filters of a dump back into the exemptions they came from."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from ndtui.analysis.dump import DumpFilter
from ndtui.model.compiled.compile import UNICAST
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.exemption import Exemption, copy_name
from ndtui.model.design.ports import PortRange
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import Scenario, exemptible_layers
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import PROTECTED_LAYERS, Family, family_of, stem_of

_ICMP = (1, 58)
_FIELDS = {
    "FWPM_CONDITION_IP_PROTOCOL": "protocol",
    "FWPM_CONDITION_IP_LOCAL_ADDRESS": "local_addresses",
    "FWPM_CONDITION_IP_REMOTE_ADDRESS": "remote_addresses",
    "FWPM_CONDITION_IP_LOCAL_PORT": "local_ports",
    "FWPM_CONDITION_IP_REMOTE_PORT": "remote_ports",
    "FWPM_CONDITION_ORIGINAL_ICMP_TYPE": "icmp_type",
}


class _NotLiftedError(Exception):
    """An exemption cannot say what a filter says."""


class Permit(NamedTuple):
    """A permit filter, and the name of the exemption it belongs to."""

    name: str
    filter: DumpFilter


def reconstruct_exemptions(
    permits: Iterable[Permit], scenario: Scenario, families: Sequence[Family]
) -> tuple[tuple[Exemption, ...], list[str]]:
    """Return the exemptions that permit filters stand for, in the order they were added, and what has no place.

    Filters of one name are one exemption: it has one per layer and address family.
    """
    groups: dict[str, list[DumpFilter]] = {}
    layers: dict[str, list[str]] = {}
    for name, each in sorted(permits, key=lambda p: p.filter.filter_id):
        groups.setdefault(name, []).append(each)
        layers.setdefault(each.layer, []).append(name)
    order = _merged(layers.values())
    found: list[Exemption] = []
    missing: list[str] = []
    for name in order:
        filters = groups[name]
        taken = [exemption.name for exemption in found]
        try:
            found.append(_exemption(copy_name(name, taken) if name in taken else name, filters, scenario, families))
        except _NotLiftedError as error:
            missing.append(f"exemption {name}: {error}")
        except ValidationError as error:
            missing.append(f"exemption {name}: {reason_of(error)}")
    return tuple(found), missing


def _merged(sequences: Iterable[Sequence[str]]) -> list[str]:
    """Return names in an order that agrees with how each layer has them; what one layer lacks another adds in place."""
    order: list[str] = []
    for names in sequences:
        known = set(order)
        new: dict[str, list[str]] = {}
        waiting: list[str] = []
        for name in dict.fromkeys(names):
            if name in known:
                new[name], waiting = waiting, []
            else:
                waiting.append(name)
        order = [each for name in order for each in (*new.get(name, ()), name)] + waiting
    return order


def _exemption(name: str, filters: Sequence[DumpFilter], scenario: Scenario, families: Sequence[Family]) -> Exemption:
    fields: dict[str, Any] = {"name": name}
    numbers: dict[Family, int | None] = {}
    for each in filters:
        said = _said(each)
        family = family_of(each.layer)
        numbers[family] = said.pop("protocol")
        for key, values in said.items():
            before = fields.setdefault(key, values)
            if isinstance(values, list):
                before += [value for value in values if value not in before]
            elif before != values:
                raise _NotLiftedError(f"its filters differ in {key}")
    fields["protocol"] = _protocol(numbers)
    stems = {stem_of(each.layer) for each in filters}
    if stems != {stem for stem in exemptible_layers(scenario) if stem in PROTECTED_LAYERS}:
        fields["layers"] = tuple(stems)
    exemption = Exemption.model_validate(fields)
    if set(exemption.reach(families)) != set(numbers):
        exemption = Exemption.model_validate({**fields, "families": tuple(numbers)})
    return exemption


def _said(each: DumpFilter) -> dict[str, Any]:
    """Return what one filter says, by the fields of an exemption."""
    for written, value in zip(each.conditions, each.values, strict=True):
        if value is None:
            raise _NotLiftedError(f"a condition on {short_name(written.field)} has no place in an exemption")
    conditions = each.parsed or ()
    if UNICAST not in conditions:
        raise _NotLiftedError("it is not for unicast traffic only, as an exemption is")
    protocols = [c.value.low for c in conditions if _FIELDS.get(c.field) == "protocol"]
    if len(protocols) > 1:
        raise _NotLiftedError("it names several protocols")
    said: dict[str, Any] = {"protocol": protocols[0] if protocols else None}
    icmp = said["protocol"] in _ICMP
    for condition in conditions:
        key = _FIELDS.get(condition.field, "")
        if condition == UNICAST or key == "protocol":
            continue
        if not key or condition.match not in ("FWP_MATCH_EQUAL", "FWP_MATCH_RANGE"):
            raise _NotLiftedError(f"a condition on {short_name(condition.field)} has no place in an exemption")
        _take(said, key, condition, icmp=icmp)
    return said


def _take(said: dict[str, Any], key: str, condition: Condition, *, icmp: bool) -> None:
    value = condition.value
    if key.endswith("addresses"):
        said.setdefault(key, []).append(str(_address(value)))
    elif key == "icmp_type" or (icmp and key.endswith("ports")):
        name = "icmp_code" if key == "remote_ports" else "icmp_type"
        if name in said or value.low != value.high:
            raise _NotLiftedError(f"it has more than one {name}")
        said[name] = value.low
    else:
        said.setdefault(key, []).append(str(PortRange(value.low, value.high)))


def _address(value: Value) -> AddressRange:
    v6 = "BYTE_ARRAY16" in value.type + value.element or value.type == "FWP_V6_ADDR_MASK"
    bits = 128 if v6 else 32
    prefix = None if value.type == "FWP_RANGE_TYPE" else bits - (value.high - value.low).bit_length()
    return AddressRange("V6" if v6 else "V4", value.low, value.high, prefix)


def _protocol(numbers: dict[Family, int | None]) -> str | int:
    """Return a protocol as an exemption names it, from its number in each family."""
    found = set(numbers.values())
    if numbers in ({"V4": 1, "V6": 58}, {"V4": 1}, {"V6": 58}):
        return "icmp"
    if len(found) > 1:
        raise _NotLiftedError("its protocol differs between IPv4 and IPv6")
    number = found.pop()
    return "any" if number is None else number
