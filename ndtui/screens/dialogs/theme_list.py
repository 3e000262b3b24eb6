"""Themes: a list in which the one under the cursor is shown at once, on everything that can be seen."""

from collections.abc import Callable
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.rows.view import Column, View
from ndtui.ui.themes.palettes import PALETTES
from ndtui.ui.themes.theme_names import AUTO, TERMINAL
from ndtui.ui.widgets.row_table import RowTable


class _Choice(NamedTuple):
    """A theme of the list, or ``auto``, with what it is in a few words."""

    name: str
    summary: str


_AUTO = _Choice(AUTO, "light on a light ground, else dark")
_VIEW = View(
    (Column("theme", 18), Column("colours", 0)),
    lambda row: (row.name, row.summary),
    lambda row: row.name,
)
#: What has a colour of its own, line by line, by the class that gives it.
_SAMPLES = (
    (("added", "+ added"), ("changed", "~ changed"), ("removed", "- removed")),
    (("protected", "protected"), ("exempt", "exempt"), ("policy", "policy"), ("blocked", "blocked")),
)
_FEW = "Few colours here, or none: there is one theme for that."


class ThemesScreen(Dialog[str | None]):
    """Returns the name of the theme that was chosen, or ``None``; ``preview`` shows one."""

    def __init__(self, current: str, preview: Callable[[str], None], *, few: bool) -> None:
        super().__init__()
        every = (_AUTO, *(_Choice(palette.name, palette.summary) for palette in PALETTES))
        self._choices = [choice for choice in every if choice.name == TERMINAL or not few]
        self._few = few
        self._current = current
        self._preview = preview

    def compose(self) -> ComposeResult:
        """Make the list, and lines with everything that has a colour of its own."""
        with Vertical(classes="dialog", id="themes-dialog"):
            yield Static("Theme", classes="dialog-title", markup=False)
            yield RowTable(_VIEW, id="themes")
            if self._few:
                yield Static(_FEW, classes="dialog-hint", markup=False)
            for line in _SAMPLES:
                with Horizontal(classes="theme-samples"):
                    for name, text in line:
                        yield Static(text, classes=f"sample -{name}", markup=False)
            yield Static("enter choose   esc as it was", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the theme that was chosen last."""
        table = self.query_one(RowTable)
        table.show(self._choices)
        table.go_to(lambda choice: choice.name == self._current)
        table.focus()

    @on(RowTable.Highlighted)
    def _show(self, event: RowTable.Highlighted) -> None:
        choice: _Choice | None = event.row
        if choice is not None:
            self._preview(choice.name)

    @on(RowTable.Activated)
    def _choose(self, event: RowTable.Activated) -> None:
        self.dismiss(event.row.name)

    def action_close(self) -> None:
        """Leave everything as it was."""
        self._preview(self._current)
        self.dismiss(None)
