"""Selection: what the operator has selected, whichever pane it stands in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.objects import Filter, MainModePolicy, ProviderContext
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.differences import Difference
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, ListName, item_named
from ndtui.model.design.rule import BASE, Rule
from ndtui.model.vocabulary.layers import IKEEXT
from ndtui.ui.state.finding_kind import FindingKind

if TYPE_CHECKING:
    from ndtui.analysis.verify.compare import ObjectChange, Region, UndecidedRegion


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of the left pane. ``toggle`` turns a switch, which ``is_on`` or is not; others are chosen in a form."""

    id: str
    text: str
    help: str = ""
    page: str = ""
    toggle: Callable[[Design], Design] | None = None
    is_on: bool = False
    heading: bool = False


class FormPlace(NamedTuple):
    """Where something is edited: the decision whose form it is, the field in it, and the item where that is a list."""

    decision: str
    field: str = ""
    item: int = 0


#: The decisions whose forms change what findings are about, by what the place of a finding begins with.
_DECISIONS = {
    "name": "name",
    "description": "name",
    "windows": "windows",
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
_PLACE = re.compile(r"(\w+)(?:\.(\w+)(?:\[(\d{1,3})\])?(?:\..*|: the order)?)?")
#: What the elements are whose places a comparison tells.
_ELEMENTS: Mapping[str, Callable[[str], Origin]] = {
    "rules": Origin.rule,
    "exemptions": Origin.exemption,
    "assert": lambda traffic: Origin("assert", traffic),
    "suppress": lambda finding: Origin("suppress", finding),
}
#: The lists whose elements have no name, by what their origins begin with.
_NAMELESS: Mapping[str, ListName] = {"assert": "assertions", "suppress": "suppressions"}

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

    ``change`` is what differs, where the row is about that.
    """

    subject: Subject | None
    exemptions: Mapping[str, Exemption]
    design: Design
    change: "Region | UndecidedRegion | Difference | ObjectChange | None" = None

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
    def region(self) -> "Region | None":
        """The traffic whose outcome differs, if that is what is selected."""
        if self.change is None:
            return None
        from ndtui.analysis.verify.compare import Region  # noqa: PLC0415 - was needed for the change, not before

        return self.change if isinstance(self.change, Region) else None

    @property
    def _object(self) -> "ObjectChange | None":
        """The object that differs, if that is what is selected."""
        if self.change is None:
            return None
        from ndtui.analysis.verify.compare import ObjectChange  # noqa: PLC0415 - as above

        return self.change if isinstance(self.change, ObjectChange) else None

    @property
    def _document(self) -> Mapping[str, object]:
        """The object that differs as it is, or as it was where it is gone; empty where there is none."""
        each = self._object
        return {} if each is None else each.after or each.before or {}

    @property
    def is_gone(self) -> bool:
        """Whether it is something that the design had and has no more."""
        if self._object is not None:
            return self._object.after is None
        return isinstance(self.change, Difference) and self.change.second is None and self.change.element is not None

    @property
    def of_json(self) -> Subject | Mapping[str, object] | None:
        """What JSON can be had of: what is selected, or of a change what it is about, as it is or as it was."""
        if self._object is not None:
            return self._document
        if isinstance(self.change, Difference):
            element, was = self.rule or self.exemption or self._nameless, self.change.first
            return was if element is None and self.is_gone and isinstance(was, Mapping) else element
        return None if isinstance(self.subject, Decision | FindingKind) else self.subject

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
        return None if self._nameless is None else self._origin

    @property
    def form_place(self) -> FormPlace | None:
        """Where in the form of a decision stands what a context or its filter holds, or what a finding is about."""
        mode = self._mode_of_context
        if mode:
            rule = self.rule or self._named(BASE)
            if rule is not None and rule.negotiation is not None:
                return None  # the rule has it in its own form
            return FormPlace(mode)
        layer = self._layer
        if layer and self._origin is not None and self._origin.element == _KEYING_MODULE:
            if self._is_of_base:
                return None
            return FormPlace("main_mode" if layer.startswith(IKEEXT) else "quick_mode")
        found = _PLACE.fullmatch(self._place)
        if found is None or found[1] not in _DECISIONS:
            return None
        return FormPlace(_DECISIONS[found[1]], found[2] or "", int(found[3] or 0))

    @property
    def _mode_of_context(self) -> str:
        """The decision that the selected context comes from; empty for anything else."""
        if isinstance(self.subject, ProviderContext):
            return "main_mode" if isinstance(self.subject.policy, MainModePolicy) else "quick_mode"
        if self._object is None or self._object.kind != "providerContexts":
            return ""
        return "main_mode" if "_MM_" in str(self._document.get("type")) else "quick_mode"

    @property
    def _layer(self) -> str:
        """The layer of the filter that is selected; empty for anything else."""
        if self._object is not None:
            return self._object.layer
        return self.subject.layer if isinstance(self.subject, Filter) else ""

    @property
    def _place(self) -> str:
        """The place in the design that a finding or a change of a decision is about; empty for anything else."""
        if isinstance(self.change, Difference):
            return self.change.place
        return "" if self.finding is None else str(self.finding.where)

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
        is_object = isinstance(self.subject, Filter | ProviderContext) or self._object is not None
        if is_object and self._origin is not None and self._origin.element == _KEYING_MODULE:
            base = self._named(BASE)
            return base is not None and base.negotiation is not None
        return self.finding is not None and str(self.finding.where) in _OF_BASE

    @property
    def has_item(self) -> bool:
        """Whether there is an ``item``, without looking for the place of an exemption among very many."""
        found = (self.exemption, self.rule, self._nameless)
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
        return self._nameless

    @property
    def _nameless(self) -> Item | None:
        """The test that a finding or a change is about, or the accepted finding that a change is about.

        A finding about one does not tell which it is: several may have the same id.
        """
        field = None if self._origin is None else _NAMELESS.get(self._origin.element)
        if self._origin is None or field is None or (field == "suppressions" and self.finding is not None):
            return None
        items = (Item(field, place, each) for place, each in enumerate(getattr(self.design, field)))
        return next((item for item in items if item.name == self._origin.name), None)

    @property
    def _origin(self) -> Origin | None:
        if self._object is not None:
            return Origin.parse(str(self._document.get("origin") or ""))
        if isinstance(self.change, Difference):
            field, name = self.change.element or ("", "")
            return _ELEMENTS[field](name) if field in _ELEMENTS else None
        if isinstance(self.subject, Filter | ProviderContext):
            return self.subject.origin
        return self.subject.where if isinstance(self.subject, Finding) else None
