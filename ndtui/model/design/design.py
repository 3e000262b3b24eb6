"""Design: everything the operator decides, validated as a whole."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid5

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from ndtui.common.text import in_quotes
from ndtui.model.design.assertion import Assertion, Suppression
from ndtui.model.design.before_bfe import Directions, check_lifetime, no_boot_time
from ndtui.model.design.element import Element
from ndtui.model.design.exemption import Exemption, default_icmp
from ndtui.model.design.families import Families
from ndtui.model.design.ipsec_policy import OPTIONAL_DH, ExtendedMode, MainMode, QuickMode
from ndtui.model.design.keying_modules import SCENARIO_MODULES, KeyingModules
from ndtui.model.design.names import Name, Prose
from ndtui.model.design.rule import Rule, is_first_format, with_rules
from ndtui.model.design.rule_negotiation import Negotiation, with_ikev2_method
from ndtui.model.design.scope import Scope
from ndtui.model.design.windows_versions import Peers, WindowsVersion
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import FAMILIES, Family
from ndtui.model.vocabulary.pages import PAGES

#: Namespace of every identifier that this program derives from a name.
NAMESPACE = UUID("6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51")

Lifetime = Literal["dynamic", "static", "persistent"]
LIFETIMES: tuple[Lifetime, ...] = ("dynamic", "static", "persistent")


def derived_id(name: str) -> UUID:
    """Return the identity of a design that states none: the same name gives the same identity."""
    return uuid5(NAMESPACE, f"design:{name}")


class Sublayer(Element):
    """Where the filters live: Windows' universal sublayer, or one of the design's own with a weight of 0 to 65535."""

    kind: Literal["universal", "own"] = "universal"
    weight: Annotated[int, Field(ge=0, le=65535, strict=True)] | None = None

    @model_validator(mode="after")
    def _own_has_weight(self) -> Self:
        if (self.kind == "own") != (self.weight is not None):
            raise ValueError(
                'kind = "own" needs weight, 0 to 65535 (the universal sublayer has 32768)'
                if self.kind == "own"
                else 'weight belongs to kind = "own": the universal sublayer has its own'
            )
        return self


def _is_empty(value: object) -> bool:
    return not value


class Design(Element):
    """An IPsec policy as decisions. Immutable; every change makes a new, validated Design.

    Source of the scenarios: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
    """

    # Assertions and suppressions stand in files as [[assert]] and [[suppress]]; without any, nothing stands there.
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    format: Literal["ndtui-design"] = "ndtui-design"
    version: Literal[2] = 2
    name: Name
    id: UUID = Field(default_factory=lambda data: derived_id(data.get("name", "")))
    description: Prose = ""
    keying_modules: KeyingModules = SCENARIO_MODULES
    families: Families = FAMILIES
    windows: WindowsVersion | None = Field(default=None, exclude_if=_is_empty)
    peers: Peers = Field(default=(), exclude_if=_is_empty)
    lifetime: Annotated[Lifetime, BeforeValidator(no_boot_time)] = "static"
    before_bfe: Directions = Field(default=(), exclude_if=_is_empty)
    rules: tuple[Rule, ...] = Field(default_factory=lambda: (Rule(),))
    sublayer: Sublayer = Field(default_factory=Sublayer)
    main_mode: MainMode = Field(default_factory=MainMode)
    quick_mode: QuickMode = Field(default_factory=QuickMode)
    extended_mode: ExtendedMode | None = None
    exemptions: tuple[Exemption, ...] = ()
    assertions: tuple[Assertion, ...] = Field(default=(), alias="assert", exclude_if=_is_empty)
    suppressions: tuple[Suppression, ...] = Field(default=(), alias="suppress", exclude_if=_is_empty)

    @model_validator(mode="before")
    @classmethod
    def _of_the_first_format(cls, data: Any) -> Any:
        data = with_ikev2_method(data)
        return with_rules(data) if isinstance(data, Mapping) and is_first_format(data) else data

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _check_decisions(self)
        _check_rules(self)
        _check_exemptions(self)
        return self


def _check_decisions(design: Design) -> None:
    if not design.families:
        raise ValueError('families is empty: choose "V4", "V6" or both')
    Negotiation.check(negotiation_of(design))
    check_lifetime(design.lifetime, design.before_bfe, design.exemptions)


def _check_names(field: str, elements: tuple[Rule, ...] | tuple[Exemption, ...]) -> None:
    if len({each.name for each in elements}) != len(elements):
        names = [each.name for each in elements]
        number = next(n for n, name in enumerate(names) if name in names[:n])
        raise ValueError(f"{field}[{number}].name: {in_quotes(names[number])} is there twice: names must differ")


def _check_rules(design: Design) -> None:
    _check_names("rules", design.rules)
    if not any(rule.enabled and MODES[rule.mode].protects for rule in design.rules):
        raise ValueError(
            "rules: none that is enabled protects anything by itself: one is needed whose mode is "
            f"{', '.join(mode.id for mode in MODES.values() if mode.protects)}"
        )
    for number, rule in enumerate(design.rules):
        place = f"rules[{number}]"
        _check_family(f"{place}.scope", rule.name, rule.scope, rule.scope.reach, design.families)
        if rule.negotiation is not None:
            rule.negotiation.check(f"{place}.negotiation.")
        if rule.users and negotiation_of(design, rule).extended_mode is None:
            raise ValueError(
                f"{place}.users: who the user is, is told by AuthIP's extended mode alone "
                f"({PAGES['remote-identity']}): add extended_mode, or name machines"
            )


def _check_exemptions(design: Design) -> None:
    _check_names("exemptions", design.exemptions)
    if len(design.families) == len(FAMILIES):
        return  # an exemption by itself already reaches at least one of both
    for number, exemption in enumerate(design.exemptions):
        place = f"exemptions[{number}]"
        _check_family(place, exemption.name, exemption, exemption.reach, design.families)


def _check_family(
    place: str,
    name: str,
    traffic: Scope | Exemption,
    reach: Callable[[tuple[Family, ...]], tuple[Family, ...]],
    families: tuple[Family, ...],
) -> None:
    if len(families) == len(FAMILIES):
        return
    (family,) = families
    for field in ("local_addresses", "remote_addresses"):
        for address in getattr(traffic, field):
            if address.family != family:
                raise ValueError(
                    f"{place}.{field}: {address} of {in_quotes(name)} is {address.family}, and the "
                    f"design covers only {family}: "
                    f"add {address.family} to families or leave it out"
                )
    if not reach(families):
        raise ValueError(f"{place}.families: {in_quotes(name)} leaves out {family}, the only one the design covers")


def negotiation_of(design: Design, rule: Rule | None = None) -> Negotiation:
    """Return what a rule negotiates: its own, or else what the design says."""
    if rule is not None and rule.negotiation is not None:
        return rule.negotiation
    return Negotiation.model_construct(
        keying_modules=design.keying_modules,
        main_mode=design.main_mode,
        quick_mode=design.quick_mode,
        extended_mode=design.extended_mode,
    )


def default_design(name: str = "nd-transport") -> Design:
    """Return Negotiation Discovery Transport Mode as the scenario page has it, with the ICMP exemption.

    AuthIP accepts peers that propose no Diffie-Hellman group: it needs none for Kerberos ([MS-AIPS] 3.2.4), so that
    others may not have one, and quick mode brings a group of its own.
    """
    return Design(name=name, exemptions=(default_icmp(),), main_mode=MainMode(flags=(OPTIONAL_DH,)))


def change(design: Design, **changes: Any) -> Design:
    """Return a validated copy of a design with some fields changed.

    Raises:
        pydantic.ValidationError: the changed design does not hold together.
    """
    fields = {**dict(design), **changes}
    if "name" in changes and "id" not in changes and design.id == derived_id(design.name):
        del fields["id"]
    return Design.model_validate(fields)
