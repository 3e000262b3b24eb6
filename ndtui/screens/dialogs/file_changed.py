"""A file that changed while its design was open: what became of it, what the difference is, and what to do."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.model.design.differences import Difference, differences, said
from ndtui.model.files.design_on_disk import OnDisk
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen, Dialog
from ndtui.ui.widgets.scroll_pane import ScrollPane

_MOST = 400
_DIFFERENCE = Answer("difference", "Compare", "c")
_RELOAD = Answer("reload", "Reload", "r")
_OVERWRITE = Answer("overwrite", "Overwrite", "o", dangerous=True)
_AGAIN = Answer("overwrite", "Write it again", "w")
_SAVE_AS = Answer("save_as", "Save as", "a")
_STAY = Answer("no", "Stay", "n")


def question(path: Path, found: OnDisk) -> ChoiceScreen:
    """Return the dialog that says what became of a file.

    It answers ``difference``, ``reload``, ``overwrite``, ``save_as`` or ``no``, as far as there is something to do so.
    """
    if not found.is_there:
        return ChoiceScreen("File gone", [f"{path} is not there any more."], (_AGAIN, _SAVE_AS, _STAY))
    if found.is_read_only:
        return ChoiceScreen("Read-only file", [f"{path} is read-only now."], (_SAVE_AS, _STAY))
    if found.design is None:
        lines = [f"{path} has changed since it was read, and holds no design now.", found.problem]
        return ChoiceScreen("File changed", lines, (_OVERWRITE, _SAVE_AS, _STAY))
    lines = [
        f"{path} has changed since it was read: overwriting it loses what somebody else did.",
        "Reload takes what the file has now; undo then brings your own work back.",
    ]
    return ChoiceScreen("File changed", lines, (_DIFFERENCE, _RELOAD, _OVERWRITE, _SAVE_AS, _STAY))


class DifferenceScreen(Dialog[None]):
    """Shows where a file and the work at hand differ, decision by decision."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "close", show=False)]

    def __init__(self, file: Design, work: Design) -> None:
        super().__init__()
        self._differences = differences(file, work)

    def compose(self) -> ComposeResult:
        """Make the list."""
        lines = [_lines(difference) for difference in self._differences[:_MOST]]
        if len(self._differences) > _MOST:
            lines.append(f"... {len(self._differences) - _MOST} more")
        with Vertical(classes="dialog tall"):
            yield Static("Difference", classes="dialog-title", markup=False)
            with ScrollPane(id="differences"):
                yield Static("\n".join(lines), markup=False)
            yield Static("j k scroll   esc back to the question", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the focus on the list, so that keys scroll it."""
        self.query_one("#differences").focus()


def _lines(difference: Difference) -> str:
    sides = f"  in the file: {said(difference.first)}\n  here:        {said(difference.second)}"
    return f"{visible(difference.place)}\n{sides}"
