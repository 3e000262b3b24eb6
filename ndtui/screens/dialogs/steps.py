"""The edits of a session as a list: each step can be looked at beside the present one, and gone to."""

from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static
from textual.worker import Worker

from ndtui.common.text import visible
from ndtui.model.design.differences import differences
from ndtui.model.design.edit_history import History, Step
from ndtui.screens.dialogs.dialog import ReadingDialog
from ndtui.ui.rows.change_rows import sides_in_short
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state.beside import in_thread, is_large
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.scroll_pane import ScrollPane

_MOST = 100
_Row = tuple[int, Step, str]
"""A row: the number of the step, the step, and where it stands to the present one."""

_STEPS = View(
    (Column("step", 5, right=True), Column("edit", 0), Column("stands", 9)),
    lambda row: (str(row[0]), row[1].label, row[2]),
    lambda row: row[0],
)


class StepsScreen(ReadingDialog[int | None]):
    """Lists the steps, the newest first, and returns the number of the one to go to; ``None`` when closed."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history = history

    def compose(self) -> ComposeResult:
        """Make the list, and what the chosen step has otherwise."""
        with Vertical(classes="dialog tall"):
            yield Static("Edits", classes="dialog-title", markup=False)
            yield RowTable(_STEPS, id="steps")
            with ScrollPane(id="step-differences"):
                yield Static("", id="step-text", markup=False)
            yield Static("enter go there   tab differences   esc back", classes="dialog-hint", markup=False)

    def _rows(self) -> list[_Row]:
        now = len(self._history.past)
        stands = ("", "now", "undone")
        rows = [
            (number, step, stands[(number >= now) + (number > now)]) for number, step in enumerate(self._history.steps)
        ]
        return rows[::-1]

    def on_mount(self) -> None:
        """Put the cursor on the present step."""
        table = self.query_one("#steps", RowTable)
        table.show(self._rows())
        table.focus()
        table.go_to(lambda row: row[2] == "now")

    @on(RowTable.Highlighted)
    def _compare(self, event: RowTable.Highlighted) -> None:
        """Show what the step under the cursor has otherwise than the present one."""
        row: _Row | None = event.row
        if row is None:
            self._say("")
        elif is_large(row[1].design) or is_large(self._history.design):
            self._say("comparing ...")
            _: Worker[None] = self.run_worker(
                partial(self._compare_beside, row[1]), group="differences", exclusive=True, description="differences"
            )
        else:
            self._say(self._text(row[1]))

    async def _compare_beside(self, step: Step) -> None:
        self._say(await in_thread(lambda: self._text(step)))

    def _say(self, text: str) -> None:
        self.query_one("#step-text", Static).update(text)

    def _text(self, step: Step) -> str:
        found = differences(self._history.design, step.design)
        if not found:
            return "as it is now" if step is self._history.present else "the same as now"
        sides = ((each.place, *sides_in_short(each)) for each in found[:_MOST])
        lines = [f"{place}: {now} now, {there} there" for place, now, there in sides]
        more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
        return "\n".join(visible(line) for line in (*lines, *more))

    @on(RowTable.Activated)
    def _chosen(self, event: RowTable.Activated) -> None:
        row: Any = event.row
        self.dismiss(row[0])
