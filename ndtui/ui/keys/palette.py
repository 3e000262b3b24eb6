"""The command palette: every action of the registry, found by name."""

from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from ndtui.common.text import begins_a_word
from ndtui.ui.keys.action import Action
from ndtui.ui.keys.possible import keys_of, offered, why_not


class ActionCommands(Provider):
    """Offers the actions of the screen or dialog it is over, and of what has the focus there."""

    def _commands(self) -> list[tuple[Action, Any]]:
        here = offered(self.screen).items()
        return [(action, partial(node.run_action, action.call)) for action, node in here if action.id != "palette"]

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
        """Show what matches by title, or has every word that was typed, or its beginning, in what it does."""
        matcher = self.matcher(query)
        words = query.casefold().split()
        for action, call in self._commands():
            said = action.tooltip.casefold()
            score = matcher.match(action.title)
            if all(begins_a_word(word, said) for word in words):
                score = max(score, _half_of_a_title(query))
            if score > 0:
                yield Hit(score, matcher.highlight(action.title), call, help=self._help(action))


def _half_of_a_title(query: str) -> float:
    """Return half of the score of a title with a word that begins with what was typed, as Textual scores it."""
    return 1.5 * (len(query) + 1)
