"""Links: the pages that an explanation names, where there are several of them, to choose one."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.screens.dialogs.dialog import ReadingDialog
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.row_table import RowTable

_VIEW = View(
    (Column("no", 3, right=True), Column("page", 0)),
    lambda row: (str(row[0]), row[1]),
    lambda row: row[0],
    head=False,
)


class LinksScreen(ReadingDialog[str | None]):
    """Returns the page that was chosen, or ``None``; the one under the cursor stands below, whole."""

    def __init__(self, links: Sequence[str]) -> None:
        super().__init__()
        self._links = links

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="dialog"):
            yield Static("Links", classes="dialog-title", markup=False)
            yield RowTable(_VIEW, id="links")
            yield Static("", id="whole-link", markup=False)
            yield Static("enter choose   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list, as high as it is long."""
        table = self.query_one(RowTable)
        table.styles.height = min(len(self._links), 14)
        table.show(list(enumerate(self._links, 1)))
        table.focus()

    @on(RowTable.Highlighted)
    def _show_whole(self, event: RowTable.Highlighted) -> None:
        self.query_one("#whole-link", Static).update("" if event.row is None else visible(event.row[1]))

    @on(RowTable.Activated)
    def _chosen(self, event: RowTable.Activated) -> None:
        self.dismiss(event.row[1])
