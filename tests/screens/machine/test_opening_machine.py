"""Opening a machine: from the command line, by a path in the designer, and what is wrong with a file."""

from pathlib import Path

import pytest

from ndtui.cli.commands import designer as command
from ndtui.model.files import presets
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.ui.rows.path_matches import path_matches
from ndtui.ui.widgets.row_table import RowTable
from tests.a_machine import state_file
from tests.desk import Desk, at_work
from tests.support import design


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return state_file(tmp_path)


async def ask_for(desk: Desk, path: Path) -> None:
    await desk.keys("O")
    assert isinstance(desk.top, OpenFileScreen)
    await desk.fill(text=str(path))
    await desk.keys("enter")


async def opens(desk: Desk, path: Path) -> None:
    await ask_for(desk, path)
    await desk.until(lambda: isinstance(desk.top, MachineScreen))


async def test_a_path_in_the_designer_opens_it_and_leaves_the_design_alone(path: Path) -> None:
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space")
        before = desk.design
        await opens(desk, path)
        assert "Web" in desk.text
        await desk.keys("escape")
        assert desk.top is desk.app.designer
        assert desk.design is before


async def test_from_a_machine_another_one_is_opened_and_a_design(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(path.read_text(encoding="utf-8").replace("Outbound", "Elsewhere"), encoding="utf-8")
    own = tmp_path / "own.toml"
    presets.save(design(name="own"), own)
    async with at_work() as desk:
        await opens(desk, path)
        await ask_for(desk, other)
        await desk.until(lambda: "other.xml" in desk.text)
        assert "Elsewhere" in desk.top.query_one(RowTable).text()
        assert [type(each) for each in desk.app.screen_stack].count(MachineScreen) == 1
        await ask_for(desk, own)
        await desk.until(lambda: desk.top is desk.app.designer)
        assert desk.design.name == "own"


async def test_a_design_that_is_not_taken_leaves_the_machine_open(path: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    presets.save(design(name="own"), own)
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space")
        await opens(desk, path)
        await ask_for(desk, own)
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        await desk.keys("n")
        assert isinstance(desk.top, MachineScreen)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<wfpstate>", "line 1"),
        ("<html/>", "the root element is <html>"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><wfpstate>&a;</wfpstate>', "line 1"),
        ("", "holds no XML element"),
    ],
)
async def test_a_wrong_file_is_a_line_in_the_dialog(text: str, says: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_text(text, encoding="utf-8")
    async with at_work() as desk:
        await ask_for(desk, wrong)
        await desk.until(lambda: "Reading" not in desk.problem)
        assert says in desk.problem
        assert isinstance(desk.top, OpenFileScreen)


async def test_nothing_is_shown_again_before_one_was_opened() -> None:
    async with at_work() as desk:
        await desk.keys("V")
        assert desk.top is desk.app.designer
        assert "No machine is open" in desk.said[-1]


def test_a_path_to_xml_is_completed(path: Path) -> None:
    assert path_matches(str(path)[:-5]) == [str(path)]


def test_without_a_terminal_its_filters_are_printed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = {"read_only": False, "backend": None, "store": None, "no_color": False, "theme": ""}
    assert command.run(str(path), **options) == 0
    out, err = capsys.readouterr()
    assert "ALE_AUTH_RECV_ACCEPT_V4 (layer 44)" in out
    assert "Web" in out
    assert "ndtui inspect" in err
