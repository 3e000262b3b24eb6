"""One event: what Windows did at a layer, by which filter, and with whose packet.

Texts are another program's words: a screen shows them escaped.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Action = Literal["block", "permit", "failure", "other"]
Way = Literal["in", "out", "forward", ""]


class Terminating(NamedTuple):
    """What one sublayer decided about the packet of an event: its filter, what netsh calls it, and the action."""

    filter_id: int
    sublayer: str
    action: str


class NetworkEvent(NamedTuple):
    """One event. What it does not say is an empty text, or ``None``.

    ``number`` is its place among the events of the file. ``kind`` is the ``FWPM_NET_EVENT_TYPE_*`` of netsh, or the
    number of an event of the security log. ``order`` sorts by time. ``way`` is what the event itself says of the
    direction. ``filter_id`` 0 means that no filter matched. Ports of ICMP are its type and its code, as in conditions.
    ``user`` is that of the program, the remote ones are the peer's. ``origin`` is the rule or the default that made
    the filter.
    """

    number: int
    line: int
    kind: str
    action: Action
    time: str
    order: str
    filter_id: int | None
    layer: str
    layer_id: int | None
    way: Way
    protocol: int | None
    local_address: str
    local_port: int | None
    remote_address: str
    remote_port: int | None
    program: str
    user: str = ""
    remote_user: str = ""
    remote_machine: str = ""
    package: str = ""
    origin: str = ""
    loopback: bool = False
    process: str = ""
    interface: str = ""
    profile: str = ""
    failure: str = ""
    terminating: tuple[Terminating, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Return every text of it in which a person may look for something."""
        numbers = (self.filter_id, self.layer_id, self.protocol, self.local_port, self.remote_port)
        return (
            self.kind,
            self.action,
            self.time,
            self.layer,
            self.local_address,
            self.remote_address,
            self.program,
            self.user,
            self.remote_user,
            self.remote_machine,
            self.package,
            self.origin,
            self.process,
            self.failure,
            *(str(number) for number in numbers if number is not None),
            *(text for each in self.terminating for text in (str(each.filter_id), each.sublayer)),
        )


#: The events of the security log that are read: what was done, and with what.
#: Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/
#: audit-filtering-platform-connection and audit-filtering-platform-packet-drop
SECURITY_EVENTS: Mapping[str, tuple[Action, str]] = {
    "5152": ("block", "packet"),
    "5154": ("permit", "listen"),
    "5155": ("block", "listen"),
    "5156": ("permit", "connection"),
    "5157": ("block", "connection"),
    "5158": ("permit", "bind"),
    "5159": ("block", "bind"),
}
