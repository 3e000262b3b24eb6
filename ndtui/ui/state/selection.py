"""Selection: what the operator has selected, whichever pane it stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.objects import Filter, ProviderContext
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of the left pane. ``toggle`` turns a switch in a design; what is no switch is chosen in a form."""

    id: str
    text: str
    help: str = ""
    page: str = ""
    toggle: Callable[[Design], Design] | None = None
    heading: bool = False


#: What a row of the designer can be about.
Subject = Decision | Exemption | Filter | ProviderContext | Finding


@dataclass(frozen=True, slots=True)
class Selection:
    """What the row under the cursor is about, and the exemptions of the design that it belongs to, by name."""

    subject: Subject | None
    exemptions: Mapping[str, Exemption]

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
        subject = self.subject
        if subject is None or isinstance(subject, Exemption):
            return subject
        if isinstance(subject, Decision):
            return None
        name = (subject.where if isinstance(subject, Finding) else subject.origin).exemption_name
        return None if name is None else self.exemptions.get(name)
