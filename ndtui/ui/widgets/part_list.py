"""PartList: the parts of a thing inside a form, each of which is edited in a form of its own."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.message import Message

from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.form_fields import Option
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.form_table import FormTable


class PartList(FormTable):
    """A table of the parts of its value. What edits one is asked of the form, by ``Asked``."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("items", only=("edit_item",))

    class Asked(Message):
        """A part is to be edited."""

        def __init__(self, parts: "PartList", part: str) -> None:
            super().__init__()
            self.parts = parts
            self.part = part

    def __init__(self, parts: Callable[[Any], Sequence[Option]], value: Any, *, id: str) -> None:  # noqa: A002 - textual's own name
        view = View((Column("parts", 0),), lambda row: (row.title,), lambda row: row.id, head=False)
        super().__init__(view, tuple(parts(value)), id=id)
        self._parts = parts
        self._value = value
        self.styles.height = len(self.rows)

    @property
    def value(self) -> Any:
        """What has the parts."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value
        self.show(tuple(self._parts(value)))
        self.styles.height = len(self.rows)

    @property
    def hint(self) -> str:
        """What the selected part is, and the key that edits it."""
        return f"{self.row.help if self.row else ''}  {key_of(self, 'items.edit_item')} edit".strip()

    def put(self, value: Any) -> None:
        """Take another value."""
        self.value = value
        self.post_message(self.Changed(self))

    def action_edit_item(self) -> None:
        """Ask for the part under the cursor to be edited."""
        if self.row is not None:
            self.post_message(self.Asked(self, self.row.id))
