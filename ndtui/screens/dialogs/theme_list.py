"""Themes: a list in which the one under the cursor is shown at once, on everything that can be seen."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.rows.view import Column, View
from ndtui.ui.themes.palettes import PALETTES, Palette
from ndtui.ui.themes.theme_names import TERMINAL
from ndtui.ui.widgets.row_table import RowTable

_VIEW = View(
    (Column("theme", 18), Column("colours", 0)),
    lambda row: (row.name, row.summary),
    lambda row: row.name,
)
#: What has a colour of its own, by the class that gives it.
_SAMPLES = (
    ("added", "+ added"),
    ("changed", "~ changed"),
    ("removed", "- removed"),
    ("protected", "protected"),
    ("exempt", "exempt"),
    ("policy", "policy"),
    ("blocked", "blocked"),
)
_FEW = "This terminal shows few colours, or none: there is one theme for that."


class ThemesScreen(Dialog[str | None]):
    """Returns the name of the theme that was chosen, or ``None``; ``preview`` shows one."""

    def __init__(self, current: str, preview: Callable[[str], None], *, few: bool) -> None:
        super().__init__()
        self._palettes = [palette for palette in PALETTES if palette.name == TERMINAL or not few]
        self._few = few
        self._current = current
        self._preview = preview

    def compose(self) -> ComposeResult:
        """Make the list, and a line with everything that has a colour of its own."""
        with Vertical(classes="dialog", id="themes-dialog"):
            yield Static("Theme", classes="dialog-title", markup=False)
            yield RowTable(_VIEW, id="themes")
            if self._few:
                yield Static(_FEW, classes="dialog-hint", markup=False)
            with Horizontal(id="theme-samples"):
                for name, text in _SAMPLES:
                    yield Static(text, classes=f"sample -{name}", markup=False)
            yield Static("enter choose   esc as it was", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the theme that there is."""
        table = self.query_one(RowTable)
        table.show(self._palettes)
        table.go_to(lambda palette: palette.name == self._current)
        table.focus()

    @on(RowTable.Highlighted)
    def _show(self, event: RowTable.Highlighted) -> None:
        palette: Palette | None = event.row
        if palette is not None:
            self._preview(palette.name)

    @on(RowTable.Activated)
    def _choose(self, event: RowTable.Activated) -> None:
        self.dismiss(event.row.name)

    def action_close(self) -> None:
        """Leave everything as it was."""
        self._preview(self._current)
        self.dismiss(None)
