"""Edits: each takes a Design and returns the changed one, or raises what makes the change impossible."""

from typing import Any

from ndtui.model.design.design import Design, Sublayer, change
from ndtui.model.design.exemption import Exemption, copy_name, rebuild
from ndtui.model.design.ipsec_policy import ExtendedMode, KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.scenarios.catalogue import MODES, Scenario
from ndtui.model.vocabulary.layers import Family


def set_scenario(design: Design, scenario: Scenario) -> Design:
    """Choose the scenario; the decisions that depend on it go to its defaults."""
    return _with_rule(design, mode=scenario, nd_secure=MODES[scenario].nd_secure, ale_persist_context=False)


def set_flags(design: Design, *, nd_secure: bool, ale_persist_context: bool) -> Design:
    """Set the flags that depend on the scenario."""
    return _with_rule(design, nd_secure=nd_secure, ale_persist_context=ale_persist_context)


def _with_rule(design: Design, **changes: Any) -> Design:
    return change(design, rules=(Rule.model_validate({**dict(design.rules[0]), **changes}),))


def toggle_module(design: Design, module: KeyingModule) -> Design:
    """Switch a keying module on or off; the last one cannot be switched off."""
    return change(design, keying_modules=_toggled(design.keying_modules, module))


def toggle_family(design: Design, family: Family) -> Design:
    """Cover an address family or not; the last one stays."""
    return change(design, families=_toggled(design.families, family))


def _toggled(present: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(p for p in present if p != item) if item in present else (*present, item)


def toggle_nd_secure(design: Design) -> Design:
    """Switch the ND_SECURE flag of the quick mode policies."""
    return _with_rule(design, nd_secure=not design.rules[0].nd_secure)


def toggle_ale_context(design: Design) -> Design:
    """Switch the raw context that Microsoft's sample sets on the ALE filters."""
    return _with_rule(design, ale_persist_context=not design.rules[0].ale_persist_context)


def toggle_extended_mode(design: Design) -> Design:
    """Add AuthIP's extended mode with its default policy, or take it out."""
    return change(design, extended_mode=None if design.extended_mode else ExtendedMode())


def set_sublayer(design: Design, weight: int | None) -> Design:
    """Put the filters into a sublayer of their own with a weight, or with ``None`` into the universal one."""
    return change(design, sublayer=Sublayer(kind="universal" if weight is None else "own", weight=weight))


def add_exemption(design: Design, exemption: Exemption, after: str | None = None) -> Design:
    """Add an exemption behind the one named, or at the end."""
    place = index_of(design, after) + 1 if after is not None else len(design.exemptions)
    return change(design, exemptions=(*design.exemptions[:place], exemption, *design.exemptions[place:]))


def replace_exemption(design: Design, name: str, exemption: Exemption) -> Design:
    """Put an exemption in the place of the one named."""
    place = index_of(design, name)
    return change(design, exemptions=(*design.exemptions[:place], exemption, *design.exemptions[place + 1 :]))


def toggle_exemption(design: Design, name: str) -> Design:
    """Enable or disable an exemption."""
    exemption = design.exemptions[index_of(design, name)]
    return replace_exemption(design, name, rebuild(exemption, enabled=not exemption.enabled))


def copy_of(design: Design, name: str) -> Exemption:
    """Return a copy of an exemption under a free name."""
    new = copy_name(name, (e.name for e in design.exemptions))
    return rebuild(design.exemptions[index_of(design, name)], name=new)


def delete_exemption(design: Design, name: str) -> Design:
    """Take an exemption out."""
    place = index_of(design, name)
    return change(design, exemptions=(*design.exemptions[:place], *design.exemptions[place + 1 :]))


def move_exemption(design: Design, name: str, by: int) -> Design:
    """Move an exemption up (-1) or down (+1) in the list; at the end it stays."""
    place = index_of(design, name)
    target = place + by
    if not 0 <= target < len(design.exemptions):
        return design
    moved = list(design.exemptions)
    moved.insert(target, moved.pop(place))
    return change(design, exemptions=tuple(moved))


def index_of(design: Design, name: str) -> int:
    """Return where an exemption stands; a name that is not there is a ``KeyError``."""
    for number, exemption in enumerate(design.exemptions):
        if exemption.name == name:
            return number
    raise KeyError(name)
