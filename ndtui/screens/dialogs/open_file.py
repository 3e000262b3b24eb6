"""Open a file by its path, which is completed while it is typed; what is wrong with the file is said here."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widgets import Input, Static
from textual.worker import Worker

from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.common.text import shortened, visible
from ndtui.exporters.bundle.designs_and_bundles import Source, read_file
from ndtui.screens.dialogs.dialog import FieldsDialog
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.rows.path_matches import expanded, path_matches, split_path
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.progress import LeftError, LongWorks
from ndtui.ui.widgets.labelled_field import LabelledField
from ndtui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from ndtui.ui.state.machine_events import OfWindows

#: Cells that the names of what continues the path may take.
_ROOM = 140
#: Characters of what is wrong with a file: the dialog has lines for so many, on narrow screens too.
_MOST = 600


class _PathSuggester(Suggester):
    """Continues a path with the first that there is."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole path, or nothing."""
        found = await in_thread(partial(path_matches, value)) if value else []
        return next((each for each in found if each.startswith(value)), None)


class OpenFileScreen(FieldsDialog[tuple[Path, "Source | OfWindows"] | None]):
    """Returns the path and what was read from it, or ``None``."""

    ok = "Open"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", show=False, tooltip="Complete the path")
    ]

    def compose(self) -> ComposeResult:
        """Make the field."""
        with Vertical(classes="dialog"):
            yield Static("Open a file", classes="dialog-title", markup=False)
            with LabelledField("Path"):
                yield LineInput(compact=True, suggester=_PathSuggester())
            yield Static("", id="problem", classes="problem", markup=False)
            yield Static("tab completes; designs, rules, netsh wfp XML, events", classes="dialog-hint", markup=False)
            yield from self.buttons()

    def on_mount(self) -> None:
        """Put the focus on the field, and show where a path begins."""
        self.query_one(Input).focus()
        self._show_matches("")

    @property
    def _works(self) -> LongWorks:
        return cast("LongWorks", self.app)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._show_matches(event.value)

    def _show_matches(self, text: str) -> None:
        _: Worker[None] = self.run_worker(
            partial(self._list, text), exclusive=True, group="matches", description="matches"
        )

    async def _list(self, text: str) -> None:
        """Name what continues the path."""
        found = await in_thread(partial(path_matches, text))
        names = [split_path(each.removesuffix(os.sep))[1] + each[len(each.removesuffix(os.sep)) :] for each in found]
        self._say("  ".join(names) or ("" if expanded(text).is_file() else "No folder or file begins so"))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        line = self.query_one_optional("#problem", Static)
        if line is None:
            return  # it was closed while the disk was asked
        line.set_class(wrong, "-wrong")
        line.update(shortened(visible(text), _MOST if wrong else _ROOM))

    @asks
    async def action_complete(self) -> None:
        """Continue the path as far as all that continue it agree; with nothing to continue go to the next field."""
        field = self.query_one(Input)
        found: list[str] = []
        if field.has_focus and field.value:
            try:
                found = await self._works.long("Listing files", partial(path_matches, field.value))
            except LeftError:
                return
        longest = common(found)
        if len(longest) <= len(field.value):
            longest = found[0] if len(found) == 1 else ""
        if longest:
            field.value = longest
            field.cursor_position = len(longest)
        elif not found:
            self.focus_next()

    def answer(self) -> None:
        """Read the file beside the keys; close with what it holds, or say what is wrong with it."""
        text = self.query_one(Input).value
        if text.strip():
            self._say("Reading ...")
            _: Worker[None] = self.run_worker(
                partial(self._read, expanded(text)), exclusive=True, group="matches", description="matches"
            )
        else:
            self.workers.cancel_group(self, "matches")  # or what comes late would stand in place of this
            self._say("Write the path of a file", wrong=True)

    async def _read(self, path: Path) -> None:
        try:
            self.dismiss((path, await self._works.long(f"Reading {visible(path.name)}", partial(_read, path))))
        except NdtuiError as error:
            self._say(str(error), wrong=True)


def _read(path: Path) -> "Source | OfWindows":
    """Return the design in a file, or the machine or the events that it is of.

    Raises:
        InputError: there is no such file, or it holds none of these.
        RefusedError: it is a bundle that was edited by hand, or rules that make no design.
    """
    if not files.may_be_of_windows(path):
        return read_file(path)
    from ndtui.ui.state.machine_events import open_of_windows  # noqa: PLC0415 - most files are designs

    return open_of_windows(path)


def common(texts: list[str]) -> str:
    """Return what all texts begin with."""
    if not texts:
        return ""
    first, last = min(texts), max(texts)
    same = next((n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return first[:same] if same is not None else first[: min(len(first), len(last))]
