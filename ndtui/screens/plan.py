"""Plan and apply: what a backend would add, change and remove, grouped by layer; applied only from here."""

from dataclasses import dataclass
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from ndtui.actions import of_scope
from ndtui.analysis.explain import Line
from ndtui.backends.base import Applied, Backend, BackendError, Change, Plan, value_text
from ndtui.model.objects import FilterSet
from ndtui.model.vocabulary import short_name
from ndtui.screens.dialogs import confirm
from ndtui.text import visible
from ndtui.widgets.detail import Detail
from ndtui.widgets.key_bar import KeyBar
from ndtui.widgets.row_table import Column, RowTable, View
from ndtui.widgets.views import Heading

_MARKS = {"add": "+", "change": "~", "remove": "-"}
_KINDS = {"provider": "Provider", "subLayer": "Sublayer", "providerContext": "Provider contexts", "filter": ""}


def _cells(row: Any) -> tuple[str, ...]:
    if isinstance(row, Heading):
        return (row.text,)
    return (row.action, row.name, ", ".join(name for name, *_ in row.differences()) if row.action == "change" else "")


PLAN = View(
    (Column("does", 7), Column("object", 0, 8), Column("properties", 28, 4)),
    _cells,
    lambda row: row.layer if isinstance(row, Heading) else (row.kind, row.key),
    lambda row: "head" if isinstance(row, Heading) else "",
    lambda row: "" if isinstance(row, Heading) else _MARKS[row.action],
    lambda row: not isinstance(row, Heading),
    empty="nothing to do: the backend already holds exactly this",
)


def plan_rows(plan: Plan) -> list[Any]:
    """Return the changes of a plan under a heading per layer or kind of object."""
    groups: dict[str, list[Change]] = {}
    for change in plan.changes:
        groups.setdefault(short_name(change.layer) if change.layer else _KINDS[change.kind], []).append(change)
    rows: list[Any] = []
    for title, changes in groups.items():
        rows += [Heading(title, f"{title}  {len(changes)}"), *changes]
    return rows


def counts_words(plan: Plan) -> str:
    """Return the counts of a plan in words."""
    counts = plan.counts
    words = f"{counts['add']} to add, {counts['change']} to change, {counts['remove']} to remove"
    return f"{words}, {plan.unchanged} unchanged"


def explain_change(change: Change) -> list[Line]:
    """Return a change property by property, before and after."""
    lines = [Line("Object", f"{change.kind} {change.key}"), Line("Name", change.name)]
    if change.action == "change":
        return lines + [
            Line(name, f"{value_text(before)}  ->  {value_text(after)}") for name, before, after in change.differences()
        ]
    skip = ("displayData", "origin")
    return lines + [Line(name, value_text(value)) for name, value in change.document.items() if name not in skip]


