"""Presets: browse the shipped ones and your own with a preview, load one, delete your own."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from ndtui.model.files.presets import Preset
from ndtui.screens.dialogs.dialog import Dialog, confirm
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state import recovery
from ndtui.ui.state.workbench import compare
from ndtui.ui.widgets.row_table import RowTable
from ndtui.ui.widgets.scroll_pane import ScrollPane


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A preset with its design, or why it cannot be read."""

    preset: Preset
    design: Design | None
    problem: str = ""

    @property
    def title(self) -> str:
        """The first line of its description, or what is wrong with it."""
        return self.problem or (self.design.description.strip().partition("\n")[0] if self.design else "")


def open_preset(preset: Preset) -> Opened:
    """Read a preset; one that cannot be read is still listed, with the reason."""
    try:
        return Opened(preset, preset.load())
    except NdtuiError as error:
        return Opened(preset, None, str(error))


PRESETS = View(
    (Column("preset", 22), Column("kind", 8, 5), Column("what it is", 0, 8, least=24)),
    lambda row: (row.preset.name, row.preset.kind, row.title),
    lambda row: (row.preset.kind, row.preset.name),
    lambda row: "" if row.design else "error",
    empty="no presets",
    name="presets",
)


class PresetsScreen(Dialog[Opened | None]):
    """Returns the preset to load, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,delete", "delete", "Delete", tooltip="Delete the selected preset of your own", id="presets.delete"),
    ]

    def __init__(self, filterset: FilterSet, unsaved: list[Preset], *, read_only: bool) -> None:
        super().__init__()
        self._unsaved = unsaved
        self._filterset = filterset
        self._read_only = read_only

    def compose(self) -> ComposeResult:
        """Make the list and the preview."""
        with Vertical(classes="dialog tall"):
            yield Static("Presets", classes="dialog-title", markup=False)
            yield RowTable(PRESETS, id="presets")
            with ScrollPane(id="preview"):
                yield Static("", id="preview-text", markup=False)
            yield Static("enter load   / filter   d delete your own   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()
        self.query_one(RowTable).focus()

    def _fill(self) -> None:
        try:
            found = [*self._unsaved, *presets.shipped(), *presets.own()]
        except NdtuiError as error:
            found = [*self._unsaved, *presets.shipped()]
            self.notify(visible(str(error)), severity="error", markup=False)
        self.query_one(RowTable).show([open_preset(preset) for preset in found])

    @on(RowTable.Highlighted)
    def _preview(self, event: RowTable.Highlighted) -> None:
        row: Opened | None = event.row
        self.query_one("#preview-text", Static).update(visible_lines(self._preview_of(row)) if row else "")

    def _preview_of(self, row: Opened) -> str:
        if row.design is None:
            return row.problem
        design = row.design
        filterset = compile_design(design)
        changes = compare(self._filterset, filterset) if design.id == self._filterset.design.id else None
        lines = [
            f"{len(filterset.filters)} filters in {len(filterset.layers)} layers, {len(filterset.contexts)} contexts",
            f"{design.scenario}, {' and '.join(design.keying_modules)}, {' and '.join(design.families)}, "
            f"exemptions: {len(design.exemptions)}, lifetime: {design.lifetime}",
        ]
        if changes is not None:
            lines.append(f"Against what is open: {changes.words() or 'the same filters'}")
        return "\n".join([*lines, "", paragraphs(design.description), "", f"File: {row.preset.path}"])

    @on(RowTable.Activated)
    def _load(self, event: RowTable.Activated) -> None:
        row: Opened = event.row
        if row.design is None:
            self.notify(visible(row.problem), severity="error", markup=False)
        else:
            self.dismiss(row)

    @asks
    async def action_delete(self) -> None:
        """Delete one of the user's own presets, after asking."""
        row: Opened | None = self.query_one(RowTable).row
        if row is None:
            return
        if row.preset.kind == "shipped" or self._read_only:
            reason = "read-only" if self._read_only else "a shipped preset stays as it is"
            self.notify(f"{visible(row.preset.name)}: {reason}", severity="warning", markup=False)
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


def paragraphs(text: str) -> str:
    """Return text with the lines of each paragraph joined, so that it wraps to whatever width there is."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).strip()


def visible_lines(text: str) -> str:
    """Return text of several lines with nothing in it that acts on a terminal."""
    return "\n".join(visible(line) for line in text.splitlines())
