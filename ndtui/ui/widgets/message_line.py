"""MessageLine: the line under the panes, where messages appear. It covers nothing: a long one makes it higher."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.message import Message

from ndtui.common.text import visible
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.messages import Severity
from ndtui.ui.widgets.pane_rule import PaneRule

#: A message takes so many lines at most; all of it is in the list of messages.
MOST_LINES = 4
_SIGNS = {"information": "", "warning": "! ", "error": "× "}


class MessageLine(PaneRule):
    """Shows the last message for as long as it is new, and else a line that says what the pane above has more."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "message-line--information",
        "message-line--warning",
        "message-line--error",
    }
    DEFAULT_CSS = """
    MessageLine { height: 1; }
    MessageLine.-in-dialog { dock: bottom; display: none; }
    MessageLine.-in-dialog.-says { display: block; }
    """

    class Fitted(Message):
        """It takes another height, or none any more: a dialog that is full has to give it the room."""

    def __init__(self, *, above: Iterable[str] = ()) -> None:
        super().__init__(above=above, id="message")
        self._said: tuple[Severity, str] | None = None
        self._others = 0

    def say(self, said: tuple[Severity, str] | None, others: int = 0) -> None:
        """Show a message with how grave it is, or none; ``others`` is how many more there are that are as new."""
        if (said, others) == (self._said, self._others):
            return
        self._said, self._others = said, others
        self.set_class(said is not None, "-says")
        self._fit()

    def on_resize(self) -> None:
        """Fit the message into the new width."""
        self._fit()

    def _fit(self) -> None:
        height = max(1, len(self._lines()))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.refresh()
        self.post_message(self.Fitted())

    def _text(self) -> Text:
        if self._said is None:
            return Text("")
        severity, said = self._said
        style = self.get_component_rich_style(f"message-line--{severity}", partial=True)
        more = f"  (and {self._others} more: {key_of(self, 'screens.messages')})" if self._others else ""
        return Text(f"{_SIGNS[severity]}{visible(said)}{more}", style, end="")

    def _lines(self) -> list[Text]:
        """Return the message in lines; what does not fit is left out, which is said."""
        width = max(1, (self.size.width or self.screen.size.width) - 2)
        if self._said is None:
            return []
        lines = list(self._text().wrap(self.app.console, width))
        if len(lines) > MOST_LINES:
            del lines[MOST_LINES:]
            last = lines[-1]
            last.truncate(max(1, width - 8))
            last.append(" … (m)")
        return lines

    def render(self) -> Text:
        """Draw the message, or the line."""
        lines = self._lines()
        if not lines:
            return super().render()
        if len(lines) == 1 and not self.has_class("-in-dialog"):
            return self.over_line(1, Text.assemble(" ", lines[0], " ", end=""))
        return Text("\n", end="").join(Text.assemble(" ", line, end="") for line in lines)
