"""The form line of the trace screen: the field that holds the packet, and what can be changed of it by a key."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from ndtui.analysis.peers.peer_words import Kind
from ndtui.analysis.trace.filter_effect import Callouts
from ndtui.analysis.traffic.packet import Packet, protocol_name
from ndtui.ui.keys.actions import of_scope
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import keys_of
from ndtui.ui.widgets.line_input import LineInput

#: So many of the last packets are kept.
KEPT = 20


class PacketField(LineInput):
    """Holds a packet as text; up and down go through the last ones."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("packet")

    class Left(Message):
        """The operator leaves the field without tracing what is in it."""

    def __init__(self, text: str, past: list[str]) -> None:
        super().__init__(text, compact=True, id="trace-packet")
        self._past = past
        self._back = 0
        self._draft = ""

    def keep(self, text: str) -> None:
        """Take a packet into the history; one that is there already becomes the last."""
        if text in self._past:
            self._past.remove(text)
        self._past.append(text)
        del self._past[:-KEPT]
        self._back = 0

    def on_focus(self) -> None:
        """Start at the packet that is shown, selected, so that what is typed takes its place."""
        self.cursor_position = len(self.value)
        self._draft = self.value
        self._back = 1 if self._past and self._past[-1] == self.value else 0

    def on_blur(self) -> None:
        """Show where the packet begins, of one that is longer than the field."""
        self.cursor_position = 0

    def action_older(self) -> None:
        """Show the packet before."""
        self._go(1)

    def action_newer(self) -> None:
        """Show the packet after, or what was being written."""
        self._go(-1)

    def _go(self, step: int) -> None:
        if self._back == 0 or self.value != self._past[-self._back]:
            self._back, self._draft = 0, self.value
        back = self._back + step
        if 0 <= back <= len(self._past):
            self._back = back
            self.value = self._past[-back] if back else self._draft
            self.cursor_position = len(self.value)

    def action_leave_field(self) -> None:
        """Leave what was traced as it is."""
        self.post_message(self.Left())


_ACTIONS = {action.id: action for action in of_scope("trace")}

_PEERS: dict[Kind, str] = {
    "none": "no IPsec",
    "ike": "IKE",
    "authip": "AuthIP",
    "ikev2": "IKEv2",
    "both": "IKE, AuthIP",
    "all": "all",
}


_CALLOUTS: dict[Callouts, tuple[str, str]] = {
    "open": ("unknown callouts: open", "callouts open"),
    "pass": ("unknown callouts: let pass", "callouts pass"),
    "block": ("unknown callouts: block", "callouts block"),
}

#: So many lengths the words of the bar have, at most.
_LENGTHS = 4


class _Item(NamedTuple):
    """Something the bar offers: the action that changes it, and what it is now, in words that get shorter."""

    action: str
    words: tuple[str, ...]


def _items(packet: Packet) -> Iterator[_Item]:
    inbound, later, name = packet.direction == "in", packet.later, protocol_name(packet.protocol)
    direction = ("inbound", "in") if inbound else ("outbound", "out")
    order = ("later packet", "later") if later else ("first packet", "first")
    loopback = ("loopback", "loop") if packet.loopback else ("no loopback", "no loop")
    yield _Item("turn", (direction[0], *direction))
    yield _Item("next_protocol", (name,))
    yield _Item("first_or_later", (order[0], *order))
    yield _Item("loopback", (loopback[0], *loopback))


def _times(kind: Kind, *, as_timeline: bool, before_bfe: bool) -> Iterator[_Item]:
    if before_bfe:  # nothing negotiates then, so that there is no timeline
        yield _Item("before_bfe", ("before BFE is up", "before BFE"))
        return
    yield _Item("before_bfe", ("BFE is up", "BFE up", "BFE up", "BFE"))
    yield _Item("timeline", ("timeline" if as_timeline else "layers",))
    yield _Item("next_peer", (f"peer: {_PEERS[kind]}", kind))


class PacketBar(Static):
    """One line that says what the packet is, each part with the key that changes it; a click does it too."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)
        self._items: tuple[_Item, ...] = ()
        self._spans: list[tuple[int, int, str]] = []

    def show(self, packet: Packet, kind: Kind, *, as_timeline: bool, before_bfe: bool) -> None:
        """Show what a packet is, what its peer can do, which time it is about, and whether the timeline is shown."""
        self._items = (*_items(packet), *_times(kind, as_timeline=as_timeline, before_bfe=before_bfe))
        self._paint()

    def show_on_machine(self, packet: Packet, callouts: Callouts) -> None:
        """Show what a packet is, and what is taken of callouts that nobody knows."""
        self._items = (*_items(packet), _Item("callouts", _CALLOUTS[callouts]))
        self._paint()

    def clear(self) -> None:
        """Show nothing: there is no packet."""
        self._items = ()
        self._paint()

    def on_resize(self) -> None:
        """Fit the parts into the new width."""
        self._paint()

    def _paint(self) -> None:
        """Write the line, in the longest words that there is room for."""
        text = self._text(0)
        for length in range(1, _LENGTHS):
            if self.size.width and text.cell_len > self.size.width:
                text = self._text(length)
        self.update(text)

    def _text(self, length: int) -> Text:
        text = Text(" ", no_wrap=True, overflow="ellipsis")
        self._spans = []
        for action, words in self._items:
            if self._spans:
                text.append("  ")
            start = len(text)
            text.append(keys_of(self, _ACTIONS[action])[0], Style(bold=True))
            text.append(f" {words[min(length, len(words) - 1)]}")
            self._spans.append((start, len(text), action))
        return text

    async def on_click(self, event: events.Click) -> None:
        """Change what is under the mouse."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action)
                return
