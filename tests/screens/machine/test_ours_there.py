"""Ours among the machine's: the order that ndtui order --among prints, with what stands before each of ours."""

from pathlib import Path

import pytest

from ndtui.analysis.machine.others_in_the_way import in_the_way
from ndtui.analysis.ranking.placement import place
from ndtui.model.compiled.compile import compile_design
from ndtui.ui.rows.machine.placed_among import PlacedRow
from ndtui.ui.state.machine import open_machine
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.a_machine import IN_XML, LAYER, THEIRS, a_filter, state_file
from tests.desk import Desk, at_work
from tests.machines import MACHINES, machine_file
from tests.support import preset


async def placed(desk: Desk) -> list[PlacedRow]:
    await desk.keys("7")
    await desk.until(lambda: "placing" not in desk.text)
    return [row for row in desk.top.query_one(RowTable).source if isinstance(row, PlacedRow)]


@pytest.mark.parametrize("name", MACHINES)
async def test_the_order_is_that_of_the_command(name: str, tmp_path: Path) -> None:
    machine = open_machine(machine_file(name, tmp_path))
    filterset = compile_design(preset("nd-transport"))
    expected = [row for group in place(filterset, machine.dump) for row in group.rows]
    async with at_work("nd-transport", machine=machine) as desk:
        rows = await placed(desk)
        assert [row.row for row in rows] == expected
        assert sum(row.row.ours is not None for row in rows) == len(filterset.filters)
        marks = [desk.top.query_one(RowTable).view.mark(row) for row in rows]
        stopping = {id(each.filter) for each in in_the_way(filterset, machine.dump)}
        assert marks == [
            "+" if row.row.ours is not None else "!" if id(row.row.theirs) in stopping else "" for row in rows
        ]


async def test_what_stands_before_ours_is_counted_without_what_sleeps(tmp_path: Path) -> None:
    tie = next(
        row
        for group in place(compile_design(preset("nd-transport")), open_machine(state_file(tmp_path)).dump)
        for row in group.rows
        if group.layer == LAYER and row.ours is not None and row.ours.slot.role == "exemption"
    )
    weights = [tie.weight + 2, tie.weight + 1, tie.weight, tie.weight + 3, tie.weight - 1]
    flags = [(), (), (), ("DISABLED",), ()]
    theirs = [
        a_filter(n, f"theirs {n}", subLayerKey=THEIRS, flags=list(flag),
                 effectiveWeight={"type": "FWP_UINT64", "uint64": weight})
        for n, (weight, flag) in enumerate(zip(weights, flags, strict=True), start=1)
    ]  # fmt: skip
    async with at_work("nd-transport", machine=open_machine(state_file(tmp_path, filters=theirs))) as desk:
        rows = await placed(desk)
        own = tie.ours.identity
        ours = next(row for row in rows if row.row.ours is not None and row.row.ours.identity == own)
        assert (ours.before, ours.same) == (2, 1)
        view = desk.top.query_one(RowTable).view
        assert view.cells(ours)[1] == "exempt ICMP"  # what is ours needs no policy's name; it is found by it
        assert view.called(ours, 1) == ("exempt ICMP", "nd-transport: exempt ICMP")
        assert "nd-transport: exempt ICMP" in view.unseen(ours)
        assert "theirs 1" in [view.cells(row)[1] for row in rows]
        desk.top.query_one(RowTable).go_to(lambda row: row is ours)
        await desk.settle()
        lines = {line.label: line.text for line in desk.top.query_one(Detail).lines}
        assert lines["Stands"].startswith("2 of the machine's filters that are awake stand before it")
        assert "1 of equal weight" in lines["Stands"]
        assert lines["Name"].endswith("exempt ICMP")
        disabled = next(row for row in rows if row.row.disabled)
        assert disabled.asleep
        desk.top.query_one(RowTable).go_to(lambda row: row is disabled)
        await desk.settle()
        lines = {line.label: line.text for line in desk.top.query_one(Detail).lines}
        assert (lines["Name"], lines["Sleeps"]) == ("theirs 4", "it is disabled: it decides nothing")


async def test_what_is_in_the_way_of_ours_is_marked_and_says_of_which(tmp_path: Path) -> None:
    heavy = {"type": "FWP_UINT64", "uint64": 15 << 60}
    stop = a_filter(1, "Stop", action="BLOCK", subLayerKey=THEIRS, filterCondition="", effectiveWeight=heavy)
    off = {**stop, "filterId": 2, "displayData": {"name": "Off"}, "flags": ["FWPM_FILTER_FLAG_DISABLED"]}
    machine = open_machine(state_file(tmp_path, filters=[stop, off]))
    expected = in_the_way(compile_design(preset("nd-transport")), machine.dump)
    assert [each.filter.name for each in expected] == ["Stop"]
    async with at_work("nd-transport", machine=machine) as desk:
        rows = await placed(desk)
        view = desk.top.query_one(RowTable).view
        assert [row.row.theirs.name for row in rows if view.mark(row) == "!"] == ["Stop"]
        marked = next(row for row in rows if view.mark(row) == "!")
        desk.top.query_one(RowTable).go_to(lambda row: row is marked)
        await desk.settle()
        lines = {line.label: line.text for line in desk.top.query_one(Detail).lines}
        names = ", ".join(each.label or each.name for each in expected[0].affected)
        assert lines["In the way"] == f"it decides before ours: {names}"
        ours = next(row for row in rows if row.row.ours is not None and row.ways)
        desk.top.query_one(RowTable).go_to(lambda row: row is ours)
        await desk.settle()
        lines = {line.label: line.text for line in desk.top.query_one(Detail).lines}
        assert lines["In its way"] == "1 Stop: it decides before ours"


async def test_another_design_is_placed_anew(tmp_path: Path) -> None:
    async with at_work("nd-transport", machine=open_machine(state_file(tmp_path))) as desk:
        before = await placed(desk)
        await desk.keys("escape")
        await desk.select("IKE")
        await desk.keys("space", "V")
        after = await placed(desk)
        assert len(after) < len(before)


async def test_hostile_names_are_text_and_found(tmp_path: Path) -> None:
    hostile = a_filter(1, IN_XML, subLayerKey=THEIRS, filterCondition="")
    async with at_work("nd-transport", machine=open_machine(state_file(tmp_path, filters=[hostile]))) as desk:
        await placed(desk)
        await desk.keys("/", *'"[/x] [b]"', "enter")
        await desk.until(lambda: not desk.top.query_one(RowTable).working)
        assert [
            row.row.theirs.filter_id for row in desk.top.query_one(RowTable).rows if isinstance(row, PlacedRow)
        ] == [1]
        assert "\u202e" not in desk.text
