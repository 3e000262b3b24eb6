"""Events read: each way in which they are written down, and what an event says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.analysis.events import event_xml
from ndtui.analysis.events.event_packet import NoPacketError, packet_of
from ndtui.analysis.events.network_event import NetworkEvent, Terminating
from ndtui.analysis.events.read_events import read_events
from ndtui.common.errors import InputError
from tests.events import (
    APP,
    BIND,
    CONNECTION,
    PACKET,
    message,
    net_event,
    net_events,
    security_event,
    security_log,
    table,
)

Read = Callable[[str | bytes], list[NetworkEvent]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(text: str | bytes) -> list[NetworkEvent]:
        path = tmp_path / "events"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found: list[NetworkEvent] = []
        count = read_events(path, found.append)
        assert count.read == len(found)
        return found

    return reading


def test_an_event_of_netsh(read: Read):
    sublayers = [(67229, "FWPP_SUBLAYER_INTERNAL_FIREWALL_WSH", "FWP_ACTION_BLOCK"), (7, "X", "FWP_ACTION_PERMIT")]
    (event,) = read(net_events(net_event(sublayers=sublayers, more="<processId>4000</processId>\n")))
    assert event == NetworkEvent(
        number=1,
        line=4,
        kind="FWPM_NET_EVENT_TYPE_CLASSIFY_DROP",
        action="block",
        time="2026-01-02T10:00:00.000Z",
        order="2026-01-02T10:00:00.000Z",
        filter_id=67229,
        layer="FWPM_LAYER_ALE_AUTH_CONNECT_V4",
        layer_id=48,
        way="out",
        protocol=17,
        local_address="10.0.0.9",
        local_port=51000,
        remote_address="10.0.0.53",
        remote_port=53,
        program=APP,
        user="S-1-5-19",
        origin="Query User Default",
        process="4000",
        terminating=tuple(Terminating(*each) for each in sublayers),
    )


def test_an_event_in_an_element_of_its_own_within_its_item(read: Read):
    inner = net_event(tag="netEvent")
    assert [event.filter_id for event in read(net_events(f"<item>{inner}</item>", inner))] == [67229, 67229]


@pytest.mark.parametrize(
    ("does", "action"),
    [("classifyAllow", "permit"), ("ipsecDrop", "block"), ("capabilityDrop", "block"), ("newAndUnknown", "other")],
)
def test_what_was_done(read: Read, does: str, action: str):
    assert read(net_events(net_event(does=does)))[0].action == action


def test_a_negotiation_that_failed_names_its_filter(read: Read):
    failed = "<ikeQmFailure><failureErrorCode>13868</failureErrorCode><qmFilterId>99</qmFilterId></ikeQmFailure>"
    text = f"<item><header><timeStamp>t</timeStamp></header><type>T</type>{failed}</item>"
    (event,) = read(net_events(text))
    assert (event.action, event.filter_id, event.failure, event.layer) == ("failure", 99, "13868", "")


def test_a_connection_that_arrives_has_its_own_end_first(read: Read):
    """Microsoft's pages show one connection to 10.0.0.10:3333, as a connection (5157) and as a packet (5152)."""
    connection, packet = read(security_log(security_event(5157, CONNECTION), security_event(5152, PACKET)))
    for event in (connection, packet):
        assert (event.local_address, event.local_port, event.remote_address) == ("10.0.0.10", 3333, "10.0.0.100")
    assert str(packet_of(connection)).startswith("in tcp 10.0.0.100:49218 -> 10.0.0.10:3333 app \\device\\")
    assert (connection.filter_id, connection.layer) == (110398, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4")
    assert packet.filter_id == 0


@pytest.mark.parametrize(("event_id", "action"), [(5154, "permit"), (5155, "block"), (5158, "permit"), (5159, "block")])
def test_a_port_alone_has_no_packet(read: Read, event_id: int, action: str):
    (event,) = read(security_log(security_event(event_id, BIND | {"LayerRTID": "36"})))
    assert (event.action, event.layer) == (action, "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT_V4")
    with pytest.raises(NoPacketError, match="about a port"):
        packet_of(event)


def test_events_of_other_kinds_are_passed_over(tmp_path: Path):
    path = tmp_path / "log.xml"
    path.write_text(security_log(security_event(4624, {}), security_event(5156, CONNECTION)), encoding="utf-8")
    count = read_events(path, lambda event: None)
    assert (count.read, count.passed_over) == (1, 1)


def test_a_root_for_each_event_as_wevtutil_writes(read: Read):
    text = security_event(5156, CONNECTION) + "\n" + security_event(5157, CONNECTION)
    assert [(event.action, event.line) for event in read(text)] == [("permit", 1), ("block", 2)]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_of_powershell(read: Read, delimiter: str):
    row = {"Message": message(CONNECTION), "Id": "5157", "RecordId": "12", "TimeCreated": "1/2/2026 10:00:00 AM"}
    (event, other) = read(table(row, {**row, "Id": "4624"}, row, delimiter=delimiter))
    (same,) = read(security_log(security_event(5157, CONNECTION)))
    expected = same._replace(time="1/2/2026 10:00:00 AM", order="12".zfill(20))
    assert event._replace(line=0) == expected._replace(line=0)
    assert (event.number, other.number) == (1, 2)


def test_a_table_with_a_column_for_each_field_needs_no_message(read: Read):
    (event,) = read(table({"Id": "5157", **CONNECTION}))
    assert event.filter_id == 110398


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_other_encodings(read: Read, codec: str):
    row = {"Message": message(CONNECTION), "Id": "5157"}
    assert len(read(table(row).encode(codec))) == 1
    assert len(read(net_events(net_event()).encode(codec))) == 1


def test_line_ends_of_windows(read: Read):
    text = net_events(net_event(), net_event(), net_event()).replace("\n", "\r\n")
    assert [(event.line, event.filter_id) for event in read(text)] == [(4, 67229), (36, 67229), (68, 67229)]


@pytest.mark.parametrize(
    ("made", "packet"),
    [
        ({"layer_id": 44, "protocol": 6, "ports": (445, 51000)}, "in tcp 10.0.0.53:51000 -> 10.0.0.9:445 "),
        ({"layer_id": 44, "protocol": 1, "ports": (8, 0)}, "in icmp 10.0.0.53 -> 10.0.0.9 app "),
        ({"layer_id": 28, "protocol": 1, "ports": (11, 0)}, "in icmp 10.0.0.53 -> 10.0.0.9 type 11 code 0 app "),
        ({"layer_id": 20, "way": "MS_FWP_DIRECTION_IN"}, "in udp 10.0.0.53:53 -> 10.0.0.9:51000 "),
        ({"protocol": 47}, "out gre 10.0.0.9 -> 10.0.0.53 "),
        (
            {"layer_id": 50, "local": "2001:db8::9", "remote": "2001:db8::5", "protocol": 6},
            "out tcp [2001:db8::9]:51000 -> [2001:db8::5]:53 ",
        ),
    ],
)
def test_the_packet_of_an_event(read: Read, made: dict[str, object], packet: str):
    (event,) = read(net_events(net_event(**made)))  # type: ignore[arg-type]
    assert str(packet_of(event)).startswith(packet)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"protocol": ""}, "names no protocol"),
        ({"remote": ""}, "about a port"),
        ({"remote": "nowhere"}, "the remote address of the event is none"),
        ({"remote": "::1"}, "of two families"),
        ({"ports": ("", "")}, "names no ports"),
        ({"layer_id": 20, "way": ""}, "nothing tells whether"),
        ({"layer_id": 8, "way": "MS_FWP_DIRECTION_FORWARD"}, "one to forward"),
        ({"protocol": 1, "ports": (300, 0)}, "no numbers from 0 to 255"),
    ],
)
def test_an_event_without_a_packet_says_why(read: Read, made: dict[str, object], why: str):
    (event,) = read(net_events(net_event(**made)))  # type: ignore[arg-type]
    with pytest.raises(NoPacketError, match=why):
        packet_of(event)


