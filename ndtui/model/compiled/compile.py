"""Compile: a Design becomes the provider, sublayer, provider contexts and filters that Windows would be given.

Pure and deterministic: no clock, no machine, every key derived from the design. The tables it follows are those of
Microsoft's scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID, uuid5

from ndtui.common.counted import counted
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.objects import (
    Condition,
    Filter,
    FilterSet,
    MainModePolicy,
    Provider,
    ProviderContext,
    QuickModePolicy,
    Slot,
    SubLayer,
    Value,
    Weight,
)
from ndtui.model.compiled.origin import SCENARIO, SUBLAYER, Origin
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.design import NAMESPACE, Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ipsec_policy import KeyingModule
from ndtui.model.design.ports import PortRange
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES, ND_SECURE, exemptible_layers
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import (
    IKEEXT,
    IPSEC,
    Family,
    layer_name,
    layer_position,
)
from ndtui.model.vocabulary.sublayers import UNIVERSAL

#: The provider of every object this program makes, whatever the design.
PROVIDER_KEY = uuid5(NAMESPACE, "provider")

PERMIT = "FWP_ACTION_PERMIT"
CALLOUT = "FWP_ACTION_CALLOUT_TERMINATING"
HAS_CONTEXT = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"
EXEMPT = Weight("FWP_UINT8", number_of("FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS"))

UNICAST = Condition("FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE", "FWP_MATCH_EQUAL", Value("FWP_UINT8", 1, 1))

_MAIN_MODE: dict[KeyingModule, str] = {"IKE": "FWPM_IPSEC_IKE_MM_CONTEXT", "AuthIP": "FWPM_IPSEC_AUTHIP_MM_CONTEXT"}
_QUICK_MODE: dict[KeyingModule, str] = {
    "IKE": "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT",
    "AuthIP": "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT",
}


def compile_design(design: Design, previous: FilterSet | None = None) -> FilterSet:
    """Return what a Design becomes.

    ``previous`` is the result of an earlier compile: filters of exemptions that have not changed since are taken from
    it. The result is the same with and without.
    """
    flags = _Flags.of(design)
    provider = Provider(PROVIDER_KEY, "ndtui", "Objects of IPsec policies designed with ndtui", flags.provider)
    sublayers = tuple(_sublayers(design, flags))
    sublayer = f"{{{sublayers[0].key}}}" if sublayers else UNIVERSAL
    contexts = tuple(_contexts(design, flags))
    common = _Common(design.id, design.name, sublayer, flags.filter)
    reusable = previous is not None and _same_ground(previous, design, sublayer)
    with without_garbage_collection():
        made = _exemption_filters(design, common, previous.made if previous is not None and reusable else {})
        base = (*_policy_filters(design, contexts, common), *_callout_filters(design, common))
        by_layer = _by_layer(chain(base, *(own for _, own in made.values())))
        return FilterSet(design, provider, sublayers, contexts, base, by_layer, made)


def _by_layer(filters: Iterable[Filter]) -> dict[str, list[Filter]]:
    buckets: dict[str, list[Filter]] = {}
    for each in filters:
        layer = each.slot.layer
        if layer in buckets:
            buckets[layer].append(each)
        else:
            buckets[layer] = [each]
    return {layer: buckets[layer] for layer in sorted(buckets, key=layer_position)}


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


class _Common(NamedTuple):
    """What every filter of a design has in common."""

    namespace: UUID
    policy: str
    sublayer: str
    flags: tuple[str, ...]


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


def quick_mode_flags(rule: Rule) -> tuple[str, ...]:
    """Return the IPSEC_POLICY_FLAG_* of a rule's quick mode contexts."""
    return MODES[rule.mode].flags or ((ND_SECURE,) if rule.nd_secure else ())


def _contexts(design: Design, flags: _Flags) -> Iterator[ProviderContext]:
    nd_flags = quick_mode_flags(design.rules[0])
    for module in design.keying_modules:
        main = MainModePolicy(design.main_mode.authentication(module), design.main_mode.proposals)
        extended = design.extended_mode if module == "AuthIP" else None
        quick = QuickModePolicy(design.quick_mode, nd_flags, extended)
        for kind, label, policy in (
            (_MAIN_MODE[module], "main mode", main),
            (_QUICK_MODE[module], "quick mode", quick),
        ):
            key = uuid5(design.id, f"context:{kind}")
            name = f"{design.name}: {module} {label}"
            yield ProviderContext(key, PROVIDER_KEY, name, kind, policy, Origin.keying_module(module), flags.context)


