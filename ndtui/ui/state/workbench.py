"""Workbench: everything the views show, in one immutable piece. A change makes a new one; every view watches it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from ndtui.common.settings import DEFAULTS
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import Filter, FilterSet, ProviderContext
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.edit_history import History, Step
from ndtui.model.design.exemption import Exemption

if TYPE_CHECKING:
    from ndtui.analysis.check.finding import Finding

#: Up to so many exemptions, and conditions of filters, are checked at every edit, if that takes no more than a moment's
#: effort; beyond, the checker runs beside the rest when the keys have come to rest.
CHECK_AT_ONCE = DEFAULTS.thresholds.check_at_once
_CONDITIONS = 6_000
_MOMENT = 12_000

Mark = Literal["+", "~", "-"]


@dataclass(frozen=True, eq=False)
class Changes:
    """What the last change did to filters and provider contexts: added or changed, by ``id()``, and those gone."""

    marks: dict[int, Mark] = field(default_factory=dict)
    """Of filters."""
    removed: tuple[Filter, ...] = ()
    changed: int = 0
    """How many filters are otherwise than before."""
    context_marks: dict[int, Mark] = field(default_factory=dict)
    removed_contexts: tuple[ProviderContext, ...] = ()

    @property
    def added(self) -> int:
        """How many filters are new."""
        return len(self.marks) - self.changed

    def words(self) -> str:
        """Return the counts of filters as ``+6 ~2 -0``, without those that are nothing."""
        return _counts(self.added, self.changed, len(self.removed))

    @property
    def changed_contexts(self) -> int:
        """How many provider contexts are otherwise than before."""
        return list(self.context_marks.values()).count("~")

    def context_words(self) -> str:
        """Return the counts of provider contexts as ``+6 ~2 -0``, without those that are nothing."""
        added = len(self.context_marks) - self.changed_contexts
        return _counts(added, self.changed_contexts, len(self.removed_contexts))


def _counts(added: int, changed: int, removed: int) -> str:
    counts = (("+", added), ("~", changed), ("-", removed))
    return " ".join(f"{sign}{count}" for sign, count in counts if count)


class Written(NamedTuple):
    """The text that a design of the history was read from; empty where the text of its file is that."""

    design: Design
    text: str


@dataclass(frozen=True, eq=False)
class Workbench:
    """The state of the designer: history, what it compiles to, and what is on disk."""

    history: History
    filterset: FilterSet
    saved: Design | None
    """The design as it is in its file; ``None`` for one that has never been saved."""
    path: Path | None = None
    """The user's own file the design came from or was saved to; ``None`` for a shipped or new one."""
    changes: Changes = field(default_factory=Changes)
    check_at_once: int = CHECK_AT_ONCE
    """Up to so many exemptions are checked at every edit."""
    written: tuple[Written, ...] = ()
    """Texts that steps of the history were read from, the oldest first, as far as no file has them."""
    known: frozenset[tuple[str, Origin]] | None = None
    """What the checker had to say before the last change, by id and place; ``None`` where that was not known."""

    @property
    def design(self) -> Design:
        """The design as it is now."""
        return self.history.design

    @cached_property
    def exemptions(self) -> Mapping[str, Exemption]:
        """The exemptions of the design, by name: the footer asks at every row that is gone to."""
        return {each.name: each for each in self.design.exemptions}

    @property
    def dirty(self) -> bool:
        """Whether there is work that no file has."""
        if self.saved is None or (self.design is not self.saved and self.design != self.saved):
            return True
        return bool(self.text)

    @cached_property
    def text(self) -> str:
        """The text written outside whose comments and layout the next save takes over; empty for the file's own."""
        if not self.written:
            return ""
        here = self._here()
        return next((each.text for each in reversed(self.written) if id(each.design) in here), "")

    def _here(self) -> set[int]:
        """Return the designs up to the present one, by ``id()``."""
        return {id(step.design) for step in (*self.history.past, self.history.present)}

    @property
    def untouched(self) -> bool:
        """Whether nothing was edited since the design was opened, so that nothing would be lost."""
        return not (self.history.past or self.history.future)

    @property
    def checked(self) -> bool:
        """Whether the findings are known, or so quickly found that there is no need to wait.

        At the start nobody waits for them: the first picture comes without.
        """
        return "findings" in self.__dict__ or (not self.untouched and self.checked_at_once)

    @cached_property
    def checked_at_once(self) -> bool:
        """Whether the findings are known after no more than a moment's effort."""
        if "findings" in self.__dict__:
            return True
        if len(self.design.exemptions) > self.check_at_once:
            return False
        if sum(len(each.conditions) for each in self.filterset.filters) > _CONDITIONS:
            return False
        from ndtui.analysis.check.examine import examine  # noqa: PLC0415 - not needed for the first picture
        from ndtui.analysis.packet_sets.effort import Effort  # noqa: PLC0415

        report = examine(self.filterset, Effort(_MOMENT))
        if report.decided:
            self.take_findings(report.findings)
        return report.decided

    @cached_property
    def findings(self) -> "tuple[Finding, ...]":
        """What the checker says; worked out when first asked for."""
        from ndtui.analysis.check.examine import check  # noqa: PLC0415 - not needed for the first picture

        return check(self.filterset)

    def take_findings(self, findings: "tuple[Finding, ...]") -> None:
        """Take what the checker has said of the filter set, found elsewhere."""
        self.__dict__["findings"] = findings

    def edited(self, history: History) -> "Workbench":
        """Return the workbench after a step of the history, compiled, with what changed."""
        filterset = compile_design(history.design, self.filterset)
        changes = compare(self.filterset, filterset)
        known = frozenset((each.id, each.where) for each in self.findings) if "findings" in self.__dict__ else None
        return replace(self, history=history, filterset=filterset, changes=changes, known=known)

    def stored(self, design: Design, path: Path) -> "Workbench":
        """Return the workbench after a design of it was written to a file, with the text written outside."""
        here = self._here()
        written = tuple(each for each in self.written if id(each.design) not in here)
        return self._keeping_findings(replace(self, saved=design, path=path, written=written))

    def read(self, label: str, design: Design, text: str = "") -> "Workbench":
        """Return the workbench with one more step, a design read from a text; without one from its file, as it is."""
        after = self.edited(self.history.do(label, design))
        return replace(after, written=(*self.written, Written(design, text)))

    def reloaded(self, design: Design, path: Path) -> "Workbench":
        """Return the workbench after what its file holds now was taken for the design, as a step."""
        after = self.read("reload", design)
        return after._keeping_findings(replace(after, saved=design, path=path))

    def in_file(self, design: Design | None) -> "Workbench":
        """Return the workbench with what its file is known to hold; ``None`` where it is gone and no file has it."""
        return self._keeping_findings(replace(self, saved=design))

    def _keeping_findings(self, other: "Workbench") -> "Workbench":
        """Hand on what the checker has said of the same filter set."""
        if "findings" in self.__dict__:
            other.take_findings(self.findings)
        return other


