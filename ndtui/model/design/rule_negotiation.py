"""Negotiation: which keying modules negotiate, and what they offer."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from ndtui.model.design.element import Element, in_order
from ndtui.model.design.ipsec_policy import KEYING_MODULES, ExtendedMode, KeyingModule, MainMode, QuickMode
from ndtui.model.vocabulary.pages import PAGES


def _sorted_modules(value: object) -> object:
    return in_order(value, KEYING_MODULES, "names a keying module twice (FWP_E_DUPLICATE_KEYMOD): name each once")


KeyingModules = Annotated[tuple[KeyingModule, ...], BeforeValidator(_sorted_modules)]


class Negotiation(Element):
    """What a rule negotiates in place of what the design does."""

    keying_modules: KeyingModules = KEYING_MODULES
    main_mode: MainMode = Field(default_factory=MainMode)
    quick_mode: QuickMode = Field(default_factory=QuickMode)
    extended_mode: ExtendedMode | None = None

    def check(self, place: str = "") -> None:
        """Refuse parts that do not fit together; ``place`` is where it stands in a design, with a dot behind it.

        Raises:
            ValueError: names the field, and what would be right.
        """
        if not self.keying_modules:
            raise ValueError(
                f'{place}keying_modules is empty: choose "IKE", "AuthIP" or both, one is needed to negotiate'
            )
        for module in self.keying_modules:
            if not self.main_mode.authentication(module):
                field = f"{place}main_mode.{module.lower()}_authentication"
                raise ValueError(f"{field} is empty while {module} is on: name a method (FWP_E_ZERO_LENGTH_ARRAY)")
        if "IKE" in self.keying_modules:
            for number, proposal in enumerate(self.main_mode.proposals):
                if proposal.dh_group == "IKEEXT_DH_GROUP_NONE":
                    raise ValueError(
                        f"{place}main_mode.proposals[{number}] has IKEEXT_DH_GROUP_NONE, which IKE does not have "
                        f"(FWP_E_INCOMPATIBLE_DH_GROUP, {PAGES['dh-group']}): choose a group or switch IKE off"
                    )
        if self.extended_mode is not None and "AuthIP" not in self.keying_modules:
            raise ValueError(
                f"{place}extended_mode without AuthIP: an IKE policy cannot contain an Extended Mode policy "
                f"(FWP_E_EM_NOT_SUPPORTED, {PAGES['em-policy']}): switch AuthIP on or leave extended_mode out"
            )