def _policy_filters(design: Design, contexts: tuple[ProviderContext, ...], common: _Common) -> Iterator[Filter]:
    for context in contexts:
        main_mode = isinstance(context.policy, MainModePolicy)
        label = context.name.removeprefix(f"{design.name}: ")
        for family in design.families:
            slot = Slot(
                common.namespace,
                common.policy,
                PROVIDER_KEY,
                layer_name(IKEEXT if main_mode else IPSEC, family),
                common.sublayer,
                "policy",
                PERMIT,
                context=context.key,
                flags=(HAS_CONTEXT, *common.flags),
                label=label,
            )
            yield Filter(slot, context.origin)


def _callout_filters(design: Design, common: _Common) -> Iterator[Filter]:
    rule = design.rules[0]
    for row in MODES[rule.mode].callouts:
        raw_context = (row.sample_context if rule.ale_persist_context else "") or row.raw_context
        for family in design.families:
            slot = Slot(
                common.namespace,
                common.policy,
                PROVIDER_KEY,
                layer_name(row.stem, family),
                common.sublayer,
                "callout",
                CALLOUT,
                f"{row.callout}_{family}",
                raw_context_name=raw_context,
                flags=common.flags,
                label=row.label,
            )
            yield Filter(slot, SCENARIO, (UNICAST,))


def _exemption_filters(
    design: Design, common: _Common, made_before: dict[int, tuple[Exemption, list[Filter]]]
) -> dict[int, tuple[Exemption, list[Filter]]]:
    slots = {
        (stem, family): _exemption_slot(common, layer_name(stem, family))
        for stem in exemptible_layers(design.rules[0].mode)
        for family in design.families
    }
    made: dict[int, tuple[Exemption, list[Filter]]] = {}
    for exemption in counted(design.exemptions):
        identity = id(exemption)
        if identity in made_before:
            made[identity] = made_before[identity]
        elif exemption.enabled:
            made[identity] = (exemption, _filters_of(exemption, design.families, slots))
    return made


def _exemption_slot(common: _Common, layer: str) -> Slot:
    return Slot(
        common.namespace,
        common.policy,
        PROVIDER_KEY,
        layer,
        common.sublayer,
        "exemption",
        PERMIT,
        weight=EXEMPT,
        flags=common.flags,
    )


def _filters_of(
    exemption: Exemption, families: tuple[Family, ...], slots: dict[tuple[str, Family], Slot]
) -> list[Filter]:
    origin = Origin.exemption(exemption.name)
    filters = []
    for family in exemption.reach(families):
        shared = tuple(_conditions(exemption, family))
        for stem in exemption.layers:
            if (stem, family) not in slots:
                continue
            conditions = shared if exemption.icmp_type is None else (*shared, *_icmp_conditions(exemption, stem))
            filters.append(Filter(slots[stem, family], origin, conditions))
    return filters


def _conditions(exemption: Exemption, family: Family) -> Iterator[Condition]:
    yield UNICAST
    protocol = exemption.protocol_number(family)
    if protocol is not None:
        yield _equals("FWPM_CONDITION_IP_PROTOCOL", "FWP_UINT8", protocol)
    if exemption.local_addresses or exemption.remote_addresses:
        for field, addresses in (
            ("FWPM_CONDITION_IP_LOCAL_ADDRESS", exemption.local_addresses),
            ("FWPM_CONDITION_IP_REMOTE_ADDRESS", exemption.remote_addresses),
        ):
            for address in addresses:
                if address.family == family:
                    yield _address(field, address)
    for port in exemption.local_ports:
        yield _port("FWPM_CONDITION_IP_LOCAL_PORT", port)
    for port in exemption.remote_ports:
        yield _port("FWPM_CONDITION_IP_REMOTE_PORT", port)


def _icmp_conditions(exemption: Exemption, stem: str) -> Iterator[Condition]:
    for name, field in exemption.condition_fields(stem):
        if name in ("icmp_type", "icmp_code"):
            yield _equals(field, "FWP_UINT16", getattr(exemption, name))


@cache
def _equals(field: str, data_type: str, number: int) -> Condition:
    return Condition(field, "FWP_MATCH_EQUAL", Value(data_type, number, number))


@cache
def _port(field: str, port: PortRange) -> Condition:
    if port.low == port.high:
        return _equals(field, "FWP_UINT16", port.low)
    return Condition(field, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", port.low, port.high, "FWP_UINT16"))


def _address(field: str, address: AddressRange) -> Condition:
    family, low, high, prefix = address
    element = "FWP_UINT32" if family == "V4" else "FWP_BYTE_ARRAY16_TYPE"
    if low == high:
        return Condition(field, "FWP_MATCH_EQUAL", Value(element, low, high))
    if prefix is None:
        return Condition(field, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", low, high, element))
    return Condition(field, "FWP_MATCH_EQUAL", Value(f"FWP_{family}_ADDR_MASK", low, high))
