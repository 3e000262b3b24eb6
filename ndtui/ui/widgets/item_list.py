"""ItemList: the items of a list inside a form; keys add, edit, copy, delete and move them."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.message import Message

from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import key_of
from ndtui.ui.rows.view import Column, View
from ndtui.ui.widgets.form_table import FormTable

#: Items that are in sight at once in a form.
_MOST_LINES = 6


class ItemList(FormTable):
    """A table of items. What edits one is asked of the form, by ``Asked``."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("items")

    class Asked(Message):
        """An item is to be edited, or one to be added where ``place`` is ``None``."""

        def __init__(self, items: "ItemList", place: int | None) -> None:
            super().__init__()
            self.items = items
            self.place = place

    def __init__(
        self,
        words: Callable[[Any], str],
        value: Sequence[Any],
        *,
        id: str,  # noqa: A002 - textual's own name
        empty: str = "none",
    ) -> None:
        view = View((Column("items", 0),), lambda row: (words(row[1]),), lambda row: row[0], head=False, empty=empty)
        super().__init__(view, tuple(enumerate(value)), id=id)
        self._fit_lines()

    @property
    def value(self) -> tuple[Any, ...]:
        """The items in order."""
        return tuple(item for _, item in self.rows)

    @value.setter
    def value(self, items: Sequence[Any]) -> None:
        self.show(tuple(enumerate(items)))
        self._fit_lines()

    def _fit_lines(self) -> None:
        """Take a line for each item, as far as there is room in a form."""
        self.styles.height = max(1, min(_MOST_LINES, len(self.rows)))

    @property
    def hint(self) -> str:
        """The keys that change the list, in a few words."""
        names = ("add_item", "edit_item", "copy_item", "delete_item", "item_up", "item_down")
        add, edit, copy, delete, up, down = (key_of(self, f"items.{name}") for name in names)
        return f"{add} add  {edit} edit  {copy} copy  {delete} delete  {up} {down} move"

    def put(self, items: Sequence[Any], place: int) -> None:
        """Take other items, with the cursor on the one at a place."""
        self.value = items
        self.cursor = place
        self.post_message(self.Changed(self))

    def action_add_item(self) -> None:
        """Ask for an item to be added."""
        self.post_message(self.Asked(self, None))

    def action_edit_item(self) -> None:
        """Ask for the item under the cursor to be edited."""
        if self.row is not None:
            self.post_message(self.Asked(self, self.cursor))

    def action_copy_item(self) -> None:
        """Put a copy behind the item under the cursor."""
        if self.row is not None:
            items, place = self.value, self.cursor
            self.put((*items[: place + 1], items[place], *items[place + 1 :]), place + 1)

    def action_delete_item(self) -> None:
        """Take the item under the cursor out."""
        if self.row is not None:
            items, place = self.value, self.cursor
            self.put((*items[:place], *items[place + 1 :]), min(place, len(items) - 2))

    def action_item_up(self) -> None:
        """Move the item under the cursor up."""
        self._shift(-1)

    def action_item_down(self) -> None:
        """Move the item under the cursor down."""
        self._shift(1)

    def _shift(self, by: int) -> None:
        """Move the item under the cursor; at the end it stays."""
        if self.row is not None and 0 <= self.cursor + by < len(self.rows):
            items, place = list(self.value), self.cursor
            items.insert(place + by, items.pop(place))
            self.put(items, place + by)
