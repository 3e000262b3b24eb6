"""Compile: a Design becomes the provider, sublayer, provider contexts and filters that Windows would be given.

Pure and deterministic: no clock, no machine, every key derived from the design. The tables it follows are those of
Microsoft's scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
"""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple
from uuid import uuid5

from ndtui.common.counted import counted
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.boot_filters import boot_filters
from ndtui.model.compiled.conditions import UNICAST, equals, network_conditions, program_condition, traffic_conditions
from ndtui.model.compiled.filter_values import EXEMPT, PERMIT, PROVIDER_KEY
from ndtui.model.compiled.objects import Condition, Filter, FilterSet, Provider, Slot, SubLayer, by_layer
from ndtui.model.compiled.origin import SUBLAYER, Origin
from ndtui.model.compiled.rule_filters import Common, negotiation_policies, policy_filters, rule_filters
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.scenarios.catalogue import exemptible_layers
from ndtui.model.vocabulary.layers import Family, layer_name, layer_position
from ndtui.model.vocabulary.sublayers import UNIVERSAL


def compile_design(design: Design, previous: FilterSet | None = None) -> FilterSet:
    """Return what a Design becomes.

    ``previous`` is the result of an earlier compile: filters of exemptions that have not changed since are taken from
    it. The result is the same with and without.
    """
    flags = _Flags.of(design)
    provider = Provider(PROVIDER_KEY, "ndtui", "Objects of IPsec policies designed with ndtui", flags.provider)
    sublayers = tuple(_sublayers(design, flags))
    sublayer = f"{{{sublayers[0].key}}}" if sublayers else UNIVERSAL
    common = Common(design.id, design.name, sublayer, flags.filter)
    rules = tuple(rule for rule in design.rules if rule.enabled)
    contexts, policies = negotiation_policies(design, rules, flags.context)
    reusable = previous is not None and _same_ground(previous, design, sublayer)
    with without_garbage_collection():
        made = _exemption_filters(design, common, previous.made if previous is not None and reusable else {})
        base = (
            *policy_filters(design.families, policies, common),
            *chain.from_iterable(rule_filters(rule, design.families, common) for rule in rules),
        )
        found = by_layer(chain(base, *(own for _, own in made.values())))
        layers = {layer: found[layer] for layer in sorted(found, key=layer_position)}
        before_bfe = boot_filters(design, common, _conditions_at) if design.before_bfe else ()
        return FilterSet(design, provider, sublayers, contexts, base, layers, made, before_bfe)


class _Flags(NamedTuple):
    """The lifetime of the objects, as each kind of object spells it. Dynamic and static carry no flag."""

    provider: tuple[str, ...] = ()
    sublayer: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    filter: tuple[str, ...] = ()

    @classmethod
    def of(cls, design: Design) -> "_Flags":
        if design.lifetime != "persistent":
            return cls()
        return cls(
            ("FWPM_PROVIDER_FLAG_PERSISTENT",),
            ("FWPM_SUBLAYER_FLAG_PERSISTENT",),
            ("FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT",),
            ("FWPM_FILTER_FLAG_PERSISTENT",),
        )


def _same_ground(previous: FilterSet, design: Design, sublayer: str) -> bool:
    before = previous.design
    return (
        (before.id, before.name, before.lifetime, before.families, before.rules)
        == (design.id, design.name, design.lifetime, design.families, design.rules)
    ) and previous.sublayer == sublayer


def _sublayers(design: Design, flags: _Flags) -> Iterator[SubLayer]:
    if design.sublayer.weight is not None:
        key = uuid5(design.id, "sublayer")
        yield SubLayer(key, PROVIDER_KEY, design.name, design.sublayer.weight, SUBLAYER, flags.sublayer)


def _exemption_filters(
    design: Design, common: Common, made_before: dict[int, tuple[Exemption, list[Filter]]]
) -> dict[int, tuple[Exemption, list[Filter]]]:
    protected = frozenset().union(*(rule.stems for rule in design.rules if rule.enabled))
    slots = {
        (stem, family): common.slot(layer_name(stem, family), "exemption", PERMIT, weight=EXEMPT)
        for stem in exemptible_layers(protected)
        for family in design.families
    }
    made: dict[int, tuple[Exemption, list[Filter]]] = {}
    for exemption in counted(design.exemptions):
        identity = id(exemption)
        if identity in made_before:
            made[identity] = made_before[identity]
        elif exemption.enabled:
            made[identity] = (exemption, _filters_of(exemption, design.families, slots, protected))
    return made


def _filters_of(
    exemption: Exemption,
    families: tuple[Family, ...],
    slots: dict[tuple[str, Family], Slot],
    protected: frozenset[str],
) -> list[Filter]:
    origin = Origin.exemption(exemption.name)
    filters = []
    stems = exemption.stems
    if exemption.is_usual_of_a_program:
        stems = tuple(stem for stem in stems if stem in protected)
    for family in exemption.reach(families):
        shared = tuple(_conditions(exemption, family))
        for stem in stems:
            if (stem, family) not in slots:
                continue
            conditions = shared if exemption.icmp_type is None else (*shared, *_icmp_conditions(exemption, stem))
            filters.append(Filter(slots[stem, family], origin, conditions))
    return filters


def _conditions_at(exemption: Exemption, family: Family, stem: str) -> tuple[Condition, ...]:
    shared = tuple(_conditions(exemption, family))
    return shared if exemption.icmp_type is None else (*shared, *_icmp_conditions(exemption, stem))


def _conditions(exemption: Exemption, family: Family) -> Iterator[Condition]:
    yield UNICAST
    yield from traffic_conditions(exemption, family)
    if exemption.profiles or exemption.interfaces:
        yield from network_conditions(exemption)
    if exemption.program:
        yield program_condition(exemption.program)


def _icmp_conditions(exemption: Exemption, stem: str) -> Iterator[Condition]:
    for name, field in exemption.condition_fields(stem):
        if name in ("icmp_type", "icmp_code"):
            yield equals(field, "FWP_UINT16", getattr(exemption, name))
