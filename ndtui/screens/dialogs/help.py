"""Help: what there is to see, the words, and every key, as a table that is searched like any other."""

from collections.abc import Callable, Collection
from typing import Any, get_args

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import ReadingDialog
from ndtui.screens.dialogs.help_rows import HELP, WORDS_TITLE, Entry, Place, Row, help_rows
from ndtui.ui.keys.action import Action, DialogScope, QuestionScope, Scope
from ndtui.ui.keys.actions import ACTIONS
from ndtui.ui.keys.key_names import UnknownKeyError, read_key
from ndtui.ui.keys.possible import actions_of
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap
from ndtui.ui.widgets.row_table import RowTable

#: What a node can have beside what it has of its own, the special before the general.
_GENERAL: tuple[Scope, ...] = ("packet", "tables", "lists", "reading")
_OF_DIALOGS = frozenset((*get_args(DialogScope), *get_args(QuestionScope))) - {"reading"}
_REGISTRY = {action.name for action in ACTIONS}


def place_of(screen: Screen[Any]) -> Place:
    """Return where the operator is on a screen: what has the focus, and what it or a dialog has of its own."""
    scope: Scope = getattr(screen, "SCOPE", "dialogs")
    focused = screen.focused
    nodes = [node for node in (focused, screen if scope == "dialogs" else None) if node is not None]
    actions = [action for node in nodes for action in actions_of(node)]
    scopes = [each for each in _GENERAL if any(action.scope == each for action in actions)]
    here = tuple(action for action in actions if action.scope in _OF_DIALOGS)
    return Place(scope, tuple(scopes), (focused.id or "") if focused is not None else "", _fixed_keys(screen), here)


def _fixed_keys(screen: Screen[Any]) -> tuple[tuple[str, str, str], ...]:
    """Return the keys of a dialog and of its fields that are always the same, with what they do."""
    found: dict[tuple[str, str], list[str]] = {}
    taken: set[str] = set()
    for node in (screen.focused or screen).ancestors_with_self:
        told = {} if node is screen.app else node._bindings.key_to_bindings
        for key, binding in ((key, each) for key, bound in told.items() for each in bound if each.tooltip):
            if binding.id not in _REGISTRY and key not in taken:
                found.setdefault((binding.description, binding.tooltip), []).append(_named(key))
            taken.add(key)
    return tuple((" ".join(keys), title, text) for (title, text), keys in found.items())


def _named(key: str) -> str:
    try:
        return read_key(key)
    except UnknownKeyError:
        return key


class HelpScreen(ReadingDialog[Action | None]):
    """Shows the help, and returns the action that was chosen in it, to be done where it was opened.

    ``here`` are the actions that can be chosen there, and ``why_not`` says why one cannot be done now.
    """

    def __init__(
        self,
        place: Place,
        keys: KeyMap = DEFAULT_KEYS,
        here: Collection[Action] = (),
        why_not: Callable[[Action], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._here = here
        self._keys = keys
        self._place = place
        self._why_not = why_not

    def compose(self) -> ComposeResult:
        """Make the table, and the whole text of its selected row."""
        key = self._keys.first
        with Vertical(classes="dialog tall"):
            yield Static("Help", classes="dialog-title", markup=False)
            yield RowTable(HELP, id="help")
            yield Static("", id="help-text", markup=False)
            fold = f"{key('tables.fold')} {key('tables.unfold')} fold"
            hint = f"enter do it   {key('tables.filter')} search   {fold}   {key('tables.unfold_all')} all   esc close"
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the focus on the table."""
        table = self.query_one("#help", RowTable)
        table.show(help_rows(self._place, self._keys))
        table.focus()

    @on(RowTable.Highlighted)
    def _show_whole(self, event: RowTable.Highlighted) -> None:
        """Show all that the selected row says, and why it cannot be done now."""
        self._say(event.row)

    def _say(self, row: Row | None, elsewhere: str = "") -> None:
        text = ""
        if isinstance(row, Entry):
            name = f"  {row.name}" if row.name else ""
            reason = self._why_not(row.action) if row.action is not None else ""
            text = f"{row.keys}{name}: {row.text}{elsewhere or (f'. Not now: {reason}' if reason else '')}"
        self.query_one("#help-text", Static).update(text)

    @on(RowTable.Activated)
    def _choose(self, event: RowTable.Activated) -> None:
        """Close for the action of a row to be done, or say why not."""
        row: Row = event.row
        if not isinstance(row, Entry):
            return
        if row.group == WORDS_TITLE:
            self._say(row, ". A word to be read, with nothing to do")
        elif row.action is None or row.action.scope == "lists":
            self._say(row, f". Not from this list: close it and press {' or '.join(row.keys.split())}")
        elif row.action not in self._here:
            self._say(row, f". Not from here, it is a key of: {row.group}")
        elif not self._why_not(row.action):
            self.dismiss(row.action)
