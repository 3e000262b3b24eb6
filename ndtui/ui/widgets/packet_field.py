"""The form line of the trace screen: the field that holds the packet, and what can be changed of it by a key."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input, Static

from ndtui.analysis.peers.peer_words import Kind
from ndtui.analysis.traffic.packet import Packet, protocol_name
from ndtui.ui.keys.actions import of_scope
from ndtui.ui.keys.keymap import bindings
from ndtui.ui.keys.possible import keys_of

#: So many of the last packets are kept.
KEPT = 20


class PacketField(Input):
    """Holds a packet as text; up and down go through the last ones."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("packet")

    class Left(Message):
        """The operator leaves the field without tracing what is in it."""

    def __init__(self, text: str, past: list[str]) -> None:
        super().__init__(text, compact=True, select_on_focus=False, id="trace-packet")
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
        """Start at the packet that is shown, behind its end."""
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

_Item = tuple[str, str, str]
"""Something the bar offers: the key, what it is now, that in short, and the action that makes it something else."""

_PEERS: dict[Kind, str] = {"none": "no IPsec", "ike": "IKE", "authip": "AuthIP", "both": "both"}


def _items(packet: Packet, kind: Kind, *, as_timeline: bool) -> tuple[_Item, ...]:
    inbound, later = packet.direction == "in", packet.later
    name = protocol_name(packet.protocol)
    loopback = "loopback" if packet.loopback else "no loopback"
    shown = "timeline" if as_timeline else "layers"
    return (
        ("inbound" if inbound else "outbound", "in" if inbound else "out", "turn"),
        (name, name, "next_protocol"),
        ("later packet" if later else "first packet", "later" if later else "first", "first_or_later"),
        (loopback, loopback, "loopback"),
        (shown, shown, "timeline"),
        (f"peer: {_PEERS[kind]}", kind, "next_peer"),
    )


class PacketBar(Static):
    """One line that says what the packet is, each part with the key that changes it; a click does it too."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's own name
        super().__init__("", id=id, markup=False)
        self._items: tuple[_Item, ...] = ()
        self._spans: list[tuple[int, int, str]] = []

    def show(self, packet: Packet, kind: Kind, *, as_timeline: bool) -> None:
        """Show what a packet is, what its peer can do, and whether the timeline is shown or the layers."""
        self._items = _items(packet, kind, as_timeline=as_timeline)
        self._paint()

    def on_resize(self) -> None:
        """Fit the parts into the new width."""
        self._paint()

    def _paint(self) -> None:
        """Write the line; in short words where there is no room for others."""
        text = self._text(short=False)
        if self.size.width and text.cell_len > self.size.width:
            text = self._text(short=True)
        self.update(text)

    def _text(self, *, short: bool) -> Text:
        text = Text(" ", no_wrap=True, overflow="ellipsis")
        self._spans = []
        for title, brief, action in self._items:
            if self._spans:
                text.append("  ")
            start = len(text)
            text.append(keys_of(self, _ACTIONS[action])[0], Style(bold=True))
            text.append(f" {brief if short else title}")
            self._spans.append((start, len(text), action))
        return text

    async def on_click(self, event: events.Click) -> None:
        """Change what is under the mouse."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action)
                return
