"""DialogBody: what scrolls in a dialog that has no room for all of it."""

from textual.actions import SkipAction
from textual.containers import VerticalScroll


class DialogBody(VerticalScroll, can_focus=False):
    """Leaves the arrows to the dialog, whose fields and buttons they go through: it scrolls to the one in use."""

    def action_scroll_up(self) -> None:
        """Leave the key to the dialog."""
        raise SkipAction

    def action_scroll_down(self) -> None:
        """Leave the key to the dialog."""
        raise SkipAction
