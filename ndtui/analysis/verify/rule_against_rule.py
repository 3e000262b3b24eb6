"""Rule against rule: at each layer where filters of two rules match the same packets, which of the rules stands above.

The heavier filter is tried first, and layers weigh by themselves: they need not agree. Where two weigh the same, which
of them is tried first is undefined.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from ndtui.analysis.packet_sets.box import Box, box_of, meet
from ndtui.analysis.ranking.weight_sum import first_difference
from ndtui.analysis.wording.element_words import rule_of
from ndtui.model.compiled.objects import Filter, FilterSet, by_layer
from ndtui.model.compiled.origin import SCENARIO
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import family_of


class Contest(NamedTuple):
    """Two rules at a layer: ``above`` is tried first, unless they tie; ``why`` says what decides that."""

    layer: str
    above: Rule
    below: Rule
    tied: bool
    why: str


class _Own(NamedTuple):
    """A filter of a rule, the keying module whose policy it leads to, and the packets it matches."""

    filter: Filter
    rule: Rule
    module: str
    box: Box


def contests(filterset: FilterSet) -> Iterator[Contest]:
    """Yield rule against rule, layer by layer; the same of several filters once."""
    if len(filterset.design.rules) < 2:
        return
    held = by_layer(filterset.base)
    for layer in filterset.layers:
        yield from dict.fromkeys(_at(held.get(layer, ()), filterset.design))


def _at(filters: Sequence[Filter], design: Design) -> Iterator[Contest]:
    for one, other in combinations(_owned(filters, design), 2):
        if one.rule is other.rule or one.module != other.module or meet(one.box, other.box) is None:
            continue
        here, there = effective_weight(one.filter).value, effective_weight(other.filter).value
        high, low = (one, other) if here >= there else (other, one)
        tied = here == there
        yield Contest(one.filter.layer, high.rule, low.rule, tied, _why(high.filter, low.filter, tied=tied))


def _owned(filters: Sequence[Filter], design: Design) -> Iterator[_Own]:
    for each in filters:
        rule = _maker(each, design)
        box = box_of(each.conditions, family_of(each.layer))
        if rule is not None and box is not None:
            yield _Own(each, rule, _module(each), box)


def _maker(each: Filter, design: Design) -> Rule | None:
    """Return the rule that made a filter: what leads to the base rule's policy has its keying module for an origin."""
    return rule_of(SCENARIO if each.origin.element == "keying-module" else each.origin, design)


def _module(each: Filter) -> str:
    if each.slot.role != "policy":
        return ""
    return each.origin.name if each.origin.element == "keying-module" else each.slot.part.partition(":")[0]


_FIELDS: Mapping[str, str] = {
    "CURRENT_PROFILE_ID": "network profile",
    "INTERFACE_TYPE": "interface",
    "ALE_REMOTE_MACHINE_ID": "who may connect",
    "ALE_REMOTE_USER_ID": "who may connect",
}


def _field_words(field: str) -> str:
    name = short_name(field)
    return _FIELDS.get(name, name.removeprefix("IP_").lower().replace("_", " "))


def _why(high: Filter, low: Filter, *, tied: bool) -> str:
    if tied:
        return "they weigh the same: which of them is tried first is undefined"
    here, there = effective_weight(high), effective_weight(low)
    if here.range != there.range:
        return f"range {here.range} stands above range {there.range}"
    difference = first_difference(high, low)
    fields = () if difference is None else difference.fields
    names = dict.fromkeys(map(_field_words, fields))
    return f"it is heavier in the bits of {' and '.join(names)}" if names else "it is heavier"
