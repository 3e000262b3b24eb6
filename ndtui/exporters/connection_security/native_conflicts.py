"""Conflicts: where Windows Firewall's own order of rules would decide, and not the design.

Exemptions come before all rules. Among other rules no page says which wins where several have the same traffic, so that
they must want the same there; demands of authenticated firewall rules come on top of what IPsec rules require, while in
a design a callout filter of the one stands in the place of another's.
"""

from collections import defaultdict
from collections.abc import Sequence

from ndtui.exporters.connection_security.native_reasons import called
from ndtui.exporters.connection_security.native_rules import Sayable, security_of
from ndtui.exporters.connection_security.native_traffic import ends_only, meets
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, stem_of


class Extras:
    """The weights of the filters that rules have at ALE_AUTH_RECV_ACCEPT."""

    def __init__(self, filterset: FilterSet) -> None:
        self._weights: dict[tuple[str, str], list[int]] = defaultdict(list)
        for layer, filters in filterset.by_layer.items():
            if stem_of(layer) == ALE_AUTH_RECV_ACCEPT:
                for each in filters:
                    if each.origin.rule_name is not None:
                        self._weights[layer, each.origin.rule_name].append(effective_weight(each).value)

    def outranks(self, one: Rule, other: Rule) -> bool:
        """Tell whether every filter of a rule there is above every filter of another."""
        for layer, name in tuple(self._weights):
            mine, yours = self._weights.get((layer, one.name)), self._weights[layer, name]
            if name == other.name and mine is not None and min(mine) <= max(yours):
                return False
        return True


def conflict(each: Sayable, taken: Sequence[Sayable], extras: Extras) -> str:
    """Return why a rule cannot stand beside those before it, empty where it can."""
    for other in taken:
        name = called("rule", other.rule.name)
        if each.native is not None and other.native is not None:
            if _main_mode(each) != _main_mode(other) and meets(ends_only(each.parts), ends_only(other.parts)):
                return f"main mode knows addresses alone, and {name} has other main mode policy for some of them"
            if wanted(each) != wanted(other) and meets(each.parts, other.parts):
                return (
                    f"{name} protects some of its traffic in another way, and which wins is not for the script to say"
                )
        if not meets(each.parts, other.parts):
            continue
        if _demands(each.rule) and _demands(other.rule) and _demands(each.rule) != _demands(other.rule):
            return f"{name} asks for something else of connections of the same traffic"
        for one, less in ((each, other), (other, each)):
            if _demands(one.rule) and not _demands(less.rule) and not extras.outranks(one.rule, less.rule):
                return f"{name} has some of its traffic, and their filters' weights do not say that the demands win"
    return ""


def _demands(rule: Rule) -> tuple[str, str, str] | None:
    """Return what a rule asks of connections beside protection."""
    if rule.encryption == "none" and not rule.is_identified:
        return None
    return (rule.encryption, rule.machines, rule.users)


def _main_mode(each: Sayable) -> object:
    return None if each.native is None else (each.native.main_mode, each.native.first)


def wanted(each: Sayable) -> object:
    """Return what a rule wants of its traffic: two that want the same do not care which of them wins."""
    return (security_of(MODES[each.rule.mode]), each.native)
