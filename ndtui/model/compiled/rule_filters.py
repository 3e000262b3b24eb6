"""What rules become: callout filters where packets pass, and the policy that IKE and AuthIP negotiate with.

A condition of a scope that a layer does not have is left out there, never replaced. The tables are those of Microsoft's
scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from ndtui.model.compiled.conditions import UNICAST, network_conditions, traffic_conditions
from ndtui.model.compiled.filter_values import BLOCK, CALLOUT, HAS_CONTEXT, PERMIT, PROVIDER_KEY
from ndtui.model.compiled.objects import (
    EMPTY,
    Condition,
    Filter,
    MainModePolicy,
    ProviderContext,
    QuickModePolicy,
    Role,
    Slot,
    Value,
    Weight,
)
from ndtui.model.compiled.origin import SCENARIO, Origin
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.ipsec_policy import MainMode
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES, ND_SECURE, CalloutRow
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_RECV_ACCEPT,
    IKEEXT,
    IPSEC,
    Family,
    family_of,
    fields_of,
    layer_name,
)

_MAIN_MODE: dict[KeyingModule, str] = {
    "IKE": "FWPM_IPSEC_IKE_MM_CONTEXT",
    "AuthIP": "FWPM_IPSEC_AUTHIP_MM_CONTEXT",
    "IKEv2": "FWPM_IPSEC_IKEV2_MM_CONTEXT",
}
_QUICK_MODE: dict[KeyingModule, str] = {
    "IKE": "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT",
    "AuthIP": "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT",
    "IKEv2": "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT",
}
#: What the filter is called that blocks who may not connect.
BLOCK_LABEL = "block who may not connect"
#: Which of a service's sides a filter is for, where a rule has one for each.
SIDES = {"here": " (service here)", "elsewhere": " (service elsewhere)"}


class Common(NamedTuple):
    """What every filter of a design has in common."""

    namespace: UUID
    policy: str
    sublayer: str
    flags: tuple[str, ...]

    def slot(self, layer: str, role: Role, action: str, **more: Any) -> Slot:
        """Return what filters of one role at a layer share; ``more`` are further members of a ``Slot``."""
        own = {"flags": self.flags, **more}
        return Slot(self.namespace, self.policy, PROVIDER_KEY, layer, self.sublayer, role, action, **own)


class Policy(NamedTuple):
    """Policy that a rule negotiates with by a keying module: the context, the layer of its filters, and their label."""

    rule: Rule
    module: KeyingModule
    stem: str
    context: ProviderContext
    label: str


def quick_mode_flags(rule: Rule) -> tuple[str, ...]:
    """Return the IPSEC_POLICY_FLAG_* that a rule's mode gives its quick mode contexts."""
    return MODES[rule.mode].flags or ((ND_SECURE,) if rule.nd_secure else ())


def _title(rule: Rule, text: str) -> str:
    """Return what an object of a rule is called; those of the base rule name no rule."""
    return text if rule.is_base else f"{rule.name}: {text}"


def _weight(rule: Rule) -> Weight:
    return EMPTY if rule.weight_range is None else Weight("FWP_UINT8", rule.weight_range)


# -- what negotiates ---------------------------------------------------------------------------------------------------


def negotiation_policies(
    design: Design, rules: Iterable[Rule], flags: tuple[str, ...]
) -> tuple[tuple[ProviderContext, ...], tuple[Policy, ...]]:
    """Return the provider contexts of rules, and which of them each rule negotiates with.

    Rules that say the same share a context, which is called by the first of them; those that differ never do.
    """
    contexts: dict[tuple[str, MainModePolicy | QuickModePolicy], ProviderContext] = {}
    policies: list[Policy] = []
    for rule in rules:
        if not MODES[rule.mode].protects:
            continue
        for module, stem, label, kind, policy in _wanted(rule, negotiation_of(design, rule)):
            context = contexts.get((kind, policy))
            if context is None:
                origin = Origin.keying_module(module) if rule.is_base else Origin.rule(rule.name)
                name = f"{design.name}: {_title(rule, label)}"
                key = context_key(design.id, kind, rule.name)
                context = ProviderContext(key, PROVIDER_KEY, name, kind, policy, origin, flags)
                contexts[kind, policy] = context
            policies.append(Policy(rule, module, stem, context, label))
    return tuple(contexts.values()), tuple(policies)


def context_key(design: UUID, kind: str, rule: str) -> UUID:
    """Return the key of the context of a kind that a rule of a design has, by the design's id and the rule's name."""
    return uuid5(design, f"context:{kind}" if rule == BASE else f"context:{kind}:{Origin.rule(rule)}")


_Wanted = tuple[KeyingModule, str, str, str, MainModePolicy | QuickModePolicy]


def _wanted(rule: Rule, said: Negotiation) -> Iterator[_Wanted]:
    for module in said.keying_modules:
        main = _main_mode(said.main_mode, module)
        extended = said.extended_mode if module == "AuthIP" else None
        flags = (*quick_mode_flags(rule), *said.quick_mode.flags_of(module))
        quick = QuickModePolicy(said.quick_mode.of(module), flags, extended)
        yield module, IKEEXT, f"{module} main mode", _MAIN_MODE[module], main
        yield module, IPSEC, f"{module} quick mode", _QUICK_MODE[module], quick


