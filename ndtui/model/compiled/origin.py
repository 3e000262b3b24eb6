"""Origin: the element of a design that something comes from, or that something is said about."""

from typing import NamedTuple, Self


class Origin(NamedTuple):
    """An element of a design: its kind or its field, and its name where there may be several.

    Written ``scenario``, ``keying-module:IKE``, ``exemption:ICMP``, ``main_mode.proposals``. Files and JSON hold it
    like that, and where a document enters it is read back.
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
    def keying_module(cls, name: str) -> Self:
        """Return the origin of what a keying module makes."""
        return cls("keying-module", name)

    @property
    def exemption_name(self) -> str | None:
        """The name of the exemption that it is; ``None`` for anything else."""
        return self.name if self.element == "exemption" else None


SCENARIO = Origin("scenario")
SUBLAYER = Origin("sublayer")