@dataclass
class Advanced(Message):
    """How far an apply has come."""

    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Let a later count take the place of an earlier one."""
        return isinstance(message, Advanced)


class PlanScreen(Screen[Applied | None]):
    """Shows the plan for a filter set and carries it out; returns what was done last, if anything."""

    CSS_PATH = "plan.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(a.keys), a.id, a.title, show=False, tooltip=a.tooltip, id=f"plan.{a.id}")
        for a in of_scope("plan")
    ]

    def __init__(self, backend: Backend, filterset: FilterSet, *, read_only: bool) -> None:
        super().__init__()
        self._backend = backend
        self._filterset = filterset
        self._read_only = read_only
        self._plan: Plan | None = None
        self._removing = False
        self._done: Applied | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        """Make the summary, the list and the details."""
        yield Static("", id="plan-title", markup=False)
        yield Static("", id="plan-counts", markup=False)
        yield RowTable(PLAN, id="plan")
        yield Detail(id="plan-detail", label_width=19)
        yield KeyBar("plan")

    def on_mount(self) -> None:
        """Make the plan."""
        self.query_one(RowTable).focus()
        self.action_replan()

    def _title(self, text: str) -> None:
        what = "Remove all of ours" if self._removing else f"Apply {self._filterset.design.name}"
        where = f"{self._backend.name} ({self._backend.place()})"
        title = Text(f" {visible(what)} -> {visible(where)}", no_wrap=True, overflow="ellipsis")
        self.query_one("#plan-title", Static).update(title)
        self.query_one("#plan-counts", Static).update(f" {visible(text)}")
        self.query_one(KeyBar).show()

    def _list(self, rows: list[Any], empty: str) -> None:
        table = self.query_one(RowTable)
        table.empty = empty
        table.show(rows)

    def action_replan(self) -> None:
        """Read the backend and make a new plan."""
        self._removing = False
        self._make_plan(self._filterset)

    def action_remove_all(self) -> None:
        """Make a plan that removes everything of ours."""
        self._removing = True
        self._make_plan(None)

    def _make_plan(self, target: FilterSet | None) -> None:
        self._plan = None
        self._title("planning ...")
        self._list([], "planning ...")
        self.run_worker(
            lambda: self._backend.plan(target), thread=True, exclusive=True, exit_on_error=False, name="plan"
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show a plan or a result, or why there is none."""
        if event.worker.name == "apply" and event.state in (WorkerState.ERROR, WorkerState.SUCCESS):
            self._busy = False
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            if not isinstance(error, BackendError):
                raise error if error is not None else RuntimeError(event.worker.name)
            self._title(str(error))
            self._list([], "there is no plan")
            self.notify(visible(str(error)), severity="error", markup=False)
        elif event.state is WorkerState.SUCCESS and isinstance(event.worker.result, Plan):
            self._show(event.worker.result)
        elif event.state is WorkerState.SUCCESS and isinstance(event.worker.result, Applied):
            self._report(event.worker.result)

    def _show(self, plan: Plan) -> None:
        self._plan = plan
        replaces = f"; replaces {plan.replaces}" if plan.replaces else ""
        self._title(f"{counts_words(plan)}{replaces}")
        self._list(plan_rows(plan), "")
        self.query_one(KeyBar).show()

    def _report(self, applied: Applied) -> None:
        self._done = applied
        text = f"Done: {applied.added} added, {applied.changed} changed, {applied.removed} removed"
        self.notify(text, markup=False)
        self.action_replan()

    @on(RowTable.Highlighted)
    def _explain(self, event: RowTable.Highlighted) -> None:
        row = event.row
        self.query_one(Detail).show(explain_change(row) if isinstance(row, Change) else [])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Dim what cannot be done now."""
        if action == "apply":
            return None if self._busy or self._read_only or self._plan is None or self._plan.empty else True
        if action == "remove_all":
            return None if self._busy or self._read_only else True
        return None if self._busy and action in ("replan", "back") else True

    @work(exclusive=True, group="apply")
    async def action_apply(self) -> None:
        """Carry the plan out, after a confirmation that names backend, place and counts."""
        plan = self._plan
        if plan is None or plan.empty or self._read_only:
            return
        lines = [f"Backend: {self._backend.name}, {self._backend.place()}", counts_words(plan)]
        lines += [f"Replaces: {plan.replaces}"] if plan.replaces else []
        verb = "Remove" if self._removing else "Apply"
        question = confirm(f"{verb} to {self._backend.name}?", lines, verb, dangerous=True)
        if await self.app.push_screen_wait(question) == "yes":
            self._title("applying ...")
            self._busy = True
            self.query_one(KeyBar).show()
            self.run_worker(
                lambda: self._backend.apply(plan, self._advance),
                thread=True,
                exclusive=True,
                exit_on_error=False,
                name="apply",
            )

    def _advance(self, done: int, total: int) -> None:
        self.post_message(Advanced(done, total))

    @on(Advanced)
    def _progress(self, event: Advanced) -> None:
        self._title(f"applying ... {event.done} of {event.total}")

    def action_back(self) -> None:
        """Go back to the design."""
        self.dismiss(self._done)
