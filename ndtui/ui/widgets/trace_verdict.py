"""What becomes of the packet, in plain words, and what that is owed to."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from ndtui.analysis.trace.trace_wording import course_words
from ndtui.analysis.traffic.outcome import Course, Outcomes
from ndtui.common.text import visible

_LABELS = ("peer with IPsec", "peer without IPsec")


class Verdict(Widget):
    """Two lines: with a peer that can negotiate, and with one that cannot; before BFE is up one, of every peer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "verdict--protected",
        "verdict--encrypted",
        "verdict--exempt",
        "verdict--clear",
        "verdict--blocked",
        "verdict--untouched",
    }

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__(id=id)
        self._lines: list[tuple[str, Course]] = []
        self._instead = ""

    def show(self, outcomes: Outcomes, *, before_bfe: bool) -> None:
        """Show what becomes of a packet."""
        self._lines = [("before BFE is up", outcomes.peer_without_ipsec)]
        if not before_bfe:
            self._lines = list(zip(_LABELS, outcomes, strict=True))
        self._fit()

    def show_any(self, outcomes: Sequence[Outcomes]) -> None:
        """Show what becomes of a packet on a machine, or that it is open."""
        if len(outcomes) != 1:
            words = dict.fromkeys(word for each in outcomes for course in each for word in course)
            self.say(f"OPEN: {' or '.join(words)}")
            return
        (one,) = outcomes
        same = one.peer_with_ipsec == one.peer_without_ipsec
        self._lines = [("whoever the peer", one.peer_with_ipsec)] if same else list(zip(_LABELS, one, strict=True))
        self._fit()

    def say(self, instead: str) -> None:
        """Say why there is nothing to show."""
        self._lines, self._instead = [], instead
        self._fit()

    def _fit(self) -> None:
        self.set_class(len(self._lines) == 1, "-one")
        self.refresh()

    def render(self) -> RenderResult:
        """Return the lines."""
        if not self._lines:
            return Text(f" {visible(self._instead)}")
        text = Text(no_wrap=True, overflow="ellipsis", end="")
        for label, course in self._lines:
            words = course_words(course) if len(self._lines) > 1 else course.settled
            text.append(f"{chr(10) if text else ''} {label:<18}  ")
            for word in words.replace(",", " ,").split():
                outcome = word in course
                style: Any = self.get_component_rich_style(f"verdict--{word}", partial=True) if outcome else ""
                text.append("" if word == "," or text.plain.endswith("  ") else " ")
                text.append(word.upper() if outcome else word, style)
        return text


class Why(Static):
    """The design element that the outcome is owed to; a click goes there."""

    class Chosen(Message):
        """The element was chosen with the mouse."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)

    def show(self, owed_to: str) -> None:
        """Show an element and its filter; nothing where no filter decides."""
        text = f"Because of {visible(owed_to)}." if owed_to else ""
        self.update(Text(text, no_wrap=True, overflow="ellipsis"))
        self.display = bool(text)

    def on_click(self) -> None:
        """Go to the element."""
        self.post_message(self.Chosen())
