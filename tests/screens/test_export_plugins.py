"""Export formats of somebody else in the dialog: their options, bytes and several files, and those that are broken."""

import gzip
import threading
from pathlib import Path

import pytest

from ndtui.exporters import exporting
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.installing import announce, install_project
from tests.support import exempting

PROJECT = Path(__file__).parents[1] / "testing" / "sample_exporter"
WEB = exempting(
    {"name": "DNS", "protocol": "udp", "remote_ports": [53]},
    {"name": "Web", "protocol": "tcp", "remote_ports": [80, 443]},
    name="web",
)


@pytest.fixture(autouse=True)
def here(tmp_path_factory, monkeypatch):
    """Run in an empty folder, with the sample format installed beside one that is broken."""
    metadata, folder = tmp_path_factory.mktemp("metadata"), tmp_path_factory.mktemp("here")
    install_project(PROJECT, metadata, monkeypatch)
    announce(metadata, "damaged", {"ndtui.exporters": {"damaged": "there.is.no.such.module:Exporter"}})
    monkeypatch.chdir(folder)
    return folder


async def made(desk: Desk) -> None:
    """Wait until what would be written is shown: of formats of others it is made beside the keys."""
    await desk.settle()
    await desk.until(lambda: "exporting ..." not in desk.words)


async def choose(desk: Desk, name: str) -> None:
    """Open the dialog and put the cursor on a format."""
    await desk.keys("x")
    assert isinstance(desk.top, ExportScreen)
    assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == name)
    await made(desk)


async def set_options(desk: Desk, *values: str) -> None:
    """Fill the options that are shown."""
    shown = [field for field in desk.top.query(".option") if field.parent.display]
    for field, value in zip(shown, values, strict=True):
        field.value = value
    await made(desk)


async def test_the_options_of_a_format_are_shown_with_it_and_with_no_other():
    async with at_work(WEB) as desk:
        await choose(desk, "bundle")
        assert "indent" not in desk.words
        await choose_again(desk, "openings")
        for words in ("shape", "text, packed or files: one text", "names", "indent", "how many blanks"):
            assert words in desk.words
        shown = [field.value for field in desk.top.query(".option") if field.parent.display]
        assert shown == ["text", "no", "0"]
        assert "443/tcp" in desk.words


async def choose_again(desk: Desk, name: str) -> None:
    """Put the cursor of the open dialog on another format."""
    assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == name)
    await made(desk)


async def test_what_is_set_is_what_is_shown_and_written(here):
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await set_options(desk, "text", "yes", "2")
        assert "443/tcp Web" in desk.words
        await desk.press("ok")
        assert (here / "web.txt").read_text() == "  80/tcp Web\n  443/tcp Web\n  53/udp DNS\n"
        assert desk.said == ["Exported openings to web.txt"]


async def test_a_wrong_setting_is_said_and_nothing_is_written(here):
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await set_options(desk, "round", "no", "0")
        words = "the option shape cannot be 'round': write text, packed or files"
        assert words in desk.words
        await desk.press("ok")
        assert desk.said == [words]
        assert isinstance(desk.top, ExportScreen)
        assert list(here.iterdir()) == []


async def test_what_cannot_be_said_is_named_and_nothing_is_written(here):
    async with at_work() as desk:
        await choose(desk, "openings")
        words = "the export format openings cannot express exemption ICMP (it is more or less than remote ports)"
        assert words in desk.words
        await desk.press("ok")
        assert desk.said == [f"{words}: tick Lossy to leave it out"]
        assert list(here.iterdir()) == []


async def test_bytes_are_shown_as_numbers(here):
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await set_options(desk, "packed", "no", "0")
        assert "000000 1f 8b 08 00 00 00 00 00" in desk.words
        await desk.press("ok")
        assert gzip.decompress((here / "web.txt").read_bytes()) == b"80/tcp\n443/tcp\n53/udp\n"


