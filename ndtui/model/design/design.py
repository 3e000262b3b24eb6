"""Design: everything the operator decides, validated as a whole."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid5

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from ndtui.model.design.assertion import Assertion, Suppression
from ndtui.model.design.element import Element, in_order
from ndtui.model.design.exemption import Exemption, Families, default_icmp
from ndtui.model.design.ipsec_policy import KEYING_MODULES, ExtendedMode, KeyingModule, MainMode, QuickMode
from ndtui.model.design.names import Name, Prose
from ndtui.model.design.rule import Rule, is_first_format, with_rules
from ndtui.model.vocabulary.layers import FAMILIES, Family
from ndtui.model.vocabulary.pages import PAGES

#: Namespace of every identifier that this program derives from a name.
NAMESPACE = UUID("6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51")

Lifetime = Literal["dynamic", "static", "persistent"]
LIFETIMES: tuple[Lifetime, ...] = ("dynamic", "static", "persistent")


def derived_id(name: str) -> UUID:
    """Return the identity of a design that states none: the same name gives the same identity."""
    return uuid5(NAMESPACE, f"design:{name}")


def _sorted_modules(value: object) -> object:
    return in_order(value, KEYING_MODULES, "names a keying module twice (FWP_E_DUPLICATE_KEYMOD): name each once")


KeyingModules = Annotated[tuple[KeyingModule, ...], BeforeValidator(_sorted_modules)]


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
    keying_modules: KeyingModules = KEYING_MODULES
    families: Families = FAMILIES
    lifetime: Lifetime = "static"
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
        return with_rules(data) if isinstance(data, Mapping) and is_first_format(data) else data

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _check_decisions(self)
        _check_modes(self)
        _check_exemptions(self)
        return self


def _check_decisions(design: Design) -> None:
    if not design.keying_modules:
        raise ValueError('keying_modules is empty: choose "IKE", "AuthIP" or both, one is needed to negotiate')
    if not design.families:
        raise ValueError('families is empty: choose "V4", "V6" or both')
    if len(design.rules) != 1:
        raise ValueError("rules: a design has one rule")


def _check_modes(design: Design) -> None:
    for module in design.keying_modules:
        if not design.main_mode.authentication(module):
            field = f"main_mode.{module.lower()}_authentication"
            raise ValueError(f"{field} is empty while {module} is on: name a method (FWP_E_ZERO_LENGTH_ARRAY)")
    if "IKE" in design.keying_modules:
        for number, proposal in enumerate(design.main_mode.proposals):
            if proposal.dh_group == "IKEEXT_DH_GROUP_NONE":
                raise ValueError(
                    f"main_mode.proposals[{number}] has IKEEXT_DH_GROUP_NONE, which IKE does not have "
                    f"(FWP_E_INCOMPATIBLE_DH_GROUP, {PAGES['dh-group']}): choose a group or switch IKE off"
                )
    if design.extended_mode is not None and "AuthIP" not in design.keying_modules:
        raise ValueError(
            f"extended_mode without AuthIP: an IKE policy cannot contain an Extended Mode policy "
            f"(FWP_E_EM_NOT_SUPPORTED, {PAGES['em-policy']}): switch AuthIP on or leave extended_mode out"
        )


def _check_exemptions(design: Design) -> None:
    if len({exemption.name for exemption in design.exemptions}) != len(design.exemptions):
        names = [exemption.name for exemption in design.exemptions]
        number = next(n for n, name in enumerate(names) if name in names[:n])
        raise ValueError(f"exemptions[{number}].name: {names[number]!r} is there twice: names must differ")
    if len(design.families) == len(FAMILIES):
        return  # an exemption by itself already reaches at least one of both
    for number, exemption in enumerate(design.exemptions):
        _check_family(number, exemption, design.families[0])


def _check_family(number: int, exemption: Exemption, family: Family) -> None:
    for field in ("local_addresses", "remote_addresses"):
        for address in getattr(exemption, field):
            if address.family != family:
                raise ValueError(
                    f"exemptions[{number}].{field}: {address} of {exemption.name!r} is {address.family}, and the "
                    f"design covers only {family}: add {address.family} to families or leave it out"
                )
    if not exemption.reach((family,)):
        raise ValueError(
            f"exemptions[{number}].families: {exemption.name!r} leaves out {family}, the only one the design covers"
        )


def default_design(name: str = "nd-transport") -> Design:
    """Return Negotiation Discovery Transport Mode as the scenario page has it, with the ICMP exemption."""
    return Design(name=name, exemptions=(default_icmp(),))


def change(design: Design, **changes: Any) -> Design:
    """Return a validated copy of a design with some fields changed.

    Raises:
        pydantic.ValidationError: the changed design does not hold together.
    """
    fields = {**dict(design), **changes}
    if "name" in changes and "id" not in changes and design.id == derived_id(design.name):
        del fields["id"]
    return Design.model_validate(fields)
