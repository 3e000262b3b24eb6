"""What can be taken out of the designer: texts, an object as JSON, a link; where the terminal has no clipboard too."""

import json

import pytest

from ndtui.app import clipboard
from ndtui.common import files
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.documents import filter_document
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.ui.widgets.detail import Detail, lines_text
from tests.desk import at_work


async def test_the_json_of_what_is_selected():
    async with at_work() as desk:
        await desk.keys("1", "G", "C")
        assert json.loads(desk.app.clipboard) == filter_document(desk.table.row)
        await desk.keys("3", "C")
        assert json.loads(desk.app.clipboard) == context_document(desk.table.row)
        await desk.select("exemption:ICMP")
        await desk.keys("C")
        assert json.loads(desk.app.clipboard)["protocol"] == "icmp"
        assert desk.said[-1].startswith("Copied the JSON of the selected row: ")
        await desk.select("rule:base")
        await desk.keys("C")
        assert json.loads(desk.app.clipboard)["mode"] == "negotiation-discovery"
        await desk.select("IKE")
        await desk.keys("C")
        assert desk.said[-1] == "Select an object, a rule or an exemption first"


async def test_a_finding_as_json():
    async with at_work("ms-sample") as desk:
        await desk.keys("4", "j", "right", "j", "C")
        assert {"id", "severity", "remedy"} <= set(json.loads(desk.app.clipboard))


@pytest.mark.parametrize(
    ("text", "environment", "taken"),
    [
        ("short", {"TERM": "xterm-256color"}, True),
        ("short", {"TERM": "tmux-256color"}, True),
        ("short", {"TERM": "linux"}, False),
        ("short", {"TERM": "vt100"}, False),
        ("short", {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ("x" * clipboard.MOST, {"TERM": "xterm"}, True),
        ("é" * clipboard.MOST, {"TERM": "xterm"}, False),
    ],
)
def test_what_a_terminal_can_be_expected_to_take(text: str, environment: dict[str, str], *, taken: bool):
    assert clipboard.takes(text, environment) is taken


async def test_without_a_clipboard_there_is_a_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM_PROGRAM", "Apple_Terminal")
    path = files.data_dir() / "copied.txt"
    async with at_work() as desk:
        await desk.keys("1", "Y")
        assert str(path) in desk.said[-1]
        assert path.read_text(encoding="utf-8") == desk.table.text()
        await desk.keys("y")
        assert path.read_text(encoding="utf-8") != desk.table.text()


async def test_read_only_writes_no_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM_PROGRAM", "Apple_Terminal")
    async with at_work(read_only=True) as desk:
        await desk.keys("1", "Y")
        assert "read-only writes no file" in desk.said[-1]
    assert not (files.data_dir() / "copied.txt").exists()


async def test_a_link_is_whole_and_can_be_copied_or_opened(monkeypatch: pytest.MonkeyPatch):
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    async with at_work(size=(60, 24)) as desk:
        monkeypatch.setattr(desk.app, "open_url", opened.append)
        await desk.select("extended_mode")
        [link] = desk.app.links
        assert link.startswith("https://learn.microsoft.com/")
        await desk.keys("l")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("c")
        assert desk.app.clipboard == link
        await desk.keys("l", "o")
        assert opened == [link]


async def test_each_of_several_links_can_be_copied_and_opened(monkeypatch: pytest.MonkeyPatch):
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    async with at_work(size=(60, 24)) as desk:
        monkeypatch.setattr(desk.app, "open_url", opened.append)
        await desk.keys("1")
        first, second = desk.app.links
        for number, link in enumerate((first, second)):
            for answer in "co":
                await desk.keys("l", *["j"] * number)
                assert link in desk.words.replace(" ", "")
                await desk.keys("enter")
                assert isinstance(desk.top, ChoiceScreen)
                assert link in desk.words.replace(" ", "")
                await desk.keys(answer)
                assert desk.top is desk.app.designer
            assert desk.app.clipboard == link
        assert opened == [first, second]
        await desk.keys("l", "escape")
        assert desk.top is desk.app.designer


async def test_without_a_browser_a_link_can_only_be_copied(monkeypatch: pytest.MonkeyPatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    async with at_work() as desk:
        await desk.select("extended_mode")
        await desk.keys("l")
        assert "Open" not in desk.words
        await desk.keys("n")
        await desk.select("add")
        await desk.keys("l")
        assert desk.said[-1] == "The explanation names no page"


async def test_rows_and_tables_of_a_plan_and_of_what_is_applied(tmp_path):
    async with at_work(store=tmp_path / "store.sqlite3") as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("j", "y")
        assert desk.app.clipboard == lines_text(desk.top.query_one(Detail).lines)
        assert "IKE main mode" in desk.app.clipboard
        await desk.keys("Y")
        assert desk.app.clipboard.startswith("does\tobject")
        assert desk.said[-1].startswith("Copied all rows: ")
        await desk.keys("/", *"icmp", "enter", "Y")
        assert desk.said[-1].startswith("Copied the shown rows: ")
        assert "IKE main mode" not in desk.app.clipboard
        await desk.keys("escape", "escape", "b")
        await desk.planned()
        await desk.keys("Y")
        assert desk.app.clipboard.startswith("rev\twhen")
        await desk.keys("tab", "Y")
        assert not desk.app.clipboard.startswith("rev\twhen")
