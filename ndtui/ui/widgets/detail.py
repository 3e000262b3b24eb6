"""The lower pane: everything about the selected row."""

from collections.abc import Iterable

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from ndtui.analysis.wording.properties import Line
from ndtui.common.text import visible
from ndtui.ui.widgets.scroll_pane import ScrollPane

LABEL_WIDTH = 12


def two_columns(rows: Iterable[tuple[str, str]], width: int) -> Table:
    """Return rows of a bold label and a text that wraps beside it, never under it. Nothing in them is markup."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=width, style="bold", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, text in rows:
        grid.add_row(Text(label), Text(text, Style(link=text) if _is_link(text) else ""))
    return grid


def _is_link(text: str) -> bool:
    return text.startswith("https://") and " " not in text


def lines_text(lines: Iterable[Line]) -> str:
    """Return an explanation as plain text."""
    labels = ((f"{line.label}:" if line.label else "", visible(line.text)) for line in lines)
    return "\n".join(f"{label:<{LABEL_WIDTH}} {text}" for label, text in labels)


class Detail(ScrollPane):
    """Shows an explanation, a line per property, scrollable when it is long."""

    def __init__(self, *, id: str, label_width: int = LABEL_WIDTH) -> None:  # noqa: A002 - textual's own name
        super().__init__(id=id)
        self._label_width = label_width
        self._body = Static("", markup=False)
        self.lines: list[Line] = []

    def compose(self) -> Iterable[Static]:
        """Make the text."""
        yield self._body

    @property
    def links(self) -> tuple[str, ...]:
        """The pages that the explanation names, whole."""
        return tuple(dict.fromkeys(line.text for line in self.lines if _is_link(line.text)))

    def show(self, lines: list[Line]) -> None:
        """Show an explanation from its beginning."""
        if lines == self.lines:
            return
        self.lines = lines
        body = self._body
        body.update(two_columns(((line.label, visible(line.text)) for line in lines), self._label_width), layout=False)
        if body.get_content_height(self.size, self.app.size, body.size.width) != body.size.height:
            body.refresh(layout=True)  # of the whole screen, which a text of the same height can do without
        self.scroll_home(animate=False)
