"""DialogBody: what scrolls in a dialog that has no room for all of it."""

from typing import Any

from textual.actions import SkipAction
from textual.containers import VerticalScroll
from textual.widget import Widget

from ndtui.screens.dialogs.said_lines import SaidLines

#: Lines of it that stay in sight, whatever else a dialog has to say: of fields, and of a text.
_LEAST_FIELDS, _LEAST_TEXT = 3, 1


class DialogBody(VerticalScroll, can_focus=False):
    """Leaves the arrows to the dialog, whose fields and buttons they go through: it scrolls to the one in use.

    It takes so many lines at ``most``, and no more than leave what stands around it on the screen.
    """

    def __init__(self, *, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(classes="dialog-body", **kwargs)
        self._most = most
        if most is not None:
            self.styles.max_height = most

    def fit(self) -> None:
        """Take the lines that what stands around it in its dialog leaves."""
        dialog = self.parent
        if not isinstance(dialog, Widget):
            return  # it was closed before its turn came
        others = [each for each in dialog.children if each is not self and each.display]
        beside = sum(_height(each) + each.styles.margin.height for each in others)
        room = self.screen.size.height - dialog.gutter.height - beside
        least = _LEAST_FIELDS if self._most is None else _LEAST_TEXT
        self.styles.max_height = max(least, room if self._most is None else min(self._most, room))

    def action_scroll_up(self) -> None:
        """Leave the key to the dialog."""
        raise SkipAction

    def action_scroll_down(self) -> None:
        """Leave the key to the dialog."""
        raise SkipAction


def _height(widget: Widget) -> int:
    """Return how many lines a widget takes: what is said as it is to be, others as they were laid out."""
    return widget.lines if isinstance(widget, SaidLines) else widget.outer_size.height
