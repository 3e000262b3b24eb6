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
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from ndtui.analysis.packet_sets.effort import Effort
    from ndtui.ui.state.comparison import Base, Comparison

#: How long the keys must rest before a design is compared, in seconds.
REST = 0.05


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
    def words(self) -> str:
        """What the design is compared with, and what has come of it where there are no rows."""
        if self._wanted is None:
            return ""
        title = self._wanted[1].title
        if self._problem:
            return f"not compared with {title}: {self._problem}"
        if self._found is None or self._found[0].filterset is not self._wanted[0].filterset:
            return f"comparing with {title} ..."
        return f"no difference from {title}"

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
        self._wanted = (workbench, base)
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
