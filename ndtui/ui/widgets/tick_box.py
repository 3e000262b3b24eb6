"""TickBox: a box whose state is a sign, as in the left pane, and not only a colour."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Checkbox

from ndtui.ui.keys.keymap import bindings


class TickBox(Checkbox, inherit_bindings=False):
    """``[x]`` when it is on, ``[ ]`` when it is off; what does not fit beside it goes on below where there is room."""

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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take the lines that the label needs where it may wrap."""
        if self.styles.text_wrap == "nowrap":
            return super().get_content_height(container, viewport, width)
        return self.render().get_height(self.styles.get_render_rules(), width)

    def render(self) -> Content:
        """Render box and label."""
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"
        return super().render()
