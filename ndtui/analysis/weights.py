"""Effective weight: the 64-bit number by which BFE orders the filters of a sublayer at a layer, as modelled.

The high four bits are the range: documented. The low sixty are automatic and undocumented; what has been observed is
that a filter without conditions has 0, and that otherwise each condition field owns a slot of the layer's bits and the
weight is the sum of the fields' slot values: all of the slot for an exact match, a share of it for a range, a prefix or
a mask. Slots were observed on one machine (Windows 11 24H2 class, January 2026) at four layers; they differ by layer
and by version of Windows. Where none was observed the slot is derived from the order of the layer's fields, and the
result says ``modelled``: it tells an order, never the number another machine will show.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-weight-assignment for the documented part.
"""

from collections.abc import Mapping
from functools import cache
from math import log2
from typing import Literal, NamedTuple

from ndtui.model.objects import Condition, Filter, Weight
from ndtui.model.vocabulary.layers import Field, fields_of

AUTO_BITS = 60

Basis = Literal["exact", "observed", "modelled"]


class EffectiveWeight(NamedTuple):
    """An effective weight, and how far it is known.

    ``exact``: given as FWP_UINT64 or without conditions; ``observed``: all slots were seen on a real machine;
    ``modelled``: at least one was derived.
    """

    value: int
    basis: Basis

    @property
    def range(self) -> int:
        """The weight range: the high four bits."""
        return self.value >> AUTO_BITS


class FieldSlot(NamedTuple):
    """The bits of a field: an exact match contributes ``maximum << shift``."""

    maximum: int
    shift: int
    observed: bool = True


# Slots as observed: field (without FWPM_CONDITION_) to (maximum, shift). Fields in one line share their slot.
_OBSERVED: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4": {
        "IP_REMOTE_ADDRESS": (32, 54),
        "IP_LOCAL_INTERFACE IP_ARRIVAL_INTERFACE IP_NEXTHOP_INTERFACE": (1, 52),
        "IP_PROTOCOL": (3, 49),
        "IP_LOCAL_PORT ORIGINAL_ICMP_TYPE": (16, 44),
        "IP_REMOTE_PORT": (7, 40),
        "ALE_APP_ID ALE_PACKAGE_ID ALE_PACKAGE_FAMILY_NAME": (1, 39),
        "ALE_USER_ID": (1, 38),
        "FLAGS": (1, 35),
        "ALE_SIO_FIREWALL_SYSTEM_PORT": (1, 34),
        "ARRIVAL_INTERFACE_TYPE NEXTHOP_INTERFACE_TYPE": (1, 30),
        "ARRIVAL_TUNNEL_TYPE NEXTHOP_TUNNEL_TYPE": (1, 29),
        "ORIGINAL_PROFILE_ID": (7, 8),
        "CURRENT_PROFILE_ID": (15, 4),
        "INTERFACE_QUARANTINE_EPOCH": (1, 2),
    },
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6": {
        "IP_REMOTE_ADDRESS": (128, 52),
        "IP_ARRIVAL_INTERFACE IP_NEXTHOP_INTERFACE": (1, 50),
        "IP_PROTOCOL": (3, 47),
        "IP_LOCAL_PORT ORIGINAL_ICMP_TYPE": (16, 42),
        "IP_REMOTE_PORT": (3, 39),
        "ALE_APP_ID ALE_PACKAGE_ID ALE_PACKAGE_FAMILY_NAME": (1, 38),
        "ALE_USER_ID": (1, 37),
        "FLAGS": (1, 34),
        "ALE_SIO_FIREWALL_SYSTEM_PORT": (1, 33),
        "ARRIVAL_INTERFACE_TYPE NEXTHOP_INTERFACE_TYPE": (1, 28),
        "ARRIVAL_TUNNEL_TYPE NEXTHOP_TUNNEL_TYPE": (1, 27),
        "ORIGINAL_PROFILE_ID": (15, 7),
        "CURRENT_PROFILE_ID": (7, 4),
        "INTERFACE_QUARANTINE_EPOCH": (1, 2),
    },
    "FWPM_LAYER_ALE_AUTH_CONNECT_V4": {
        "IP_REMOTE_ADDRESS": (32, 53),
        "IP_PROTOCOL": (7, 47),
        "IP_LOCAL_PORT": (1, 46),
        "IP_REMOTE_PORT": (7, 39),
        "ALE_APP_ID ALE_PACKAGE_ID": (1, 38),
        "ALE_USER_ID": (1, 37),
        "FLAGS": (1, 36),
        "ORIGINAL_PROFILE_ID": (7, 8),
        "CURRENT_PROFILE_ID": (15, 4),
    },
    "FWPM_LAYER_ALE_AUTH_LISTEN_V4": {
        "IP_LOCAL_INTERFACE": (1, 31),
        "IP_LOCAL_PORT": (4194303, 8),
        "ALE_APP_ID ALE_PACKAGE_FAMILY_NAME": (1, 7),
        "ALE_USER_ID": (1, 6),
        "FLAGS": (1, 5),
        "ALE_SIO_FIREWALL_SYSTEM_PORT": (1, 1),
    },
}


