"""Offered: the lists of proposals that the keying modules of a design offer, each once, with where it stands."""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import MainMode, MainModeProposal, QuickMode, QuickModeProposal
from ndtui.model.design.keying_modules import KeyingModule

_Proposal = TypeVar("_Proposal", MainModeProposal, QuickModeProposal)


class Offered(NamedTuple, Generic[_Proposal]):
    """A list of proposals of a mode; ``own`` is the keying module whose own it is, ``None`` where it is that of all."""

    mode: str
    own: KeyingModule | None
    proposals: tuple[_Proposal, ...]

    @property
    def of(self) -> str:
        """Whose proposals they are, in words that follow ``proposal``; empty where they are those of all."""
        return f" of {self.own}" if self.own else ""

    def at(self, number: int | None = None) -> Origin:
        """Return where the list stands, or one of its proposals."""
        field = f"{self.own.lower()}_proposals" if self.own else "proposals"
        return Origin(f"{self.mode}.{field}" + ("" if number is None else f"[{number}]"))


def main_modes(design: Design) -> Iterator[Offered[MainModeProposal]]:
    """Yield the lists of main mode proposals that are offered, those for all keying modules first."""
    for own in _owners(design, design.main_mode):
        yield Offered("main_mode", own, design.main_mode.offers(own) if own else design.main_mode.proposals)


def quick_modes(design: Design) -> Iterator[Offered[QuickModeProposal]]:
    """Yield the lists of quick mode proposals that are offered, those for all keying modules first."""
    for own in _owners(design, design.quick_mode):
        yield Offered("quick_mode", own, design.quick_mode.offers(own) if own else design.quick_mode.proposals)


def _owners(design: Design, mode: MainMode | QuickMode) -> list[KeyingModule | None]:
    having = [each for each in design.keying_modules if getattr(mode, f"{each.lower()}_proposals")]
    shared: list[KeyingModule | None] = [] if len(having) == len(design.keying_modules) else [None]
    return [*shared, *having]
