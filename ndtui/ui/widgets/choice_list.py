"""ChoiceList: options of which one is chosen; the one that was chosen before, if any was, is marked as such.

What cannot be chosen stands among them with the reason, and the cursor passes it over. A list that folds shows only
what is chosen while keys go elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.rows.form_fields import Option


class ChoiceList(Static, can_focus=True):
    """A line for each option; the cursor chooses."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("lists", only=("cursor_down", "cursor_up", "top", "bottom"))

    class Changed(Message):
        """Another option was chosen."""

        def __init__(self, choice: "ChoiceList") -> None:
            super().__init__()
            self.choice = choice

    def __init__(
        self,
        options: Sequence[Option],
        value: str,
        *,
        id: str,  # noqa: A002 - textual's own name
        new: bool = False,
        folds: bool = False,
    ) -> None:
        super().__init__("", id=id, markup=False)
        self._options = options
        self._before = None if new else value
        self._value = value
        self._folds = folds
        self._refused: Mapping[str, str] = {}
        self._opening = False
        """Whether the mouse has just opened it: what it pointed at then was one line."""

    @property
    def value(self) -> str:
        """The id of the option that is chosen."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        self._value = value
        self._paint()

    @property
    def chosen(self) -> Option:
        """The option that is chosen."""
        return next(each for each in self._options if each.id == self.value)

    def refuse(self, refused: Mapping[str, str]) -> None:
        """Let some options not be chosen, each for a reason."""
        if refused != self._refused:
            self._refused = dict(refused)
            self._paint()

    @property
    def _folded(self) -> bool:
        return self._folds and not self.has_focus

    def on_mount(self) -> None:
        """Show the options."""
        self._paint()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show whether keys choose here or elsewhere."""
        super().watch_has_focus(has_focus)
        if not self.is_mounted:
            return
        self._opening = self._folds and has_focus
        self._paint()
        if has_focus:
            self.call_after_refresh(self.come_in_sight)

    def on_resize(self) -> None:
        """Stay in sight, unfolded or not."""
        if self.has_focus:
            self.call_after_refresh(self.come_in_sight)

    def come_in_sight(self) -> None:
        """Scroll to the options, to the one that is chosen above all."""
        body = next((each for each in self.ancestors if isinstance(each, VerticalScroll)), None)
        if body is None or not self.has_focus:
            return
        body.scroll_to_widget(self, animate=False, force=True, immediate=True)
        line = self.region.y + self._options.index(self.chosen)
        past = min(0, line - body.region.y) or max(0, line + 1 - body.region.bottom)
        if past:
            body.scroll_relative(y=past, animate=False, force=True, immediate=True)

    def action_cursor_down(self) -> None:
        """Choose the next option that can be chosen; at the end it stays."""
        self._go(range(self._options.index(self.chosen) + 1, len(self._options)))

    def action_cursor_up(self) -> None:
        """Choose the option before that can be chosen; at the beginning it stays."""
        self._go(range(self._options.index(self.chosen) - 1, -1, -1))

    def action_top(self) -> None:
        """Choose the first option that can be chosen."""
        self._go(range(len(self._options)))

    def action_bottom(self) -> None:
        """Choose the last option that can be chosen."""
        self._go(range(len(self._options) - 1, -1, -1))

    def _go(self, places: range) -> None:
        place = next((n for n in places if self._options[n].id not in self._refused), None)
        if place is not None:
            self._choose(place)

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the mouse; where the click has only unfolded the list, none."""
        opening, self._opening = self._opening, False
        if not opening and event.y < len(self._options) and self._options[event.y].id not in self._refused:
            self._choose(event.y)

    def _choose(self, place: int) -> None:
        self._opening = False
        if self._options[place].id != self.value:
            self.value = self._options[place].id
            self.call_after_refresh(self.come_in_sight)
            self.post_message(self.Changed(self))

    def _paint(self) -> None:
        text = Text(no_wrap=True, overflow="ellipsis")
        shown = [self.chosen] if self._folded else self._options
        width = max((len(visible(each.title)) for each in shown if each.note), default=0)
        for number, option in enumerate(shown):
            chosen = option.id == self.value
            now = "  as it is" if option.id == self._before and not self._folded else ""
            reason = self._refused.get(option.id, "")
            box = f"({'x' if chosen else ' '})" if chosen or not reason else " - "
            note = visible(reason or option.note)
            title = f"{visible(option.title):<{width}}  {note}" if note else visible(option.title)
            line = f"{chr(10) if number else ''}{box} {title}{now}"
            text.append(line, Style(bold=chosen, reverse=chosen and self.has_focus, dim=bool(reason) and not chosen))
        if self._folded and len(self._options) > 1:
            text.append(f"  1 of {len(self._options)}", Style(dim=True))
        self.update(text)
