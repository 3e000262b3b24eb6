"""Jump: a letter on every pane and field of the screen below, or two; the one that is typed gets the focus."""

from collections.abc import Mapping
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Button, Static

from ndtui.ui.keys.closes_once import ClosesOnce

#: In the order in which fingers find them. Capitals are none of them: not every keyboard has each.
LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class JumpScreen(ModalScreen[None], ClosesOnce[None]):
    """Lies over a screen without hiding it. Any other key leaves, and nothing has changed."""

    DEFAULT_CSS = """
    JumpScreen { background: transparent; }
    JumpScreen > Static { position: absolute; width: auto; height: 1; text-style: bold reverse; }
    """

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._targets = targets_of(below)
        self._fitted: Size | None = None
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Put each letter on the upper left corner of what it leads to; of panes that are folded at the right edge.

        That of a button ends where its words begin.
        """
        folded = 0
        for letters, widget in self._targets.items():
            words = f" {letters} "
            corner = _corner(widget, len(words) - 1 if isinstance(widget, Button) else 0)
            if _is_folded(widget):
                words = f" {letters} {widget.id or 'pane'} "
                corner = Offset(self._below.size.width - len(words), folded)
                folded += 1
            sign = Static(words, name=letters, markup=False)
            sign.styles.offset = corner
            yield sign

    def on_key(self, event: events.Key) -> None:
        """Go to what the letters lead to; show which second ones there are; leave at any other key."""
        event.stop()
        event.prevent_default()
        self._typed += event.character or event.key
        target = self._targets.get(self._typed)
        if target is None and any(letters.startswith(self._typed) for letters in self._targets):
            for sign in self.query(Static):
                sign.visible = (sign.name or "").startswith(self._typed)
            return
        self.dismiss(None)
        if target is not None:
            self._below.set_focus(target)

    def on_click(self) -> None:
        """Leave."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Leave when the screen below is laid out anew: its panes stand elsewhere then."""
        if self._fitted not in (None, event.size):
            self.dismiss(None)
        self._fitted = event.size


def targets_of(screen: Screen[Any]) -> Mapping[str, Widget]:
    """Return what can have the focus, each by the letters that lead to it: what is in sight, from the top left on.

    Panes that give their place away while another has the focus come last. What is scrolled away has none.
    """
    folded = [widget for widget in screen.focus_chain if _is_folded(widget)]
    shown = [widget for widget in screen.focus_chain if screen.region.overlaps(widget.region)]
    shown.sort(key=lambda widget: (widget.region.y, widget.region.x))
    targets = (*shown, *folded)
    return dict(zip(letters_for(len(targets)), targets, strict=True))


def letters_for(count: int) -> list[str]:
    """Return a letter for each of so many; where there are more of them, two for the last ones."""
    begin_two = max(0, -(-(count - len(LETTERS)) // (len(LETTERS) - 1)))
    alone = len(LETTERS) - begin_two
    return [*LETTERS[:alone], *(first + second for first in LETTERS[alone:] for second in LETTERS)][:count]


def _is_folded(widget: Widget) -> bool:
    """Tell whether a pane has no place, or one beside the screen, because another has it all."""
    return not widget.region.area or widget.region.x >= widget.screen.size.width


def _corner(widget: Widget, before: int) -> Offset:
    return Offset(max(0, widget.region.x - before), max(0, widget.region.y))
