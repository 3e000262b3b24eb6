"""Checking: the checker at work beside the rest, in a thread, on what the designer shows; keys never wait for it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from ndtui.common.text import visible
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from ndtui.analysis.check.finding import Finding
    from ndtui.analysis.packet_sets.effort import Effort

#: How long the keys must rest before what takes more than a moment is checked, in seconds.
REST = 0.25
#: The same at the start, when there was no key: until the first picture is there.
_START = 0.01


class Checking:
    """Checks one workbench at a time, the one shown last, and says when its findings are there."""

    def __init__(self, screen: Screen[None], found: Callable[[Workbench], None]) -> None:
        self._screen = screen
        self._found = found
        self._rest: Timer | None = None
        self._shown: Workbench | None = None
        self._at_work: tuple[Workbench, Effort] | None = None
        self._left: Workbench | None = None

    def show(self, workbench: Workbench) -> None:
        """Check a workbench, unless that is done, when the keys have come to rest; what went before is of the past."""
        self._shown = workbench
        if self._rest is not None:
            self._rest.stop()
        if self._at_work is not None and self._at_work[0].filterset is not workbench.filterset:
            self.leave_off()
        if not workbench.checked and not self.was_left:
            self._rest = self._screen.set_timer(REST if workbench.history.past else _START, self._begin)

    @property
    def was_left(self) -> bool:
        """Whether the operator has left the check of what is shown."""
        left, shown = self._left, self._shown
        return left is not None and shown is not None and left.filterset is shown.filterset and not shown.checked

    @property
    def brief(self) -> str:
        """What is to be said of findings that are not known, in a word or two."""
        return "not checked" if self.was_left else "checking"

    @property
    def words(self) -> str:
        """The same where there is room to say what can be done about it."""
        key = key_of(self._screen, "designer.view_findings")
        return f"not checked: {key} checks it" if self.was_left else "checking ..."

    def again(self) -> None:
        """Check after all what was left."""
        if self.was_left:
            self._left = None
            self._begin()

    def leave_off(self) -> None:
        """Let the checker end soon, without findings."""
        if self._at_work is not None:
            self._at_work[1].abandon()

    def _begin(self) -> None:
        shown = self._shown
        if shown is None or shown.checked or self.was_left or self._at_work is not None:
            return
        if shown.checked_at_once:
            self._found(shown)
            return
        from ndtui.analysis.packet_sets.effort import Effort  # noqa: PLC0415 - not needed for the first picture

        effort = Effort.for_filters(len(shown.filterset.filters))
        self._at_work = (shown, effort)
        _: Worker[None] = self._screen.run_worker(
            partial(self._work, shown, effort), group="checking", description="checking"
        )

    async def _work(self, workbench: Workbench, effort: "Effort") -> None:
        from ndtui.analysis.packet_sets.effort import AbandonedError  # noqa: PLC0415 - not needed for the first picture

        def work() -> "tuple[Finding, ...]":
            from ndtui.analysis.check.examine import check  # noqa: PLC0415 - takes a moment, in the thread

            return check(workbench.filterset, effort)

        findings = None
        try:
            works = cast("LongWorks", self._screen.app)
            findings = await works.long(f"Checking {visible(workbench.design.name)}", work)
        except AbandonedError:
            pass  # what is shown by now is checked instead
        except LeftError:
            self._left = workbench
        self._screen.call_later(self._end, workbench, findings)

    def _end(self, workbench: Workbench, findings: "tuple[Finding, ...] | None") -> None:
        self._at_work = None
        shown = self._shown
        if shown is None or workbench.filterset is not shown.filterset:
            self._begin()
        elif findings is not None:
            shown.take_findings(findings)
            self._found(shown)
        elif self.was_left:
            self._found(shown)
        else:
            self._begin()
