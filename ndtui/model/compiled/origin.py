"""Origin: the element of a design that something comes from, or that something is said about."""

from typing import NamedTuple, Self

from ndtui.model.design.rule import BASE


class Origin(NamedTuple):
    """An element of a design: its kind or its field, and its name where there may be several.

    Written ``scenario``, ``keying-module:IKE``, ``rule:SQL``, ``exemption:ICMP``, ``before_bfe:inbound``,
    ``main_mode.proposals``. Files and JSON hold it like that, and where a document enters it is read back. ``scenario``
    and the keying modules stand for the base rule, as in the time when that was the only one.
    """

    element: str
    name: str = ""

    def __str__(self) -> str:
        """Return it as files and screens have it."""
        return f"{self.element}:{self.name}" if self.name else self.element

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return an origin as it is written; an empty text is that of what comes from no design."""
        element, _, name = text.partition(":")
        return cls(element, name)

    @classmethod
    def exemption(cls, name: str) -> Self:
        """Return the origin of what an exemption makes."""
        return cls("exemption", name)

    @classmethod
    def rule(cls, name: str) -> Self:
        """Return the origin of what a rule makes that has a name of its own."""
        return cls("rule", name)

    @classmethod
    def keying_module(cls, name: str) -> Self:
        """Return the origin of what a keying module makes."""
        return cls("keying-module", name)

    @classmethod
    def before_bfe(cls, direction: str) -> Self:
        """Return the origin of what blocks a direction until BFE is up."""
        return cls("before_bfe", direction)

    @property
    def exemption_name(self) -> str | None:
        """The name of the exemption that it is; ``None`` for anything else."""
        return self.name if self.element == "exemption" else None

    @property
    def rule_name(self) -> str | None:
        """The name of the rule whose callout filters it stands for; ``None`` for anything else."""
        if self.element == "scenario":
            return BASE
        return self.name if self.element == "rule" else None


SCENARIO = Origin("scenario")
SUBLAYER = Origin("sublayer")
