"""The objects of a dump, and the order in which Windows evaluates its filters.

Names and descriptions are another program's words, in whatever language: a screen shows them escaped.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ndtui.common.errors import InputError
from ndtui.common.suggestion import near
from ndtui.common.text import visible
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

#: An element and all below it: a text, the items of a list, or members by name.
Tree = str | list[Any] | dict[str, Any]


class DumpCondition(NamedTuple):
    """One condition: the ``FWPM_CONDITION_*`` field, the ``FWP_MATCH_*`` type, and the value as a person reads it."""

    field: str
    match: str
    text: str


@dataclass(frozen=True, slots=True)
class DumpFilter:
    """One filter as netsh wrote it, read from XML by ``read``. Known GUIDs are given by name, others in braces.

    It is not the ``Filter`` that a design compiles to: it may have conditions on anything, and of those that are not
    about numbers only the text is known; its effective weight is the machine's, not a modelled one.

    ``callout`` is empty unless the action calls one out; then ``raw_context`` or ``provider_context_key`` is for it.
    The two share a union in FWPM_FILTER0: where there is a provider context, ``raw_context`` is None. ``extra`` keeps
    the elements this program does not know: their path within the filter, and their text. ``values`` has for each
    condition the numbers that match, or None where it is not about numbers (a program, a user, a package).
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
    values: tuple[Value | None, ...] = ()

    @property
    def parsed(self) -> tuple[Condition, ...] | None:
        """The conditions with their numbers, or None where one of them is not about numbers.

        Of an ``FWP_MATCH_EQUAL``, ``_RANGE``, ``_GREATER``, ``_LESS`` and the like the value is the interval of all
        numbers that match; of ``_NOT_EQUAL`` those that do not; of ``_FLAGS_*`` both ends are the flags named.
        """
        found = []
        for condition, value in zip(self.conditions, self.values, strict=False):
            if value is None:
                return None
            found.append(Condition(condition.field, condition.match, value))
        return tuple(found) if len(found) == len(self.conditions) else None


@dataclass(frozen=True, slots=True)
class DumpSublayer:
    """A sublayer and its weight, 0 to 65535."""

    key: str
    name: str
    provider: str
    weight: int
    flags: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class DumpProvider:
    """A provider, and the Windows service it belongs to."""

    key: str
    name: str
    service: str
    flags: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class DumpContext:
    """A provider context, with everything below its element beyond these as ``policy``."""

    key: str
    name: str
    description: str
    type: str
    provider: str
    flags: tuple[str, ...]
    policy: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class DumpSession:
    """A session that was open with the filter engine."""

    key: str
    name: str
    process: str
    user: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DumpCallout:
    """A callout that a layer lists; ``registered`` where a driver stands behind it."""

    key: str
    name: str
    layer: str
    registered: bool
    description: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Dump:
    """Everything read from one file.

    ``kind`` is the netsh command it came from; ``show filters`` lists neither sublayers nor contexts nor a time.
    ``layers`` are the layers listed, then others that filters name; ``layer_fields`` has for those listed the name and
    the ``FWP_*`` type of every field, ``layer_ids`` their run-time ids, by which events name them. ``callouts`` are
    those that the layers list, by key. ``unknown`` counts the elements this program does not know, by their path.
    ``has_events`` is whether the file has net events too, which are read by themselves.
    """

    kind: Literal["filters", "state"]
    time_stamp: str
    filters: tuple[DumpFilter, ...]
    sublayers: tuple[DumpSublayer, ...]
    providers: tuple[DumpProvider, ...]
    provider_contexts: tuple[DumpContext, ...]
    sessions: tuple[DumpSession, ...]
    layers: tuple[str, ...]
    layer_fields: Mapping[str, tuple[tuple[str, str], ...]]
    unknown: Mapping[str, int]
    layer_ids: Mapping[str, int] = field(default_factory=dict)
    callouts: Mapping[str, DumpCallout] = field(default_factory=dict)
    has_events: bool = False

    @property
    def contexts(self) -> Mapping[str, int]:
        """How many provider contexts there are of each type."""
        return dict(Counter(context.type for context in self.provider_contexts))


@dataclass(frozen=True, slots=True, eq=False)
class DumpGroup:
    """The filters of one layer and sublayer, first match first; the weight is None where nothing tells it."""

    layer: str
    sublayer: str
    sublayer_weight: int | None
    filters: tuple[DumpFilter, ...]


def filters_in_order(dump: Dump, layer: str | None = None) -> tuple[DumpGroup, ...]:
    """Return the filters as Windows evaluates them: per layer, by the sublayer's weight, by the effective weight.

    A sublayer's weight is the dump's own, or that of the built-in sublayer. ``show filters`` tells no weights: there
    sublayers stand in the order of the file, which is that in which they are asked, unless weights that are known
    contradict it; otherwise those of unknown weight come last. Which of two filters of equal weight is first is
    undefined: they stay as they were in the file. ``layer``, by its full or its short name or its run-time id, leaves
    out the others.
    Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration; that ``show filters`` prints them in this
    order was observed at every layer of three machines.

    Raises:
        InputError: the dump does not have that layer.
    """
    layers = dump.layers if layer is None else (_find_layer(dump, layer),)
    groups: dict[str, dict[str, list[DumpFilter]]] = {name: {} for name in layers}
    for each in dump.filters:
        if each.layer in groups:
            groups[each.layer].setdefault(each.sublayer, []).append(each)
    weights = sublayer_weights(dump)
    return tuple(
        DumpGroup(name, key, weights.get(key), tuple(sorted(sublayers[key], key=lambda f: -f.effective_weight)))
        for name, sublayers in groups.items()
        for key in _in_order(dump, tuple(sublayers), weights)
    )


def order_is_of_the_file(dump: Dump, sublayers: Sequence[str], weights: Mapping[str, int]) -> bool:
    """Tell whether the sublayers of a layer are known to be asked in the order in which the file has them."""
    known = [weights[key] for key in sublayers if key in weights]
    return dump.kind == "filters" and known == sorted(known, reverse=True)


def _in_order(dump: Dump, sublayers: Sequence[str], weights: Mapping[str, int]) -> Sequence[str]:
    if order_is_of_the_file(dump, sublayers, weights):
        return sublayers
    return sorted(sublayers, key=lambda key: -weights.get(key, -1))


def sublayer_weights(dump: Dump) -> Mapping[str, int]:
    """Return the weights of sublayers by key: the built-in ones, and those the dump lists."""
    return {**BUILTIN_WEIGHTS, **{s.key: s.weight for s in dump.sublayers}}


def dump_filters(dump: Dump, layer: str) -> list[DumpFilter]:
    """Return the filters of a layer as Windows evaluates them, all sublayers after each other; none is no error."""
    if layer not in dump.layers:
        return []
    return [each for group in filters_in_order(dump, layer) for each in group.filters]


def _find_layer(dump: Dump, layer: str) -> str:
    for name in dump.layers:
        if layer.upper() in (name.upper(), short_name(name).upper()):
            return name
        if layer.isascii() and layer.isdigit() and dump.layer_ids.get(name) == int(layer):
            return name
    example = f", such as {dump.layers[0]}" if dump.layers else ""
    names = [name if layer.upper().startswith("FWPM_") else short_name(name) for name in dump.layers]
    remedy = near(layer.upper(), names) or f"name a layer that it has{example}"
    raise InputError(f"the dump has no layer {visible(layer)}", remedy=visible(remedy))