def _main_mode(said: MainMode, module: KeyingModule) -> MainModePolicy:
    """Return what a keying module's main mode is; who is impersonated is AuthIP's, how long is sent again IKEv2's."""
    return MainModePolicy(
        said.authentication(module),
        said.offers(module),
        said.flags_of(module),
        (said.impersonation if module == "AuthIP" else None) or "IKEEXT_IMPERSONATION_NONE",
        said.max_dynamic_filters,
        said.retransmit_seconds if module == "IKEv2" else 0,
    )


def policy_filters(families: Sequence[Family], policies: Iterable[Policy], common: Common) -> Iterator[Filter]:
    """Yield the filters that lead to the policy of rules; of several that say the same the first stands for all."""
    known: set[tuple[str, UUID, Weight, tuple[Condition, ...]]] = set()
    for policy in policies:
        rule = policy.rule
        origin = Origin.keying_module(policy.module) if rule.is_base else Origin.rule(rule.name)
        for family in families:
            if family not in rule.scope.reach(families):
                continue
            layer = layer_name(policy.stem, family)
            for part, conditions in scope_filters(rule.scope, family, layer):
                same = (layer, policy.context.key, _weight(rule), conditions)
                if same in known:
                    continue
                known.add(same)
                slot = common.slot(
                    layer,
                    "policy",
                    PERMIT,
                    weight=_weight(rule),
                    context=policy.context.key,
                    flags=(HAS_CONTEXT, *common.flags),
                    label=_title(rule, policy.label) + _side(part),
                    part=_joined("" if rule.is_base else policy.module, part),
                )
                yield Filter(slot, origin, conditions)


# -- what packets meet -------------------------------------------------------------------------------------------------


def rule_filters(rule: Rule, families: Sequence[Family], common: Common) -> Iterator[Filter]:
    """Yield a rule's callout filters, each that asks who may connect followed by one that blocks everybody else."""
    mode_rows = MODES[rule.mode].callouts
    for row in rule.callouts:
        identified = rule.is_identified and row.stem == ALE_AUTH_RECV_ACCEPT
        extra = "" if row in mode_rows else "identity" if identified else "encryption"
        for family in rule.scope.reach(families):
            layer = layer_name(row.stem, family)
            for part, conditions in scope_filters(rule.scope, family, layer):
                asked = (UNICAST, *conditions)
                who = (*asked, *_identities(rule)) if identified else asked
                yield Filter(_callout_slot(rule, row, layer, _joined(extra, part), common), _origin(rule), who)
                if identified:
                    yield Filter(_block_slot(rule, layer, part, common), _origin(rule), asked)


def _origin(rule: Rule) -> Origin:
    return SCENARIO if rule.is_base else Origin.rule(rule.name)


def _joined(*parts: str) -> str:
    return ":".join(filter(None, parts))


def _callout_slot(rule: Rule, row: CalloutRow, layer: str, part: str, common: Common) -> Slot:
    sample = row.sample_context if rule.ale_persist_context else ""
    return common.slot(
        layer,
        "callout",
        CALLOUT,
        callout=f"{row.callout}_{family_of(layer)}",
        weight=_weight(rule),
        raw_context_name=sample or row.raw_context,
        label=_title(rule, row.label) + _side(part),
        part=part,
    )


def _block_slot(rule: Rule, layer: str, part: str, common: Common) -> Slot:
    return common.slot(
        layer,
        "block",
        BLOCK,
        weight=_weight(rule),
        label=_title(rule, BLOCK_LABEL) + _side(part),
        part=_joined("block", part),
    )


def _side(part: str) -> str:
    return SIDES.get(part.rpartition(":")[2], "")


def _identities(rule: Rule) -> Iterator[Condition]:
    for field, sddl in ((MACHINE, rule.machines), (USER, rule.users)):
        if sddl:
            yield identity_condition(field, sddl)


def identity_condition(field: str, sddl: str) -> Condition:
    """Return the condition that an access list allows the peer's machine, or its user."""
    return Condition(field, "FWP_MATCH_EQUAL", Value("FWP_SECURITY_DESCRIPTOR_TYPE", 0, 0, sddl))


def scope_filters(scope: Scope, family: Family, layer: str) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Yield the conditions of a scope that a layer has; twice where either port is enough, with the side of each."""
    if not (scope.either_port and "FWPM_CONDITION_IP_LOCAL_PORT" in fields_of(layer)):
        yield "", _of_layer(scope_conditions(scope, family), layer)
        return
    for part, sides in (("here", {"remote_ports": ()}), ("elsewhere", {"local_ports": ()})):
        one = scope.model_copy(update={**sides, "either_port": False})
        yield part, _of_layer(scope_conditions(one, family), layer)


def scope_conditions(scope: Scope, family: Family) -> Iterator[Condition]:
    """Yield the conditions of a scope, those on one field next to each other."""
    yield from traffic_conditions(scope, family)
    yield from network_conditions(scope)


def _of_layer(conditions: Iterable[Condition], layer: str) -> tuple[Condition, ...]:
    known = fields_of(layer)
    return tuple(condition for condition in conditions if condition.field in known)
