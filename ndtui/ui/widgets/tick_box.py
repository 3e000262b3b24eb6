"""TickBox: a box whose state is a sign, as in the left pane, and not only a colour."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Checkbox

from ndtui.ui.keys.keymap import bindings


class TickBox(Checkbox, inherit_bindings=False):
    """``[x]`` when it is on, ``[ ]`` when it is off."""

    DEFAULT_CSS = """
    TickBox > .toggle--button { color: $nd-text; background: transparent; }
    TickBox.-on > .toggle--button { color: $nd-text; background: transparent; }
    """
    #: Enter answers the form, as it does in every other field.
    BINDINGS: ClassVar[list[BindingType]] = bindings("boxes")
    BUTTON_LEFT = ""
    BUTTON_INNER = "[ ]"
    BUTTON_RIGHT = ""

    def action_tick(self) -> None:
        """Tick the box, or not any more."""
        self.toggle()

    def render(self) -> Content:
        """Render box and label."""
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"
        return super().render()