def open_workbench(
    opened: Design | FilterSet,
    path: Path | None,
    *,
    saved: bool = True,
    text: str = "",
    check_at_once: int = CHECK_AT_ONCE,
) -> Workbench:
    """Return a workbench with a design just opened, or with what it was compiled to already.

    ``text`` is one that no file has, with its comments.
    """
    filterset = opened if isinstance(opened, FilterSet) else compile_design(opened)
    design = filterset.design
    history = History(Step("open", design))
    written = (Written(design, text),) if text else ()
    found = design if saved else None
    return Workbench(history, filterset, found, path, check_at_once=check_at_once, written=written)


def compare(before: FilterSet, after: FilterSet) -> Changes:
    """Return what changed from one filter set to the next; filters that were reused cost next to nothing."""
    fresh = [*after.base, *_not_in(after, before), *after.before_bfe]
    present = (*before.base, *_not_in(before, after), *before.before_bfe)
    gone = {each.identity: each for each in present}
    marks: dict[int, Mark] = {}
    changed = 0
    for each in fresh:
        former = gone.pop(each.identity, None)
        if former is None:
            marks[id(each)] = "+"
        elif former.slot != each.slot or former.conditions != each.conditions:
            marks[id(each)] = "~"
            changed += 1
    return Changes(marks, tuple(gone.values()), changed, *_compared_contexts(before, after))


def _compared_contexts(before: FilterSet, after: FilterSet) -> tuple[dict[int, Mark], tuple[ProviderContext, ...]]:
    """Return the marks of provider contexts that are new or otherwise than before, and those that are gone."""
    gone = {each.key: each for each in before.contexts}
    marks: dict[int, Mark] = {}
    for each in after.contexts:
        former = gone.pop(each.key, None)
        if former is None:
            marks[id(each)] = "+"
        elif former != each:
            marks[id(each)] = "~"
    return marks, tuple(gone.values())


def _not_in(these: FilterSet, those: FilterSet) -> Iterator[Filter]:
    """Return the exemptions' filters of one filter set that the other has not taken over."""
    other = those.made
    for identity, entry in these.made.items():
        if other.get(identity) is not entry:
            yield from entry[1]
