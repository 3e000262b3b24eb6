"""Jump: a letter on every pane and field of the screen below; the one that is typed gets the focus."""

from collections.abc import Mapping
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from ndtui.ui.keys.closes_once import ClosesOnce

#: In the order in which fingers find them.
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

    def compose(self) -> ComposeResult:
        """Put each letter on the upper left corner of what it leads to; of panes that are folded at the right edge."""
        folded = 0
        for letter, widget in self._targets.items():
            corner, words = _corner(widget), f" {letter} "
            if _is_folded(widget):
                words = f" {letter} {widget.id or 'pane'} "
                corner = Offset(self._below.size.width - len(words), folded)
                folded += 1
            sign = Static(words, markup=False)
            sign.styles.offset = corner
            yield sign

    def on_key(self, event: events.Key) -> None:
        """Go to what a letter leads to; leave at any other key."""
        event.stop()
        event.prevent_default()
        target = self._targets.get(event.character or "")
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
    """Return what can have the focus, each by the letter that leads to it: what is in sight, from the top left on.

    Panes that give their place away while another has the focus come last. What is scrolled away has no letter.
    """
    folded = [widget for widget in screen.focus_chain if _is_folded(widget)]
    shown = [widget for widget in screen.focus_chain if screen.region.overlaps(widget.region)]
    shown.sort(key=lambda widget: (widget.region.y, widget.region.x))
    return dict(zip(LETTERS, (*shown, *folded), strict=False))


def _is_folded(widget: Widget) -> bool:
    """Tell whether a pane has no place, or one beside the screen, because another has it all."""
    return not widget.region.area or widget.region.x >= widget.screen.size.width


def _corner(widget: Widget) -> Offset:
    return Offset(max(0, widget.region.x), max(0, widget.region.y))
