"""Plan and apply: what a backend would add, change and remove, grouped by layer; applied only from here."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from ndtui.analysis.check.finding import Finding
from ndtui.backends.contract.backend import Backend, Obstacle
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Pending, Plan, Snapshot
from ndtui.backends.planning.plan_wording import all_counts, altered_lines, notes
from ndtui.backends.planning.trial_wording import trial_line
from ndtui.backends.planning.waiting_wording import UNKNOWN, settling_of
from ndtui.backends.transactional.answering import Answered, keep, revert
from ndtui.common.gc_pause import kept_apart
from ndtui.common.kept_waiting import told_when_kept_waiting
from ndtui.common.text import shortened, visible
from ndtui.screens.backend_moved import BackendMoved
from ndtui.screens.dialogs.apply_form import ApplyScreen, WithinScreen
from ndtui.screens.dialogs.countdown import KEEP, LATER, REVERT, CountdownScreen
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen
from ndtui.screens.paned import Paned
from ndtui.screens.plan_goals import Goal, removing
from ndtui.screens.telling import counts_of, tell_answer
from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.actions import OF_PANES, by_name
from ndtui.ui.keys.closes_once import ClosesOnce
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.keymap import screen_bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.plan_rows import PLAN, explain_row, plan_rows, plan_view, policy_shown
from ndtui.ui.rows.view import View
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.state.waiting import Waiting
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.key_bar import KeyBar
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.pane_rule import PaneRule
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.waiting_line import WaitingLine

_CANCEL = Answer("no", "Cancel")
_DYNAMIC = "lifetime dynamic: apply it from the command line with --trial, or choose static or persistent"


class HeldUp(Message):
    """What is being done waits for another program."""


@dataclass
class Advanced(Message):
    """How far an apply has come."""

    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Let a later count take the place of an earlier one."""
        return isinstance(message, Advanced)