async def test_several_files_are_shown_one_by_one_and_go_to_a_folder_that_is_there(here):
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await set_options(desk, "files", "no", "0")
        assert "Folder" in desk.words
        assert desk.top.query_one("#place").value == "."
        shown = str(desk.top.query_one("#preview-text").content)
        assert shown == "tcp.txt, 2 lines\n80/tcp\n443/tcp\n\nudp.txt, 1 line\n53/udp"
        await desk.fill(place="new")
        await desk.press("ok")
        assert desk.said == ["there is no folder new, and the export is several files: name a folder that is there"]
        await desk.fill(place=".")
        await desk.press("ok")
        assert {path.name: path.read_text() for path in here.iterdir()} == {
            "tcp.txt": "80/tcp\n443/tcp\n",
            "udp.txt": "53/udp\n",
        }


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False)])
async def test_of_several_files_those_that_are_there_are_asked_about(here, answer, written):
    (here / "udp.txt").write_text("old")
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await set_options(desk, "files", "no", "0")
        await desk.press("ok")
        assert isinstance(desk.top, ChoiceScreen)
        assert "udp.txt is already there" in desk.words
        assert "tcp.txt is already there" not in desk.words
        await desk.keys(answer)
        assert (here / "tcp.txt").exists() is written
        assert ((here / "udp.txt").read_text() == "53/udp\n") is written


async def test_a_broken_format_is_a_line_that_says_why(here):
    async with at_work(WEB) as desk:
        await choose(desk, "damaged")
        assert "the export format damaged cannot be loaded: ModuleNotFoundError" in desk.words
        await desk.press("ok")
        assert "ModuleNotFoundError" in desk.said[0]
        assert isinstance(desk.top, ExportScreen)
        assert list(here.iterdir()) == []


async def test_what_a_format_cannot_express_is_left_out_where_that_is_wanted(here: Path):
    async with at_work(exempting({"name": "ICMP", "protocol": "icmp"}, name="mine")) as desk:
        await choose(desk, "bundle")
        assert "Lossy" not in desk.words
        await choose_again(desk, "openings")
        assert "cannot express exemption ICMP" in desk.words
        assert "Lossy" in desk.words
        desk.top.query_one("#lossy").value = True
        await made(desk)
        assert "# without exemption ICMP" in desk.words
        await desk.fill(place="ports.txt")
        await desk.press("ok")
    assert (here / "ports.txt").read_text(encoding="utf-8").startswith("# without exemption ICMP: it is more or less")


async def test_what_a_format_of_somebody_else_finds_and_leaves_out_is_shown_before_it_is_written():
    mixed = exempting({"name": "Desk", "protocol": "tcp", "remote_ports": [3389]}, {"name": "ICMP", "protocol": "icmp"})
    async with at_work(mixed) as desk:
        await choose(desk, "openings")
        assert not desk.top.query_one("#told").display
        await desk.keys("tab", "tab", "tab", "tab", "space")
        assert desk.top.query_one("#lossy").value
        await made(desk)
        assert desk.top.query_one("#told").display
        lines = str(desk.top.query_one("#told-text").content).splitlines()
        assert lines[0] == "left out: exemption ICMP (it is more or less than remote ports)"
        assert lines[1].startswith("warning: Remote desktop is left out, and the list says so")
        assert "1 left out, 1 warning" in desk.text


async def test_a_format_of_somebody_else_is_made_beside_the_keys(monkeypatch):
    made_by = []
    whole = exporting.exported

    def exported(exporter, *arguments, **named):
        made_by.append((exporter.name, threading.current_thread().name))
        return whole(exporter, *arguments, **named)

    monkeypatch.setattr(exporting, "exported", exported)
    async with at_work(WEB) as desk:
        await choose(desk, "openings")
        await desk.until(lambda: "443/tcp" in desk.words)
    assert made_by == [("bundle", "MainThread"), ("openings", "beside")]
