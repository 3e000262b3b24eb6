"""Address families: which of them traffic is limited to, and which its addresses leave."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator

from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.element import in_order
from ndtui.model.vocabulary.layers import FAMILIES, Family


def _sorted_families(value: object) -> object:
    return in_order(value, FAMILIES, "names an address family twice: name each once")


Families = Annotated[tuple[Family, ...], BeforeValidator(_sorted_families)]


def reached(
    families: Iterable[Family], limited: tuple[Family, ...], *sides: tuple[AddressRange, ...]
) -> tuple[Family, ...]:
    """Return those of a design's families that are left by a limit and by the addresses of each side; empty: any."""
    left = [family for family in families if not limited or family in limited]
    for ranges in sides:
        if ranges:
            present = {each.family for each in ranges}
            left = [family for family in left if family in present]
    return tuple(left)
