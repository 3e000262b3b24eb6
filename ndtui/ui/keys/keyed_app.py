"""An app with the keys of the registry: the user's own, read by place, and why not where one does nothing."""

from collections.abc import Mapping

from textual import events
from textual.actions import ActionParseResult
from textual.app import ReturnType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.notifications import SeverityLevel

from ndtui.common.settings import Layout
from ndtui.ui.keys.closes_once import Palette
from ndtui.ui.keys.key_names import in_a_binding
from ndtui.ui.keys.key_queue import KeysInTurn
from ndtui.ui.keys.possible import action_called, actions_of, why_not
from ndtui.ui.keys.typed import Typist
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap


class KeyedApp(KeysInTurn[ReturnType]):
    """Whatever calls an action, a key, the palette or the mouse, goes through ``run_action``, which says why not."""

    def __init__(
        self,
        *,
        ansi_color: bool | None = None,
        driver_class: type[Driver] | None = None,
        key_map: KeyMap = DEFAULT_KEYS,
        layout: Layout = "us",
    ) -> None:
        super().__init__(ansi_color=ansi_color, driver_class=driver_class)
        self.key_map = key_map
        self._typist = Typist(layout, key_map)
        self._refused: set[str] = set()

    def on_mount(self) -> None:
        """Bind the user's own keys."""
        if self.key_map.own:
            self.set_keymap({name: ",".join(map(in_a_binding, keys)) for name, keys in self.key_map.own.items()})

    def meant(self, typed: events.Key | events.Paste) -> events.Event:
        """Return what is typed as what it is meant for on this keyboard; says once what would make a key of it."""
        if isinstance(typed, events.Paste):
            return typed
        hint = self._typist.hint(typed, self.focused)
        if hint:
            self.notify(hint, markup=False)
        meant = self._typist.meant(typed, self.focused)
        if meant is not typed:
            meant.set_sender(self)
        return meant

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what is called for, or say why that cannot be done now."""
        known = action_called(action)
        reason = why_not(default_namespace or self.screen, known) if known is not None else ""
        if reason:
            self._refused.add(reason)
            self._say(reason, "warning")
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def ask_anew(self) -> None:
        """Take away why something could not be done: what that was said of has changed."""
        past = [each for each in self._notifications if each.message in self._refused]
        for each in past:
            self._unnotify(each, refresh=False)
        if past:
            self._refresh_notifications()
        self._refused.clear()

    def _say(self, text: str, severity: SeverityLevel) -> None:
        """Say something; of a key that is held it stands there once."""
        if all(each.message != text for each in self._notifications):
            self.notify(text, severity=severity, markup=False)

    def action_help_quit(self) -> None:
        """Say how to leave, and change nothing: ctrl+c is what many try."""
        self._say(self.way_out(), "information")

    def action_command_palette(self) -> None:
        """Open the palette, which the library's own key does too, where there are actions for it."""
        if actions_of(self.screen):
            self.push_screen(Palette())

    def way_out(self) -> str:
        """Return how the program is left from where one is, in a sentence."""
        raise NotImplementedError
