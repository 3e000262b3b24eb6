"""Comparison: the design as it is now against another state of it, by traffic, by decision and by object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.compare import Meaning, ObjectChange, Policy, compare_meaning, compare_objects
from ndtui.common.errors import NdtuiError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.differences import Difference, differences
from ndtui.ui.state.workbench import Workbench


class Side(NamedTuple):
    """A policy, and the design it was made of where that is known."""

    policy: Policy
    design: Design | None


@dataclass(frozen=True, eq=False)
class Base:
    """What the design is compared with: what it is called, and how it is read.

    ``read`` may take long and raise an ``NdtuiError``; it is called in a thread. ``of`` tells whether two bases are the
    same: the design of one that is known. ``moment`` returns what tells one state of it from another without reading
    it, where it may change by itself; it is called as ``read`` is.
    """

    title: str
    read: Callable[[], Side]
    of: object = None
    moment: Callable[[], object] | None = None

    def is_same(self, other: "Base") -> bool:
        """Whether it is the same state under the same name."""
        return self is other or (self.of is not None and self.of is other.of and self.title == other.title)

    def moment_now(self) -> object:
        """Return what tells its state now from another: of one that cannot be read, why."""
        try:
            return None if self.moment is None else self.moment()
        except NdtuiError as error:
            return str(error)


def base_of_design(title: str, design: Design) -> Base:
    """Return a base of which the design is known."""
    return Base(title, lambda: Side(Policy.of(compile_design(design)), design), design)


def as_opened(workbench: Workbench) -> Base:
    """Return the design as it was when it was opened, such as the preset it came from."""
    first = workbench.history.steps[0].design
    return base_of_design(f"{first.name} as it was opened", first)


def in_file(workbench: Workbench) -> Base:
    """Return the design as its file has it; as it was opened where it has none."""
    if workbench.path is None or workbench.saved is None:
        return as_opened(workbench)
    return base_of_design(f"the file {workbench.path.name}", workbench.saved)


#: What a design is compared with as long as nothing else is asked for.
usual_base = in_file


@dataclass(frozen=True, eq=False)
class Comparison:
    """How the design differs from its base: traffic whose outcome changes, decisions, objects."""

    title: str
    meaning: Meaning
    decisions: tuple[Difference, ...]
    objects: tuple[ObjectChange, ...]

    @property
    def count(self) -> int:
        """How many changes there are, of every kind."""
        return len(self.meaning.regions) + len(self.decisions) + len(self.objects)


def compare(base: Base, filterset: FilterSet, effort: Effort) -> Comparison:
    """Return how a compiled design differs from its base.

    Raises:
        NdtuiError: the base cannot be read.
        AbandonedError: nobody waits for the answer any more.
    """
    before, after = base.read(), Policy.of(filterset)
    decisions = () if before.design is None else tuple(differences(before.design, filterset.design))
    if before.design is not None and not decisions:
        return Comparison(base.title, Meaning((), ()), (), ())
    try:
        meaning = compare_meaning(before.policy, after, effort)
        return Comparison(base.title, meaning, decisions, tuple(compare_objects(before.policy, after)))
    finally:
        for policy in (before.policy, after):
            policy.let_go()
