"""What is typed on a keyboard without Latin letters, taken for what stands in its place on one that has them."""

from collections.abc import Mapping

from textual.events import Key
from textual.keys import _character_to_key
from textual.widget import Widget

from ndtui.common.settings import Layout
from ndtui.ui.keys.actions import ACTIONS
from ndtui.ui.keys.layouts import by_place, layout_for
from ndtui.ui.keys.user_keys import KeyMap


class Typist:
    """Knows the layout of the keyboard and which characters are keys; a character that is one stays what it is."""

    def __init__(self, layout: Layout, keys: KeyMap) -> None:
        self._by_place: Mapping[str, str] = by_place(layout)
        self._taken = {key for action in ACTIONS for key in keys.of(action)}
        self._told = layout != "us"

    def meant(self, key: Key, focused: Widget | None) -> Key:
        """Return the key that is meant: another one only where a character is a command and not a text."""
        character = key.character
        if character is None or character in self._taken or _is_text(key, focused):
            return key
        latin = self._by_place.get(character)
        return key if latin is None else Key(_character_to_key(latin), latin)

    def hint(self, key: Key, focused: Widget | None) -> str:
        """Return, once, how letters of this kind become keys; empty where there is nothing to say."""
        character = key.character
        if self._told or character is None or character.isascii() or character in self._taken:
            return ""
        layouts = layout_for(character)
        if not layouts or _is_text(key, focused):
            return ""
        self._told = True
        return f"{character} is no key here; with layout = {layouts} in the settings letters are keys by their place"


def _is_text(key: Key, focused: Widget | None) -> bool:
    """Tell whether what has the focus takes a key for a text."""
    return focused is not None and focused.check_consume_key(key.key, key.character)
