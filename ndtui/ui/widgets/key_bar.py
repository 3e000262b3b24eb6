"""The last line: the keys that matter most here, dimmed where they cannot do anything now. A click does it too.

Where there is no room for all, the last ones are left out whole: half a key helps nobody.
"""

from rich.style import Style
from rich.text import Text
from textual import events
from textual.widgets import Static

from ndtui.ui.keys.action import Action, ScreenScope
from ndtui.ui.keys.actions import of_screen
from ndtui.ui.keys.possible import keys_of, why_not

_SHOWN_AS = {"escape": "esc"}


class KeyBar(Static):
    """Shows the actions of a screen that have a place in the footer. One line, one widget: it is there at once."""

    def __init__(self, scope: ScreenScope) -> None:
        super().__init__("", markup=False)
        self._actions = sorted((a for a in of_screen(scope) if a.footer), key=lambda a: a.footer)
        self._spans: list[tuple[int, int, Action]] = []
        self._shown = Text()

    def show(self) -> None:
        """Show the keys as they are now."""
        text = Text(no_wrap=True, overflow="crop")
        self._spans = []
        width = self.size.width
        for action in self._actions:
            key = keys_of(self, action)[0]
            key = _SHOWN_AS.get(key, key)
            start = len(text)
            if start and width and start + len(key) + len(action.title) + 2 > width:
                break
            dim = bool(why_not(self, action))
            text.append(f"{' ' if start else ''}{key}", Style(bold=not dim, dim=dim, reverse=False))
            text.append(f" {action.title}", Style(dim=dim))
            self._spans.append((start, len(text), action))
        if text != self._shown:  # asked for at every row that is gone to
            self._shown = text
            self.update(text, layout=False)  # one line, whatever it says

    def on_resize(self) -> None:
        """Fit the keys into the new width."""
        self.show()

    async def on_click(self, event: events.Click) -> None:
        """Do what is under the mouse, or say why that cannot be done."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action.call)
                return
