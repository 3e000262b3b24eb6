"""Rule: traffic, and the mode in which it is protected."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ndtui.model.design.access_list import AccessList
from ndtui.model.design.element import Element
from ndtui.model.design.names import Name, Prose
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import (
    DEFAULT_SCENARIO,
    ENCRYPTED_ACCEPT,
    ENCRYPTED_CONNECT,
    IDENTIFIED_ACCEPT,
    MODES,
    CalloutRow,
    Mode,
    Scenario,
)
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT
from ndtui.model.vocabulary.pages import PAGES

Encryption = Literal["none", "guaranteed"]

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
    """How some traffic is protected: one of the scenarios of Microsoft's pages, with its flags, for what is in scope.

    Beside that it may guarantee encryption, and say who may connect. Who may connect is asked of the machine and, with
    extended mode, of the user; where both are named, both have to be allowed.
    Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration and its pages on guaranteed encryption and
    remote identity authorization.
    """

    name: Name = BASE
    enabled: Switch = True
    mode: Scenario = DEFAULT_SCENARIO
    nd_secure: Switch = Field(default_factory=lambda data: _usual_nd_secure(data.get("mode")))
    ale_persist_context: Switch = False
    scope: Scope = Field(default_factory=Scope.model_construct)  # there is nothing in it to be checked
    encryption: Encryption = "none"
    machines: AccessList = ""
    users: AccessList = ""
    weight_range: Annotated[int, Field(ge=1, le=11, strict=True)] | None = None
    negotiation: Negotiation | None = None
    comment: Prose = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        mode = MODES[self.mode]
        if self.nd_secure and (mode.flags or not mode.protects):
            reason = (
                f"{mode.flags[0]} takes the place of ND_SECURE ({PAGES[mode.page]})"
                if mode.flags
                else "it has no quick mode policy of its own"
            )
            raise ValueError(f"nd_secure with the {mode.id} scenario: {reason}: set nd_secure = false")
        self._check_accept(mode)
        if not mode.protects:
            self._check_addition(mode)
        return self

    def _check_accept(self, mode: Mode) -> None:
        if not self.ale_persist_context:
            return
        if not mode.requires_at_accept:
            having = " or ".join(each.id for each in MODES.values() if each.requires_at_accept)
            raise ValueError(
                f"ale_persist_context sets the raw context of the ALE filters, and only the {having} scenario has "
                "any: set it to false"
            )
        if self.encryption != "none":
            raise ValueError(
                "ale_persist_context with encryption: a filter has one raw context, and guaranteed encryption needs "
                f"it ({PAGES['encryption']}): set ale_persist_context = false"
            )

    def _check_addition(self, mode: Mode) -> None:
        if self.encryption == "none" and not self.is_identified:
            raise ValueError(
                f"mode {mode.id} adds nothing: set encryption, machines or users, or choose a mode that protects"
            )
        if self.negotiation is not None:
            raise ValueError(
                f"negotiation with mode {mode.id}: what negotiates is the other rules' policy: leave it out"
            )

    @property
    def is_base(self) -> bool:
        """Whether it is the rule that a design has that names none."""
        return self.name == BASE

    @property
    def is_identified(self) -> bool:
        """Whether it says who may connect."""
        return bool(self.machines or self.users)

    @property
    def callouts(self) -> tuple[CalloutRow, ...]:
        """The callout filters it has for each address family, in the order in which they are listed."""
        rows = [row for row in MODES[self.mode].callouts if row.stem != ALE_AUTH_RECV_ACCEPT]
        rows += [row for row in MODES[self.mode].callouts if row.stem == ALE_AUTH_RECV_ACCEPT and not self._at_accept]
        rows += self._at_accept
        return (*rows, ENCRYPTED_CONNECT) if self.encryption != "none" else tuple(rows)

    @property
    def _at_accept(self) -> tuple[CalloutRow, ...]:
        """What takes the place of the mode's own filter at ALE_AUTH_RECV_ACCEPT, if anything does."""
        encrypts = self.encryption != "none"
        if self.is_identified:
            return (IDENTIFIED_ACCEPT._replace(raw_context=ENCRYPTED_ACCEPT.raw_context if encrypts else ""),)
        return (ENCRYPTED_ACCEPT,) if encrypts else ()

    @property
    def stems(self) -> frozenset[str]:
        """The layers at which it has callout filters, without their family."""
        return frozenset(row.stem for row in self.callouts)


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
