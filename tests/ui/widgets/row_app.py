"""A tiny app around one RowTable, and rows for it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from textual.app import App, ComposeResult
from textual.widgets import Input

from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Stand, running


class Head(NamedTuple):
    """A row that the cursor passes over."""

    text: str


class Row(NamedTuple):
    """A row with three cells."""

    name: str
    text: str = ""
    number: str = ""


VIEW = View(
    (Column("name", 8), Column("text", 0, 3), Column("number", 6, 5, right=True)),
    lambda row: (row.text,) if isinstance(row, Head) else tuple(row),
    lambda row: row.text if isinstance(row, Head) else row.name,
    lambda row: "head" if isinstance(row, Head) else "",
    selectable=lambda row: not isinstance(row, Head),
)


class TableApp(App[None]):
    """One table, and a field that can take the focus from it."""

    CSS = """
    RowTable { height: 1fr; scrollbar-size-vertical: 1; }
    RowTable > .row-table--cursor { text-style: reverse; }
    """

    def __init__(self, rows: Sequence[Any], view: View = VIEW) -> None:
        super().__init__()
        self.table = RowTable(view)
        self._first = rows

    def compose(self) -> ComposeResult:
        """Make them."""
        yield self.table
        yield Input()

    def on_mount(self) -> None:
        """Show the rows once there is a place for them."""
        self.table.show(self._first)
        self.table.focus()


class Table(Stand):
    """The table on its screen."""

    def __init__(self, rows: Sequence[Any], view: View = VIEW) -> None:
        super().__init__(TableApp(rows, view))

    @property
    def table(self) -> RowTable:
        """The table."""
        return self.app.table

    @property
    def lines(self) -> list[str]:
        """The lines of the table as they are on the screen."""
        return self.text.split("\n")[: self.table.size.height]

    async def show(self, rows: Sequence[Any], **more: Any) -> None:
        """Exchange the rows."""
        self.table.show(rows, **more)
        await self.settle()

    def as_timeline(self, kind: type) -> list[Any]:
        """Return the rows that messages of a kind have told of."""
        return [message.row for message in self.messages if isinstance(message, kind)]


@asynccontextmanager
async def showing(rows: Sequence[Any], size: tuple[int, int] = (40, 12), view: View = VIEW) -> AsyncIterator[Table]:
    """Run a table with rows."""
    stand = Table(rows, view)
    async with running(stand, size):
        yield stand
