"""Taking a machine's policy over as a design: what ndtui import makes of the file, with what is missing said before."""

from pathlib import Path

import pytest

from ndtui.analysis.dump import read_dump
from ndtui.analysis.reconstruct.design_from_dump import reconstruct
from ndtui.model.design.design import Design
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.ui.state.machine import open_machine
from ndtui.ui.state.machine_events import OfWindows
from tests.a_machine import IN_XML, a_filter, state_file
from tests.desk import Desk, at_work
from tests.netsh import filters, show_state
from tests.support import design, exempting, preset


def written(folder: Path, of: Design, *more: dict) -> Path:
    path = folder / "wfpstate.xml"
    path.write_text(show_state(of, *more), encoding="utf-8")
    return path


async def take(desk: Desk) -> None:
    await desk.keys("i")
    await desk.settle()


async def test_the_policy_becomes_the_design_at_hand_unsaved(tmp_path: Path) -> None:
    own = exempting({"name": "SSH", "protocol": "tcp", "local_ports": [22]}, name="shop")
    path = written(tmp_path, own)
    async with at_work(machine=open_machine(path)) as desk:
        await take(desk)
        await desk.until(lambda: desk.top is desk.app.designer)
        assert desk.design == reconstruct(read_dump(path)).design
        assert desk.design.name == "shop"
        assert desk.names == ["SSH"]
        assert desk.bench.dirty
        assert "no file has it yet" in desk.said[-1]


async def test_one_that_a_preset_makes_comes_with_its_description(tmp_path: Path) -> None:
    known = preset("nd-boundary")
    async with at_work(machine=open_machine(written(tmp_path, known))) as desk:
        await take(desk)
        await desk.until(lambda: desk.top is desk.app.designer)
        assert desk.design.description == known.description


async def test_what_no_design_can_have_is_said_before_and_may_be_a_reason_to_leave_it(tmp_path: Path) -> None:
    odd = next(each for each in filters(preset("nd-transport")) if "exemption" not in each["displayData"]["name"])
    odd = {**odd, "filterKey": "{0badc0de-0000-4000-a000-000000000099}", "filterId": 99}
    odd["displayData"] = {"name": IN_XML, "description": ""}
    path = written(tmp_path, preset("nd-transport"), odd)
    missing = reconstruct(read_dump(path)).missing
    assert missing
    async with at_work(design(name="mine"), machine=open_machine(path)) as desk:
        await take(desk)
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        assert "Not reconstructed:" in desk.words
        await desk.keys("escape")
        assert isinstance(desk.top, MachineScreen)
        assert desk.design.name == "mine"
        await take(desk)
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        await desk.keys("y")
        await desk.until(lambda: desk.top is desk.app.designer)
        assert desk.design.name == "nd-transport"


async def test_unsaved_work_is_asked_about_first(tmp_path: Path) -> None:
    path = written(tmp_path, design(name="theirs"))
    async with at_work(design(name="mine")) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        desk.app.show_machine(OfWindows(open_machine(path)))
        await desk.settle()
        await take(desk)
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        assert "has changes that no file has" in desk.words
        await desk.keys("n")
        assert isinstance(desk.top, MachineScreen)
        assert desk.design.name == "mine"


@pytest.mark.parametrize("size", [(60, 20), (140, 40)])
async def test_a_machine_without_a_policy_says_so(size: tuple[int, int], tmp_path: Path) -> None:
    async with at_work(size=size, machine=open_machine(state_file(tmp_path, filters=[a_filter(1, "x")]))) as desk:
        await take(desk)
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        assert "wfpstate.xml has no policy that makes a design." in desk.words
        assert "no IPsec policy" in desk.words
        await desk.keys("escape")
        assert isinstance(desk.top, MachineScreen)
