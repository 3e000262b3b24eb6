"""The command palette: every action of the registry, found by name."""

from functools import partial
from typing import Any, get_args

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape
from textual.widget import Widget

from ndtui.ui.keys.actions import Action, DialogScope, ScreenScope, of_scope, of_screen
from ndtui.ui.keys.possible import actions_of, keys_of, why_not

_OF_DIALOGS = get_args(DialogScope)


class ActionCommands(Provider):
    """Offers the actions of the screen or dialog it is over, and of what has the focus there."""

    def _commands(self) -> list[tuple[Action, Any]]:
        run = self.screen.run_action
        scope: ScreenScope | None = getattr(self.screen, "SCOPE", None)
        actions = actions_of(self.screen) if scope is None else of_screen(scope)
        found = [(action, partial(run, action.call)) for action in actions if action.id != "palette"]
        table, field = self._table(), self.screen.focused
        if field is not None:
            of_field = (action for action in actions_of(field) if action.scope in _OF_DIALOGS)
            found += [(action, partial(field.run_action, action.call)) for action in of_field]
        return found if table is None else [*found, *self._of_table(table)]

    def _table(self) -> Widget | None:
        """Return the table that has the focus, or else the first one of the screen."""
        tables = [each for each in self.screen.query(Widget) if getattr(each, "SCOPE", "") == "tables"]
        return next((each for each in tables if each is self.screen.focused), next(iter(tables), None))

    def _of_table(self, table: Widget) -> list[tuple[Action, Any]]:
        actions = (action for action in of_scope("tables") if table.check_action(action.id, ()))
        return [(action, partial(table.run_action, action.call)) for action in actions]

    def _help(self, action: Action) -> str:
        """Return what an action does, its keys, and why it cannot be done now if so."""
        reason = why_not(self.screen, action)
        keys = " ".join(keys_of(self.screen, action))
        return escape(f"{action.tooltip}  ({keys}){f'  Not now: {reason}' if reason else ''}")

    async def discover(self) -> Hits:
        """Show everything before a letter is typed."""
        for action, call in self._commands():
            yield DiscoveryHit(action.title, call, help=self._help(action))

    async def search(self, query: str) -> Hits:
        """Show what matches by title or by what it does."""
        matcher = self.matcher(query)
        for action, call in self._commands():
            score = max(matcher.match(action.title), matcher.match(action.tooltip) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(action.title), call, help=self._help(action))
