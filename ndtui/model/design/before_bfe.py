"""Before BFE: what a design blocks from the start of TCP/IP until BFE is up, and lets through all the same.

Persistent filters are added when BFE starts. Boot-time filters are there from the start of the TCP/IP driver, and go
when BFE has finished its initialization; they are no persistent ones, and outlast a restart as these do.
Source: https://learn.microsoft.com/windows/win32/fwp/object-management, "Object Lifetimes".
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol

from pydantic import BeforeValidator

from ndtui.common.text import in_quotes
from ndtui.model.design.element import in_order

Direction = Literal["inbound", "outbound"]
DIRECTIONS: tuple[Direction, ...] = ("inbound", "outbound")


def _sorted_directions(value: object) -> object:
    return in_order(value, DIRECTIONS, "names a direction twice: name each once")


Directions = Annotated[tuple[Direction, ...], BeforeValidator(_sorted_directions)]


def no_boot_time(lifetime: object) -> object:
    """Refuse a lifetime that objects together cannot have; anything else is left for the validator that follows."""
    if isinstance(lifetime, str) and lifetime.lower().replace("-", "") in ("boottime", "beforebfe"):
        raise ValueError(
            f"{in_quotes(lifetime)} is a flag of filters, which callouts and policy cannot have: write "
            'lifetime = "persistent" and before_bfe = ["inbound", "outbound"] for what is blocked until BFE is up'
        )
    return lifetime


class MayHoldBefore(Protocol):
    """What may be let through before BFE is up: an exemption."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def before_bfe(self) -> bool:
        """Whether it is let through before BFE is up."""


def check_lifetime(lifetime: str, blocked: Sequence[Direction], exemptions: Sequence[MayHoldBefore]) -> None:
    """Refuse what is said of the time before BFE is up where the objects do not outlast a restart.

    Raises:
        ValueError: names the field, the reason and the remedy.
    """
    if lifetime == "persistent":
        return
    where = "before_bfe" if blocked else ""
    if not where:
        number = next((number for number, each in enumerate(exemptions) if each.before_bfe), None)
        if number is None:
            return
        where = f"exemptions[{number}].before_bfe"
    raise ValueError(
        f'{where}: boot-time filters are kept across restarts, and lifetime = "{lifetime}" is not: '
        'set lifetime = "persistent", or leave before_bfe out'
    )
