"""Effective weight: the 64-bit number by which BFE orders the filters of a sublayer at a layer, as modelled.

The high four bits are the range: documented. The low sixty are automatic and undocumented; what was measured is that a
filter without conditions has 0, and that otherwise each condition field owns a slot of the layer's bits (see
``weight_layout``) and the weight is the sum of what the fields count: all of their share for an exact match, less for a
range, a prefix or a mask. Where a field was not seen at a layer of a real machine its slot follows the same rule, and
the result says ``modelled``. Slots differ by version of Windows: the order is what to rely on, not the number.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-weight-assignment for the documented part.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from math import log2
from typing import Literal, NamedTuple

from ndtui.model.compiled.objects import Condition, Filter, Value, Weight
from ndtui.model.compiled.weight_layout import AUTO_BITS, FieldSlot, known_fields, slots_of

__all__ = [
    "AUTO_BITS",
    "EffectiveWeight",
    "FieldSlot",
    "automatic_weight",
    "bits_of",
    "effective_weight",
    "field_shares",
    "slots_of",
    "weigh",
    "weigh_with",
]

Basis = Literal["exact", "observed", "modelled"]


#: What was seen at the layers that have no fields, ``FWPM_LAYER_INBOUND_TRANSPORT_FAST`` and its like.
WITHOUT_FIELDS = (1 << 59) - 1


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


def effective_weight(each: Filter) -> EffectiveWeight:
    """Return the effective weight of a filter."""
    return weigh(each.slot.layer, each.slot.weight, each.conditions)


@lru_cache(maxsize=1 << 17)
def weigh(layer: str, weight: Weight, conditions: tuple[Condition, ...]) -> EffectiveWeight:
    """Return the effective weight BFE would give: the submitted weight, and the automatic part of the conditions.

    Remembered, because the same filters are weighed for the screen, for a plan, and by the emulated engine.
    """
    if weight.type == "FWP_UINT64":
        return EffectiveWeight(weight.value or 0, "exact")
    base = (weight.value or 0) << AUTO_BITS
    if not conditions and known_fields(layer):
        return EffectiveWeight(base, "exact")
    low, observed = automatic_weight(layer, conditions)
    return EffectiveWeight(base | low, "observed" if observed else "modelled")


def automatic_weight(layer: str, conditions: tuple[Condition, ...]) -> tuple[int, bool]:
    """Return the low sixty bits for conditions at a layer, and whether every slot used was observed."""
    return weigh_with(slots_of(layer), bits_of(layer), conditions)


@cache
def bits_of(layer: str) -> Mapping[str, int]:
    """Return the width in bits of every field of a layer, 0 for what is no number."""
    return {name: field.bits for name, field in known_fields(layer).items()}


def weigh_with(
    slots: Mapping[str, FieldSlot], bits: Mapping[str, int], conditions: tuple[Condition, ...]
) -> tuple[int, bool]:
    """Return the low sixty bits for conditions by the given slots, ``bits`` being the width of each field.

    Several conditions on a field add up to at most an exact match; fields that share a slot to at most the whole slot.
    A field that has no slot counts nothing, and makes the weight one that was not observed. At a layer that has no
    fields at all every filter has the same weight.
    """
    if not slots:
        return WITHOUT_FIELDS, True
    shares, observed = field_shares(slots, bits, conditions)
    filled: dict[int, int] = {}
    for field, share in shares.items():
        slot = slots[field]
        before = filled.get(slot.shift, 0)
        filled[slot.shift] = min(slot.limit, before + share) if before else share
    return sum(share << shift for shift, share in filled.items()), observed


def field_shares(
    slots: Mapping[str, FieldSlot], bits: Mapping[str, int], conditions: tuple[Condition, ...]
) -> tuple[dict[str, int], bool]:
    """Return what the conditions on each field count in their slot, and whether every slot used was observed."""
    shares: dict[str, int] = {}
    observed = True
    for field, _, value in conditions:
        slot = slots.get(field)
        if slot is None:
            observed = False
            continue
        observed = observed and slot.observed
        share = slot.maximum if value.low == value.high else slot.share(_fixed(value, bits[field]))
        shares[field] = min(slot.maximum, shares[field] + share) if field in shares else share
    return shares, observed


def _fixed(value: Value, bits: int) -> float:
    """Return which part of the bits of its field an interval fixes: the less, the more it covers."""
    covered = value.high - value.low + 1
    # All but a few of 2 ** 128 values is no more than nothing in floating point, but it is not everything.
    return 0 if covered >= 1 << bits else max(1e-9, 1 - log2(covered) / bits)
