"""Events 5152 and 5154 to 5159 of the security log.

Sources: the page of each event under https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/
threat-protection/auditing/. The codes of directions and layers are message numbers of the system; Microsoft's own
parser lists them: https://github.com/Azure/Azure-Sentinel, ASimNetworkSessionMicrosoftWindowsEventFirewall.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.analysis.events.fields import layer_of, number, said
from ndtui.analysis.events.network_event import SECURITY_EVENTS, NetworkEvent, Way

_WAYS: Mapping[str, Way] = {"%%14592": "in", "%%14593": "out", "%%14594": "forward", "inbound": "in", "outbound": "out"}
_NO_SID = "S-1-0-0"  # the SID of nobody
_PACKET = "5152"


class Entry(NamedTuple):
    """What the log says of an event beside its fields: ``order`` sorts by time."""

    place: int
    line: int
    event_id: str
    time: str
    order: str


def security_event(entry: Entry, data: Mapping[str, str]) -> NetworkEvent:
    """Return an event of the security log from its fields by name.

    Which end is the local one: of a packet (5152) that arrives the source is the sender, as in the packet itself; of a
    connection (5156, 5157) the source is this host, whichever way it goes. The pages of these events show one and the
    same connection to 10.0.0.10:3333 in both ways.

    Raises:
        BadFieldError: a field does not hold what it has to.
    """
    get = data.get
    place, line, event_id, time, order = entry
    action, _ = SECURITY_EVENTS[event_id]
    way = _WAYS.get(said(get("Direction")).lower(), "")
    source = said(get("SourceAddress")), number(get("SourcePort"), "SourcePort", 16)
    target = said(get("DestAddress")), number(get("DestPort"), "DestPort", 16)
    local, remote = (target, source) if event_id == _PACKET and way == "in" else (source, target)
    layer_id = number(get("LayerRTID"), "LayerRTID", 16)
    return NetworkEvent(
        number=place,
        line=line,
        kind=event_id,
        action=action,
        time=time,
        order=order,
        filter_id=number(get("FilterRTID"), "FilterRTID", 64),
        layer=layer_of(layer_id),
        layer_id=layer_id,
        way=way,
        protocol=number(get("Protocol"), "Protocol", 8),
        local_address=local[0],
        local_port=local[1],
        remote_address=remote[0],
        remote_port=remote[1],
        program=said(get("Application")).replace("\\\\", "\\"),
        remote_user=said(get("RemoteUserID")).removesuffix(_NO_SID),
        remote_machine=said(get("RemoteMachineID")).removesuffix(_NO_SID),
        origin=said(get("FilterOrigin")),
        process=said(get("ProcessID", get("ProcessId"))),
        interface=said(get("InterfaceIndex")),
    )
