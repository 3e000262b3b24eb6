"""The tour: a few sentences, each beside the pane that it speaks of; any key but a few leaves it and is not lost."""

from collections.abc import Sequence
from math import inf
from textwrap import wrap
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset, Region, Size
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from ndtui.screens.dialogs.tour_steps import Step
from ndtui.ui.keys.closes_once import ClosesOnce

#: Columns of the box at most, and what its border and padding take of them.
_WIDEST, _FRAME = 50, 4
_ON = ("enter", "space", "right")


def beside(pane: Region, box: Size, screen: Size) -> Offset:
    """Return where a box stands beside a pane: right, left, below or above of it, or in its lower right corner."""
    x = max(0, min(pane.x, screen.width - box.width))
    if screen.width - pane.right > box.width and pane.height >= box.height:
        return Offset(pane.right + 1, pane.y + 1)
    if screen.height - pane.bottom >= box.height:
        return Offset(x, pane.bottom)
    if pane.y >= box.height:
        return Offset(x, pane.y - box.height)
    return Offset(max(0, screen.width - box.width), max(0, screen.height - box.height))


class _Box(Vertical, can_focus=True):
    """Has the focus, as something in every dialog does."""


class TourScreen(ModalScreen[events.Key | None], ClosesOnce[events.Key | None], inherit_bindings=False):
    """Shows the steps over a screen; returns the key that has left it, which is still to be done, or ``None``."""

    CSS_PATH = "dialogs.tcss"
    opened = inf
    """No message is shown in the box, where it would cover the text: it is shown below when the box is left."""

    def __init__(self, below: Screen[Any], steps: Sequence[Step]) -> None:
        super().__init__()
        self._below = below
        self._focused = below.focused
        self._steps = steps
        self._step = 0

    def compose(self) -> ComposeResult:
        """Make the box."""
        with _Box(classes="dialog", id="tour"):
            yield Static("", id="tour-text", markup=False)

    def on_mount(self) -> None:
        """Begin, and stand beside the pane wherever it is: in a narrow terminal one comes into sight, another goes."""
        self._below.screen_layout_refresh_signal.subscribe(self, lambda _: self._place(), immediate=True)
        self._show()

    def on_resize(self) -> None:
        """Fit the box into the terminal."""
        self._place()

    def _show(self) -> None:
        step = self._steps[self._step]
        box = self.query_one("#tour")
        box.border_title = f"Tour {self._step + 1} of {len(self._steps)}"
        last = self._step == len(self._steps) - 1
        box.border_subtitle = f"enter {'ends it' if last else 'next'}, any other key leaves"
        if step.focus:
            self._below.set_focus(self._below.query_one(step.focus))
        self._place()

    def _place(self) -> None:
        step = self._steps[self._step]
        width = min(_WIDEST, self.size.width)
        lines = wrap(step.text, max(1, width - _FRAME))
        box = self.query_one("#tour")
        size = Size(width, len(lines) + 2)
        box.styles.width, box.styles.height = size
        box.styles.offset = beside(self._below.query_one(step.pane).region, size, self.size)
        self.query_one("#tour-text", Static).update("\n".join(lines))

    def on_key(self, event: events.Key) -> None:
        """Go on, or leave; what another key does it does on the screen below."""
        event.stop()
        event.prevent_default()
        if event.key not in _ON:
            self._leave(event)
        elif self._step == len(self._steps) - 1:
            self._leave(None)
        else:
            self._step += 1
            self._show()

    def on_click(self, event: events.Click) -> None:
        """Go on with a click on the box, and leave with one beside it."""
        if self.query_one("#tour").region.contains(event.screen_x, event.screen_y):
            self.on_key(events.Key("enter", None))
        else:
            self._leave(None)

    def _leave(self, key: events.Key | None) -> None:
        """Leave, with everything as it was: the focus too."""
        self._below.set_focus(self._focused)
        self.dismiss(key)
