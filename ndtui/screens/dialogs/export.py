"""Export: choose a format and a place, see what will be written, write it."""

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.exporters import EXPORTERS, Exporter
from ndtui.model.compiled.objects import FilterSet
from ndtui.screens.dialogs.dialog import Form, confirm
from ndtui.screens.dialogs.preset_browser import visible_lines
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.row_table import RowTable

_PREVIEW_LINES = 400
_VIEW = View(
    (Column("format", 8), Column("what it is", 0)),
    lambda row: (row.name, row.title),
    lambda row: row.name,
    head=False,
)


class ExportScreen(Form[str | None]):
    """Returns what was written and where, or ``None``."""

    ok = "Write"

    def __init__(self, filterset: FilterSet) -> None:
        super().__init__()
        self._filterset = filterset
        self._proposed = ""
        self._rendered: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Make the formats, the place and the preview."""
        with Vertical(classes="dialog tall"):
            yield Static("Export", classes="dialog-title", markup=False)
            yield RowTable(_VIEW, list(EXPORTERS.values()), id="formats")
            with Horizontal(classes="field"):
                yield Static("File", classes="field-label", markup=False)
                yield Input("", id="place", compact=True)
            with VerticalScroll(id="preview", can_focus=True):
                yield Static("", id="preview-text", markup=False)
            yield from self.buttons()

    def on_mount(self) -> None:
        """Put the focus on the formats."""
        table = self.query_one(RowTable)
        table.show(list(EXPORTERS.values()))
        table.focus()

    @on(RowTable.Highlighted)
    def _chosen(self, event: RowTable.Highlighted) -> None:
        format_: Exporter = event.row
        place = self.query_one("#place", Input)
        if place.value == self._proposed:
            stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in self._filterset.design.name)[:80]
            self._proposed = f"{stem}{format_.suffix}"
            place.value = self._proposed
        text = self._text(format_)
        lines = text.split("\n", _PREVIEW_LINES)
        cut = f"\n... {text.count(chr(10)) - _PREVIEW_LINES} more lines" if len(lines) > _PREVIEW_LINES else ""
        self.query_one("#preview-text", Static).update(visible_lines("\n".join(lines[:_PREVIEW_LINES])) + cut)

    def _text(self, format_: Exporter) -> str:
        if format_.name not in self._rendered:
            self._rendered[format_.name] = format_.render(self._filterset)
        return self._rendered[format_.name]

    @on(RowTable.Activated)
    def _to_place(self) -> None:
        self.query_one("#place", Input).focus()

    def answer(self) -> None:
        """Write the file."""
        self._write()

    @asks
    async def _write(self) -> None:
        format_: Exporter | None = self.query_one(RowTable).row
        place = self.query_one("#place", Input).value.strip()
        if format_ is None or not place:
            self.notify("Say where to: a file name is missing", severity="warning", markup=False)
            return
        path = Path(place)
        try:
            path = path.expanduser()
        except RuntimeError:
            self.notify(f"There is no home folder for {visible(place)}", severity="error", markup=False)
            return
        if files.is_there(path):
            question = confirm("Overwrite file", [f"{path} is already there."], "Overwrite", dangerous=True)
            if await self.app.push_screen_wait(question) != "yes":
                return
        try:
            files.write_text(path, self._text(format_))
        except NdtuiError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self.dismiss(f"Wrote the {format_.name} to {path}")
