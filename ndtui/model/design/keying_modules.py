"""Keying modules: the protocols by which Windows negotiates, IKE, AuthIP and IKEv2.

Source: https://learn.microsoft.com/windows/win32/fwp/built-in-keying-module-identifiers
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ndtui.model.design.element import in_order

KeyingModule = Literal["IKE", "AuthIP", "IKEv2"]
KEYING_MODULES: tuple[KeyingModule, ...] = ("IKE", "AuthIP", "IKEv2")
#: Those of Microsoft's scenario pages, which a design has that says nothing else.
SCENARIO_MODULES: tuple[KeyingModule, ...] = ("IKE", "AuthIP")


def _sorted_modules(value: object) -> object:
    return in_order(value, KEYING_MODULES, "names a keying module twice (FWP_E_DUPLICATE_KEYMOD): name each once")


KeyingModules = Annotated[tuple[KeyingModule, ...], BeforeValidator(_sorted_modules)]
