"""What of a design Windows Firewall has no place for: gathered while the objects are made."""

from dataclasses import dataclass, field

from ndtui.common.text import shortened
from ndtui.exporters.connection_security.native_values import in_ascii
from ndtui.exporters.contract import Inexpressible


@dataclass(slots=True)
class Reasons:
    """Elements that cannot be said; ``fatal`` are those without which the rest would be wrong."""

    lost: list[Inexpressible] = field(default_factory=list)
    fatal: list[Inexpressible] = field(default_factory=list)

    def lose(self, element: str, why: str) -> None:
        """Name an element that is left out where that is wanted."""
        self._name(self.lost, element, why)

    def refuse(self, element: str, why: str) -> None:
        """Name an element that cannot be left out either."""
        self._name(self.fatal, element, why)

    def _name(self, where: list[Inexpressible], element: str, why: str) -> None:
        said = Inexpressible(in_ascii(element), in_ascii(why))
        if said not in where:
            where.append(said)

    @property
    def all(self) -> tuple[Inexpressible, ...]:
        """Everything, what cannot be left out first."""
        return (*self.fatal, *self.lost)


def called(kind: str, name: str) -> str:
    """Return what a rule or an exemption is called where it is named."""
    return f"{kind} '{shortened(name, 60)}'"
