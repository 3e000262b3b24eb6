"""FormTable: a table that is a field of a form; its rows are its value, and a key asks for one to be edited."""

from textual import on
from textual.message import Message

from ndtui.ui.keys.action import Action
from ndtui.ui.widgets.row_table import RowTable

_NO_FILTER = "What stands here is the value of the form, all of it"


class FormTable(RowTable):
    """What tables in forms have in common."""

    class Changed(Message):
        """The value is another one."""

        def __init__(self, table: "FormTable") -> None:
            super().__init__()
            self.table = table

    @property
    def hint(self) -> str:
        """The keys that change what stands here, in a few words."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Filter nothing: what stands here is the value of the form, all of it."""
        return False if action == "filter" else super().check_action(action, parameters)

    def why_not(self, action: Action) -> str:
        """Return why something that tables do cannot be done with this one."""
        return _NO_FILTER if action.name == "tables.filter" else super().why_not(action)

    def action_edit_item(self) -> None:
        """Ask for the row under the cursor to be edited."""
        raise NotImplementedError

    def action_activate(self) -> None:
        """Answer the form, as enter does in every other field."""
        self.app.call_later(self.screen.run_action, "answer")

    @on(RowTable.Activated)
    def _clicked(self, event: RowTable.Activated) -> None:
        event.stop()
        self.action_edit_item()
