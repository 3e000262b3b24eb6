"""Looks: the theme and the signs that the terminal is given, and where messages are shown."""

import os
import sys
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.timer import Timer

from ndtui.common.text import is_hostile
from ndtui.ui.glyphs import chosen_glyphs, in_ascii
from ndtui.ui.keys.key_queue import asks
from ndtui.ui.keys.keyed_app import KeyedApp
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state.messages import Messages, Severity
from ndtui.ui.state.options import Options
from ndtui.ui.themes.choice import chosen, tells_background
from ndtui.ui.themes.library_themes import DEFAULTS, THEMES
from ndtui.ui.themes.theme_names import AUTO
from ndtui.ui.widgets.message_line import MessageLine

#: Characters that are read in a second, at least: so long a message stays.
READ = 12.0


def _driver() -> type[Driver] | None:
    """Return the driver for a terminal that can be asked for its background; the library's own choice elsewhere."""
    if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER"):
        return None
    from ndtui.app.asking_driver import AskingDriver  # noqa: PLC0415 - it works with POSIX terminals only

    return AskingDriver


class Harmless(LineFilter):
    """Leaves out what could act on the terminal: the last step of drawing, which a field that is typed into passes too.

    Texts are written out by ``common.text.visible`` where they are shown. A field holds a text as it is, and such a
    character of it, of a path that ``tab`` completes or of what was pasted, has no cell in which it could be written.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the library's own
        """Return segments of as many cells that a terminal only draws."""
        return [
            each if each.control or each.text.isprintable() else Segment(_harmless(each.text), each.style)
            for each in segments
        ]


def _harmless(text: str) -> str:
    return "".join("?" * cell_len(each) if is_hostile(each) else each for each in text)


class InAscii(LineFilter):
    """Puts a like sign of ASCII in the place of every other: the last step of drawing, which nothing passes by."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the library's own
        """Return segments that hold nothing but ASCII."""
        return [
            each if each.control or each.text.isascii() else Segment(in_ascii(each.text), each.style)
            for each in segments
        ]


