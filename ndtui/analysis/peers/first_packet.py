"""A packet before there is a security association: what becomes of it, and when it comes again if it was dropped.

It is the first packet of its connection, or a later one that was asked about.

Sources: [MS-IKEE] 1.3.5, 3.7.4.1 and 4.1 for negotiation discovery: the packet is sent in clear while IKE negotiates,
and where the peer requires protection it drops the SYN, which is sent again until the negotiation completes. The page
of transport mode: clear text is dropped until the negotiation has completed. When TCP sends again: RFC 2988 and
RFC 6298, both 2.1 and 5.5.
"""

from typing import NamedTuple

from ndtui.analysis.traffic.outcome import Outcome
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.vocabulary.pages import PAGES

_TCP = 6
_AGAIN = (
    "TCP sends it again 3 s after the first by RFC 2988, to which Microsoft's page on TCP_INITIAL_RTO_PARAMETERS "
    "refers, or 1 s by RFC 6298, which replaced it, and then after twice as long: so long a connection may wait, "
    "however soon the SA stands. Which of them a version of Windows does is not documented there."
)
_DROPPED = "Clear text is dropped until the negotiation has completed."
_HELD_BACK = "Whether what is not sent is kept until the SA stands, or dropped, is not documented. If it is dropped,"


class FirstPacket(NamedTuple):
    """The packet that the timeline begins with: what this host does with it, and what becomes of it at both.

    ``blocker`` is the page of the mode of the end that does not let it pass, empty where both do; ``is_peer_known``
    tells whether the peer has a design, which says what it does with the packet.
    """

    packet: Packet
    own: Outcome
    both: Outcome
    blocker: str
    is_peer_known: bool

    @property
    def _inbound(self) -> bool:
        return self.packet.direction == "in"

    @property
    def title(self) -> str:
        """What happens to it."""
        called = "later packet" if self.packet.later else "first packet"
        if self.both != "blocked":
            return f"The {called} is {'accepted' if self._inbound else 'sent'} in clear"
        if self.own == "blocked":
            return f"The {called} is {'dropped' if self._inbound else 'not sent in clear'}"
        return "The peer does not send it in clear" if self._inbound else f"The peer drops the {called}"

    @property
    def detail(self) -> str:
        """Why."""
        if self.both != "blocked":
            return "At the same time a negotiation starts."
        none = "There is no security association yet."
        if self.own == "blocked" or self._inbound:
            return none
        return f"It is sent in clear while a negotiation starts. {none}"

    def again(self) -> tuple[str, str, str] | None:
        """Return when TCP sends it again, as title, detail and page; ``None`` where nothing dropped it."""
        if self.packet.protocol != _TCP or self.packet.later:
            return None
        sends = "The peer's TCP sends its SYN again" if self._inbound else "TCP sends its SYN again"
        if self.both == "blocked":
            if self.blocker == PAGES["require"]:
                return sends, f"{_DROPPED} {_AGAIN}", self.blocker
            if (self.own == "blocked") is not self._inbound:  # the end that is to send it does not
                return sends, f"{_HELD_BACK} {_AGAIN}", PAGES["initial-rto"]
            return sends, f"What came in clear was dropped. {_AGAIN}", PAGES["discovery-examples"]
        if self._inbound or self.is_peer_known:
            return None
        lead = "A peer that requires protection drops what comes in clear."
        return "A SYN that the peer drops is sent again", f"{lead} {_AGAIN}", PAGES["discovery-examples"]
