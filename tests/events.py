"""Files of events for tests, small and made up: as netsh writes them, as Event Viewer does, and as PowerShell does."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

APP = "\\device\\harddiskvolume3\\program files\\x\\x.exe"


def net_event(
    filter_id: object = 67229,
    layer_id: object = 48,
    way: str = "MS_FWP_DIRECTION_OUT",
    remote: str = "10.0.0.53",
    time: str = "2026-01-02T10:00:00.000Z",
    protocol: object = 17,
    ports: tuple[object, object] = (51000, 53),
    does: str = "classifyDrop",
    app: str = APP,
    sublayers: Iterable[tuple[int, str, str]] = (),
    more: str = "",
    local: str = "10.0.0.9",
    tag: str = "item",
) -> str:
    """Return an event of netsh, a line for each element."""
    family = "V6" if ":" in local else "V4"
    of = ".byteArray16" if family == "V6" else ""
    kind = "FWPM_NET_EVENT_TYPE_CLASSIFY_ALLOW" if "Allow" in does else "FWPM_NET_EVENT_TYPE_CLASSIFY_DROP"
    ended = "".join(
        f"<item>\n<filterId>{number}</filterId>\n<subLayer>{name}</subLayer>\n<actionType>{action}</actionType>\n</item>\n"
        for number, name, action in sublayers
    )
    return f"""<{tag}>
<header>
<timeStamp>{time}</timeStamp>
<flags numItems="1">
<item>FWPM_NET_EVENT_FLAG_IP_PROTOCOL_SET</item>
</flags>
<ipVersion>FWP_IP_VERSION_{family}</ipVersion>
<ipProtocol>{protocol}</ipProtocol>
<localAddr{family}{of}>{local}</localAddr{family}{of}>
<remoteAddr{family}{of}>{remote}</remoteAddr{family}{of}>
<localPort>{ports[0]}</localPort>
<remotePort>{ports[1]}</remotePort>
<appId>
<data>{f"{app}{chr(0)}".encode("utf-16-le").hex() if app else ""}</data>
<asString>{escape(".".join(app))}</asString>
</appId>
<userId>S-1-5-19</userId>
<packageSid>S-1-0-0</packageSid>
</header>
<type>{kind}</type>
<{does}>
<filterId>{filter_id}</filterId>
<layerId>{layer_id}</layerId>
<msFwpDirection>{way}</msFwpDirection>
<isLoopback>false</isLoopback>
</{does}>
<internalFields>
<terminatingFiltersInfo numItems="2">
{ended}</terminatingFiltersInfo>
<filterOrigin>Query User Default</filterOrigin>
{more}</internalFields>
</{tag}>
"""


def net_events(*events: str) -> str:
    """Return what ``netsh wfp show netevents`` writes."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<wfpdiag>\n'
    return f'{head}<netEvents numItems="{len(events)}">\n{"".join(events)}</netEvents>\n</wfpdiag>\n'


CONNECTION = {
    "ProcessID": "4556",
    "Application": "\\device\\harddiskvolume2\\listener.exe",
    "Direction": "%%14592",
    "SourceAddress": "10.0.0.10",
    "SourcePort": "3333",
    "DestAddress": "10.0.0.100",
    "DestPort": "49218",
    "Protocol": "6",
    "FilterRTID": "110398",
    "LayerName": "%%14610",
    "LayerRTID": "44",
    "RemoteUserID": "S-1-0-0",
    "RemoteMachineID": "S-1-0-0",
}
PACKET = {
    **{name: CONNECTION[name] for name in ("Application", "Direction", "Protocol", "LayerName", "LayerRTID")},
    "SourceAddress": "10.0.0.100",
    "SourcePort": "49278",
    "DestAddress": "10.0.0.10",
    "DestPort": "3333",
    "FilterRTID": "0",
}
BIND = {"Application": APP, "SourceAddress": "0.0.0.0", "SourcePort": "5555", "Protocol": "6", "FilterRTID": "84614"}


def security_event(
    event_id: int, data: Mapping[str, str], time: str = "2026-01-02T10:00:00.1234567Z", thread: int = 4104
) -> str:
    """Return an event of the security log as Event Viewer saves it, with the beginning of its message.

    Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-5157
    """
    fields = "".join(f"<Data Name='{name}'>{escape(value)}</Data>" for name, value in data.items())
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        "<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/>"
        f"<EventID>{event_id}</EventID><Version>1</Version><Level>0</Level><Task>12810</Task><Opcode>0</Opcode>"
        f"<Keywords>0x8010000000000000</Keywords><TimeCreated SystemTime='{time}'/><EventRecordID>7</EventRecordID>"
        f"<Correlation/><Execution ProcessID='4' ThreadID='{thread}'/><Channel>Security</Channel>"
        f"<Computer>HOST</Computer><Security/></System><EventData>{fields}</EventData>"
        "<RenderingInfo Culture='en-US'><Message>The Windows Filtering Platform ...</Message></RenderingInfo></Event>"
    )


def security_log(*events: str) -> str:
    """Return the security log as Event Viewer saves it."""
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>{"".join(events)}</Events>'


def message(data: Mapping[str, str]) -> str:
    """Return the message of an event about a connection, in English."""
    way = {"%%14592": "Inbound", "%%14593": "Outbound"}[data["Direction"]]
    return (
        "The Windows Filtering Platform has blocked a connection.\r\n\r\nApplication Information:\r\n"
        f"\tProcess ID:\t\t{data.get('ProcessID', '0')}\r\n\tApplication Name:\t{data['Application']}\r\n\r\n"
        f"Network Information:\r\n\tDirection:\t\t{way}\r\n\tSource Address:\t\t{data['SourceAddress']}\r\n"
        f"\tSource Port:\t\t{data['SourcePort']}\r\n\tDestination Address:\t{data['DestAddress']}\r\n"
        f"\tDestination Port:\t\t{data['DestPort']}\r\n\tProtocol:\t\t{data['Protocol']}\r\n\r\n"
        f"Filter Information:\r\n\tFilter Run-Time ID:\t{data['FilterRTID']}\r\n\tLayer Name:\t\tReceive/Accept\r\n"
        f"\tLayer Run-Time ID:\t{data['LayerRTID']}"
    )


def table(*rows: Mapping[str, str], delimiter: str = ",") -> str:
    """Return a table as Export-Csv writes it in Windows PowerShell."""
    lines = [delimiter.join(f'"{name}"' for name in rows[0])]
    lines += [delimiter.join(f'"{value}"' for value in row.values()) for row in rows]
    return "".join(f"{line}\r\n" for line in ["#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord", *lines])
