"""Events: a million lines of netsh, beside the XML parser alone, which calls nobody back."""

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from xml.parsers.expat import ParserCreate

from benchmarks.measure import Result, pairs, seconds
from ndtui.analysis.events.read_events import read_events
from ndtui.analysis.events.tally import Tally
from tests.events import net_event, net_events, security_event, security_log

LINES = 1_000_000
BUDGET = 5.0


def run(runs: int) -> Iterator[Result]:
    """Measure net events, and events of the security log of as many bytes, with what Microsoft's page of 5157 shows.

    Source: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-5157
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "netevents.xml")
        text = _net_events()
        path.write_text(text, encoding="utf-8")
        ours, alone, ratio = pairs(lambda: seconds(lambda: _count(path)), lambda: seconds(lambda: _parse(path)), runs)
        yield Result("net events, a million lines", "expat alone", ours * 1e3, alone * 1e3, ratio, BUDGET)
        path.write_text(_security_log(len(text)), encoding="utf-8")
        ours, alone, ratio = pairs(lambda: seconds(lambda: _count(path)), lambda: seconds(lambda: _parse(path)), runs)
        yield Result("security log as XML, as many bytes", "expat alone", ours * 1e3, alone * 1e3, ratio, BUDGET)


def _net_events() -> str:
    chance = Random(1)
    sublayers = [(7, "FWPP_SUBLAYER_INTERNAL_FIREWALL_WSH", "FWP_ACTION_BLOCK")] * 2
    events, lines = [], 0
    while lines < LINES:
        event = net_event(
            66_000 + chance.randrange(300),
            chance.choice((13, 44, 48)),
            remote=f"10.0.{chance.randrange(50)}.{chance.randrange(256)}",
            ports=(chance.randrange(1 << 16), 443),
            app=f"\\device\\harddiskvolume3\\program files\\p{chance.randrange(40)}\\p.exe",
            sublayers=sublayers,
        )
        events.append(_as_netsh_writes(event))
        lines += events[-1].count("\n")
    return net_events(*events)


def _as_netsh_writes(event: str) -> str:
    """Return an event with the indentation and the elements that Microsoft's sample of one has beside those read.

    Source: https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/quarantine
    """
    flag = "<item>FWPM_NET_EVENT_FLAG_IP_PROTOCOL_SET</item>\n"
    event = event.replace(flag, flag * 9)
    event = event.replace("<appId>", "<scopeId>0</scopeId>\n<appId>")
    event = event.replace("</header>", "<enterpriseId/>\n<policyFlags>0</policyFlags>\n<effectiveName/>\n</header>")
    event = event.replace("<packageSid>", "<addressFamily>FWP_AF_INET</addressFamily>\n<packageSid>")
    profiles = (
        "<reauthReason>0</reauthReason>\n<originalProfile>1</originalProfile>\n<currentProfile>1</currentProfile>\n"
    )
    event = event.replace("<msFwpDirection>", f"{profiles}<msFwpDirection>")
    ports = "<vSwitchSourcePort>0</vSwitchSourcePort>\n<vSwitchDestinationPort>0</vSwitchDestinationPort>\n"
    event = event.replace("</isLoopback>\n", f"</isLoopback>\n<vSwitchId/>\n{ports}")
    name = "<internalFlags/>\n<capabilities/>\n<fqbnVersion>0</fqbnVersion>\n<fqbnName/>\n"
    event = event.replace("<internalFields>\n", f"<internalFields>\n{name}")
    return "".join(f"\t\t\t{line}\n" for line in event.splitlines())


def _security_log(size: int) -> str:
    chance = Random(1)
    events, length = [], 0
    while length < size:
        fields = {
            "ProcessID": str(chance.randrange(1 << 14)),
            "Application": f"\\device\\harddiskvolume3\\program files\\p{chance.randrange(40)}\\p.exe",
            "Direction": "%%14593",
            "SourceAddress": "10.0.0.9",
            "SourcePort": str(chance.randrange(1 << 16)),
            "DestAddress": f"10.0.{chance.randrange(50)}.{chance.randrange(256)}",
            "DestPort": "443",
            "Protocol": "6",
            "FilterRTID": str(66_000 + chance.randrange(300)),
            "LayerName": "%%14611",
            "LayerRTID": "48",
            "RemoteUserID": "S-1-0-0",
            "RemoteMachineID": "S-1-0-0",
        }
        events.append(security_event(5157, fields, _time(len(events)), thread=chance.randrange(1 << 13)))
        length += len(events[-1])
    return security_log(*events)


def _time(seconds: int) -> str:
    """Return a time of the log, so many seconds after the first."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"2026-01-{1 + hours // 24:02}T{hours % 24:02}:{minute:02}:{second:02}.{seconds * 7919 % 10**7:07}00Z"


def _count(path: Path) -> None:
    gc.disable()  # as the command line does
    try:
        read_events(path, Tally().add)
    finally:
        gc.enable()


def _parse(path: Path) -> None:
    parser = ParserCreate()
    with path.open("rb") as file:
        parser.ParseFile(file)
