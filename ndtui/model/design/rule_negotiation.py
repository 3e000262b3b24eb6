"""Negotiation: which keying modules negotiate, and what they offer."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from ndtui.model.design.element import Element
from ndtui.model.design.ipsec_policy import ExtendedMode, MainMode, QuickMode
from ndtui.model.design.keying_modules import SCENARIO_MODULES, KeyingModule, KeyingModules
from ndtui.model.design.negotiation_edits import certificates_of
from ndtui.model.vocabulary.pages import PAGES

#: Keying modules whose keys come from a Diffie-Hellman exchange alone; AuthIP can do without.
_WITH_GROUP: tuple[KeyingModule, ...] = ("IKE", "IKEv2")


def with_ikev2_method(data: Any) -> Any:
    """Return plain data in which IKEv2, where it is on and nothing is said of it, authenticates with a certificate.

    As IKE and AuthIP do with Kerberos, which IKEv2 does not have; what is then in a design is written into its file.
    """
    if not isinstance(data, Mapping) or not _names_ikev2(data.get("keying_modules")):
        return data
    main = data.get("main_mode", {})
    if not isinstance(main, Mapping) or "ikev2_authentication" in main:
        return data
    return {**data, "main_mode": {**main, "ikev2_authentication": (certificates_of("IKEv2", ()),)}}


def _names_ikev2(modules: object) -> bool:
    return isinstance(modules, list | tuple) and "IKEv2" in modules


class Negotiation(Element):
    """What a rule negotiates in place of what the design does."""

    keying_modules: KeyingModules = SCENARIO_MODULES
    main_mode: MainMode = Field(default_factory=MainMode)
    quick_mode: QuickMode = Field(default_factory=QuickMode)
    extended_mode: ExtendedMode | None = None

    @model_validator(mode="before")
    @classmethod
    def _said_of_ikev2(cls, data: Any) -> Any:
        return with_ikev2_method(data)

    def check(self, place: str = "") -> None:
        """Refuse parts that do not fit together; ``place`` is where it stands in a design, with a dot behind it.

        Raises:
            ValueError: names the field, and what would be right.
        """
        if not self.keying_modules:
            raise ValueError(
                f'{place}keying_modules is empty: choose "IKE", "AuthIP", "IKEv2" or several, for one has to negotiate'
            )
        for module in self.keying_modules:
            if not self.main_mode.authentication(module):
                field = f"{place}main_mode.{module.lower()}_authentication"
                raise ValueError(f"{field} is empty while {module} is on: name a method (FWP_E_ZERO_LENGTH_ARRAY)")
        for module in _WITH_GROUP:
            if module in self.keying_modules:
                self._check_groups(place, module)
        if self.extended_mode is not None and "AuthIP" not in self.keying_modules:
            raise ValueError(
                f"{place}extended_mode without AuthIP: an IKE policy cannot contain an Extended Mode policy "
                f"(FWP_E_EM_NOT_SUPPORTED, {PAGES['em-policy']}): switch AuthIP on or leave extended_mode out"
            )

    def _check_groups(self, place: str, module: KeyingModule) -> None:
        own = f"{module.lower()}_proposals"
        field = own if getattr(self.main_mode, own) else "proposals"
        for number, proposal in enumerate(self.main_mode.offers(module)):
            if proposal.dh_group == "IKEEXT_DH_GROUP_NONE":
                raise ValueError(
                    f"{place}main_mode.{field}[{number}] has IKEEXT_DH_GROUP_NONE, which {module} does not have "
                    f"(FWP_E_INCOMPATIBLE_DH_GROUP, {PAGES['dh-group']}): choose a group or switch {module} off"
                )