def test_windows_own_kernel_is_no_path(read: Read):
    (event,) = read(net_events(net_event(app="System")))
    assert (event.program, str(packet_of(event))) == ("System", "out udp 10.0.0.9:51000 -> 10.0.0.53:53")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no XML element"),
        ("<html/>", "line 1: the root element is <html>, so these are no events"),
        ("<wfpdiag/>", "holds no events: make one with netsh wfp show netevents"),
        ("<!DOCTYPE wfpdiag [<!ENTITY a 'b'>]><wfpdiag>&a;</wfpdiag>", "it declares a document type or entities"),
        (net_events(net_event(), net_event())[:-80], "the file ends in the middle"),
        (net_events(net_event(filter_id="x")), "an event has the filterId 'x', which is no number of 64 bits"),
        (net_events(net_event(filter_id="\u0663")), "an event has the filterId '\u0663', which is no number"),
        (net_events(net_event(filter_id="x" * 90)), f"an event has the filterId '{'x' * 40}', which is no number"),
        (net_events(net_event(filter_id="9" * 90)), f"an event has the filterId '{'9' * 40}', which is no number"),
        (net_events(net_event(), net_event(layer_id=1 << 16)), "the layerId '65536', which is no number of 16 bits"),
        ("<wfpdiag>" + "<a>" * 100_000, "elements are nested deeper than 64"),
        (net_events(net_event(more="<a>" * 100_000)), "elements are nested deeper than 64"),
        (net_events(net_event(time="x" * 70_000)), "a text is longer than 65536 characters"),
        (net_events(net_event(sublayers=[(1, "S", "A")] * 1001)), "an event has more than 1000 sublayers"),
        (net_events(net_event(), net_event(time="\x01"), net_event()), "this is no proper XML"),
        (net_events(net_event(), net_event(time="a]]>b"), net_event()), "this is no proper XML"),
        (net_events(net_event()).encode() + b"\xff", "what follows is no UTF-8 text"),
        ("<Events>" + "".join(f"<e{n}/>" for n in range(11_000)), "more than 10000 different names"),
        ("a,b\n1,2\n", "it has no columns Id and Message"),
        (table({"Id": "5157", "Message": "Die Windows-Filterplattform hat"}), "is not in English, or was cut"),
        (table({"Id": "5157", **CONNECTION, "Protocol": "tcp"}), "the Protocol 'tcp', which is no number of 8 bits"),
        ('"Id","Message"\n"' + "x" * 200_000, "this is no table: field larger than field limit"),
        ("Id,Message" + "x" * 2_000_000, "a line is longer than 1048576 characters"),
        (b"ElfFile\x00" + bytes(100), "is a log's own file .*pip install 'ndtui\\[evtx\\]'|the log is damaged"),
    ],
)
def test_what_is_no_file_of_events(read: Read, text: str | bytes, message: str):
    with pytest.raises(InputError, match=message) as refused:
        read(text)
    assert str(refused.value).isprintable()


