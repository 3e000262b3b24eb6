"""The objects of a dump, and the order in which Windows evaluates its filters.

Names and descriptions are another program's words, in whatever language: a screen shows them escaped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ndtui.errors import InputError
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS
from ndtui.text import visible


class DumpCondition(NamedTuple):
    """One condition: the ``FWPM_CONDITION_*`` field, the ``FWP_MATCH_*`` type, and the value as a person reads it."""

    field: str
    match: str
    text: str


@dataclass(frozen=True, slots=True)
class DumpFilter:
    """One filter. Known GUIDs are given by name, others in braces.

    ``callout`` is empty unless the action calls one out; then ``raw_context`` or ``provider_context_key`` is for it.
    The two share a union in FWPM_FILTER0: where there is a provider context, ``raw_context`` is None. ``extra`` keeps
    the elements this program does not know: their path within the filter, and their text.
    """

    key: str
    name: str
    description: str
    layer: str
    sublayer: str
    provider: str
    weight_type: str
    weight: int | None
    effective_weight: int
    action: str
    callout: str
    raw_context: int | None
    provider_context_key: str
    flags: tuple[str, ...]
    conditions: tuple[DumpCondition, ...]
    filter_id: int
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DumpSublayer:
    """A sublayer and its weight, 0 to 65535."""

    key: str
    name: str
    provider: str
    weight: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DumpProvider:
    """A provider, and the Windows service it belongs to."""

    key: str
    name: str
    service: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Dump:
    """Everything read from one file.

    ``kind`` is the netsh command it came from; ``show filters`` lists neither sublayers nor contexts nor a time.
    ``layers`` are the layers listed, then others that filters name. ``contexts`` counts the provider contexts by type,
    ``unknown`` the elements this program does not know, by their path.
    """

    kind: Literal["filters", "state"]
    time_stamp: str
    filters: tuple[DumpFilter, ...]
    sublayers: tuple[DumpSublayer, ...]
    providers: tuple[DumpProvider, ...]
    contexts: Mapping[str, int]
    layers: tuple[str, ...]
    unknown: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class DumpGroup:
    """The filters of one layer and sublayer, first match first; the weight is None where nothing tells it."""

    layer: str
    sublayer: str
    sublayer_weight: int | None
    filters: tuple[DumpFilter, ...]


def filters_in_order(dump: Dump, layer: str | None = None) -> tuple[DumpGroup, ...]:
    """Return the filters as Windows evaluates them: per layer, by the sublayer's weight, by the effective weight.

    A sublayer's weight is the dump's own, or that of the built-in sublayer; sublayers of unknown weight come last.
    Which of two filters of equal weight is first is undefined: they stay as they were in the file.
    ``layer``, by its full or its short name, leaves out the others.
    Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration

    Raises:
        InputError: the dump does not have that layer.
    """
    layers = dump.layers if layer is None else (_find_layer(dump, layer),)
    groups: dict[str, dict[str, list[DumpFilter]]] = {name: {} for name in layers}
    for each in dump.filters:
        if each.layer in groups:
            groups[each.layer].setdefault(each.sublayer, []).append(each)
    weights = {**BUILTIN_WEIGHTS, **{s.key: s.weight for s in dump.sublayers}}
    return tuple(
        DumpGroup(name, sublayer, weights.get(sublayer), tuple(sorted(filters, key=lambda f: -f.effective_weight)))
        for name, sublayers in groups.items()
        for sublayer, filters in sorted(sublayers.items(), key=lambda pair: -weights.get(pair[0], -1))
    )


def _find_layer(dump: Dump, layer: str) -> str:
    for name in dump.layers:
        if layer in (name, short_name(name)):
            return name
    example = f", such as {dump.layers[0]}" if dump.layers else ""
    raise InputError(f"the dump has no layer {visible(layer)}", remedy=f"name a layer that it has{visible(example)}")
