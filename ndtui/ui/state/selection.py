"""Selection: what the operator has selected, whichever pane it stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.objects import Filter, ProviderContext
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, ListName, item_named
from ndtui.model.design.rule import Rule


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of the left pane. ``toggle`` turns a switch in a design; what is no switch is chosen in a form."""

    id: str
    text: str
    help: str = ""
    page: str = ""
    toggle: Callable[[Design], Design] | None = None
    heading: bool = False


#: What a row of the designer can be about; tests and accepted findings have no name, and come with their place.
Subject = Decision | Rule | Exemption | Item | Filter | ProviderContext | Finding
#: The rows behind which lists are added to.
ADDING: Mapping[str, ListName] = {
    "add_rule": "rules",
    "add": "exemptions",
    "add_test": "assertions",
    "add_accepted": "suppressions",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What the row under the cursor is about, the design that it belongs to, and its exemptions by name."""

    subject: Subject | None
    exemptions: Mapping[str, Exemption]
    design: Design

    @property
    def decision(self) -> Decision | None:
        """The decision that is selected; the heading of a folded group is none."""
        return self.subject if isinstance(self.subject, Decision) and not self.subject.heading else None

    @property
    def is_heading(self) -> bool:
        """Whether the heading of a group is selected, which can be where the group is folded."""
        return isinstance(self.subject, Decision) and self.subject.heading

    @property
    def filter(self) -> Filter | None:
        """The filter that is selected."""
        return self.subject if isinstance(self.subject, Filter) else None

    @property
    def exemption(self) -> Exemption | None:
        """The exemption that is selected, or that has made what is selected, or that a finding is about."""
        if isinstance(self.subject, Exemption):
            return self.subject
        name = None if self._origin is None else self._origin.exemption_name
        return None if name is None else self.exemptions.get(name)

    @property
    def rule(self) -> Rule | None:
        """The rule that is selected, or that has made what is selected, or that a finding is about."""
        if isinstance(self.subject, Rule):
            return self.subject
        name = None if self._origin is None else self._origin.rule_name
        return None if name is None else next((each for each in self.design.rules if each.name == name), None)

    @property
    def has_item(self) -> bool:
        """Whether there is an ``item``, without looking for the place of an exemption among very many."""
        found = (self.exemption, self.rule, self._test)
        return isinstance(self.subject, Item) or any(each is not None for each in found)

    @property
    def item(self) -> Item | None:
        """The element of one of the design's lists that is selected, or that what is selected comes from."""
        if isinstance(self.subject, Item):
            return self.subject
        element = self.rule or self.exemption
        if isinstance(element, Rule | Exemption):
            try:
                return item_named(self.design, "rules" if isinstance(element, Rule) else "exemptions", element.name)
            except KeyError:
                return None
        return self._test

    @property
    def _test(self) -> Item | None:
        """The test that a finding is about."""
        if self._origin is None or self._origin.element != "assert":
            return None
        places = enumerate(self.design.assertions)
        return next((Item("assertions", n, e) for n, e in places if e.traffic == self._origin.name), None)

    @property
    def _origin(self) -> Origin | None:
        if isinstance(self.subject, Filter | ProviderContext):
            return self.subject.origin
        return self.subject.where if isinstance(self.subject, Finding) else None
