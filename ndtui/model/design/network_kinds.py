"""Kinds of networks and interfaces that traffic is limited to: network profiles, and types of interfaces."""

from typing import Annotated

from pydantic import BeforeValidator

from ndtui.model.design.element import in_order
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES, InterfaceType, Profile


def _sorted_profiles(value: object) -> object:
    return in_order(value, tuple(PROFILES), "names a network profile twice: name each once")


def _sorted_interfaces(value: object) -> object:
    return in_order(value, tuple(INTERFACES), "names a type of interface twice: name each once")


Profiles = Annotated[tuple[Profile, ...], BeforeValidator(_sorted_profiles)]
Interfaces = Annotated[tuple[InterfaceType, ...], BeforeValidator(_sorted_interfaces)]