@cache
def slots_of(layer: str) -> Mapping[str, FieldSlot]:
    """Return the slot of every field of a layer, observed ones as they are, the others derived.

    Derived slots are laid out in the order of the layer's fields from the highest free bits down, so that no two
    slots overlap and one more condition never makes a filter weigh less.
    """
    slots = {
        f"FWPM_CONDITION_{name}": FieldSlot(maximum, shift)
        for names, (maximum, shift) in _OBSERVED.get(layer, {}).items()
        for name in names.split()
    }
    free = (1 << AUTO_BITS) - 1
    for slot in slots.values():
        free &= ~(((1 << slot.maximum.bit_length()) - 1) << slot.shift)
    derived = [field for name, field in fields_of(layer).items() if name not in slots]
    for later, field in zip(range(len(derived) - 1, -1, -1), derived, strict=True):
        wanted = _wanted_maximum(field)
        width, shift = _highest_free(free, min(wanted.bit_length(), free.bit_count() - later))
        free &= ~(((1 << width) - 1) << shift)
        slots[field.name] = FieldSlot(min(wanted, (1 << width) - 1), shift, observed=False)
    return slots


def _wanted_maximum(field: Field) -> int:
    """Return the maximum a derived slot should have: the field's bits where ranges and prefixes are told apart."""
    if field.name.endswith("_ADDRESS_TYPE"):
        return 1
    graded = field.name.endswith("_ADDRESS") or field.data_type in ("FWP_UINT8", "FWP_UINT16")
    return field.bits if graded else 1


def _highest_free(free: int, width: int) -> tuple[int, int]:
    """Return the width and place of the highest run of free bits that is as wide as wanted, or the widest there is."""
    for narrower in range(width, 0, -1):
        for shift in range(AUTO_BITS - narrower, -1, -1):
            mask = ((1 << narrower) - 1) << shift
            if free & mask == mask:
                return narrower, shift
    raise ValueError("a layer has more fields than sixty bits can tell apart")


def effective_weight(each: Filter) -> EffectiveWeight:
    """Return the effective weight of a filter."""
    return weigh(each.slot.layer, each.slot.weight, each.conditions)


def weigh(layer: str, weight: Weight, conditions: tuple[Condition, ...]) -> EffectiveWeight:
    """Return the effective weight BFE would give: the submitted weight, and the automatic part of the conditions."""
    if weight.type == "FWP_UINT64":
        return EffectiveWeight(weight.value or 0, "exact")
    base = (weight.value or 0) << AUTO_BITS
    if not conditions:
        return EffectiveWeight(base, "exact")
    low, observed = automatic_weight(layer, conditions)
    return EffectiveWeight(base | low, "observed" if observed else "modelled")


def automatic_weight(layer: str, conditions: tuple[Condition, ...]) -> tuple[int, bool]:
    """Return the low sixty bits for conditions at a layer, and whether every slot used was observed."""
    slots, fields = slots_of(layer), fields_of(layer)
    shares: dict[FieldSlot, int] = {}
    for condition in conditions:
        slot = slots[condition.field]
        share = _share(condition, slot.maximum, fields[condition.field].bits)
        shares[slot] = min(slot.maximum, shares.get(slot, 0) + share)
    total, observed = 0, True
    for slot, share in shares.items():
        total += share << slot.shift
        observed = observed and slot.observed
    return total, observed


def _share(condition: Condition, maximum: int, bits: int) -> int:
    """Return what a condition contributes of its slot: all for an exact match, less the more values it covers."""
    value = condition.value
    if value.low == value.high:
        return maximum
    covered = value.high - value.low + 1
    if covered == 1 << bits:
        return 0
    return max(1, round(maximum * (1 - log2(covered) / bits)))