class OnlyTheParser:
    """Takes no events out of a text."""

    placeholder = ""

    def __init__(self, *rest: object) -> None:
        pass

    def take(self, text: str) -> str:
        return text

    def end(self) -> str:
        return ""

    def piece(self, attributes: object) -> None:
        return None


TRICKY = [
    net_event(),
    net_event(filter_id=2, remote="10.0.0.1"),
    net_event(time="a&amp;b"),
    net_event(time="x>y"),
    net_event(time=""),
    net_event(more="<a b='>'/>\n"),
    net_event(more="<a b='>'/>\n"),
    net_event(more="<tomorrow>\n<filterId>7</filterId>\n</tomorrow>\n"),
    net_event(more="<filterOrigin>a<b/>c</filterOrigin>\n"),
    net_event(more="<filterOrigin>a<b/>c</filterOrigin>\n"),
    net_event(sublayers=[(1, "S", "A")]),
    net_event(sublayers=[(2, "S", "A")]),
    net_event(tag="netEvent"),
    net_event(tag="netEvent", filter_id=3),
    "\n\n<item>\n</item>\n",
]


@pytest.mark.parametrize(
    "then", ["", "<!-- " + net_event(filter_id=66) + " -->", "<![CDATA[" + net_event() + "]]>", "\r"]
)
def test_events_of_known_shapes_are_those_that_the_parser_reads(read: Read, monkeypatch: pytest.MonkeyPatch, then: str):
    text = net_events(*TRICKY, then, *TRICKY, *TRICKY[:2] * 60, then, *TRICKY)
    fast = read(text)
    monkeypatch.setattr(event_xml, "KnownShapes", OnlyTheParser)
    assert fast == read(text)
    assert len(fast) == 3 * len(TRICKY) + 120


