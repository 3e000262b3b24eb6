"""Events on the screen of a machine: what was done and by which filter, and a trace from any of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.analysis.dump import read_dump
from ndtui.analysis.events.decisions import Decisions
from ndtui.analysis.events.event_wording import event_row
from ndtui.cli.printing.events_listing import event_lines
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.screens.machine_trace import MachineTraceScreen
from ndtui.ui.state.machine import FilterRow, open_machine
from ndtui.ui.state.machine_events import open_events, open_of_windows
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.a_machine import IN_XML, state_file
from tests.desk import Desk, at_work
from tests.events import BIND, CONNECTION, message, net_event, net_events, security_event, security_log, table

BLOCKED = net_event(70_002, 44, "MS_FWP_DIRECTION_IN", "10.0.0.5", protocol=6, ports=(445, 51000))
LET_IN = net_event(70_001, 44, "MS_FWP_DIRECTION_IN", "10.0.0.6", protocol=6, ports=(443, 51001), does="classifyAllow")
GONE = net_event(99_999, 48, "MS_FWP_DIRECTION_OUT", "10.0.0.7", protocol=17, ports=(5353, 5353))
GONE = GONE.replace("Query User Default", IN_XML)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return state_file(tmp_path)


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "netevents.xml"
    path.write_text(net_events(BLOCKED, LET_IN, GONE), encoding="utf-8")
    return path


def rows(desk: Desk) -> RowTable:
    return desk.top.query_one("#machine-rows", RowTable)


async def opens(desk: Desk, path: Path) -> None:
    await desk.keys("O")
    assert isinstance(desk.top, OpenFileScreen)
    await desk.fill(text=str(path))
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.top, MachineScreen))


async def test_each_event_says_what_the_command_says(state: Path, events: Path) -> None:
    found = open_events(events)
    decisions = Decisions(read_dump(state))
    async with at_work(machine=open_machine(state), events=found) as desk:
        await desk.keys("8")
        assert [row.number for row in rows(desk).rows] == [1, 2, 3]
        for number, event in enumerate(found.shown):
            assert rows(desk).view.cells(event) == event_row(event, decisions)
            printed = "".join("".join(event_lines(event, decisions, None)).split())
            for line in desk.top.query_one(Detail).lines:
                assert "".join(line.text.split()) in printed, line
            assert len(desk.top.query_one(Detail).lines) > 5
            await desk.keys("j")
            assert number < 3
        await desk.keys("/", *"action=block", "enter")
        assert [row.number for row in rows(desk).rows] == [1, 3]


async def test_an_event_leads_to_its_filter_and_to_a_trace_of_its_packet(state: Path, events: Path) -> None:
    async with at_work(machine=open_machine(state), events=open_events(events)) as desk:
        await desk.keys("8", "b")
        row = rows(desk).row
        assert desk.top.look_name == "filters"
        assert isinstance(row, FilterRow)
        assert row.filter.filter_id == 70_002
        await desk.keys("8", "t")
        assert isinstance(desk.top, MachineTraceScreen)
        assert desk.packet.startswith("in tcp 10.0.0.5:51000 -> 10.0.0.9:445")
        await desk.until(lambda: desk.top.is_traced)
        assert "BLOCKED" in desk.verdict
        await desk.keys("escape", "G")
        await desk.keys("b")
        assert "no filter that this machine has" in desk.said[-1]
        assert desk.top.look_name == "events"


async def test_an_event_without_a_packet_says_why_it_is_not_traced(state: Path, tmp_path: Path) -> None:
    log = tmp_path / "security.xml"
    log.write_text(security_log(security_event(5159, BIND)), encoding="utf-8")
    async with at_work(machine=open_machine(state), events=open_events(log)) as desk:
        await desk.keys("8", "t")
        assert isinstance(desk.top, MachineScreen)
        assert "it is about a port, not about a packet" in desk.said[-1]


async def test_events_alone_are_shown_and_the_state_can_come_later(state: Path, events: Path) -> None:
    async with at_work() as desk:
        await opens(desk, events)
        assert desk.top.look_name == "events"
        assert "Events netevents.xml: no state of the machine is open beside them" in desk.text
        filters = next(line.text for line in desk.top.query_one(Detail).lines if line.label == "Filter")
        assert filters == "70002; the machine's state, opened beside it, says which that is"
        for key in ("t", "i", "b"):
            await desk.keys(key)
            assert isinstance(desk.top, MachineScreen)
        assert "no filter that this machine has" in desk.said[-1]
        await desk.keys("1")
        assert "no state of the machine is open beside its events" in desk.words
        await opens(desk, state)
        assert "Machine wfpstate.xml, events netevents.xml" in desk.text
        await desk.keys("8", "b")
        assert rows(desk).row.filter.filter_id == 70_002


async def test_they_are_shown_again(events: Path) -> None:
    async with at_work(events=open_events(events)) as desk:
        assert isinstance(desk.top, MachineScreen)
        assert desk.top.look_name == "events"
        await desk.keys("escape", "V")
        assert desk.top.look_name == "events"


@pytest.mark.parametrize(
    "write",
    [
        lambda: table({"Id": "5157", "Message": message(CONNECTION)}),
        lambda: security_log(security_event(5157, CONNECTION)),
    ],
)
def test_tables_and_the_security_log_are_events_too(write: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / ("security.xml" if write().startswith("<") else "security.csv")
    path.write_text(write(), encoding="utf-8")
    machine, found = open_of_windows(path)
    assert machine is None
    assert found is not None
    assert len(found.shown) == 1


@pytest.mark.parametrize("root", ["wfpdiag", "wfpstate"])
async def test_a_file_with_filters_and_events_shows_both(root: str, state: Path) -> None:
    text, happened = state.read_text("utf-8"), net_events(BLOCKED, LET_IN)
    happened = happened[happened.index("<netEvents") : happened.index("</netEvents>") + len("</netEvents>")]
    state.write_text(text.replace("</wfpstate>", f"{happened}</wfpstate>").replace("wfpstate>", f"{root}>"), "utf-8")
    async with at_work() as desk:
        await opens(desk, state)
        assert "Machine wfpstate.xml, events wfpstate.xml" in desk.text
        assert desk.top.look_name == "filters"
        await desk.keys("8")
        assert len(rows(desk).rows) == 2
        await desk.keys("b")
        assert rows(desk).row.filter.filter_id == 70_002


def test_a_place_for_events_without_any_is_none(state: Path) -> None:
    state.write_text(state.read_text("utf-8").replace("</wfpstate>", "<netEvents/></wfpstate>"), "utf-8")
    machine, found = open_of_windows(state)
    assert machine is not None
    assert found is None


async def test_a_damaged_log_is_a_line_in_the_dialog(tmp_path: Path) -> None:
    path = tmp_path / "security.evtx"
    path.write_bytes(b"ElfFile\x00 and nothing else")
    async with at_work() as desk:
        await desk.keys("O")
        await desk.fill(text=str(path))
        await desk.keys("enter")
        await desk.until(lambda: "Reading" not in desk.problem)
        assert "security.evtx" in desk.problem
        assert isinstance(desk.top, OpenFileScreen)
        assert not isinstance(desk.top, ChoiceScreen)


def test_of_many_events_the_first_are_shown_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "many.xml"
    path.write_text(net_events(*[LET_IN] * 5), encoding="utf-8")
    found = open_events(path, most=3)
    assert len(found.shown) == 3
    assert found.remark == "many.xml: the first 3 of 5 events are shown; ndtui events counts them"
    assert open_events(path).remark == ""


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_hostile_texts_are_text(size: tuple[int, int], events: Path) -> None:
    async with at_work(size=size, events=open_events(events)) as desk:
        await desk.keys("G")
        assert "\u202e" not in desk.text
        assert "[/x] [b]not bold" in "".join(line.text for line in desk.top.query_one(Detail).lines)
