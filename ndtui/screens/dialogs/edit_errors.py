"""What is wrong with a text that was edited outside: each error at its line, and whether to edit it again."""

from typing import ClassVar, Literal

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from ndtui.common.errors import InputError
from ndtui.common.text import shortened, visible
from ndtui.model.files.design_file import DesignError, Problem
from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.widgets.scroll_pane import ScrollPane

#: Lines of the text before and after the one that is wrong, and how much of a line is shown.
_AROUND = 2
_LONGEST = 160


class EditErrorsScreen(Dialog[Literal["again", "drop"]]):
    """Answers ``again`` or ``drop``; closing it drops the edit, whose text is kept in a file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("errors"),
        Binding("enter", "edit_again", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, error: InputError, text: str) -> None:
        super().__init__()
        self._error = error
        self._text = text

    def compose(self) -> ComposeResult:
        """Make the list and the buttons."""
        problems = problems_of(self._error)
        count = "An error" if len(problems) == 1 else f"{len(problems)} errors"
        with Vertical(classes="dialog tall"):
            yield Static(f"{count} in what was edited", classes="dialog-title", markup=False)
            with ScrollPane(id="errors"):
                yield Static(errors_at_lines(problems, self._text), markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Edit again (enter)", id="again", compact=True)
                drop = f"Drop, keep the text in a file ({key_of(self, 'errors.drop_edit')})"
                yield Button(drop, id="drop", compact=True)

    def on_mount(self) -> None:
        """Put the focus on the list, so that keys scroll it; enter edits again from there."""
        self.query_one("#errors").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss("drop" if event.button.id == "drop" else "again")

    def action_edit_again(self) -> None:
        """Edit the text again."""
        self.dismiss("again")

    def action_drop_edit(self) -> None:
        """Drop the edit."""
        self.dismiss("drop")

    def action_close(self) -> None:
        """Drop the edit."""
        self.dismiss("drop")


def problems_of(error: InputError) -> tuple[Problem, ...]:
    """Return what is wrong with a text; an error that names no place is one without a line."""
    return error.problems if isinstance(error, DesignError) and error.problems else (Problem(None, str(error)),)


def errors_at_lines(problems: tuple[Problem, ...], text: str) -> Text:
    """Return every problem with some lines of the text around it, the line itself marked."""
    lines = text.split("\n")
    made = Text()
    for problem in problems:
        made.append(f"{visible(str(problem))}\n", Style(bold=True))
        at = problem.line or 0
        for number in range(max(1, at - _AROUND), min(len(lines), at + _AROUND) + 1) if at else ():
            mark = ">" if number == at else " "
            line = visible(shortened(lines[number - 1].expandtabs(4), _LONGEST))
            made.append(f"{mark} {number:>5} | {line}\n", Style(dim=number != at))
        made.append("\n")
    return made
