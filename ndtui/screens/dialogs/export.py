"""Export: choose a format, its options and a place, see what will be written, write it."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import DescendantFocus, Resize
from textual.widgets import Checkbox, Input, Static
from textual.worker import Worker

from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.exporters import exporting
from ndtui.exporters.contract import Export, ExportError, Option
from ndtui.exporters.registry import ExporterStatus, available, inspect
from ndtui.exporters.toml_design import DesignExporter
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.screens.dialogs.dialog import FieldsDialog, confirm
from ndtui.screens.dialogs.export_preview import Told, preview, told
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state.beside import is_large
from ndtui.ui.state.progress import LeftError, LongWorks, done_beside
from ndtui.ui.widgets.labelled_field import LabelledField
from ndtui.ui.widgets.line_input import LineInput
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.scroll_pane import ScrollPane
from ndtui.ui.widgets.tick_box import TickBox

#: The answer of who exports the design onto the file that is open: that is to save it.
SAVE = "save"
#: So many formats are shown at least and at most: on a low screen what would be written needs the lines too.
_LEAST_FORMATS, _MOST_FORMATS = 4, 8

#: Formats that are made at once of a small design: none of a report, whose traces take longer than a key may wait, and
#: none of somebody else.
_AT_ONCE = frozenset({"bundle", "c", "design", "gpo-reg", "netsh-xml", "powershell", "python", "table"})
_EXEMPTIONS_AT_ONCE = 100
#: What several rules mean together takes longer to find out than they take to be made.
_RULES_AT_ONCE = 8


def _is_felt(row: ExporterStatus, design: Design) -> bool:
    """Tell whether an export of a design may take so long that it is felt."""
    is_small = len(design.exemptions) <= _EXEMPTIONS_AT_ONCE and len(design.rules) <= _RULES_AT_ONCE
    return is_large(design) or not is_small or row.info.name not in _AT_ONCE


class _Wanted(NamedTuple):
    """A format, the values of its options as they stand in the fields, and whether it may leave something out."""

    format: ExporterStatus
    given: tuple[tuple[str, str], ...]
    lossy: bool


_NOTHING = Told()


class _Made(NamedTuple):
    """An export, or why there is none, what is shown of it, and what is said of it before it is written."""

    export: Export | NdtuiError
    preview: str
    told: Told = _NOTHING


_VIEW = View(
    (Column("format", 10), Column("what it is", 0)),
    lambda row: (row.info.name, row.exporter.title if row.exporter else row.problem),
    lambda row: (row.info.name, row.info.target),
    lambda row: "" if row.exporter else "error",
    head=False,
)


class _Formats(RowTable):
    """The formats: enter answers the dialog, as it does in its fields."""

    def action_activate(self) -> None:
        """Answer the dialog."""
        self.app.call_later(self.screen.run_action, "answer")


async def loaded_formats() -> list[ExporterStatus]:
    """Return the formats, each in a turn of the event loop: where none is imported yet, one turn would take 0.15 s."""
    found = []
    for plugin in available():
        found.append(inspect(plugin))
        await asyncio.sleep(0)
    return found


def _words(wanted: _Wanted) -> str:
    return f"Exporting as {wanted.format.info.name}"


class ExportScreen(FieldsDialog[str | None]):
    """Returns what was written and where, ``SAVE`` where the open file is to be saved, or ``None``."""

    ok = "Write"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]  # noqa: RUF012 - textual declares it

    def __init__(self, filterset: FilterSet, formats: Sequence[ExporterStatus], open_file: Path | None = None) -> None:
        super().__init__()
        self._filterset = filterset
        self._open_file = open_file
        self._formats = formats
        self._proposed = ""
        self._fields: list[tuple[ExporterStatus, Option, Input]] = []
        self._made: dict[_Wanted, _Made] = {}
        self._one_at_a_time = asyncio.Lock()
        self._under_way: _Wanted | None = None
        """What is being made beside the keys, to be shown."""

    def compose(self) -> ComposeResult:
        """Make the formats, the options of each, the place and the preview."""
        with Vertical(classes="dialog tall"):
            yield Static("Export", classes="dialog-title", markup=False)
            yield _Formats(_VIEW, self._formats, id="formats")
            for row in self._formats:
                for option in row.exporter.options if row.exporter else ():
                    yield self._field(row, option)
            with LabelledField("Lossy", id="lossy-field"):
                yield TickBox("leave out what cannot be expressed; the head names it", id="lossy", compact=True)
            with LabelledField("File", id="place-field"):
                yield LineInput("", id="place", compact=True)
            with ScrollPane(id="told"):
                yield Static("", id="told-text", markup=False)
            with ScrollPane(id="preview"):
                yield Static("", id="preview-text", markup=False)
            yield from self.buttons()

    def _field(self, row: ExporterStatus, option: Option) -> LabelledField:
        value = Input(option.write(option.default), classes="option", compact=True)
        hint = Static(visible(f"{option.takes}: {option.help}"), classes="option-hint", markup=False)
        self._fields.append((row, option, value))
        return LabelledField(visible(option.name), value, hint, classes="option-field")

    def on_mount(self) -> None:
        """Put the focus on the formats."""
        table = self.query_one(RowTable)
        table.show(self._formats)
        table.focus()

    def on_resize(self, event: Resize) -> None:
        """Give the formats a fifth of the screen's lines."""
        lines = max(_LEAST_FORMATS, min(_MOST_FORMATS, event.size.height // 5))
        self.query_one(RowTable).styles.height = min(len(self._formats), lines)

    @on(DescendantFocus)
    def _show_hint(self) -> None:
        """Show whole what the option is for whose field has the focus."""
        for _, _, value in self._fields:
            if value.parent is not None:
                value.parent.set_class(value.has_focus, "-chosen")

    @on(RowTable.Highlighted)
    def _chosen(self, event: RowTable.Highlighted) -> None:
        for row, _, value in self._fields:
            if value.parent is not None:
                value.parent.display = row is event.row
        chosen = event.row.exporter if event.row is not None else None
        self.query_one("#lossy-field").display = chosen is not None and chosen.lossy
        self._show(event.row)

    @on(Input.Changed, ".option")
    @on(Checkbox.Changed, "#lossy")
    def _set(self) -> None:
        self._show(self.query_one(RowTable).row)

    def _show(self, row: ExporterStatus | None) -> None:
        """Show what would be written, or why nothing would be; with a large design when it has been made."""
        wanted = None if row is None else self._wanted(row)
        if self._under_way is not None and self._under_way != wanted:
            self._works.let_end(self, _words(self._under_way))
        if row is None or wanted is None:  # the filter of the list leaves no format
            self._say("No format is chosen")
            return
        if wanted not in self._made and _is_felt(row, self._filterset.design):
            self._say("exporting ...")
            self._propose(row)
            _: Worker[None] = self.run_worker(partial(self._show_later, wanted), group="export", description="export")
            return
        if wanted not in self._made:
            self._made[wanted] = self._make(wanted)
        self._present(row, self._made[wanted])

    async def _show_later(self, wanted: _Wanted) -> None:
        async with self._one_at_a_time:
            if not self._is_wanted(wanted):
                return
            self._under_way = wanted
            try:
                made = await self._made_beside(wanted)
            except LeftError:  # another was chosen meanwhile, which waits for this to end
                return
            finally:
                self._under_way = None
            if self._is_wanted(wanted):  # still
                self._present(wanted.format, made)

    @property
    def _works(self) -> LongWorks:
        return cast("LongWorks", self.app)

    async def _made_beside(self, wanted: _Wanted) -> _Made:
        """Return the export, made only once; one that was left is made again when it is wanted again."""
        if wanted not in self._made:
            felt = _is_felt(wanted.format, self._filterset.design)
            made = await self._works.long(_words(wanted), lambda: self._make(wanted)) if felt else self._make(wanted)
            self._made[wanted] = made
        return self._made[wanted]

    def _is_wanted(self, wanted: _Wanted) -> bool:
        return wanted == self._wanted(self.query_one(RowTable).row)

    def _present(self, row: ExporterStatus, made: _Made) -> None:
        """Show what would be written, or why nothing would be, and propose a place for it."""
        self._propose(row, several=isinstance(made.export, Export) and isinstance(made.export.content, tuple))
        self._say(made.preview, made.told)

    def _say(self, preview_text: str, told: Told = _NOTHING) -> None:
        """Show what would be written, and above it what has to be known of it, where there is anything."""
        self.query_one("#preview-text", Static).update(preview_text)
        self.query_one("#told-text", Static).update("\n".join(told.lines))
        pane = self.query_one("#told", ScrollPane)
        pane.display = bool(told.lines)
        pane.border_title = f" {told.counts} "
        pane.scroll_home(animate=False, immediate=True)

    def _propose(self, row: ExporterStatus, *, several: bool = False) -> None:
        """Propose a place to write to, unless one was written."""
        place = self.query_one("#place", Input)
        suffix = row.exporter.suffix if row.exporter else ""
        if place.value == self._proposed:
            stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in self._filterset.design.name)[:80]
            self._proposed = "." if several else f"{stem}{suffix}"
            place.value = self._proposed
        self.query_one("#place-field", LabelledField).label = "Folder" if several else "File"

    def _wanted(self, row: ExporterStatus) -> _Wanted:
        given = tuple((option.name, value.value) for of, option, value in self._fields if of is row)
        return _Wanted(row, given, lossy=self.query_one("#lossy", TickBox).value)

    def _make(self, wanted: _Wanted) -> _Made:
        """Return the export, or why the format cannot be used, or cannot say what the design says."""
        row, given, lossy = wanted
        try:
            if row.exporter is None:
                raise ExportError(row.problem)
            made = exporting.exported(row.exporter, self._filterset, dict(given), lossy=lossy)
            return _Made(made.export, preview(made.export), told(made))
        except exporting.InexpressibleError as error:
            if error.can_be_left_out:
                error.remedy = "tick Lossy to leave it out"
            return _Made(error, visible(str(error)))
        except LeftError:  # this is no answer: it is made again when it is wanted again
            raise
        except NdtuiError as error:
            return _Made(error, visible(str(error)))

    @on(RowTable.Activated)
    def _to_place(self) -> None:
        """Go on to the place after a click on the format that is chosen: nothing is written by a click on a list."""
        self.query_one("#place", Input).focus()

    def answer(self) -> None:
        """Write the file."""
        self._write()

    def _place(self, row: ExporterStatus | None) -> Path | None:
        """Return where to write to, or say why there is no such place."""
        place = self.query_one("#place", Input).value.strip()
        if row is None or not place:
            self.notify("Say where to: a file name is missing", severity="warning", markup=False)
            return None
        if place == "-":
            words = f"Standard output is the designer's own: name a file, or run ndtui export -f {row.info.name}"
            self.notify(words, severity="warning", markup=False)
            return None
        try:
            return Path(place).expanduser()
        except RuntimeError:
            self.notify(f"There is no home folder for {visible(place)}", severity="error", markup=False)
            return None

    @asks
    async def _write(self) -> None:
        row: ExporterStatus | None = self.query_one(RowTable).row
        path = self._place(row)
        if row is None or path is None:
            return
        if row.info.name == DesignExporter.name and self._is_open(path):
            self.dismiss(SAVE)
            return
        wanted, design = self._wanted(row), self._filterset.design
        self.workers.cancel_group(self, "export")  # it is made here if it is not there yet: escape leaves that
        try:
            async with self._one_at_a_time:
                made = (await self._made_beside(wanted)).export
            if isinstance(made, NdtuiError):
                raise made
            outputs = exporting.files_of(made, path)
            if not await self._may_write(list(outputs)):
                return
            what = f"Writing {visible(path.name)}"
            await done_beside(self._works, design, what, lambda: exporting.write(outputs), writes=True)
        except LeftError:
            self.notify("Left: nothing was written", severity="warning", markup=False)
            if wanted not in self._made:
                self._say("left: enter makes it")
            return
        except NdtuiError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self.dismiss(f"Exported {row.info.name} to {path}")

    def _is_open(self, path: Path) -> bool:
        """Tell whether a path is that of the file that is open, be it by a link."""
        return self._open_file is not None and files.is_same(path, self._open_file)

    async def _may_write(self, paths: list[Path]) -> bool:
        """Ask before anything is written over."""
        there = [
            f"{path} is the file that is open: what it holds is lost, whoever wrote it."
            if self._is_open(path)
            else f"{path} is already there."
            for path in paths
            if files.is_there(path)
        ]
        if not there:
            return True
        question = confirm(
            "Overwrite file" if len(there) == 1 else "Overwrite files", there, "Overwrite", dangerous=True
        )
        return bool(await self.app.push_screen_wait(question) == "yes")