class Looks(KeyedApp[int]):
    """Gives every screen the looks that were asked for and that the terminal can show."""

    def __init__(self, options: Options) -> None:
        self.options = options
        # Without colour the terminal's own are left as they are: the library would make them all the same grey.
        super().__init__(
            ansi_color=True if os.environ.get("NO_COLOR") else None,
            driver_class=_driver(),
            key_map=KeyMap(options.keys),
            layout=options.settings.layout,
        )
        for theme in THEMES:
            self.register_theme(theme)
        self.messages = Messages()
        self._until: Timer | None = None
        self._lasting: set[tuple[str, str]] = set()
        self._over: set[str] = set()
        self.wanted_theme = options.theme or options.settings.theme
        """The name of the theme that was chosen last, or ``auto``."""
        self._background_asked = self._answered_light = False
        self.set_reactive(Looks.theme, self._theme_of_choice())
        self.stylesheet.set_variables(self.get_css_variables())  # before it is read for the first time
        self._filters.append(Harmless())
        if chosen_glyphs(options.settings.glyphs, os.environ, windows=sys.platform == "win32") == "ascii":
            self._filters.append(InAscii())

    @property
    def few_colours(self) -> bool:
        """Whether the terminal has no more than sixteen colours, or none are wanted: there is one theme for that."""
        return self.no_color or self.console.color_system == "standard"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return what the style sheets name, for a theme of somebody else."""
        return DEFAULTS

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        """Style a node after a change, unless it has no place yet: it is styled when it is given one."""
        if node is self or node.parent is not None:
            super().update_styles(node, animate)

    def on_mount(self) -> None:
        """Ask the terminal for its background when the screen is there."""
        self.call_after_refresh(self._ask_for_background)

    def preview(self, name: str) -> None:
        """Show a theme, or with ``auto`` the one for the terminal's background."""
        self.wanted_theme = name
        self.theme = self._theme_of_choice()
        self._ask_for_background()

    def _theme_of_choice(self) -> str:
        few, light = self.few_colours, self._answered_light
        return chosen(self.wanted_theme, os.environ, few=few, answered_light=light)

    def _ask_for_background(self) -> None:
        """Ask, once, where nothing else tells, and the answer would matter."""
        ask = getattr(self._driver, "ask_for_background", None)
        unknown = not self.few_colours and not tells_background(os.environ)
        if ask is not None and unknown and self.wanted_theme == AUTO and not self._background_asked:
            self._background_asked = True
            ask()

    def on_background_told(self, event: Any) -> None:
        """Show the light theme on a light terminal, unless another was chosen meanwhile."""
        self._answered_light = event.light
        self.theme = self._theme_of_choice()

    @property
    def under_way(self) -> str:
        """How far a work is that takes long; it stands where messages do. Nothing where none does."""
        return ""

    # -- messages ------------------------------------------------------------------------------------------------

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something: in the line for messages, and in the list of them. Safe from any thread; never markup.

        What is said after it stands in its place. It comes back once that is over only with a ``timeout`` of its own,
        in seconds: why something could not be done a moment ago is not so any more when it has been done.
        """
        text = f"{title}: {message}" if title else message
        self.messages.add(severity, text)
        if timeout is None:
            timeout = max(self.NOTIFICATION_TIMEOUT, len(text) / READ) * (1 if severity == "information" else 2)
        else:
            self._lasting.add((title, message))
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def unsay(self, title: str) -> None:
        """Show what was said under a title no longer: it is so no more."""
        for each in [each for each in self._notifications if each.title == title]:
            self._unnotify(each, refresh=False)
        self._refresh_notifications()

    def _refresh_notifications(self) -> None:
        """Show the newest message on the screen on top; the library asks for it whenever that may be another.

        A dialog shows what was said since it was opened: what was said before stands on the screen below it.
        """
        if not self.screen_stack:
            return
        new = [each for each in self._notifications if each.raised_at >= getattr(self.screen, "opened", 0.0)]
        standing = [*self._notifications]
        self._over &= {each.identity for each in standing}
        self._over |= {each.identity for each in standing[:-1] if (each.title, each.message) not in self._lasting}
        still = [each for each in new if each.identity not in self._over]
        last = still[-1] if still else None
        line = self._message_line(wanted=last is not None or bool(self.under_way))
        if line is not None and self.under_way:
            line.say(("information", self.under_way))
        elif line is not None:
            text = "" if last is None else f"{last.title}: {last.message}" if last.title else last.message
            others = {(each.title, each.message) for each in new if last and each.message != last.message}
            line.say(None if last is None else (last.severity, text), len(others))
        if self._until is not None:
            self._until.stop()
            self._until = None
        if new:
            self._until = self.set_timer(max(0.05, min(each.time_left for each in new)), self._refresh_notifications)

    def _message_line(self, *, wanted: bool) -> MessageLine | None:
        """Return the line for messages of the screen on top; a dialog gets one when there is something to say."""
        for line in self.screen.query(MessageLine):
            return line
        boxes = list(self.screen.query(".dialog"))
        if not boxes or not wanted:
            return None
        line = MessageLine()
        line.add_class("-in-dialog")
        boxes[0].mount(line)
        return None if line.parent is None else line  # a dialog that is being closed takes nothing up

    def action_messages(self) -> None:
        """List what was said."""
        from ndtui.screens.dialogs.message_list import MessagesScreen  # noqa: PLC0415 - keeps the start short

        self.push_screen(MessagesScreen(self.messages))

    # -- theme ---------------------------------------------------------------------------------------------------

    @asks
    async def action_theme(self) -> None:
        """Choose a theme from a list that shows each at once."""
        from ndtui.common.settings_file import settings_path  # noqa: PLC0415 - keeps the start short
        from ndtui.screens.dialogs.theme_list import ThemesScreen  # noqa: PLC0415

        name = await self.push_screen_wait(ThemesScreen(self.wanted_theme, self.preview, few=self.few_colours))
        if name is not None:
            self.notify(f'For good: theme = "{name}" in {settings_path()}', title=f"Theme {name}", markup=False)
