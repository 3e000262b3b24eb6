"""The lower pane: everything about the selected row."""

from collections.abc import Iterable
from typing import ClassVar

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.binding import BindingType

from ndtui.analysis.wording.properties import Line
from ndtui.common.text import visible
from ndtui.ui.keys.actions import by_name
from ndtui.ui.keys.keymap import table_bindings
from ndtui.ui.keys.possible import table_for, why_not
from ndtui.ui.widgets.labelled_lines import LabelledLines, is_link
from ndtui.ui.widgets.scroll_pane import ScrollPane

LABEL_WIDTH = 12


def two_columns(rows: Iterable[tuple[str, str]], width: int) -> Table:
    """Return rows of a bold label and a text that wraps beside it, never under it. Nothing in them is markup."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=width, style="bold", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, text in rows:
        grid.add_row(Text(label), Text(text, Style(link=text) if is_link(text) else ""))
    return grid


def lines_text(lines: Iterable[Line]) -> str:
    """Return an explanation as plain text."""
    labels = ((f"{line.label}:" if line.label else "", visible(line.text)) for line in lines)
    return "\n".join(f"{label:<{LABEL_WIDTH}} {text}" for label, text in labels)


class Detail(ScrollPane):
    """Shows an explanation, a line per property, scrollable when it is long; keys of tables go to that of its row."""

    BINDINGS: ClassVar[list[BindingType]] = table_bindings()

    def __init__(self, *, id: str, label_width: int = LABEL_WIDTH) -> None:  # noqa: A002 - textual's own name
        super().__init__(id=id)
        self._body = LabelledLines(label_width)
        self.lines: list[Line] = []

    def compose(self) -> Iterable[LabelledLines]:
        """Make the text."""
        yield self._body

    @property
    def links(self) -> tuple[str, ...]:
        """The pages that the explanation names, whole."""
        return tuple(dict.fromkeys(line.text for line in self.lines if is_link(line.text)))

    def show(self, lines: list[Line]) -> None:
        """Show an explanation from its beginning."""
        if lines == self.lines:
            return
        self.lines = lines
        self._body.exchange([(line.label, visible(line.text)) for line in lines])
        if self.scroll_y:
            self.scroll_home(animate=False)

    async def action_for_table(self, name: str) -> None:
        """Do what a key of tables does with the table that is explained, which gets the focus if it can."""
        action = by_name(name)
        table = table_for(self.screen, action)
        if table is not None:
            if not why_not(table, action):
                table.focus()
            await table.run_action(action.call)
