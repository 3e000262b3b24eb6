"""Trace on a machine: the screen says what ndtui trace says of the same file, and leads to the filter that decides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from ndtui.analysis.dump import read_dump
from ndtui.analysis.trace.machine_sentences import outcome_lines
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.cli.printing.dump_trace_text import machine_lines
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.screens.machine_trace import MachineTraceScreen
from ndtui.ui.rows.machine.traced import AskedRow, Followed, LayerStep, UnmetRow, follow
from ndtui.ui.state.machine import FilterRow, open_machine
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.a_machine import IN_XML, a_filter, port, state_file
from tests.desk import Desk, at_work
from tests.machines import MACHINES, machine_file

IN_443 = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
PACKETS = (
    IN_443,
    "out udp 10.0.0.9:51000 -> 10.0.0.5:53",
    "in icmp 10.0.0.5 -> 10.0.0.9",
    "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:445 app System profile public",
    "out esp 10.0.0.9 -> 10.0.0.5",
)


@asynccontextmanager
async def tracing(
    path: Path, packet: str = "", size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Desk]:
    async with at_work(size=size, machine=open_machine(path), **options) as desk:
        await desk.keys("t")
        assert isinstance(desk.top, MachineTraceScreen)
        if packet:
            await write(desk, packet)
        await traced(desk)
        yield desk


async def write(desk: Desk, packet: str) -> None:
    await desk.keys("w")
    await desk.fill(text=packet)
    await desk.keys("enter")


async def traced(desk: Desk) -> None:
    """Wait for the trace of the packet that was asked about last."""
    await desk.until(lambda: desk.top._found is not None and desk.top._found.packet is desk.top._packet)


def rows(desk: Desk, kind: type) -> list[Any]:
    return [row for row in desk.top.query_one(RowTable).source if isinstance(row, kind)]


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("-", "")


async def test_beside_a_packet_that_is_being_written_stands_nothing_of_the_one_before(tmp_path: Path) -> None:
    async with tracing(machine_file(MACHINES[0], tmp_path), IN_443) as desk:
        before = desk.text
        await desk.keys("w", "end", "x")
        assert desk.verdict.startswith("nothing is traced: the destination's port '443x' is no number")
        assert not rows(desk, LayerStep)
        await desk.keys("backspace", "backspace")
        assert desk.verdict.startswith("nothing is traced yet")
        await desk.keys("escape")
        await traced(desk)
        assert desk.text == before


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("packet", PACKETS)
async def test_the_screen_says_what_the_command_says(name: str, packet: str, tmp_path: Path) -> None:
    path = machine_file(name, tmp_path)
    printed = squeezed("\n".join(machine_lines(read_dump(path), parse_packet(packet), None)))
    async with tracing(path, packet) as desk:
        for outcome in outcome_lines(desk.top._found.trace):
            assert squeezed(outcome) in printed
            assert outcome.casefold() in desk.top.query_one("#trace-sentence").content.casefold()
        for row in rows(desk, LayerStep):
            assert squeezed(f"{row.step.layer.removeprefix('FWPM_LAYER_')}: {' or '.join(row.step.roles)}") in printed
            for line in desk.top.lines_of(row):
                if line.label in ("Decides", "May decide"):
                    assert squeezed(line.text) in printed
        for row in rows(desk, UnmetRow):
            assert squeezed(f"{', '.join(row.layers)}: {row.why}") in printed
        for row in rows(desk, AskedRow):
            said = row.text if row.question.settles else f"{row.question.word} ({row.question.filters})"
            assert squeezed(said) in printed or not row.question.word


async def test_enter_and_because_lead_to_the_filter_that_decides(tmp_path: Path) -> None:
    only = [a_filter(70_001, "Web"), a_filter(70_002, "Stop", action="BLOCK", filterCondition=[port(445)])]
    async with tracing(state_file(tmp_path, filters=only), "in tcp 10.0.0.5:51000 -> 10.0.0.9:445") as desk:
        assert 'blocked at ALE_AUTH_RECV_ACCEPT_V4 by "Stop" (filter 70002)' in desk.words
        assert "BLOCKED" in desk.verdict
        await desk.keys("b")
        assert isinstance(desk.top, MachineScreen)
        row = desk.top.query_one(RowTable).row
        assert isinstance(row, FilterRow)
        assert row.filter.name == "Stop"
        await desk.keys("t")
        await traced(desk)
        assert desk.packet == "in tcp 10.0.0.5:51000 -> 10.0.0.9:445"
        await write(desk, IN_443)
        await traced(desk)
        assert desk.top.query_one(RowTable).go_to(lambda row: isinstance(row, LayerStep) and row.filter is not None)
        await desk.keys("enter")
        assert desk.top.query_one(RowTable).row.filter.name == "Web"


async def test_what_became_of_the_packet_before_does_not_stand_beside_one_that_is_still_traced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Event()

    def held_back(*asked: Any) -> Followed:
        assert free.wait(60)
        return follow(*asked)

    async with tracing(state_file(tmp_path, filters=[a_filter(1, "Web")]), IN_443) as desk:
        desk.waits_for_works = False
        assert rows(desk, object)
        monkeypatch.setattr("ndtui.screens.machine_trace.follow", held_back)
        await desk.keys("d")
        assert desk.packet.startswith("out ")
        assert desk.verdict.startswith("tracing ...")
        assert rows(desk, object) == []
        free.set()
        await traced(desk)
        assert rows(desk, object)


async def test_beside_what_is_no_packet_stands_nothing_of_the_one_before(tmp_path: Path) -> None:
    async with tracing(state_file(tmp_path, filters=[a_filter(1, "Web")]), IN_443) as desk:
        assert {"b", "e"} <= desk.lit
        await write(desk, "in tcp 10.0.0.5:1 ->")
        await desk.keys("tab")
        for gone in ("d inbound", "unknown callouts"):
            assert gone not in desk.text
        assert "b" not in desk.lit
        await desk.keys("y")
        assert desk.said[-1] == "Nothing is traced"
        for key in "dofluB":
            await desk.keys(key)
            await desk.settle()
            assert desk.verdict.startswith("nothing is traced: this is no packet")
            assert not rows(desk, object)
        await desk.keys("w", "escape")
        await traced(desk)
        assert "d inbound" in desk.text
        assert "callouts: open" in desk.text


async def test_a_layer_without_a_filter_leads_nowhere(tmp_path: Path) -> None:
    async with tracing(state_file(tmp_path), IN_443) as desk:
        await desk.keys("g", "enter")
        assert isinstance(desk.top, MachineTraceScreen)
        assert "No filter decides there" in desk.said[-1]


async def test_what_is_not_said_leads_to_its_field_and_settles_it(tmp_path: Path) -> None:
    program = {
        "fieldKey": "FWPM_CONDITION_ALE_APP_ID",
        "matchType": "FWP_MATCH_EQUAL",
        "conditionValue": {
            "type": "FWP_BYTE_BLOB_TYPE",
            "byteBlob": {"data": "00", "asString": r"\device\harddiskvolume1\x.exe"},
        },
    }
    only = [a_filter(1, "For x", filterCondition=[program]), a_filter(2, "Others", action="BLOCK", filterCondition="")]
    async with tracing(state_file(tmp_path, filters=only), IN_443) as desk:
        assert "OPEN: exempt or blocked" in desk.verdict
        assert "It depends on: app; e to say" in desk.words
        (asked,) = rows(desk, AskedRow)
        assert asked.text == "Say which program (app): 1 filter asks for it, and it decides."
        assert {line.label: line.text for line in desk.top.lines_of(asked)}["Asks"].startswith("1 For x")
        desk.top.query_one(RowTable).go_to(lambda row: row is asked)
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        assert desk.app.focused.id == "program"
        assert "1 filter asks for it." in desk.words
        assert "before BFE" not in desk.words
        await desk.write(r"C:\other.exe")
        await desk.keys("enter")
        await traced(desk)
        assert "BLOCKED" in desk.verdict
        assert rows(desk, AskedRow) == []


async def test_callouts_that_nobody_knows_are_taken_for_something(tmp_path: Path) -> None:
    only = [a_filter(1, "Watch", action="CALLOUT_TERMINATING", callout="{0badc0de-0000-4000-e000-000000000009}")]
    async with tracing(state_file(tmp_path, filters=only), IN_443) as desk:
        assert "OPEN" in desk.verdict
        assert any("The key u takes it to let the packet on" in getattr(row, "text", "") for row in rows(desk, object))
        said = []
        for _ in range(3):
            await desk.keys("u")
            await traced(desk)
            said.append("EXEMPT" if "EXEMPT" in desk.verdict else "BLOCKED" if "BLOCKED" in desk.verdict else "OPEN")
        assert said == ["EXEMPT", "BLOCKED", "OPEN"]


async def test_what_a_machine_cannot_be_asked_says_why(tmp_path: Path) -> None:
    async with tracing(state_file(tmp_path)) as desk:
        for key, why in (("s", "there is no timeline"), ("p", "every peer is told of"), ("B", "once BFE is up")):
            await desk.keys(key)
            assert why in desk.said[-1]
    async with at_work() as desk:
        await desk.keys("t", "u")
        assert "A design calls no callouts that nobody knows" in desk.said[-1]


async def test_what_is_no_packet_is_said_and_the_way_is_taken_away(tmp_path: Path) -> None:
    async with tracing(state_file(tmp_path), IN_443) as desk:
        await write(desk, "in tcp nonsense")
        assert "nothing is traced" in desk.verdict
        assert not desk.top.query_one(RowTable).rows
        await desk.keys("escape")
        await traced(desk)
        assert desk.packet == IN_443
        assert rows(desk, LayerStep)
        await desk.keys("d", "o", "f")
        await traced(desk)
        assert desk.packet.startswith("out udp")


async def test_the_trace_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    async with tracing(state_file(tmp_path), IN_443) as desk:
        monkeypatch.setattr(desk.app, "copy", lambda text, _: copied.append(text))
        await desk.keys("y")
    assert copied[0].startswith(IN_443)
    assert "ALE_AUTH_RECV_ACCEPT_V4" in copied[0]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_hostile_names_are_text(size: tuple[int, int], tmp_path: Path) -> None:
    hostile = a_filter(1, IN_XML, action="BLOCK", filterCondition="", subLayerKey=IN_XML)
    async with tracing(state_file(tmp_path, filters=[hostile]), IN_443, size) as desk:
        assert "\u202e" not in desk.text
        assert "[/x] [b]not bold" in "".join(line.text for line in desk.top.query_one(Detail).lines)
