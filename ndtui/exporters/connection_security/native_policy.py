"""A design as a policy of Windows Firewall: its sets and rules, what it has no place for, and what has to be known."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ndtui.exporters.connection_security.native_conflicts import Extras, conflict, wanted
from ndtui.exporters.connection_security.native_exemptions import exemption_objects, is_host_icmp
from ndtui.exporters.connection_security.native_negotiation import Native, native_negotiation
from ndtui.exporters.connection_security.native_reasons import Reasons, called
from ndtui.exporters.connection_security.native_rules import (
    EITHER_WAY,
    MOST_SDDL,
    Sayable,
    authenticated_rules,
    beyond,
    ipsec_rules,
    main_mode_rules,
    sayable,
    title_of,
)
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_traffic import apart, has_port_ranges, rule_parts
from ndtui.exporters.connection_security.net_objects import SET_NOUNS, NetObject
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.windows_versions import VERSIONS
from ndtui.model.scenarios.catalogue import MODES


class NativePolicy(NamedTuple):
    """The objects in the order in which they are made, each once, and what cannot be said.

    ``by_host``: ICMP is left out by the host's own setting. ``said`` are the rules of the design that it is made of.
    """

    sets: tuple[NetObject, ...]
    rules: tuple[NetObject, ...]
    reasons: Reasons
    by_host: bool = False
    said: tuple[Sayable, ...] = ()

    def of(self, noun: str) -> tuple[NetObject, ...]:
        """Return the objects of a noun."""
        return tuple(each for each in (*self.sets, *self.rules) if each.noun == noun)

    @property
    def guards(self) -> bool:
        """Whether firewall rules let something in only if it is secure, and leave the rest to the default."""
        return any(each.noun == "NetFirewallRule" and dict(each.parameters)["Action"] == "Allow" for each in self.rules)


def native_policy(
    filterset: FilterSet, target: NativeTarget, *, host_exemptions: bool = False, said_by_host: Collection[str] = ()
) -> NativePolicy:
    """Return what a design becomes in a way out; what has no place there is left out, and named in ``reasons``.

    ``host_exemptions``: an exemption that is just what the host says of ICMP becomes its setting. ``said_by_host`` are
    the names of others that a setting of the host says, which become no rules.
    """
    design = filterset.design
    reasons = Reasons()
    _lose_design(design, target, reasons)
    said = tuple(_sayable_rules(filterset, target, reasons))
    _lose_sides(said, target, reasons)
    rules: list[NetObject] = []
    for each in said:
        if each.native is not None:
            title = title_of(design, each.rule.name)
            rules += [*main_mode_rules(each, title, target), *ipsec_rules(each, title, target)]
        if each.rule.encryption != "none" or each.rule.is_identified:
            rules += authenticated_rules(each, title_of(design, each.rule.name), target)
    if not (reasons.fatal or any(each.native is not None for each in said)):
        reasons.refuse("rules", "no rule that protects is left")
    by_host = {each.name for each in design.exemptions if host_exemptions and is_host_icmp(each, design)}
    rules += exemption_objects(design, said, target, reasons, by_host | set(said_by_host))
    made = sorted(dict.fromkeys(rules), key=lambda each: each.order)
    sets = sorted(dict.fromkeys(_sets(made)), key=lambda each: SET_NOUNS.index(each.noun))
    return NativePolicy(tuple(sets), tuple(made), reasons, bool(by_host), said)


def _sets(rules: Iterable[NetObject]) -> Iterator[NetObject]:
    for rule in rules:
        yield from (each for _, each in rule.sets)


def _lose_design(design: Design, target: NativeTarget, reasons: Reasons) -> None:
    if design.windows is not None and VERSIONS.index(design.windows) < VERSIONS.index(target.since):
        reasons.refuse(f"windows {design.windows}", target.why_since)
    if design.lifetime == "dynamic":
        reasons.lose("lifetime dynamic", "rules do not go with a session: they stay until they are removed")
    for direction in design.before_bfe:
        reasons.lose(f"before_bfe {direction}", "rules have no boot-time filters")
    for exemption in design.exemptions:
        if exemption.enabled and exemption.before_bfe:
            reasons.lose(f"{called('exemption', exemption.name)} before_bfe", "rules have no boot-time filters")
    if design.sublayer.kind == "own":
        reasons.lose("sublayer own", "rules are in Windows Firewall's own sublayers")


def _lose_sides(said: Iterable[Sayable], target: NativeTarget, reasons: Reasons) -> None:
    """Name the rules that are for more traffic than in the design, and than rules that want the same have."""
    protecting = [each for each in said if each.native is not None]
    for each in protecting:
        alike = [part for other in protecting if wanted(other) == wanted(each) for part in other.parts]
        if any(apart(part, alike) for part in beyond(each.parts, target)):
            reasons.lose(f"{called('rule', each.rule.name)} scope", EITHER_WAY)


def _sayable_rules(filterset: FilterSet, target: NativeTarget, reasons: Reasons) -> Iterator[Sayable]:
    """Yield the rules that can be said, as long as none before them leaves open which of them wins."""
    design = filterset.design
    natives: dict[Negotiation, Native | None] = {}
    taken: list[Sayable] = []
    extras = Extras(filterset)
    for rule in design.rules:
        if not rule.enabled:
            continue
        name = called("rule", rule.name)
        native = _native(design, rule, natives, target, reasons) if MODES[rule.mode].protects else None
        if MODES[rule.mode].protects and native is None:
            continue  # what is wrong with it is named
        each = Sayable(rule, rule_parts(rule, design.families), native)
        _lose_rule(rule, name, reasons)
        why = _unsayable(each) or conflict(each, taken, extras)
        if why:
            reasons.lose(name, why)
            continue
        if sayable(_objects(each, target), name, reasons) is not None:
            taken.append(each)
            yield each


def _native(
    design: Design,
    rule: Rule,
    natives: dict[Negotiation, Native | None],
    target: NativeTarget,
    reasons: Reasons,
) -> Native | None:
    said = negotiation_of(design, rule)
    if said not in natives:
        place = f"{called('rule', rule.name)} " if rule.negotiation is not None else ""
        natives[said] = native_negotiation(said, design.windows, place, target, reasons)
    return natives[said]


def _objects(each: Sayable, target: NativeTarget) -> Iterator[NetObject]:
    yield from main_mode_rules(each, "", target)
    yield from ipsec_rules(each, "", target)
    yield from authenticated_rules(each, "", target)


def _lose_rule(rule: Rule, name: str, reasons: Reasons) -> None:
    if MODES[rule.mode].protects and rule.nd_secure != MODES[rule.mode].nd_secure:
        reasons.lose(f"{name} nd_secure", "the flag follows from what is required")
    if rule.ale_persist_context:
        reasons.lose(f"{name} ale_persist_context", "raw contexts cannot be chosen")
    if rule.weight_range is not None:
        reasons.lose(f"{name} weight_range", "the order of rules is Windows Firewall's own")


def _unsayable(each: Sayable) -> str:
    if each.native is not None and has_port_ranges(each.parts):
        return "rules that protect have single ports, and ranges of ports are for exemptions"
    if max(len(each.rule.machines), len(each.rule.users)) > MOST_SDDL:
        return f"an access list has no more than {MOST_SDDL} characters"
    return ""
