"""Small dialogs: a choice between a few answers, and a question with a text for an answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from ndtui.common.text import visible
from ndtui.screens.dialogs.dialog_body import DialogBody
from ndtui.screens.dialogs.said_lines import SaidLines
from ndtui.ui.keys.action import Action, QuestionScope
from ndtui.ui.keys.actions import by_name
from ndtui.ui.keys.closes_once import ClosesOnce
from ndtui.ui.keys.keymap import bind, bindings
from ndtui.ui.keys.possible import keys_of
from ndtui.ui.state.waiting import Waiting
from ndtui.ui.widgets.labelled_field import LabelledField
from ndtui.ui.widgets.line_input import LineInput
from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.row_table import RowTable

#: Columns that a row of buttons has on a screen of 60, and what a button has beside its label.
_ROW = 56
_BESIDE_LABEL = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a choice: what it returns, what the button says, and the scope of the action that gives it.

    One without a scope is given by what closes the dialog.
    """

    id: str
    title: str
    scope: QuestionScope | None = "answers"
    dangerous: bool = False

    @property
    def action(self) -> Action:
        """The action that gives it."""
        return by_name("dialogs.close" if self.scope is None else f"{self.scope}.give_{self.id}")

    def label(self, key: str) -> str:
        """Return what the button says, with the key that gives the answer."""
        return f"{self.title} ({'esc' if self.scope is None else key})"


