"""How a new rule protects its traffic, as long as the operator has not chosen."""

from collections.abc import Sequence
from typing import Any, TypeVar

from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.design import Design
from ndtui.model.design.ports import PortRange
from ndtui.model.design.rule import Rule
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES, Scenario

#: Fields of a scope that say where, and not which service.
_LIMITS = ("remote_addresses", "local_addresses", "profiles", "interfaces")
_Range = TypeVar("_Range", AddressRange, PortRange)


def proposed_mode(design: Design, scope: Scope, *, adds: bool) -> Scenario:
    """Return the mode that is proposed for a new rule.

    Traffic that other rules protect already goes on being protected as it is: by ``inherit`` where the new rule adds
    encryption or who may connect (``adds``), else by the mode of the rule that has it now. Traffic that no rule
    protects gets the mode of the design's first rule that protects.
    """
    meeting = _meeting(design, scope)
    if meeting and adds:
        return "inherit"
    return max(meeting, key=lambda rule: _said(rule.scope)).mode if meeting else _protecting(design)[0].mode


def proposed_limits(design: Design, scope: Scope) -> dict[str, Any]:
    """Return what a new rule that adds to others takes over of their scope, by the fields of a scope.

    Without that the other rule would win where it names addresses or networks and the new one ports alone: Windows
    weighs them higher. It is taken over where all rules that have the traffic say the same and the new one nothing.
    """
    scopes = [rule.scope for rule in _meeting(design, scope)]
    limits = {}
    for field in _LIMITS:
        said = {getattr(each, field) for each in scopes}
        if len(said) == 1 and not getattr(scope, field):
            limits[field] = said.pop()
    return limits


def _protecting(design: Design) -> list[Rule]:
    return [rule for rule in design.rules if rule.enabled and MODES[rule.mode].protects]


def _meeting(design: Design, scope: Scope) -> list[Rule]:
    """Return the rules that protect some of what a scope has."""
    return [rule for rule in _protecting(design) if _meet(rule.scope, scope)]


def _said(scope: Scope) -> int:
    """Return how much a scope says: of two rules the one that says more wins."""
    return sum(value not in ((), "any", False) for _, value in scope)


def _meet(one: Scope, other: Scope) -> bool:
    """Tell whether two scopes may share traffic: nothing that both name is apart."""
    if "any" not in (one.protocol, other.protocol) and one.protocol != other.protocol:
        return False
    for field in ("local_addresses", "remote_addresses"):
        if not _share(getattr(one, field), getattr(other, field)):
            return False
    if not (one.either_port or other.either_port):
        for field in ("local_ports", "remote_ports"):
            if not _share(getattr(one, field), getattr(other, field)):
                return False
    for field in ("profiles", "interfaces"):
        mine, yours = set(getattr(one, field)), set(getattr(other, field))
        if mine and yours and not mine & yours:
            return False
    return True


def _share(these: Sequence[_Range], those: Sequence[_Range]) -> bool:
    if not these or not those:
        return True
    return any(
        getattr(a, "family", None) == getattr(b, "family", None) and a.low <= b.high and b.low <= a.high
        for a in these
        for b in those
    )
