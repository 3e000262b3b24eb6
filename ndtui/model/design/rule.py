"""Rule: traffic, and the mode in which it is protected."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ndtui.model.design.element import Element
from ndtui.model.design.names import Name, Prose
from ndtui.model.scenarios.catalogue import DEFAULT_SCENARIO, MODES, Scenario
from ndtui.model.vocabulary.pages import PAGES

#: The rule of a design that names none. Its objects carry no rule in their names.
BASE = "base"

#: What stood in a design itself before it had rules, and what it is called in a rule.
FORMERLY: Mapping[str, str] = {
    "scenario": "mode",
    "nd_secure": "nd_secure",
    "ale_persist_context": "ale_persist_context",
}

Switch = Annotated[bool, Field(strict=True)]


def _usual_nd_secure(mode: Scenario | None) -> bool:
    """Return what ND_SECURE is unless the rule says; no mode where the one that was given is refused."""
    return mode is not None and MODES[mode].nd_secure


class Rule(Element):
    """How traffic is protected: one of the scenarios of Microsoft's pages, with its flags.

    Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
    """

    name: Name = BASE
    mode: Scenario = DEFAULT_SCENARIO
    nd_secure: Switch = Field(default_factory=lambda data: _usual_nd_secure(data.get("mode")))
    ale_persist_context: Switch = False
    comment: Prose = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        mode = MODES[self.mode]
        if mode.flags and self.nd_secure:
            raise ValueError(
                f"nd_secure with the {mode.id} scenario: {mode.flags[0]} takes the place of ND_SECURE "
                f"({PAGES[mode.page]}): set nd_secure = false"
            )
        if self.ale_persist_context and not mode.requires_at_accept:
            having = " or ".join(each.id for each in MODES.values() if each.requires_at_accept)
            raise ValueError(
                f"ale_persist_context sets the raw context of the ALE filters, and only the {having} scenario has "
                "any: set it to false"
            )
        return self


def is_first_format(data: Mapping[str, Any]) -> bool:
    """Tell whether plain data is a design of the first format: its one rule stood in the design itself."""
    return "rules" not in data and data.get("version", 1) == 1


def with_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a design of the first format in the present one: what it said of its scenario becomes its one rule."""
    rule = {now: data[then] for then, now in FORMERLY.items() if then in data}
    rest = {name: value for name, value in data.items() if name not in FORMERLY}
    return {**rest, "version": 2, "rules": [{"name": BASE, **rule}]}


def former_place(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return where in a design of the first format stood what is at a place of the present one."""
    if path[:2] != ("rules", 0):
        return path
    then = {now: then for then, now in FORMERLY.items()}
    return tuple(then.get(part, part) for part in path[2:])
