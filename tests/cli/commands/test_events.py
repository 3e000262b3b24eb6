"""``ndtui events``: tables, a list, one event and its trace, with and without the machine's filters."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.events.tally import Tally
from ndtui.cli.printing import events_listing
from tests.cli.running import Run
from tests.events import BIND, CONNECTION, net_event, net_events, security_event, security_log

LAYER = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"


def filter_xml(number: int, name: str, weight: int, port: int, sublayer: str = "{s}", action: str = "BLOCK") -> str:
    """Return a filter on a remote port at the connect layer."""
    condition = (
        "<item><fieldKey>FWPM_CONDITION_IP_REMOTE_PORT</fieldKey><matchType>FWP_MATCH_EQUAL</matchType><conditionValue>"
        f"<type>FWP_UINT16</type><uint16>{port}</uint16></conditionValue></item>"
    )
    return (
        f"<item><filterKey>{{{number}}}</filterKey><displayData><name>{name}</name><description/></displayData><flags/>"
        f"<providerKey>{{p}}</providerKey><layerKey>{LAYER}</layerKey><subLayerKey>{sublayer}</subLayerKey>"
        f"<weight><type>FWP_EMPTY</type></weight><filterCondition>{condition}</filterCondition>"
        f"<action><type>FWP_ACTION_{action}</type><filterType/></action><rawContext>0</rawContext>"
        f"<filterId>{number}</filterId><effectiveWeight><type>FWP_UINT64</type><uint64>{weight}</uint64>"
        "</effectiveWeight></item>"
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    filters = [
        filter_xml(1, "tried first, other port", 9, 443),
        filter_xml(2, "block DNS", 5, 53),
        filter_xml(3, "would permit DNS", 3, 53, action="PERMIT"),
        filter_xml(4, "elsewhere", 1, 53, sublayer="{t}", action="PERMIT"),
    ]
    layer = f"<item><layer><layerKey>{LAYER}</layerKey></layer><filters>{''.join(filters)}</filters></item>"
    sublayers = "".join(
        f"<item><subLayerKey>{key}</subLayerKey><displayData><name/><description/></displayData><flags/>"
        f"<weight>{weight}</weight></item>"
        for key, weight in (("{s}", 500), ("{t}", 100))
    )
    provider = "<item><providerKey>{p}</providerKey><displayData><name>Guard</name></displayData><flags/></item>"
    path = tmp_path / "wfpstate.xml"
    path.write_text(
        f"<wfpstate><timeStamp>now</timeStamp><layers>{layer}</layers><subLayers>{sublayers}</subLayers>"
        f"<providers>{provider}</providers></wfpstate>",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "netevents.xml"
    path.write_text(
        net_events(
            net_event(2, time="2026-01-02T10:00:05.000Z"),
            net_event(2, time="2026-01-02T10:00:01.000Z", remote="10.0.0.54", sublayers=[(2, "FWPP_SUBLAYER_X", "B")]),
            net_event(99, 44, does="classifyAllow", time="2026-01-02T10:00:09.000Z", ports=(3389, 50000)),
        ),
        encoding="utf-8",
    )
    return path


def printed(run: Run, *words: object) -> str:
    ran = run("events", *words)
    assert ran.status == 0, ran
    return ran.out


def found(run: Run, *words: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(printed(run, *words, "--json"))
    return document


def test_tables(run: Run, events: Path):
    text = printed(run, events)
    assert text.splitlines()[:3] == [
        "events  first                     last                      action  filter  layer",
        "2       2026-01-02T10:00:01.000Z  2026-01-02T10:00:05.000Z  block   2       ALE_AUTH_CONNECT_V4",
        "1       2026-01-02T10:00:09.000Z  2026-01-02T10:00:09.000Z  permit  99      ALE_AUTH_RECV_ACCEPT_V4",
    ]
    assert text.count("events  first") == 4
    assert text.endswith("3 events, from 2026-01-02T10:00:01.000Z to 2026-01-02T10:00:09.000Z\n")
    assert "--state" in run("events", events).err


def test_the_filter_by_name(run: Run, events: Path, machine: Path):
    text = printed(run, events, "--state", machine, "--by", "filter")
    assert "0x0 000 0000 0000 0005  2 of 3  BLOCK  Guard     block DNS" in text
    assert "not among the machine's filters" in text
    rows = found(run, events, "--state", machine, "--by", "filter")
    assert list(rows)[-1] == "byFilter"
    decided, gone = (row["decidedBy"] for row in rows["byFilter"]["rows"])
    assert (decided["name"], decided["providerName"], decided["place"], decided["subLayerWeight"]) == (
        "block DNS",
        "Guard",
        2,
        500,
    )
    assert gone is None


def test_what_it_beat(run: Run, events: Path, machine: Path):
    text = printed(run, events, "--state", machine, "--event", 2)
    assert "event 2, line 36: blocked at ALE_AUTH_CONNECT_V4" in text
    assert "beat      3 would permit DNS: PERMIT, of less weight" in text
    assert "beat      4 elsewhere: PERMIT, in sublayer {t}" in text
    assert "in turn   X: B by 2 block DNS" in text
    assert "tried first" not in text
    beat = found(run, events, "--state", machine, "--event", 2)["beat"]
    assert [(each["filterId"], each["sameSubLayer"], each["matches"]) for each in beat] == [
        (3, True, "yes"),
        (4, False, "yes"),
    ]


def test_a_trace_of_an_event(run: Run, events: Path, machine: Path):
    text = printed(run, events, "--state", machine, "--trace", 1)
    assert "decides   2 block DNS: hard BLOCK" in text
    document = found(run, events, "--state", machine, "--trace", 1)
    assert document["trace"]["decided"]
    packet = document["event"]["packet"]
    again = run("trace", machine, packet)
    assert again.status == 0
    assert again.out.splitlines()[0] == packet


def test_a_list(run: Run, events: Path, machine: Path):
    text = printed(run, events, "--state", machine, "--list")
    assert "out udp 10.0.0.9:51000 -> 10.0.0.54:53" in text
    assert [each["number"] for each in found(run, events, "--list")["list"]] == [1, 2, 3]
    assert "decidedBy" not in found(run, events, "--list")["list"][0]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("--find", "10.0.0.54"), [2]),
        (("--find", "BLOCK dns"), [1, 2]),
        (("--layer", "ALE_AUTH_RECV_ACCEPT_V4"), [3]),
        (("--layer", "48"), [1, 2]),
        (("--provider", "guard"), [1, 2]),
        (("--provider", "guard", "--find", "nothing"), []),
    ],
)
def test_only_some(run: Run, events: Path, machine: Path, words: tuple[str, ...], numbers: list[int]):
    document = found(run, events, "--state", machine, "--list", *words)
    assert [each["number"] for each in document["list"]] == numbers
    assert (document["events"], document["found"]) == (3, len(numbers))


def test_a_bind_that_was_blocked(run: Run, tmp_path: Path):
    path = tmp_path / "security.xml"
    path.write_text(security_log(security_event(5159, {**BIND, "LayerRTID": "36"})), encoding="utf-8")
    text = printed(run, path, "--event", 1)
    assert "blocked binding to a port at ALE_RESOURCE_ASSIGNMENT_V4" in text
    assert "none: the event names no peer: it is about a port, not about a packet" in " ".join(text.split())


def test_rows_beyond_ten_are_told(run: Run, tmp_path: Path):
    path = tmp_path / "many.xml"
    path.write_text(net_events(*[net_event(n + 1, remote=f"10.0.1.{n}") for n in range(12)]), encoding="utf-8")
    assert "and 2 more rows; --all shows them" in printed(run, path)
    assert "more row" not in printed(run, path, "--all")


def test_memory_does_not_grow_with_the_peers(run: Run, events: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events_listing, "Tally", lambda: Tally(most=1))
    assert "and 2 events not told apart: the table has no more room" in printed(run, events, "--by", "peer", "--all")
    assert found(run, events, "--by", "peer")["byPeer"]["leftOut"] == 2
    monkeypatch.setattr(events_listing, "Tally", lambda: Tally(letters=20))
    assert found(run, events, "--by", "peer")["byPeer"]["leftOut"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("missing.xml",), "there is no file missing.xml"),
        (("{events}", "--trace", "1"), "--trace needs the machine's filters: add --state wfpstate.xml"),
        (("{events}", "--provider", "x"), "--provider needs the machine's filters"),
        (("{events}", "--event", "4"), "has no event 4: it has 3 events; --list shows them"),
        (("{events}", "--event", "0"), "is no number of an event"),
        (("{events}", "--event", "1", "--list"), "not allowed with argument"),
        (("{events}", "--by", "peers"), "--by takes no 'peers': did you mean peer?"),
        (("{events}", "--by", "peer", "--list"), "--by chooses tables"),
        (("{events}", "--layer", "ALE_AUTH_CONECT_V4"), "there is no layer ALE_AUTH_CONECT_V4: did you mean"),
        (("{events}", "--state", "{events}"), "holds net events, not filters: ndtui events"),
        (("{machine}",), "holds no events: make one with netsh wfp show netevents"),
    ],
)
def test_refusals(run: Run, events: Path, machine: Path, words: tuple[str, ...], message: str):
    said = [word.format(events=events, machine=machine) for word in words]
    assert message in run("events", *said).refusal()


@pytest.mark.parametrize("words", [("inspect",), ("order",), ("order", "--evaluate"), ("import", "--from-netsh")])
def test_commands_that_read_filters_say_which_one_reads_events(run: Run, events: Path, words: tuple[str, ...]):
    assert "ndtui events" in run(*words, events).refusal()
    events.write_text(security_log(security_event(5157, CONNECTION)), encoding="utf-8")
    assert "ndtui events" in run(*words, events).refusal()


def test_a_trace_does_not_call_a_packet_let_through_by_a_file_of_events(run: Run, events: Path):
    assert "ndtui events" in run("trace", events, "in tcp 10.0.0.5:51000 -> 10.0.0.9:443").refusal()


def test_filters_and_events_in_one_file_are_read_by_both(run: Run, tmp_path: Path, machine: Path):
    path = tmp_path / "wfpdiag.xml"
    inner = machine.read_text(encoding="utf-8").removesuffix("</wfpstate>")
    path.write_text(f"{inner}<netEvents>{net_event(2)}</netEvents></wfpstate>", encoding="utf-8")
    assert run("inspect", path).status == 0
    assert "block DNS" in printed(run, path, "--state", path)


def test_hostile_names_do_not_act_on_the_terminal(run: Run, tmp_path: Path):
    path = tmp_path / "hostile.xml"
    fields = {**CONNECTION, "Application": "\\device\\x\\[/x] [b\u202e\U0001f525.exe", "FilterOrigin": "a\u202eb"}
    path.write_text(security_log(security_event(5157, fields)), encoding="utf-8")
    for words in ((), ("--list",), ("--event", "1")):
        text = printed(run, path, *words)
        assert "\u202e" not in text
        assert "[/x] [b\\u202e\U0001f525.exe" in text
