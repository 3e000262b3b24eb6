"""Before a backend is changed: what is done and where, why it is done, and within which time it has to be confirmed."""

from collections.abc import Iterable
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Button, Input, Static

from ndtui.backends.contract.history_note import message_of
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes, visible
from ndtui.screens.dialogs.countdown import seconds_of
from ndtui.screens.dialogs.dialog import FieldsDialog
from ndtui.screens.dialogs.dialog_body import DialogBody
from ndtui.screens.dialogs.said_lines import SaidLines
from ndtui.ui.widgets.labelled_field import LabelledField
from ndtui.ui.widgets.line_input import LineInput

_WHY = "Enter goes on. The history shows the message, if there is one, beside who and when."
_WITHIN = "Reverted by itself unless you confirm within this time: 90, 90s or 5m, from 5s to 1h"


class Consent(NamedTuple):
    """That something is to be done: why, for the history, and the seconds within which it has to be confirmed."""

    message: str
    within: float | None = None


class ApplyScreen(FieldsDialog[Consent | None]):
    """Says what is to be done and asks why; enter does it, escape does not."""

    note = _WHY

    def __init__(self, title: str, lines: Iterable[str], verb: str, *, dangerous: bool = False) -> None:
        super().__init__()
        self.ok = verb
        self._title = title
        self._lines = list(lines)
        self._dangerous = dangerous

    def compose(self) -> ComposeResult:
        """Make the lines and the fields."""
        with Vertical(classes="dialog"):
            yield Static(visible(self._title), classes="dialog-title", markup=False)
            with DialogBody(most=8):
                yield Static("\n".join(visible(line) for line in self._lines), id="lines", markup=False)
            yield from self.fields()
            yield SaidLines(self.note, id="problem", classes="problem", markup=False)
            yield from self.buttons()

    def fields(self) -> ComposeResult:
        """Make the fields: the message."""
        with LabelledField("Message"):
            yield LineInput(placeholder="why, if you like", id="why", compact=True)

    def on_mount(self) -> None:
        """Put the focus on the first field."""
        self.query_one("#ok", Button).set_class(self._dangerous, "-dangerous")
        self.query(Input).first().focus()

    def consent(self) -> Consent:
        """Return what the fields say.

        Raises:
            InputError: it cannot be used.
        """
        return Consent(message_of(self.query_one("#why", Input).value))

    @on(Input.Changed)
    def _changed(self) -> None:
        try:
            self.consent()
            self._say(self.note)
        except InputError as error:
            self._say(str(error))

    def _say(self, words: str) -> None:
        self.query_one("#problem", Static).update(visible(words))

    def answer(self) -> None:
        """Give the fields when nothing is wrong with them."""
        try:
            self.dismiss(self.consent())
        except InputError as error:
            self._say(str(error))


class WithinScreen(ApplyScreen):
    """Asks besides within which time it has to be confirmed."""

    note = _WITHIN

    def __init__(self, title: str, lines: Iterable[str], verb: str, seconds: int) -> None:
        super().__init__(title, lines, verb)
        self._seconds = seconds

    def fields(self) -> ComposeResult:
        """Make the fields: the message, as where nothing is to be confirmed, then the time, which stands there."""
        yield from super().fields()
        with LabelledField("Within"):
            yield LineInput(f"{self._seconds}s", id="within", compact=True)

    def consent(self) -> Consent:
        """Return what the fields say.

        Raises:
            InputError: one cannot be used.
        """
        text = self.query_one("#within", Input).value
        seconds = seconds_of(text)
        if seconds is None:
            raise InputError(f"{in_quotes(text)} is no time", remedy="write 90, 90s or 5m, from 5s to 1h")
        return super().consent()._replace(within=seconds)
