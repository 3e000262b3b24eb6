"""Selection: what the operator has selected, whichever pane it stands in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.objects import Filter, MainModePolicy, ProviderContext
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, ListName, item_named
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.vocabulary.layers import IKEEXT
from ndtui.ui.state.finding_kind import FindingKind

if TYPE_CHECKING:
    from ndtui.analysis.verify.compare import Region


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of the left pane. ``toggle`` turns a switch in a design; what is no switch is chosen in a form."""

    id: str
    text: str
    help: str = ""
    page: str = ""
    toggle: Callable[[Design], Design] | None = None
    heading: bool = False


class FormPlace(NamedTuple):
    """Where something is edited: the decision whose form it is, the field in it, and the item where that is a list."""

    decision: str
    field: str = ""
    item: int = 0


#: The decisions whose forms change what findings are about, by what the place of a finding begins with.
_DECISIONS = {
    "main_mode": "main_mode",
    "quick_mode": "quick_mode",
    "extended_mode": "extended_mode",
    "keying_modules": "IKE",
    "families": "V4",
    "lifetime": "lifetime",
    "before_bfe": "before_bfe",
    "sublayer": "sublayer",
}
#: What a finding says about a field of the base rule.
_OF_BASE = ("negotiation", "nd_secure", "ale_persist_context")
#: What the contexts and the policy filters of the base rule come from.
_KEYING_MODULE = "keying-module"
_PLACE = re.compile(r"(\w+)(?:\.(\w+)(?:\[(\d{1,3})\])?)?")

#: What a row of the designer can be about; tests and accepted findings have no name, and come with their place.
Subject = Decision | Rule | Exemption | Item | Filter | ProviderContext | Finding | FindingKind
#: The rows behind which lists are added to.
ADDING: Mapping[str, ListName] = {
    "add_rule": "rules",
    "add": "exemptions",
    "add_test": "assertions",
    "add_accepted": "suppressions",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What the row under the cursor is about, the design that it belongs to, and its exemptions by name.

    ``region`` is the traffic whose outcome differs, where the row is about that.
    """

    subject: Subject | None
    exemptions: Mapping[str, Exemption]
    design: Design
    region: "Region | None" = None

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
    def finding(self) -> Finding | None:
        """The finding that is selected."""
        return self.subject if isinstance(self.subject, Finding) else None

    @property
    def kind(self) -> FindingKind | None:
        """The kind of findings that is selected, by the row above them."""
        return self.subject if isinstance(self.subject, FindingKind) else None

    @property
    def in_one_form(self) -> "Selection | None":
        """The first of a kind of findings as if it were selected, where one form is what all of them lead to."""
        if self.kind is None:
            return None
        ones = (replace(self, subject=each) for each in self.kind.findings)
        first = next(ones)
        goal = first._form
        return first if goal is not None and all(each._form == goal for each in ones) else None

    @property
    def leads_to_forms(self) -> bool:
        """Whether the first of a kind of findings leads to a form."""
        return self.kind is not None and replace(self, subject=self.kind.first)._form is not None

    @property
    def _form(self) -> object:
        """What tells the form of what is selected from others; ``None`` where there is none."""
        if self.form_place is not None:
            return self.form_place.decision
        element = self.rule or self.exemption
        if element is not None:
            return (type(element), element.name)
        return None if self._test is None else self._origin

    @property
    def form_place(self) -> FormPlace | None:
        """Where in the form of a decision stands what a context or its filter holds, or what a finding is about."""
        if isinstance(self.subject, ProviderContext):
            rule = self.rule or self._named(BASE)
            if rule is not None and rule.negotiation is not None:
                return None  # the rule has it in its own form
            return FormPlace("main_mode" if isinstance(self.subject.policy, MainModePolicy) else "quick_mode")
        if isinstance(self.subject, Filter) and self.subject.origin.element == _KEYING_MODULE:
            if self._is_of_base:
                return None
            return FormPlace("main_mode" if self.subject.layer.startswith(IKEEXT) else "quick_mode")
        found = None if self.finding is None else _PLACE.fullmatch(str(self.finding.where))
        if found is None or found[1] not in _DECISIONS:
            return None
        return FormPlace(_DECISIONS[found[1]], found[2] or "", int(found[3] or 0))

    def _named(self, name: str) -> Rule | None:
        return next((each for each in self.design.rules if each.name == name), None)

    @property
    def rule(self) -> Rule | None:
        """The rule that is selected, or that has made what is selected, or that a finding is about."""
        if isinstance(self.subject, Rule):
            return self.subject
        name = None if self._origin is None else self._origin.rule_name
        if name is None and self._is_of_base:
            name = BASE
        return None if name is None else self._named(name)

    @property
    def _is_of_base(self) -> bool:
        """Whether it is about the base rule without saying so, or what a negotiation of its own has made."""
        if isinstance(self.subject, Filter | ProviderContext) and self.subject.origin.element == _KEYING_MODULE:
            base = self._named(BASE)
            return base is not None and base.negotiation is not None
        return self.finding is not None and str(self.finding.where) in _OF_BASE

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
