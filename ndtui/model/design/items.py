"""Items: what stands in the lists of a design, each with its place."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from ndtui.model.design.assertion import Assertion, Suppression
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.rule import Rule

#: A list of a design, by the name of its field.
ListName = Literal["rules", "exemptions", "assertions", "suppressions"]
Listed: TypeAlias = Rule | Exemption | Assertion | Suppression

#: What one of each list is called on screens.
WORDS: dict[ListName, str] = {
    "rules": "rule",
    "exemptions": "exemption",
    "assertions": "test",
    "suppressions": "accepted finding",
}


class Item(NamedTuple):
    """An element of a list, and the place from 0 at which it stands."""

    field: ListName
    place: int
    element: Listed

    @property
    def name(self) -> str:
        """What it is called: its name, its traffic, or the id of its finding."""
        if isinstance(self.element, Assertion):
            return self.element.traffic
        return self.element.id if isinstance(self.element, Suppression) else self.element.name


def item_named(design: Design, field: Literal["rules", "exemptions"], name: str) -> Item:
    """Return an element by its name; one that is not there is a ``KeyError``."""
    elements: Sequence[Rule | Exemption] = design.rules if field == "rules" else design.exemptions
    for place, element in enumerate(elements):
        if element.name == name:
            return Item(field, place, element)
    raise KeyError(name)