def test_a_tag_within_a_tag_is_no_text_of_a_known_shape(read: Read) -> None:
    """It has as many brackets of both kinds as a proper event, but no parser reads it."""
    damaged = re.sub(r"<internalFields>\s*<", "<internalFields</item>", net_event())
    assert damaged != net_event()
    with pytest.raises(InputError, match="this is no proper XML"):
        read(net_events(net_event(), net_event(), damaged, net_event()))


LOGGED = security_event(5157, CONNECTION)


def times(*values: str) -> list[str]:
    """Return an event of the log for each time."""
    return [re.sub(r"SystemTime='[^']*'", f"SystemTime={value}", LOGGED) for value in values]


UNUSUAL = [
    *times("'2026-01-02T10:00:01Z'", "'2026-01-02T10:00:02Z'", '"2026-01-02T10:00:03Z"', "''"),
    *times(
        "'a\nb'", "'a\tb'", "'a b'", "'a&amp;b'", "'a' SystemTimes='b'", '"a\'b" c="d"', "'a' c=\"d\"", "'a>b'", "'a<b'"
    ),
    LOGGED.replace("10.0.0.53", "'"),
    LOGGED.replace("10.0.0.53", "a='b'"),
    LOGGED.replace("10.0.0.53", 'a="b"'),
    LOGGED.replace("10.0.0.53", "a>b"),
    LOGGED.replace("10.0.0.53", "a>b>c"),
    LOGGED.replace("10.0.0.53", "<![CDATA[x]]>"),
    LOGGED.replace("10.0.0.53", "a<b/>c"),
    LOGGED.replace("5157", "4624"),
    LOGGED.replace("5157", "5156"),
    LOGGED.replace("<System>", "<System><Execution ProcessID='4' ThreadID='8'/><Correlation ActivityID='{1}'/>"),
    LOGGED.replace("<System>", "<System><Execution ProcessID='5' ThreadID='9'/><Correlation ActivityID='{2}'/>"),
    LOGGED.replace("<System>", "<System><Correlation ActivityID='{2}'/><Execution ProcessID='5' ThreadID='9'/>"),
    LOGGED.replace("<EventData>", "<EventData><Event><System/></Event>"),
    "<Event><System><EventID>5157</EventID></System></Event>",
    "<Event><System/><EventData/></Event>",
    LOGGED.replace("<EventData>", "<EventData><TimeCreated SystemTime='x'/>"),
    LOGGED.replace("<Event ", "<Event SystemTime='y' "),
    "\n",
]


@pytest.mark.parametrize("apart", ["", "\n", "\r\n  "])
@pytest.mark.parametrize("around", ["<Events>{}</Events>", "{}", "<x><Events>{}</Events></x>"])
@pytest.mark.parametrize("unusual", UNUSUAL, ids=lambda text: str(UNUSUAL.index(text)))
def test_events_of_a_log_are_those_that_the_parser_reads(
    read: Read, monkeypatch: pytest.MonkeyPatch, unusual: str, around: str, apart: str
):
    text = around.format(apart.join([LOGGED, unusual, LOGGED, unusual, LOGGED.replace("10.0.0.53", "10.9.9.9")]))
    answers: list[object] = []
    for shapes in (event_xml.KnownShapes, OnlyTheParser):
        monkeypatch.setattr(event_xml, "KnownShapes", shapes)
        try:
            answers.append(read(text))
        except InputError as refused:
            answers.append(str(refused))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("event", [net_event, lambda filter_id: LOGGED.replace("67229", str(filter_id))])
def test_most_events_are_not_gathered_element_by_element(
    read: Read, monkeypatch: pytest.MonkeyPatch, event: Callable[..., str]
):
    gathered = []
    usual = event_xml._Handlers._gather
    monkeypatch.setattr(event_xml._Handlers, "_gather", lambda self, *rest: (gathered.append(1), usual(self, *rest))[1])
    events = [event(filter_id=n) for n in range(500)]
    assert len(read(net_events(*events) if event is net_event else f"<Events>{''.join(events)}</Events>")) == 500
    assert len(gathered) < 10


def test_an_item_elsewhere_is_no_event(read: Read):
    elsewhere = "<filters>" + net_event() * 2 + "</filters>"
    text = f"<wfpdiag>{elsewhere}<netEvents>{net_event() * 3}</netEvents></wfpdiag>"
    assert len(read(text)) == 3
