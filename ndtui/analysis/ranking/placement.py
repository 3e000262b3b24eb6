"""Placement: where a design's filters would land between those that a machine has already.

The machine's effective weights are those it reported; ours are modelled, with the fields its layers list where the
dump lists them, so that they are on the machine's own scale. Order between the two is therefore as good as the model.
Boot-time filters decide until BFE is up and sleep from then on, disabled ones sleep always: they stand among the others
by their weight, and are told from them.
Source: https://learn.microsoft.com/windows/win32/fwp/object-management
"""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpFilter, sublayer_weights
from ndtui.model.compiled.objects import BOOT_TIME, Filter, FilterSet
from ndtui.model.compiled.weight_layout import AUTO_BITS, FieldSlot, known_fields, slots_for, typed_fields
from ndtui.model.compiled.weights import effective_weight, weigh_with
from ndtui.model.vocabulary.layers import layer_position

DISABLED = "FWPM_FILTER_FLAG_DISABLED"


class PlacementRow(NamedTuple):
    """One filter: ``ours`` of the design or ``theirs`` of the machine, and its effective weight."""

    weight: int
    ours: Filter | None
    theirs: DumpFilter | None

    @property
    def before_bfe(self) -> bool:
        """Whether it is a boot-time filter, which decides over nothing once BFE is up."""
        return BOOT_TIME in self._flags

    @property
    def disabled(self) -> bool:
        """Whether it is disabled, and decides over nothing."""
        return DISABLED in self._flags

    @property
    def _flags(self) -> tuple[str, ...]:
        own = () if self.ours is None else self.ours.slot.flags
        return own if self.theirs is None else self.theirs.flags


class PlacementGroup(NamedTuple):
    """The filters of one layer and sublayer, first match first; ``sublayer_weight`` None where nothing tells it."""

    layer: str
    sublayer: str
    sublayer_weight: int | None
    rows: tuple[PlacementRow, ...]


def place(filterset: FilterSet, dump: Dump) -> tuple[PlacementGroup, ...]:
    """Return the layers the design has filters at, with all their filters in one effective order.

    What a dump has of a design of ours is replaced, as applying replaces it. Of equal weights ours come last: which
    of two equal ones is first is undefined, and the doubt is not to be in our favour.
    """
    own_provider = f"{{{filterset.provider.key}}}"
    weights = {**sublayer_weights(dump), **{f"{{{s.key}}}": s.weight for s in filterset.sublayers}}
    ours = {layer: [*filters] for layer, filters in filterset.by_layer.items()}
    for each in filterset.before_bfe:
        ours.setdefault(each.slot.layer, []).append(each)
    groups: dict[str, dict[str, list[PlacementRow]]] = {layer: {} for layer in sorted(ours, key=layer_position)}
    for other in dump.filters:
        if other.layer in groups and other.provider.lower() != own_provider:
            row = PlacementRow(other.effective_weight, None, other)
            groups[other.layer].setdefault(other.sublayer, []).append(row)
    for layer, filters in ours.items():
        fields = typed_fields(dump.layer_fields[layer]) if layer in dump.layer_fields else known_fields(layer)
        slots, bits = slots_for(layer, fields), {name: field.bits for name, field in fields.items()}
        for each in filters:
            row = PlacementRow(_weight_there(each, slots, bits), each, None)
            groups[layer].setdefault(each.slot.sublayer, []).append(row)
    return tuple(
        PlacementGroup(layer, sublayer, weights.get(sublayer), tuple(sorted(rows, key=lambda row: -row.weight)))
        for layer, sublayers in groups.items()
        for sublayer, rows in sorted(sublayers.items(), key=lambda pair: -weights.get(pair[0], -1))
    )


def _weight_there(each: Filter, slots: Mapping[str, FieldSlot], bits: Mapping[str, int]) -> int:
    """Return the effective weight a filter of ours would have by the slots of the machine."""
    modelled = effective_weight(each).value
    if each.slot.weight.type == "FWP_UINT64" or not each.conditions:
        return modelled
    return (modelled >> AUTO_BITS << AUTO_BITS) | weigh_with(slots, bits, each.conditions)[0]
