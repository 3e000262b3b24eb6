"""Columns: which columns of a table are shown, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.row_table import RowTable


@dataclass(frozen=True, slots=True)
class Choice:
    """A column by its number in the view, and whether it is shown."""

    number: int
    title: str
    shown: bool
    note: str = ""


_VIEW = View(
    (Column("column", 0),),
    lambda row: (f"[{'x' if row.shown else ' '}] {row.title:<18} {row.note}".rstrip(),),
    lambda row: row.number,
    head=False,
)


class ColumnsScreen(Dialog[tuple[int, ...] | None]):
    """Returns the numbers of the columns to show, in their order, or ``None``.

    ``placed`` are those that there is room for now.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("columns")

    def __init__(self, view: View, shown: Sequence[int], placed: Sequence[int]) -> None:
        super().__init__()
        self._of = view
        self._placed = placed
        self._choices = self._with(shown)

    def _with(self, shown: Sequence[int]) -> list[Choice]:
        """Return the columns that are shown in their order, and behind them the others."""
        others = [number for number in range(len(self._of.columns)) if number not in shown]
        return [
            Choice(number, self._of.columns[number].title, number in shown, self._note(number, shown=number in shown))
            for number in (*shown, *others)
        ]

    def _note(self, number: int, *, shown: bool) -> str:
        return "no room for it at this width" if shown and number not in self._placed else ""

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="dialog"):
            yield Static(f"Columns of {self._of.name or 'the table'}", classes="dialog-title", markup=False)
            yield RowTable(_VIEW, id="columns")
            names = ("show_column", "column_left", "column_right", "usual_columns")
            show, left, right, usual = (key_of(self, f"columns.{name}") for name in names)
            hint = f"{show} show or not   {left} {right} move   {usual} as usual"
            yield Static(hint, classes="dialog-hint", markup=False)
            yield Static("enter take   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list, as high as it is long."""
        table = self.query_one(RowTable)
        table.styles.height = min(len(self._choices), 14)
        table.show(self._choices)
        table.focus()

    def _show(self, choices: list[Choice]) -> None:
        self._choices = choices
        self.query_one(RowTable).show(choices)

    @property
    def _at(self) -> int:
        row: Choice | None = self.query_one(RowTable).row
        return next((place for place, each in enumerate(self._choices) if row and each.number == row.number), -1)

    def action_show_column(self) -> None:
        """Show the selected column, or not; one at least stays."""
        at = self._at
        if at < 0:
            return
        choice = self._choices[at]
        if choice.shown and sum(each.shown for each in self._choices) == 1:
            self.notify("One column has to stay", markup=False)
            return
        switched = replace(choice, shown=not choice.shown, note="")
        self._show([*self._choices[:at], switched, *self._choices[at + 1 :]])

    def action_column_left(self) -> None:
        """Show the selected column further left."""
        self._move(-1)

    def action_column_right(self) -> None:
        """Show the selected column further right."""
        self._move(1)

    def _move(self, step: int) -> None:
        at, to = self._at, self._at + step
        if at >= 0 and 0 <= to < len(self._choices):
            choices = list(self._choices)
            choices[at], choices[to] = choices[to], choices[at]
            self._show(choices)

    def action_usual_columns(self) -> None:
        """Choose what is usual."""
        self._show(self._with(self._of.usual))

    @on(RowTable.Activated)
    def _take(self, event: RowTable.Activated) -> None:
        event.stop()
        self.dismiss(tuple(each.number for each in self._choices if each.shown))
