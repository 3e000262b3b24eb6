"""LabelledField: a row of a form, what is filled in or chosen with its label before it."""

from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ndtui.ui.widgets.fitting import fit

#: Cells of a label, of the 14 to the left of the widgets.
_WIDTH = 13


class LabelledField(Horizontal):
    """A label and the widgets that are added to the row, beside it. Nothing in the label is markup.

    The row paints its label itself: a form has many rows, and one widget less in each of them opens it a fifth sooner.
    """

    DEFAULT_CSS = """
    LabelledField { height: 1; }
    LabelledField > .-behind-label { margin-left: 14; }
    """

    label: reactive[str] = reactive("")

    def __init__(self, label: str, *widgets: Widget, id: str | None = None, classes: str = "") -> None:  # noqa: A002 - textual's own
        super().__init__(id=id, classes=classes)
        self.set_reactive(LabelledField.label, label)
        for each in widgets:
            self.compose_add_child(each)

    def compose_add_child(self, widget: Widget) -> None:
        """Add a widget to the row, the first beside the label."""
        if not self._pending_children:
            widget.add_class("-behind-label")
        super().compose_add_child(widget)

    def render(self) -> Content:
        """Return the label, as much of it as its place holds, and the blank before what stands beside it."""
        return Content(fit(self.label, _WIDTH, right=False))