class PlanScreen(Paned[Applied | None], ClosesOnce[Applied | None]):
    """Shows the plan for a filter set and carries it out; returns what was done last, if anything."""

    CSS_PATH = "plan.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (24, "-normal")]  # noqa: RUF012 - textual declares it
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings("plan")
    SCOPE: ClassVar[ScreenScope] = "plan"
    ROWS: ClassVar[str] = "#plan"

    def __init__(self, backend: Backend, goal: Goal, *, read_only: bool, confirm_seconds: int) -> None:
        super().__init__()
        self._confirm_seconds = confirm_seconds
        self.at_work = ""
        """What is being done to the backend, which must not be broken off; empty when nothing is."""
        self._is_held_up = self._gives_up = False
        self._backend = backend
        self._first = self._goal = goal
        self._writes = backend.capabilities.write and not read_only
        self._plan: Plan | None = None
        self._done: Applied | None = None
        self._obstacles: Sequence[Obstacle] = ()
        self._findings: Sequence[Finding] = ()
        self._settling = UNKNOWN
        """Whether anybody will revert what waits to be confirmed in the state that the plan was made from."""
        self._asked = ""
        """The token of the apply that it was asked about last whether it is to stay."""

    def compose(self) -> ComposeResult:
        """Make the summary, the list and the details."""
        yield Static("", id="plan-title", markup=False)
        yield Static("", id="plan-counts", markup=False)
        yield Static("", id="plan-notes", markup=False)
        yield RowTable(PLAN, id="plan")
        yield PaneRule(above=("#plan",), below={"#plan-detail": "Explanation"}, id="plan-divider")
        yield Detail(id="plan-detail", label_width=19)
        yield WaitingLine()
        yield MessageLine(above=("#plan", "#plan-detail"))
        yield KeyBar("plan")

    def on_mount(self) -> None:
        """Make the plan."""
        self.query_one(RowTable).focus()
        self.watch(self.app, "waiting", self._waited, init=False)
        self._make_plan(self._first)

    def _waited(self, waiting: Waiting) -> None:
        """Plan again when what was asked about here, and left for later, has been settled elsewhere."""
        if self._asked and not waiting.brief and self.is_current and not self.at_work:
            self._asked = ""
            self._make_plan(self._first)

    def _title(self, text: str) -> None:
        where = f"{self._backend.name} ({self._backend.place()})"
        title = Text(f" {visible(self._goal.title)} -> {visible(where)}", no_wrap=True, overflow="ellipsis")
        self.query_one("#plan-title", Static).update(title)
        self.query_one("#plan-counts", Static).update(visible(text))
        self._note([_DYNAMIC] if self._goal.fleeting else [])
        self.query_one(KeyBar).show()

    def _note(self, lines: list[str]) -> None:
        note = self.query_one("#plan-notes", Static)
        note.update("\n".join(map(visible, lines)))
        note.display = bool(lines)

    def _list(self, rows: list[Any], empty: str, view: View | None = None) -> None:
        table = self.query_one(RowTable)
        table.empty = empty
        table.show(rows, view)

    # -- planning ------------------------------------------------------------------------------------------------

    def action_replan(self) -> None:
        """Read the backend and make a new plan."""
        self.app.clear_notifications()  # what was said of the plan before
        self._make_plan(self._first)

    def action_remove_all(self) -> None:
        """Make a plan that removes everything of ours."""
        self._make_plan(removing())

    def _make_plan(self, goal: Goal) -> None:
        self._goal = goal
        self._plan = None
        self._title("planning ...")
        self._list([], "planning ...")
        work = partial(cast("LongWorks", self.app).long, "Planning", lambda: self._look(goal))
        _: Worker[Plan | Snapshot] = self.run_worker(
            work, exclusive=True, exit_on_error=False, name="plan", group="backend", description="planning"
        )

    def _look(self, goal: Goal) -> Plan | Snapshot:
        """Return the plan, or the state when that waits to be confirmed: nothing can be planned from there."""
        if self._writes and self._backend.capabilities.confirm_or_revert:
            snapshot = self._backend.snapshot()
            if snapshot.pending is not None:
                return snapshot
        self._obstacles = self._backend.obstacles()
        self._findings = goal.findings()
        plan = goal.plan(self._backend)
        self._settling = settling_of(self._backend, plan.pending)
        return plan

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show a plan or a result, or why there is none."""
        worker = event.worker
        if worker.group != "backend" or event.state not in (WorkerState.ERROR, WorkerState.SUCCESS):
            return
        if worker.name != "plan":
            self.at_work = ""
        if event.state is WorkerState.ERROR:
            if not isinstance(worker.error, BackendError):
                raise worker.error if worker.error is not None else RuntimeError(worker.name)
            self._title(str(worker.error))
            self._list([], "there is no plan")
            self.notify(visible(str(worker.error)), severity="error", markup=False)
        elif isinstance(worker.result, Plan):
            self._show(worker.result)
        elif isinstance(worker.result, Snapshot) and worker.result.pending is not None:
            self._count_down(worker.result, worker.result.pending)
        elif isinstance(worker.result, Answered):
            self._report_answer(worker.result)
        elif isinstance(worker.result, Applied):
            self._report(worker.result)

    def _show(self, plan: Plan) -> None:
        self._plan = plan
        replaces = f"; replaces {plan.replaces}" if plan.replaces else ""
        self._title(f"{all_counts(plan)}{replaces}")
        self._note([*([_DYNAMIC] if self._goal.fleeting else []), *self._in_the_way, *notes(plan, self._settling)])
        self._list(plan_rows(plan), "", plan_view(policy_shown(plan)))

    @on(RowTable.Highlighted)
    def _explain(self, event: RowTable.Highlighted) -> None:
        self.explain(explain_row(event.row))

    def why_not(self, action: Action) -> str:
        """Return why an action of this screen cannot be done now."""
        if action.verb in OF_PANES:
            return super().why_not(action)
        if self.at_work and action.scope == "plan" and not (self._is_held_up and action is by_name("plan.back")):
            return f"{self.at_work}: wait until it is done"
        if action.writes and not self._writes:
            return f"{self._backend.name} is only read here: nothing is written"
        return self._why_no_apply(action) if action.id in ("apply", "apply_within") else ""

    def _why_no_apply(self, action: Action) -> str:
        if self._goal.fleeting:
            return _DYNAMIC
        if action.id == "apply_within" and not self._backend.capabilities.confirm_or_revert:
            return f"{self._backend.name} cannot revert by itself"
        if self._plan is None:
            return "There is no plan yet"
        if self._plan.trial is not None:
            return trial_line(self._plan.trial)
        return "There is nothing to do" if self._plan.empty else ""

    # -- applying ------------------------------------------------------------------------------------------------

    @asks
    async def action_apply(self) -> None:
        """Carry the plan out, after a confirmation that names backend, place and counts."""
        plan = self._plan
        if plan is None or self.why_not(by_name("plan.apply")) or not await self._offer_to_settle():
            return
        question = ApplyScreen(f"{self._what_and_where}?", self._what(plan), self._goal.verb, dangerous=True)
        consent = await self.app.push_screen_wait(question)
        if consent is not None:
            wanted = replace(plan, message=consent.message)
            self._change("applying", "apply", lambda: self._backend.apply(wanted, self._advance))

    @asks
    async def action_apply_within(self) -> None:
        """Carry the plan out, to be reverted by itself unless that is confirmed in the time that is asked for."""
        plan = self._plan
        if plan is None or self.why_not(by_name("plan.apply_within")) or not await self._offer_to_settle():
            return
        lines = [*self._what(plan), self._backend.after_restart()]
        seconds = self._confirm_seconds
        question = WithinScreen(f"{self._what_and_where}, to be confirmed?", lines, self._goal.verb, seconds)
        consent = await self.app.push_screen_wait(question)
        if consent is not None:
            wanted = replace(plan, message=consent.message)
            within = consent.within
            self._change("applying", "apply", lambda: self._backend.apply(wanted, self._advance, within=within))

    async def _offer_to_settle(self) -> bool:
        """Offer to settle what keeps a policy from doing its work; tells whether to go on, with it or without."""
        for each in self._obstacles if self._goal.needs_services else ():
            if each.settle is None:
                continue
            answers = (Answer("yes", each.question), Answer("without", "Go on without"), _CANCEL)
            answer = await self.app.push_screen_wait(ChoiceScreen(f"{each.question}?", [each.words], answers))
            if answer == "yes":
                await self._settle(each.settle)
            elif answer != "without":
                return False
        return True

    async def _settle(self, settle: Callable[[], None]) -> None:
        """Settle an obstacle, and look which are left."""
        try:
            await asyncio.to_thread(settle)
            self._obstacles = await asyncio.to_thread(self._backend.obstacles)
        except BackendError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
        if self._plan is not None:
            self._show(self._plan)

    @property
    def _in_the_way(self) -> list[str]:
        return [f"{each.words}: {each.remedy}" for each in self._obstacles]

    @property
    def _what_and_where(self) -> str:
        return f"{self._goal.question} {self._backend.name}"

    def _what(self, plan: Plan) -> list[str]:
        """Return what a confirmation has to name."""
        lines = [f"Backend: {self._backend.name}, {self._backend.place()}", all_counts(plan)]
        told = [f"{each.message}." for each in self._findings]
        return (
            lines
            + ([f"Replaces: {plan.replaces}"] if plan.replaces else [])
            + self._in_the_way
            + told
            + notes(plan, self._settling)
        )

    def _change(self, what: str, name: str, task: Callable[[], Applied | Answered]) -> None:
        self.at_work = what
        self._is_held_up = self._gives_up = False
        self._title(f"{what} ...")

        def told() -> Applied | Answered:
            with told_when_kept_waiting(self._waits):
                return task()

        self.run_worker(
            kept_apart()(told), thread=True, exclusive=True, exit_on_error=False, name=name, group="backend"
        )

    def _waits(self) -> None:
        """Have it said that another program writes; called in the thread that waits for it.

        Raises:
            BackendError: the operator does not want to wait.
        """
        if self._gives_up:
            raise BackendError(f"{self.at_work}: left while another program writes; nothing was changed")
        self.post_message(HeldUp())

    @on(HeldUp)
    def _say_held_up(self) -> None:
        if self.at_work and not self._gives_up:
            self._is_held_up = True
            self._title(f"{self.at_work}: waiting for another program that writes (esc leaves it)")

    def _advance(self, done: int, total: int) -> None:
        self.post_message(Advanced(done, total))

    @on(Advanced)
    def _progress(self, event: Advanced) -> None:
        self._is_held_up = False
        self._title(f"{self.at_work} ... {event.done:,} of {event.total:,}")

    def _report(self, applied: Applied) -> None:
        """Say what was done, and look again: what is left to do, or whether it waits to be confirmed."""
        self._done = applied
        self.post_message(BackendMoved())
        self.notify(f"Done: {counts_of(applied)}", markup=False)
        if applied.altered:
            lines = visible("; ".join(line.strip() for line in altered_lines(applied.altered)))
            self.notify(shortened(lines, 400), severity="warning", markup=False)
        self._make_plan(self._first)

    def _report_answer(self, answered: Answered) -> None:
        """Say what an answer has done, or what was found instead, and look again."""
        if answered.applied is not None:
            self._done = answered.applied
        elif not answered.ending.stays:
            self._done = None
        tell_answer(self, answered, self._asked)
        self.post_message(BackendMoved())
        self._asked = ""
        self._make_plan(self._first)

    @work(exclusive=True, group="countdown")
    async def _count_down(self, snapshot: Snapshot, pending: Pending) -> None:
        """Ask whether what was applied last is to stay, as long as it waits to be confirmed."""
        key = key_of(self, "plan.replan")
        self._title(f"{snapshot.policy or 'What was done last'} waits to be confirmed: {key} to decide")
        self._list([], "nothing can be planned until it is confirmed or reverted")
        self._asked = pending.token
        question = CountdownScreen(self._backend, snapshot, pending)
        answer = await self.app.push_screen_wait(question)
        if answer == LATER and (question.over is None or not question.over.stays):
            self._done = None  # it cannot be said yet that it is applied, or not any more
        if question.over is not None:
            self._asked = ""
            self._make_plan(self._first)
        elif answer == KEEP:
            self._change("confirming", "confirm", lambda: keep(self._backend, pending))
        elif answer == REVERT:
            self._change("reverting", "revert", lambda: revert(self._backend, pending, self._advance))

    def action_back(self) -> None:
        """Leave the explanation, where it has the screen; else go back, and wait no longer for another program."""
        if self.leave_reading():
            self.query_one(RowTable).focus()
        elif self.at_work:
            self._gives_up = True
        else:
            self.dismiss(self._done)
