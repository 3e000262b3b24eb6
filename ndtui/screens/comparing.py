"""Comparing: the design against another state of it, worked out beside the rest when somebody looks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from ndtui.common.errors import NdtuiError
from ndtui.common.letting_go import let_go
from ndtui.common.text import visible
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from ndtui.analysis.packet_sets.effort import Effort
    from ndtui.ui.state.comparison import Base, Comparison

#: Seconds between two looks whether what a design is compared with has changed.
LOOK_EVERY = 2.0
#: How long the keys must rest before a design is compared, in seconds.
REST = 0.05
_UNREAD = object()


class _Compared(NamedTuple):
    comparison: "Comparison"
    rows: Sequence[Any]


class Comparing:
    """Compares one workbench at a time with one base, the last that was asked for, and says when that is done."""

    def __init__(self, screen: Screen[None], compared: Callable[[], None]) -> None:
        self._screen = screen
        self._compared = compared
        self._choice: Callable[[Workbench], Base] | None = None
        self._rest: Timer | None = None
        self._wanted: tuple[Workbench, Base] | None = None
        self._effort: Effort | None = None
        self._found: tuple[Workbench, Base, _Compared] | None = None
        self._problem = ""
        self._moment: object = _UNREAD
        """What tells the state that was read of the base, where that may change by itself."""
        self._looking = False
        self._former: list[_Compared] = []
        """What is shown no more, and freed beside the keys before the next comparison."""

    def choose(self, choice: "Callable[[Workbench], Base]") -> None:
        """Compare with something else from now on; what it is may depend on the workbench."""
        self._choice = choice
        self._wanted = None
        self._lay_aside()

    def rows(self, workbench: Workbench) -> Sequence[Any]:
        """Return the changes of a workbench; none as long as they are not known, which ``words`` says."""
        self._want(workbench)
        known = self._known(workbench)
        return [] if known is None else known.rows

    def count(self, workbench: Workbench) -> int:
        """Return how many changes are known."""
        known = self._known(workbench)
        return 0 if known is None else known.comparison.count

    @property
    def title(self) -> str:
        """What the design is compared with; empty as long as nobody has asked."""
        return "" if self._wanted is None else self._wanted[1].title

    @property
    def words(self) -> str:
        """What the design is compared with, and what has come of it where there are no rows."""
        if self._wanted is None:
            return ""
        title = self.title
        if self._problem:
            return f"not compared with {title}: {self._problem}"
        if self._found is None or self._found[0].filterset is not self._wanted[0].filterset:
            return f"comparing with {title} ..."
        return f"no difference from {title}"

    async def look(self) -> None:
        """Compare anew where what the design is compared with has changed since it was read; one look at a time."""
        wanted, known = self._wanted, self._moment
        if wanted is None or known is _UNREAD or self._looking:
            return
        self._looking = True
        try:
            now = await in_thread(wanted[1].moment_now)
        finally:
            self._looking = False
        if now != known and (self._wanted, self._moment) == (wanted, known):
            self._start(*wanted)

    def leave_off(self) -> None:
        """Let the work end soon, without an answer."""
        if self._effort is not None:
            self._effort.abandon()

    def _known(self, workbench: Workbench) -> "_Compared | None":
        found, wanted = self._found, self._wanted
        if found is None or wanted is None or not found[1].is_same(wanted[1]):
            return None
        return found[2] if found[0].filterset is workbench.filterset else None

    def _want(self, workbench: Workbench) -> None:
        from ndtui.ui.state.comparison import usual_base  # noqa: PLC0415 - not needed for the first picture

        base = (self._choice or usual_base)(workbench)
        wanted = self._wanted
        if wanted is not None and wanted[0].filterset is workbench.filterset and wanted[1].is_same(base):
            return
        self._start(workbench, base)

    def _start(self, workbench: Workbench, base: "Base") -> None:
        self._wanted = (workbench, base)
        self._moment = _UNREAD
        self._problem = ""
        self.leave_off()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self._screen.set_timer(REST, self._begin)

    def _lay_aside(self) -> None:
        if self._found is not None:
            self._former.append(self._found[2])
            self._found = None

    def _begin(self) -> None:
        _: Worker[None] = self._screen.run_worker(
            self._work, group="comparing", description="comparing", exclusive=True
        )

    async def _work(self) -> None:
        from ndtui.analysis.packet_sets.effort import AbandonedError, Effort  # noqa: PLC0415 - as above
        from ndtui.ui.rows.change_rows import change_rows  # noqa: PLC0415
        from ndtui.ui.state.comparison import compare  # noqa: PLC0415

        def work() -> _Compared:
            _let_go(former)
            comparison = compare(base, workbench.filterset, effort)
            return _Compared(comparison, change_rows(comparison))

        if self._wanted is None:
            return
        workbench, base = self._wanted
        if base.moment is not None:
            self._moment = await in_thread(base.moment_now)
        self._lay_aside()
        former, self._former = self._former, []
        effort = self._effort = Effort.for_filters(2 * len(workbench.filterset.filters))
        try:
            works = cast("LongWorks", self._screen.app)
            found = await works.long(f"Comparing with {visible(base.title)}", work)
        except AbandonedError:
            return
        except LeftError:
            self._problem = f"left, {key_of(self._screen, 'designer.compare')} compares"
        except NdtuiError as error:
            self._problem = str(error)
            self._screen.notify(f"Not compared: {visible(self._problem)}", severity="warning", markup=False)
        else:
            self._found = (workbench, base, found)
        if self._wanted == (workbench, base):
            self._screen.call_later(self._compared)


def _let_go(former: list[_Compared]) -> None:
    """Free comparisons that nobody looks at any more, a bit at a time."""
    while former:
        comparison, rows = former.pop()
        changes = [*comparison.meaning.regions, *comparison.meaning.undecided, *comparison.decisions]
        parts = [*changes, *comparison.objects, *rows]
        del comparison, rows, changes
        let_go(parts)