class Dialog(ModalScreen[ScreenResultType], ClosesOnce[ScreenResultType]):
    """What every dialog has: its place and looks, and escape to close it without doing anything.

    Its frame says what waits to be confirmed, for it may cover the status line.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("dialogs"),
        *bindings("screens", only=("palette", "help", "jump", "suspend", "redraw")),
        Binding("ctrl+c", "app.help_quit", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        #: When it was opened, in seconds of the clock: what was said before is not about it.
        self.opened = time()

    def on_mount(self) -> None:
        """Look at what is out of sight whenever something has moved, and at what waits second by second."""
        self.watch(self.app, "waiting", self.show_waiting)
        for each in self._scrolling():
            self.watch(each, "scroll_y", self._count_more, init=False)

    @on(Resize)
    @on(MessageLine.Fitted)
    def _give_room(self) -> None:
        """Give what scrolls the room there is, and a message what it takes once it stands there."""
        self.call_after_refresh(self.fit)

    @on(SaidLines.Resized)
    def _lines_resized(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Let what scrolls take no more lines than leave the buttons, and a message, on the screen."""
        for body in self.query(DialogBody):  # none where it was closed before its turn came
            body.fit()

    def before_painting(self) -> None:
        """Count what is out of sight now."""
        self._count_more()

    def _scrolling(self) -> list[Widget]:
        """Return what may scroll: the dialog, and lists and texts in it, the lowest one last.

        It is asked for at every painting, so nothing is matched with a selector.
        """
        inside = self.walk_children(Widget)
        return [
            *(each for each in inside if each.has_class("dialog")),
            *(each for each in inside if isinstance(each, RowTable)),
            *(each for each in inside if isinstance(each, VerticalScroll)),
        ]

    def _count_more(self) -> None:
        """Say at the lower border how much there is below."""
        scrolling = self._scrolling()
        rest = [round(each.max_scroll_y - each.scroll_offset.y) for each in scrolling if each.display]
        more = next((f"{count} more" for count in reversed(rest) if count > 0), "")
        for box in scrolling:
            if box.has_class("dialog") and box.border_subtitle != more:
                box.border_subtitle = more

    def show_waiting(self, waiting: Waiting) -> None:
        """Say at the upper border what waits to be confirmed, and how much time is left; nothing where nothing does."""
        for box in self.query(".dialog"):
            if (box.border_title or "") != waiting.brief:
                box.border_title = waiting.brief

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class ReadingDialog(Dialog[ScreenResultType]):
    """A dialog that is opened to be read, with nothing in it that could be lost: a letter closes it too."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("reading")

    def action_done(self) -> None:
        """Close."""
        self.action_close()


class ChoiceScreen(Dialog[str]):
    """Asks a question with a few answers; the last one is the safe one and has the focus.

    Closing it gives that one too, or ``closed`` where leaving things as they are is none of the answers.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, lines: Iterable[str], answers: tuple[Answer, ...], closed: str = "") -> None:
        super().__init__()
        self._title = title
        self._lines = list(lines)
        self._answers = answers
        self._when_closed = closed
        bind(self, [answer.action for answer in answers])

    def _label(self, answer: Answer) -> str:
        return answer.label(keys_of(self, answer.action)[0])

    def compose(self) -> ComposeResult:
        """Make the question and its buttons."""
        with Vertical(classes="dialog"):
            yield Static(visible(self._title), classes="dialog-title", markup=False)
            with DialogBody():
                yield Static("\n".join(visible(line) for line in self._lines), id="lines", markup=False)
            for number, row in enumerate(_in_rows(self._answers, self._label)):
                with Horizontal(classes="dialog-buttons -more" if number else "dialog-buttons"):
                    for answer in row:
                        classes = "-dangerous" if answer.dangerous else ""
                        yield Button(self._label(answer), id=answer.id, classes=classes, compact=True)

    def on_mount(self) -> None:
        """Put the focus on the safe answer."""
        self.query(Button).last().focus()

    def action_give(self, name: str) -> None:
        """Give an answer, by its id."""
        self.dismiss(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no answer that is not on a button any more."""
        if action == "give":
            return any(answer.scope and answer.id == parameters[0] for answer in self._answers)
        return super().check_action(action, parameters)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id or self._answers[-1].id)

    def leave_answer(self, id_: str, title: str) -> None:
        """Leave one answer of all, under another title: the question has been settled."""
        self._answers = tuple(replace(answer, title=title) for answer in self._answers if answer.id == id_)
        for button in self.query(Button):
            button.display = button.id == id_
        last = self.query_one(f"#{id_}", Button)
        last.label = self._label(self._answers[-1])
        last.focus()

    def action_close(self) -> None:
        """Give the answer that does nothing."""
        self.dismiss(self._when_closed or self._answers[-1].id)


def _in_rows(answers: Iterable[Answer], label: Callable[[Answer], str]) -> list[list[Answer]]:
    """Return answers in rows of buttons that the narrowest screen has room for."""
    rows: list[list[Answer]] = [[]]
    for answer in answers:
        if sum(len(label(each)) + _BESIDE_LABEL for each in (*rows[-1], answer)) > _ROW:
            rows.append([])
        rows[-1].append(answer)
    return rows


def confirm(title: str, lines: Iterable[str], yes: str, *, dangerous: bool = False) -> ChoiceScreen:
    """Return a dialog that answers ``yes`` or ``no``."""
    return ChoiceScreen(title, lines, (Answer("yes", yes, dangerous=dangerous), Answer("no", "Cancel")))


class FieldsDialog(Dialog[ScreenResultType]):
    """A dialog with fields: enter wherever the focus is, or the first button, answers; the second button closes.

    Arrows go to the next field and to the one before, unless the one in use has rows to go through.
    """

    ok = "OK"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer", "Take", show=False, tooltip="Take what the fields hold for the answer"),
        Binding("down", "app.focus_next", "Next field", show=False, tooltip="Go to the next field"),
        Binding("up", "app.focus_previous", "Field before", show=False, tooltip="Go to the field before"),
    ]

    def buttons(self) -> ComposeResult:
        """Make the two buttons."""
        with Horizontal(classes="dialog-buttons"):
            yield Button(f"{self.ok} (enter)", id="ok", compact=True)
            yield Button("Cancel (esc)", id="cancel", compact=True)

    def action_answer(self) -> None:
        """Answer, from wherever the focus is."""
        self.answer()

    def answer(self) -> None:
        """Take the fields for an answer, or say what is wrong with them."""
        raise NotImplementedError

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.answer()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "ok":
            self.answer()
        else:
            self.action_close()


class PromptScreen(FieldsDialog[str | None]):
    """Asks for a text; ``problem`` says what is wrong with one, or nothing. Returns ``None`` when closed.

    ``note`` says what becomes of a text.
    """

    def __init__(
        self,
        title: str,
        label: str,
        value: str = "",
        problem: Callable[[str], str] = lambda _: "",
        note: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._title = title
        self._label = label
        self._value = value
        self._problem = problem
        self._note = note

    def compose(self) -> ComposeResult:
        """Make the question and its field."""
        with Vertical(classes="dialog"):
            yield Static(visible(self._title), classes="dialog-title", markup=False)
            yield from self.above()
            with LabelledField(self._label):
                yield LineInput(self._value, compact=True)
            yield Static(visible(self._note(self._value)), id="problem", classes="problem", markup=False)
            yield from self.buttons()

    def above(self) -> ComposeResult:
        """Make what stands above the field: nothing, unless there is more to say than the title does."""
        yield from ()

    def on_mount(self) -> None:
        """Put the focus on the field."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        problem = self._problem(event.value) if event.value != self._value else ""
        self.query_one("#problem", Static).update(visible(problem or self._note(event.value)))

    def answer(self) -> None:
        """Give the text when nothing is wrong with it."""
        value = self.query_one(Input).value
        problem = self._problem(value)
        if problem:
            self.query_one("#problem", Static).update(visible(problem))
        else:
            self.dismiss(value)
