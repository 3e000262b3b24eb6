"""Weight sum: the arithmetic of an effective weight, which condition gives which of its sixty-four bits.

The model is that of ``model.compiled.weights``; here its sum is taken apart, addend by addend.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.model.compiled.objects import Condition, Filter
from ndtui.model.compiled.weights import (
    AUTO_BITS,
    EffectiveWeight,
    FieldSlot,
    bits_of,
    effective_weight,
    field_shares,
    slots_of,
)

_LOW = (1 << AUTO_BITS) - 1


class Addend(NamedTuple):
    """What the conditions on one field add: ``share`` in the field's slot; without a slot they add nothing."""

    field: str
    conditions: tuple[Condition, ...]
    slot: FieldSlot | None
    share: int

    @property
    def value(self) -> int:
        """The number that is added to the weight."""
        return 0 if self.slot is None else self.share << self.slot.shift


class WeightSum(NamedTuple):
    """An effective weight and the addends of its low sixty bits, the highest bits first.

    ``given`` is true where the whole number was submitted, so that nothing is added up.
    """

    weight: EffectiveWeight
    addends: tuple[Addend, ...]
    given: bool

    @property
    def low(self) -> int:
        """The low sixty bits."""
        return self.weight.value & _LOW


def weight_sum(each: Filter) -> WeightSum:
    """Return the effective weight of a filter, taken apart."""
    weight = effective_weight(each)
    if each.slot.weight.type == "FWP_UINT64":
        return WeightSum(weight, (), given=True)
    addends = sorted(_addends(each), key=lambda addend: -1 if addend.slot is None else addend.slot.shift, reverse=True)
    return WeightSum(weight, tuple(addends), given=False)


def _addends(each: Filter) -> Iterator[Addend]:
    slots = slots_of(each.layer)
    shares, _ = field_shares(slots, bits_of(each.layer), each.conditions)
    filled: dict[int, int] = {}
    for field in dict.fromkeys(condition.field for condition in each.conditions):
        own = tuple(condition for condition in each.conditions if condition.field == field)
        slot = slots.get(field)
        if slot is None:
            yield Addend(field, own, None, 0)
            continue
        before = filled.get(slot.shift, 0)
        count = min(shares[field], slot.limit - before)  # fields that share a slot fill no more than the whole
        filled[slot.shift] = before + count
        yield Addend(field, own, slot, count)


class Difference(NamedTuple):
    """The highest slot in which two weights of one range differ: its fields, and what each counts there."""

    fields: tuple[str, ...]
    slot: FieldSlot
    here: int
    there: int


def first_difference(one: Filter, other: Filter) -> Difference | None:
    """Return where the low sixty bits of two filters of a layer differ first; none where they do not, or by no slot."""
    ours, theirs = effective_weight(one).value & _LOW, effective_weight(other).value & _LOW
    if ours == theirs:
        return None
    bit = (ours ^ theirs).bit_length() - 1
    slots = slots_of(one.layer)
    fields = tuple(name for name, slot in slots.items() if slot.shift <= bit < slot.shift + slot.width)
    if not fields:
        return None
    slot = slots[fields[0]]
    used = {condition.field for condition in (*one.conditions, *other.conditions)}
    named = tuple(name for name in fields if name in used) or fields
    return Difference(named, slot, ours >> slot.shift & slot.limit, theirs >> slot.shift & slot.limit)
