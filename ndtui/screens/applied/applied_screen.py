"""Applied: what a backend holds now, what waits to be confirmed, the history, and any revision beside any other."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Revision
from ndtui.backends.planning.history_wording import BEGINNING, clock_words, revision_line
from ndtui.backends.planning.waiting_wording import countdown_line
from ndtui.backends.transactional.answering import Answered, keep, revert
from ndtui.common.text import visible
from ndtui.model.compiled.objects import FilterSet
from ndtui.screens.applied.reading import SIDES, Reading, Side, Sided, has_moved, read, side_of, view_of
from ndtui.screens.applied.side_bar import SideBar
from ndtui.screens.backend_moved import BackendMoved
from ndtui.screens.dialogs.countdown import KEEP, REVERT, CountdownScreen
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen
from ndtui.screens.paned import Paned
from ndtui.screens.plan import PlanScreen
from ndtui.screens.plan_goals import going_back
from ndtui.screens.telling import tell_answer
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.actions import OF_PANES
from ndtui.ui.keys.closes_once import ClosesOnce
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.keymap import screen_bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.applied_rows import HISTORY, explain_applied, now_lines
from ndtui.ui.rows.view import View
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable

#: Lines from which on the explanation stands below the rows.
TALL = 34
#: Seconds for which the cursor rests on a revision before it is read.
REST = 0.1
#: Seconds between two looks whether another program has changed the backend.
LOOK_EVERY = 5.0

#: What is written into when something was read: a screen that is being left loses its panes one after the other.
_PANES = ("#applied-now-text", "#applied-waits", "#applied-history", "#applied-sides", "#applied-rows", "KeyBar")


class AppliedScreen(Paned[None], ClosesOnce[None]):
    """Shows the state of a backend and its history, and hands on what is to be done there."""

    CSS_PATH = "applied.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (24, "-normal"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings("applied")
    SCOPE: ClassVar[ScreenScope] = "applied"
    ROWS: ClassVar[str] = "#applied-rows"

    def __init__(self, backend: Backend, filterset: FilterSet, *, read_only: bool, confirm_seconds: int) -> None:
        super().__init__()
        self.at_work = ""
        """What is being done to the backend, which must not be broken off; empty when nothing is."""
        self._backend = backend
        self._filterset = filterset
        self._read_only = read_only
        self._confirm_seconds = confirm_seconds
        self._reading: Reading | None = None
        self._side: Side = "before"
        self._rest: Timer | None = None
        self._at_side = self._wanted = False
        self._at_hand: tuple[object, ...] = ()
        self._reading_words = ""
        """What the view at hand is of, or the one that is being read."""

    def compose(self) -> ComposeResult:
        """Make the panes."""
        yield Static("", id="applied-title", markup=False)
        with Vertical(id="applied-now", classes="applied-pane"):
            yield Static("reading ...", id="applied-now-text", markup=False)
        yield Static("", id="applied-waits", classes="applied-pane", markup=False)
        yield RowTable(HISTORY, id="applied-history")
        yield SideBar()
        yield RowTable(view_of(self._side), id="applied-rows")
        yield PaneRule(above=("#applied-rows",), below={"#applied-detail": "Explanation"}, id="applied-divider")
        yield Detail(id="applied-detail")
        yield MessageLine(above=("#applied-history", "#applied-rows", "#applied-detail"))
        yield KeyBar("applied")

    @property
    def _history(self) -> RowTable:
        return self.query_one("#applied-history", RowTable)

    @property
    def _rows(self) -> RowTable:
        return self.query_one("#applied-rows", RowTable)

    def on_mount(self) -> None:
        """Read the backend, and go on counting what waits."""
        for pane, title in (("now", "Now"), ("waits", "Waits to be confirmed")):
            self.query_one(f"#applied-{pane}").border_title = f" {title} "
        where = f" Applied to {visible(self._backend.name)}: {visible(self._backend.place())}"
        self.query_one("#applied-title", Static).update(Text(where, no_wrap=True, overflow="ellipsis"))
        self._history.focus()
        self.watch(self.app, "waiting", self._count_down, init=False)
        self.set_interval(LOOK_EVERY, self.look_whether_moved)
        self.action_look_again()

    # -- reading -------------------------------------------------------------------------------------------------

    @work(group="applied", exclusive=True, name="plan")
    async def action_look_again(self) -> None:
        """Read the backend again."""
        try:
            reading = await self._works.long(f"Reading {visible(self._backend.name)}", lambda: read(self._backend))
        except BackendError as error:
            if not self._is_gone:
                self._show_unread(error)
            return
        if self._is_gone:
            return
        self._reading = reading
        self._say_now(*now_lines(reading.held, reading.history, reading.drift))
        self._show_waits()
        if bool(self.app.waiting.brief) != (reading.pending is not None):  # type: ignore[attr-defined]
            self.post_message(BackendMoved())
        history = self._history
        history.empty = visible(reading.trouble)
        history.show([*reading.history, BEGINNING] if reading.history else [], marks=_marks(reading))
        self.query_one(KeyBar).show()
        self._read_side()

    def _show_unread(self, error: BackendError) -> None:
        """Say that nothing is known of the backend: its tables must not read as if it held nothing."""
        self._reading = None
        self._say_now(str(error))
        self._show_waits()
        self._history.empty = "it cannot be read"
        self._history.show([])
        self._read_side()
        self.notify(visible(str(error)), severity="error", markup=False)

    @work(group="moved", exclusive=True, exit_on_error=False)
    async def look_whether_moved(self) -> None:
        """Read the backend again where another program has done something since it was read."""
        reading = self._reading
        if reading is None or self.at_work or not self.is_current:
            return
        try:
            moved = await in_thread(lambda: has_moved(self._backend, reading))
        except BackendError:
            moved = True  # reading it again says what is wrong
        if moved and self._reading is reading and not self.at_work and not self._is_gone:
            self.action_look_again()

    @property
    def _works(self) -> LongWorks:
        return cast("LongWorks", self.app)

    @property
    def _is_gone(self) -> bool:
        """Whether the screen was left while a thread was reading for it."""
        return not (self.is_attached and all(self.query(kind) for kind in _PANES))

    def _say_now(self, *lines: str) -> None:
        if self._is_gone:
            return
        self.query_one("#applied-now-text", Static).update("\n".join(map(visible, _fitting(lines, self._is_short))))

    @property
    def _is_short(self) -> bool:
        return self.has_class("-short") or self.has_class("-tiny")

    def on_resize(self) -> None:
        """Say what is there now in as many lines as there are, and where to find what the history has no room for."""
        self.call_after_refresh(self._name_history)
        if self._reading is not None:
            reading = self._reading
            self.call_after_refresh(self._say_now, *now_lines(reading.held, reading.history, reading.drift))

    def _name_history(self) -> None:
        """Name the history, and the key for who and why where there is no room for those."""
        if self._is_gone:
            return
        shown = {self._history.view.columns[number].title for number in self._history.placed}
        missing = "" if shown >= {"who", "why"} else f", {key_of(self, 'applied.read_message')} tells who and why"
        self._history.border_title = f" History{missing} "

    @property
    def _pending(self) -> Pending | None:
        return None if self._reading is None else self._reading.pending

    def _count_down(self) -> None:
        """Show how much time is left; where what is shown has been settled, or something new waits, read again."""
        if self._is_gone:
            return
        self._show_waits()
        waits = bool(self.app.waiting.brief)  # type: ignore[attr-defined]  # the application has it, and no other
        if self._reading is not None and waits != (self._pending is not None) and not self.at_work:
            self.action_look_again()

    def _show_waits(self) -> None:
        pane, pending, reading = self.query_one("#applied-waits", Static), self._pending, self._reading
        pane.display = pending is not None
        self.set_class(pending is not None, "-waits")
        if pending is None or reading is None:
            return
        watched = {True: "watched", False: "UNWATCHED", None: "whether watched is not known"}[reading.watched]
        until = f"until {clock_words(pending.deadline)}, {watched}, else back to revision {pending.back_to}"
        said = None if pending.seconds_left() > 0 else reading.watched  # until then the line below says it
        line = countdown_line(reading.held.policy, pending, said)
        pane.update(f"{line}\n{until}; {key_of(self, 'applied.decide')} decides; token {visible(pending.token[:8])}")

    # -- the selected revision -----------------------------------------------------------------------------------

    @property
    def _revision(self) -> Revision | None:
        row = self._history.row
        return row if isinstance(row, Revision) else None

    @on(RowTable.Highlighted, "#applied-history")
    def _selected(self, event: RowTable.Highlighted) -> None:
        event.stop()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._rested)

    def _rested(self) -> None:
        """Read the view of a revision on which the cursor has come to rest, if it is another one."""
        if self._asked != self._at_hand:
            self._read_side()

    @property
    def _asked(self) -> tuple[object, ...]:
        """What view is wanted: of what was read when, of which revision, and which one."""
        return self._reading, self._revision, self._side

    @work(group="side", name="plan")
    async def _read_side(self) -> None:
        """Show the view that is wanted; one is read at a time, and after it the one that is wanted by then."""
        self._wanted = True
        if self._at_side:
            if self._at_hand != self._asked:
                self._works.let_end(self, self._reading_words)
            return
        self._at_side = True
        try:
            while self._wanted:
                self._wanted = False
                await self._show_side()
        finally:
            self._at_side = False

    async def _show_side(self) -> None:
        """Show the view of the selected revision that is wanted, as soon as it is read."""
        if self._is_gone:
            return
        self._at_hand = self._asked
        reading, revision, side, bar = self._reading, self._revision, self._side, self.query_one(SideBar)
        if reading is None or (revision is None and side != "drift"):
            bar.show(side, "")
            self._show_rows((), "nothing is read" if reading is None else "nothing")
            return
        bar.show(side, "reading ...")
        number = 0 if revision is None else revision.number
        self._reading_words = f"Reading revision {number}"
        try:
            work = partial(side_of, self._backend, reading, number, side, self._filterset)
            sided = await self._works.long(self._reading_words, work)
        except LeftError:  # another is wanted, and is read next
            return
        except BackendError as error:
            sided = Sided(str(error), (), view_of(side))
        if not self._is_gone and self._at_hand == self._asked:
            self.query_one(SideBar).show(side, sided.title)
            self._show_rows(sided.rows, view=sided.view)

    def _show_rows(self, rows: Sequence[Any], empty: str = "nothing", view: View | None = None) -> None:
        self._rows.empty = empty
        self._rows.show(rows, view)

    @on(RowTable.Highlighted, "#applied-rows")
    def _explain(self, event: RowTable.Highlighted) -> None:
        event.stop()
        self.explain(explain_applied(event.row))

    @on(RowTable.Activated, "#applied-history")
    def _look_into(self, event: RowTable.Activated) -> None:
        event.stop()
        self._rows.focus()

    @on(RowTable.Activated, "#applied-rows")
    def _read_row(self, event: RowTable.Activated) -> None:
        event.stop()
        self.read_explanation()

    @property
    def explained_table(self) -> RowTable:
        """The table whose selected row is explained: what the revision holds or changed, never the history."""
        return self._rows

    @property
    def why_no_height(self) -> str:
        """Why the explanation has no height of its own: on a low screen it has no place below the rows."""
        if self.has_class("-tall"):
            return ""
        key = key_of(self, "lists.activate")
        return f"The explanation stands below the rows from {TALL} lines on; {key} on a row gives it the screen"

    def action_zoom(self, of: str = "") -> None:
        """Give the focused pane the whole screen, or take it back; where there is no other place for it, leave it."""
        super().action_zoom(of)
        if isinstance(self.focused, Detail) and not self.has_class("-reading") and self.why_no_height:
            self._rows.focus()

    def on_descendant_focus(self) -> None:
        """Know which of the tables has the screen while one has."""
        self.set_class(self.focused is self._history, "-on-history")

    @on(SideBar.Chosen)
    def _side_chosen(self, event: SideBar.Chosen) -> None:
        self.action_side(event.side)

    def action_side(self, side: Side) -> None:
        """Show another view of the selected revision; what is typed before it is read is typed into it."""
        before, self._side = self._side, side
        if view_of(side) is not view_of(before):
            self._show_rows((), "reading ...", view_of(side))
        self._read_side()

    def action_next_side(self) -> None:
        """Show the next view."""
        self.action_side(SIDES[(SIDES.index(self._side) + 1) % len(SIDES)])

    @asks
    async def action_read_message(self) -> None:
        """Show the whole message of the selected revision."""
        revision = self._revision
        if revision is None:
            return
        title = f"Revision {revision.number}"
        await self.app.push_screen_wait(ChoiceScreen(title, [_told(revision)], (Answer("close", "Close", None),)))

    # -- changing ------------------------------------------------------------------------------------------------

    def why_not(self, action: Action) -> str:
        """Return why an action of this screen cannot be done now."""
        if action.verb in OF_PANES:
            return super().why_not(action)
        if action.scope != "applied":
            return ""
        if action.writes:
            return self._why_not_write(action)
        return "There is no revision" if action.id == "read_message" and self._revision is None else ""

    def _why_not_write(self, action: Action) -> str:
        if self._read_only:
            return "Read-only: nothing is written"
        if not self._backend.capabilities.write:
            return f"The backend {self._backend.name} only reads"
        if self.at_work:
            return f"{self.at_work}: wait until it is done"
        if action.id == "roll_back":
            return "" if self._revision is not None else "There is no revision to go back to"
        return "" if self._pending is not None else "Nothing waits to be confirmed"

    @asks
    async def action_roll_back(self) -> None:
        """Plan a rollback to the selected revision; the plan is carried out from its own screen."""
        revision = self._revision
        if revision is None:
            return
        goal = going_back(revision.number, revision.policy)
        await self.app.push_screen_wait(
            PlanScreen(self._backend, goal, read_only=False, confirm_seconds=self._confirm_seconds)
        )
        self.action_look_again()

    @asks
    async def action_decide(self) -> None:
        """Confirm or revert what waits."""
        pending, reading = self._pending, self._reading
        if pending is None or reading is None:
            return
        question = CountdownScreen(self._backend, reading.held, pending)
        answer = await self.app.push_screen_wait(question)
        if question.over is None and answer == KEEP:
            self._settle("confirming", pending, lambda: keep(self._backend, pending))
        elif question.over is None and answer == REVERT:
            self._settle("reverting", pending, lambda: revert(self._backend, pending))
        else:
            self.action_look_again()

    @work(group="settling", name="confirm")
    async def _settle(self, what: str, pending: Pending, task: Callable[[], Answered]) -> None:
        """Carry out an answer beside the rest, say what came of it, and read again."""
        self.at_work = what
        try:
            answered = await asyncio.to_thread(task)  # which leaving waits for
        except BackendError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
        else:
            tell_answer(self, answered, pending.token)
            self.post_message(BackendMoved())
        finally:
            self.at_work = ""
        self.action_look_again()

    # -- leaving -------------------------------------------------------------------------------------------------

    def action_step_back(self) -> None:
        """Leave the text, then the rows; at last the screen."""
        if self.leave_reading():
            self._rows.focus()
        elif self.focused is not self._history:
            self._history.focus()
        else:
            self.action_to_workbench()

    def action_to_workbench(self) -> None:
        """Go back to the design, unless the backend is being changed."""
        if self.at_work:
            self.notify(f"{self.at_work}: wait until it is done", severity="warning", markup=False)
        else:
            self.dismiss(None)


def _marks(reading: Reading) -> dict[int, str]:
    """Return a mark for the revision that waits to be confirmed."""
    waits = None if reading.pending is None else reading.pending.back_to + 1
    return {id(each): "!" for each in reading.history or () if each.number == waits}


def _fitting(lines: tuple[Any, ...], short: bool) -> tuple[str, ...]:
    """Return the lines there is room for: on a short screen the policy and the drift."""
    return (lines[0], lines[-1]) if short and len(lines) > 2 else lines


def _told(revision: Revision) -> str:
    if revision.note.message or revision is BEGINNING:
        return revision_line(revision)
    return f"{revision_line(revision)}; nobody said why"
