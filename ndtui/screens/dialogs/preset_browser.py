"""Presets and recent files: browse the shipped ones and your own with a preview, load one, delete your own."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static
from textual.worker import Worker

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.exporters.bundle.designs_and_bundles import read_file
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from ndtui.model.files.presets import Preset
from ndtui.screens.dialogs.dialog import Dialog, confirm
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.preset_words import rules_words
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state import recent_files, recovery, work_origin
from ndtui.ui.state.progress import LongWorks
from ndtui.ui.state.workbench import compare
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.scroll_pane import ScrollPane


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A preset with its design, or why it cannot be read.

    Of unsaved work ``kept`` is when it was kept, in words, and ``origin`` the file that it was done on.
    """

    preset: Preset
    design: Design | None
    problem: str = ""
    kept: str = ""
    origin: Path | None = None

    @property
    def title(self) -> str:
        """The first line of its description, or what is wrong with it; of a recent file, where it is."""
        if self.preset.kind == "recent":
            return str(self.preset.path.parent)
        said = self.problem or (self.design.description.strip().partition("\n")[0] if self.design else "")
        whose = f"of {self.origin.name}" if self.origin else ""
        return ": ".join(filter(None, (", ".join(filter(None, (whose, self.kept))), said)))


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the presets of a kind."""

    text: str


def open_preset(preset: Preset) -> Opened:
    """Read a preset; one that cannot be read is still listed, with the reason."""
    kept = recovery.kept_words(preset.path) if preset.kind == "unsaved" else ""
    origin = work_origin.read(preset.path) if preset.kind == "unsaved" else None
    place = origin.path if origin else None
    try:
        design = preset.load() if preset.kind != "recent" else read_file(preset.path).design
        return Opened(preset, design, kept=kept, origin=place)
    except NdtuiError as error:
        return Opened(preset, None, str(error), kept, place)


PRESETS = View(
    (Column("preset", 22), Column("kind", 8, 5), Column("what it is", 0, 8, least=24)),
    lambda row: (row.text,) if isinstance(row, Heading) else (row.preset.name, row.preset.kind, row.title),
    lambda row: row if isinstance(row, Heading) else (row.preset.kind, row.preset.path),
    lambda row: "head" if isinstance(row, Heading) else "error" if row.problem else "",
    selectable=lambda row: not isinstance(row, Heading),
    empty="no presets",
    name="presets",
)


class PresetsScreen(Dialog[Opened | Literal["path"] | None]):
    """Returns the preset to load, ``path`` for a file whose path is to be asked for, or ``None``.

    Of a recent file the design is read when it is looked at or loaded: it may be large, gone or far away.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("presets")

    def __init__(self, filterset: FilterSet, unsaved: list[Preset], recent: list[Preset] | None = None) -> None:
        super().__init__()
        self._unsaved = unsaved
        self._recent = recent or []
        self._filterset = filterset

    def compose(self) -> ComposeResult:
        """Make the list and the preview."""
        with Vertical(classes="dialog tall"):
            yield Static("Presets", classes="dialog-title", markup=False)
            yield RowTable(PRESETS, id="presets")
            with ScrollPane(id="preview"):
                yield Static("", id="preview-text", markup=False)
            path, delete = (key_of(self, f"presets.{name}") for name in ("open_by_path", "delete_preset"))
            find = key_of(self, "tables.filter")
            hint = f"enter load  {path} by path  {find} filter  {delete} delete  esc close"
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()
        self.query_one(RowTable).focus()

    def _fill(self) -> None:
        try:
            found = [*presets.shipped(), *presets.own()]
        except NdtuiError as error:
            found = presets.shipped()
            self.notify(visible(str(error)), severity="error", markup=False)
        parts = {
            "Unsaved work": [open_preset(preset) for preset in self._unsaved],
            "Recent": [Opened(preset, None) for preset in self._recent],
            "Presets": [open_preset(preset) for preset in found],
        }
        there = {title: rows for title, rows in parts.items() if rows}
        headed = [[Heading(title), *rows] if len(there) > 1 else rows for title, rows in there.items()]
        self.query_one(RowTable).show([row for rows in headed for row in rows])

    @on(RowTable.Highlighted)
    def _preview(self, event: RowTable.Highlighted) -> None:
        row: Opened | None = event.row
        if row is not None and row.preset.kind == "recent":
            self.query_one("#preview-text", Static).update("Reading ...")
            _: Worker[None] = self.run_worker(
                partial(self._preview_beside, row), exclusive=True, group="preview", description="preview"
            )
        else:
            self.workers.cancel_group(self, "preview")
            self.query_one("#preview-text", Static).update(visible_lines(self._preview_of(row)) if row else "")

    async def _preview_beside(self, row: Opened) -> None:
        """Read a recent file in a thread, and show it unless the cursor is elsewhere by then."""
        works = cast("LongWorks", self.app)
        what = f"Reading {visible(row.preset.path.name)}"
        text = await works.long(what, lambda: self._preview_of(open_preset(row.preset)))
        self.query_one("#preview-text", Static).update(visible_lines(text))

    def _preview_of(self, row: Opened) -> str:
        if row.design is None:
            return row.problem
        design = row.design
        filterset = compile_design(design)
        changes = compare(self._filterset, filterset) if design.id == self._filterset.design.id else None
        lines = [
            f"{len(filterset.filters)} filters in {filterset.layer_count} layers, {len(filterset.contexts)} contexts",
            f"{rules_words(design)}, {' and '.join(design.keying_modules)}, {' and '.join(design.families)}, "
            f"exemptions: {len(design.exemptions)}, lifetime: {design.lifetime}",
        ]
        if changes is not None:
            lines.append(f"Against what is open: {changes.words() or 'the same filters'}")
        if row.origin is not None:
            lines.append(f"Unsaved work on {row.origin}")
        return "\n".join([*lines, "", paragraphs(design.description), "", f"File: {row.preset.path}"])

    @on(RowTable.Activated)
    def _load(self, event: RowTable.Activated) -> None:
        row: Opened = event.row
        if row.problem:
            self.notify(visible(row.problem), severity="error", markup=False)
        else:
            self.dismiss(row)

    def why_not(self, action: Action) -> str:
        """Return why the selected preset cannot be deleted."""
        row: Opened | None = self.query_one(RowTable).row
        if action.id != "delete_preset" or (row is not None and row.preset.kind != "shipped"):
            return ""
        return f"{visible(row.preset.name)}: a shipped preset stays as it is" if row else "No preset is selected"

    def action_open_by_path(self) -> None:
        """Close, and ask for the path of a file."""
        self.dismiss("path")

    @asks
    async def action_delete_preset(self) -> None:
        """Delete one of the user's own presets, after asking."""
        row: Opened = self.query_one(RowTable).row
        if row.preset.kind == "recent":
            self._leave_out(row.preset)
            return
        question = confirm("Delete preset", [row.preset.name, str(row.preset.path)], "Delete", dangerous=True)
        if await self.app.push_screen_wait(question) != "yes":
            return
        try:
            if row.preset.kind == "unsaved":
                recovery.discard(row.preset.path)
            else:
                presets.delete(row.preset)
            self._unsaved = [preset for preset in self._unsaved if preset != row.preset]
        except NdtuiError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
        self._fill()

    def _leave_out(self, preset: Preset) -> None:
        """Leave a recent file out of the list; the file stays."""
        try:
            recent_files.drop(preset.path)
        except NdtuiError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self._recent = [each for each in self._recent if each != preset]
        self._fill()
        self.notify(f"{visible(preset.name)} is not listed any more; the file stays", markup=False)


def paragraphs(text: str) -> str:
    """Return text with the lines of each paragraph joined, so that it wraps to whatever width there is."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).strip()


def visible_lines(text: str) -> str:
    """Return text of several lines with nothing in it that acts on a terminal."""
    return "\n".join(visible(line) for line in text.splitlines())
