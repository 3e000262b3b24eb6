"""Export: every format is shown before it is written, and what is there already is never written over unasked."""

import asyncio
import csv
import io
import json
import threading
import tomllib
import zipfile
from typing import Any

import pytest

from ndtui.common.counted import counted
from ndtui.common.plugins import Plugin
from ndtui.exporters import exporting
from ndtui.exporters.contract import Export
from ndtui.exporters.registry import BUILT_IN, ExporterStatus, available, exporter, inspect
from ndtui.model.compiled.compile import compile_design
from ndtui.screens.dialogs import export
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.export_preview import preview
from ndtui.ui.state import beside
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design, documents, exempting, with_windows_main_mode


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Run in an empty folder: a file named without one is written here."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def choose(desk: Desk, name: str) -> None:
    """Open the dialog and put the cursor on a format."""
    await desk.keys("x")
    assert isinstance(desk.top, ExportScreen)
    assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == name)
    await desk.settle()


@pytest.mark.parametrize("name", BUILT_IN)
async def test_each_format_is_written_as_it_is(here, name):
    async with at_work(with_windows_main_mode()) as desk:
        await choose(desk, name)
        wanted = exporting.export(exporter(name), desk.bench.filterset, {}).content
        proposed = desk.top.query_one("#place").value
        assert proposed == f"nd-transport{exporter(name).suffix}"
        assert exporter(name).title[:40] in desk.words
        first = "design.toml, " if isinstance(wanted, bytes) else wanted.split("\n")[0][:40]
        await desk.until(lambda: first in desk.text)  # some are made beside the keys
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        written = (here / proposed).read_bytes()
        assert (written if isinstance(wanted, bytes) else written.decode().replace("\r\n", "\n")) == wanted
        assert desk.said == [f"Exported {name} to {proposed}"]
        assert [path.name for path in here.iterdir()] == [proposed]


async def test_what_is_written_is_what_is_open(here):
    async with at_work(with_windows_main_mode()) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        made = desk.design
        for name in BUILT_IN:
            await choose(desk, name)
            await desk.fill(place=f"out.{name}")
            await desk.press("ok")
        bundle = json.loads((here / "out.bundle").read_text(encoding="utf-8"))
        assert bundle["filters"] == documents(made)["filters"]
        sayable = [name for name in BUILT_IN if name != "netsh"]  # which has no word for one keying module
        assert {path.name for path in here.iterdir()} == {f"out.{name}" for name in sayable}
        assert len(bundle["filters"]) == 16
        assert tomllib.loads((here / "out.design").read_text(encoding="utf-8"))["keying_modules"] == ["AuthIP"]
        with (here / "out.table").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == 17
        assert "nd-transport" in (here / "out.report").read_text(encoding="utf-8")


async def test_the_proposed_name_follows_the_format_until_it_is_changed():
    async with at_work() as desk:
        await desk.keys("x")
        seen = []
        for _ in BUILT_IN:
            seen.append(desk.top.query_one("#place").value.rpartition(".")[2])
            await desk.keys("j")
        assert seen == ["json", "c", "toml", "reg", "zip", "html", "cmd", "xml", "ps1", "py", "md", "csv"]
        await desk.fill(place="mine.txt")
        await desk.keys("g")
        assert desk.top.query_one("#place").value == "mine.txt"


@pytest.mark.parametrize("name", ["[/x] [b", "a/b", "../up", "a" * 300, "鍵" * 300, "c:\\x", "שלום", "\U0001f512"])
async def test_the_proposed_name_is_a_file_name_in_this_folder(here, name):
    async with at_work(design(name=name)) as desk:
        await desk.keys("x", "enter")
        assert desk.top is desk.app.designer, desk.said
        assert len(list(here.iterdir())) == 1
        assert [path.suffix for path in here.iterdir()] == [".json"]


@pytest.mark.parametrize("focus", ["#formats", "#lossy", "#preview", "#place", "#ok"])
async def test_enter_writes_the_first_time_wherever_the_focus_is(here, focus):
    async with at_work(exempting({"name": "Agent", "protocol": "tcp", "program": "C:\\agent.exe"})) as desk:
        await choose(desk, "handover")
        desk.top.query_one("#lossy").value = True
        desk.top.query_one(focus).focus()
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert [path.name for path in here.iterdir()] == ["test.zip"]


async def test_a_click_on_the_chosen_format_goes_on_to_the_place(here):
    async with at_work() as desk:
        await desk.keys("x")
        await desk.pilot.click("#formats", offset=(5, 0))
        assert desk.app.focused.id == "place"
        assert list(here.iterdir()) == []


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False), ("escape", False), ("enter", False)])
async def test_writing_over_a_file_asks(here, answer, written):
    (here / "there.json").write_text("old")
    async with at_work() as desk:
        await choose(desk, "bundle")
        await desk.fill(place="there.json")
        await desk.press("ok")
        assert isinstance(desk.top, ChoiceScreen)
        assert "there.json is already there" in desk.words
        await desk.keys(answer)
        assert isinstance(desk.top, ExportScreen) is not written
        assert ((here / "there.json").read_text() == "old") is not written


async def test_a_place_that_cannot_be_written_is_said_and_the_dialog_stays(here):
    (here / "file").write_text("no folder")
    (here / "folder").mkdir()
    async with at_work() as desk:
        await choose(desk, "design")
        for number, place in enumerate(("file/x.toml", "folder", "x" * 300, "~nobody-of-this-name/x", "x\0y"), 1):
            await desk.fill(place=place)
            await desk.press("ok")
            assert isinstance(desk.top, ExportScreen), place
            assert len(desk.said) == number, place
            assert place[:20].replace("\0", "\\x00") in desk.said[-1]
        await desk.fill(place="   ")
        await desk.press("ok")
        assert desk.said[-1] == "Say where to: a file name is missing"
        assert sorted(path.name for path in here.iterdir()) == ["file", "folder"]
        await desk.press("cancel")
        assert desk.top is desk.app.designer


async def test_a_folder_that_is_not_there_is_said_and_not_made(here):
    async with at_work() as desk:
        await choose(desk, "design")
        await desk.fill(place="new/folder/x.toml")
        await desk.press("ok")
        assert isinstance(desk.top, ExportScreen)
        assert "there is no folder" in desk.said[-1]
        assert list(here.iterdir()) == []


async def test_closing_writes_nothing(here):
    async with at_work() as desk:
        await desk.keys("x", "escape")
        assert desk.top is desk.app.designer
        assert list(here.iterdir()) == []


async def test_a_long_preview_says_how_much_is_left_out():
    many = design(exemptions=[{"name": f"e{n}", "protocol": "udp"} for n in range(300)])
    async with at_work(many) as desk:
        await choose(desk, "table")
        await desk.until(lambda: "exporting ..." not in desk.words)
        lines = exporting.export(exporter("table"), compile_design(many), {}).content.count("\n")
        shown = str(desk.top.query_one("#preview-text").content)
        assert 100 < shown.count("\n") < 400
        assert shown.endswith(f"... {lines - shown.count(chr(10)):,} more lines")


def test_of_short_lines_a_preview_shows_more_than_of_long_ones():
    assert preview(Export("x\n" * 1_000)) == "x\n" * 400 + "... 600 more lines"
    assert preview(Export("x\n" * 9_000_000)).endswith("x\n... 8,999,600 more lines")  # more than is looked at at once
    long = preview(Export(f"{'x' * 300}\n" * 1_000))
    assert long.count("\n") < 200
    assert long.endswith(f"... {1_000 - long.count(chr(10))} more lines")
    assert preview(Export("one\ntwo")) == "one\ntwo"


async def test_what_is_shown_of_a_large_export_is_made_beside_the_keys(monkeypatch):
    made_in = []

    def note(export: Export) -> str:
        made_in.append(threading.current_thread())
        return preview(export)

    monkeypatch.setattr("ndtui.ui.state.beside.AT_ONCE", 0)
    monkeypatch.setattr("ndtui.screens.dialogs.export.preview", note)
    async with at_work() as desk:
        await desk.keys("x")
        await desk.until(lambda: '"format"' in desk.text)
    assert made_in
    assert threading.main_thread() not in made_in


def test_a_long_line_of_a_preview_says_how_much_is_left_out():
    shown = preview(Export(f"first\n{'x' * 1_234_567}\nlast\n"))
    assert shown == f"first\n{'x' * 300} ... 1,234,267 more characters\nlast"


async def test_read_only_writes_no_export(here):
    """Read-only promises to change nothing outside; what can be seen can still be copied from the preview."""
    (here / "there.json").write_text("old")
    async with at_work(read_only=True) as desk:
        await desk.keys("x")
        if isinstance(desk.top, ExportScreen):
            await desk.fill(place="there.json")
            await desk.press("ok")
            if isinstance(desk.top, ChoiceScreen):
                await desk.keys("y")
        assert (here / "there.json").read_text() == "old"


class SlowExport:
    """Exporting, which does not end before it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[str] = []
        self.threads: set[threading.Thread] = set()
        self.go_on = threading.Semaphore(0)
        self._exported = exporting.exported
        monkeypatch.setattr(beside, "AT_ONCE", 0)
        monkeypatch.setattr(exporting, "exported", self.exported)

    def exported(self, exporter, filterset, given, *, lossy=False):
        self.begun.append(exporter.name)
        self.threads.add(threading.current_thread())
        assert self.go_on.acquire(timeout=60)
        return self._exported(exporter, filterset, given, lossy=lossy)


async def test_keys_are_answered_while_a_large_design_is_exported(here, monkeypatch):
    slow, last = SlowExport(monkeypatch), list(BUILT_IN)[-1]
    async with at_work() as desk:
        desk.waits_for_works = False
        await desk.keys("x")
        await desk.until(lambda: slow.begun)
        first = desk.top.query_one(RowTable).row.info.name
        assert "exporting ..." in desk.words
        for name in BUILT_IN:  # each in turn; only the last one is still wanted when the first is done
            desk.top.query_one(RowTable).go_to(lambda row, name=name: row.info.name == name)
            await desk.settle()
        await desk.fill(place="out")
        await desk.press("ok")
        assert desk.top is not desk.app.designer
        slow.go_on.release(9)
        await desk.until(lambda: desk.top is desk.app.designer)
        assert slow.begun == [first, last]
        assert threading.main_thread() not in slow.threads
        wanted = exporting.export(exporter(last), desk.bench.filterset, {}).content
        assert (here / "out").read_text(encoding="utf-8") == wanted
        assert desk.said == [f"Exported {last} to out"]


async def test_a_large_export_is_shown_when_it_has_been_made(monkeypatch):
    slow = SlowExport(monkeypatch)
    async with at_work() as desk:
        await choose(desk, "table")
        assert "exporting ..." in desk.words
        slow.go_on.release(9)
        await desk.until(lambda: "exporting ..." not in desk.words)
        assert exporting.export(exporter("table"), desk.bench.filterset, {}).content.split("\n")[0][:40] in desk.text
        assert desk.top.query_one("#place").value == "nd-transport.csv"


async def test_a_format_that_is_wanted_no_more_is_not_made_to_its_end(monkeypatch):
    """It ends at its next count, and only then what is chosen now is begun: never two at once."""
    monkeypatch.setattr(beside, "AT_ONCE", 0)
    told, begun, ended = threading.Event(), [], []
    made = exporting.exported

    def exported(maker, filterset, given, *, lossy=False):
        begun.append(maker.name)
        try:
            if maker.name == "report":
                for _ in counted(range(10**9)):
                    told.set()
            return made(maker, filterset, given, lossy=lossy)
        finally:
            ended.append(maker.name)

    monkeypatch.setattr(exporting, "exported", exported)
    async with at_work() as desk:
        await choose(desk, "report")
        await desk.until(told.is_set)
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "table")
        await desk.until(lambda: "exporting ..." not in desk.words)
        assert begun[-2:] == ["report", "table"]
        assert ended[-2:] == ["report", "table"]
        assert "IKEEXT" in desk.text
        told.clear()
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "report")
        await desk.until(told.is_set)
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "table")  # it has been made: no work
        await desk.until(lambda: ended[-1] == "report")
        assert begun[-2:] == ["table", "report"]
        assert "exporting ..." not in desk.words


async def test_the_dialog_can_be_left_while_a_large_design_is_exported(here, monkeypatch):
    slow = SlowExport(monkeypatch)
    async with at_work() as desk:
        await choose(desk, "table")
        await desk.until(lambda: slow.begun)
        await desk.keys("escape")
        assert desk.top is desk.app.designer
        slow.go_on.release(9)
        await desk.keys("j")
    assert list(here.iterdir()) == []


async def test_what_is_no_longer_wanted_is_not_shown_when_it_has_been_made(monkeypatch):
    slow = SlowExport(monkeypatch)
    async with at_work() as desk:
        await choose(desk, "report")
        await desk.until(lambda: slow.begun)
        first = slow.begun[0]
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "table")
        await desk.settle()
        slow.go_on.release()
        await desk.until(lambda: len(slow.begun) == 2)
        assert slow.begun == [first, "table"]
        assert "exporting ..." in desk.words
        slow.go_on.release(9)
        await desk.until(lambda: "exporting ..." not in desk.words)


async def test_a_filter_that_leaves_no_format():
    async with at_work() as desk:
        await desk.keys("x", "f3", *"nothing is called so", "enter")
        assert desk.top.query_one(RowTable).row is None
        assert "No format is chosen" in desk.words
        await desk.keys("escape")
        assert desk.top.query_one(RowTable).row is not None
        assert "No format is chosen" not in desk.words


def test_tabs_before_a_line_are_blanks_in_a_preview():
    assert preview(Export("a\n\t\t<b>\tc\n")) == "a\n    <b>\\tc"


@pytest.mark.parametrize(("rules", "in_thread"), [(9, True), (2, False)])
async def test_of_many_rules_an_export_is_made_beside_the_keys(
    rules: int, in_thread: bool, monkeypatch: pytest.MonkeyPatch
):
    made_by: list[str] = []
    whole = exporting.exported

    def exported(*arguments: Any, **named: Any) -> exporting.Exported:
        made_by.append(threading.current_thread().name)
        return whole(*arguments, **named)

    monkeypatch.setattr(exporting, "exported", exported)
    scopes = [{"name": f"r{n}", "scope": {"protocol": "tcp", "local_ports": [1 + n]}} for n in range(rules)]
    async with at_work(design(version=2, rules=scopes)) as desk:
        await desk.keys("x")
        await desk.until(lambda: "ndtui-bundle" in str(desk.top.query_one("#preview-text").content))
    assert made_by == ["beside" if in_thread else "MainThread"]


def told(desk: Desk) -> list[str]:
    """Return what is said of the export that is shown, empty where nothing is."""
    if not desk.top.query_one("#told").display:
        return []
    return str(desk.top.query_one("#told-text").content).splitlines()


async def test_what_has_to_be_known_is_shown_above_the_preview_before_it_is_written():
    async with at_work("nd-transport") as desk:
        await choose(desk, "bundle")
        assert told(desk) == []
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "powershell")
        await desk.settle()
        found = exporting.exported(exporter("powershell"), desk.bench.filterset, {}).findings
        assert told(desk) == [each.line for each in found]
        assert f"1 warning, {len(found) - 1} notes" in desk.text
        assert "Remote management from hosts without a matching" in desk.text
        assert "#requires -Version 5.1" in desk.text
        assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == "design")
        await desk.settle()
        assert told(desk) == []


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_what_has_to_be_known_leaves_the_preview_and_the_buttons_their_place(size):
    async with at_work("nd-transport", size=size) as desk:
        await choose(desk, "powershell")
        assert "1 warning, " in desk.text
        assert "#requires -Version 5.1" in desk.text
        assert "Write (enter)" in desk.text
        pane = desk.top.query_one("#told")
        pane.focus()
        await desk.keys("G")
        assert "[local-rules]" in desk.words


GPO_HINTS = {option.name: f"{option.takes}: {option.help}" for option in exporter("gpo-reg").options}
LOSSY = "leave out what cannot be expressed; the head names it"


@pytest.mark.parametrize("size", [(60, 15), (60, 20), (80, 24)])
async def test_what_an_option_is_for_is_whole_where_the_focus_is_and_cut_with_a_sign_elsewhere(size):
    async with at_work("nd-transport", size=size) as desk:
        await choose(desk, "gpo-reg")
        lines = [line for line in desk.text.splitlines() if line.startswith(tuple(f"│ {name} " for name in GPO_HINTS))]
        assert [line.count("…") for line in lines] == [1] * len(GPO_HINTS)
        for hint in GPO_HINTS.values():
            await desk.keys("tab")
            assert [each for each in GPO_HINTS.values() if each in desk.words] == [hint]
        await desk.keys("tab")
        assert LOSSY in desk.words


async def test_on_a_tall_screen_what_every_option_is_for_is_whole():
    async with at_work("nd-transport", size=(100, 40)) as desk:
        await choose(desk, "gpo-reg")
        assert all(hint in desk.words for hint in (*GPO_HINTS.values(), LOSSY))
        assert "Write (enter)" in desk.text


async def test_an_option_changes_what_has_to_be_known():
    async with at_work() as desk:
        await choose(desk, "powershell")
        assert not any("[host-wide-icmp]" in line for line in told(desk))
        (field,) = [field for field in desk.top.query(".option") if field.parent.display]
        field.value = "yes"
        await desk.settle()
        assert any("[host-wide-icmp]" in line for line in told(desk))


async def test_what_is_left_out_is_named_before_it_is_written(here):
    agent = exempting({"name": "Agent", "protocol": "tcp", "program": "C:\\agent.exe"})
    async with at_work(agent) as desk:
        await choose(desk, "handover")
        await desk.until(lambda: "tick Lossy" in desk.words)
        assert "exemption 'Agent' (IPsec rules have no program)" in desk.words
        assert told(desk) == []
        desk.top.query_one("#lossy").value = True
        await desk.until(lambda: told(desk))
        assert told(desk)[0] == "left out: exemption 'Agent' (IPsec rules have no program)"
        assert "1 left out, 1 warning" in desk.text
        assert list(here.iterdir()) == []


async def test_what_is_no_longer_shown_has_nothing_to_be_known(monkeypatch):
    async with at_work() as desk:
        await choose(desk, "powershell")
        assert told(desk)
        await desk.keys("f3", *"nothing is called so", "enter")
        assert told(desk) == []


async def test_standard_output_is_the_designers_own(here):
    async with at_work() as desk:
        await choose(desk, "powershell")
        await desk.fill(place="-")
        await desk.press("ok")
        assert desk.said == ["Standard output is the designer's own: name a file, or run ndtui export -f powershell"]
        assert isinstance(desk.top, ExportScreen)
        assert list(here.iterdir()) == []


def zipped(files: dict[str, bytes]) -> Export:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Export(buffer.getvalue())


def test_a_zip_file_is_shown_file_by_file():
    shown = preview(zipped({"a.txt": b"one\r\ntwo\r\n", "b.bin": b"\xff\x00", "c\x1b.txt": "\u00e9\n".encode()}))
    assert shown == (
        f"a.txt, 10 bytes\none\ntwo\n\nb.bin, 2 bytes\n000000  ff 00{' ' * 43} ..\n\nc\\x1b.txt, 3 bytes\n\u00e9"
    )


def test_of_a_zip_file_no_more_is_unpacked_than_is_shown():
    shown = preview(zipped({"large.txt": "\u00e9".encode() * 3_000_001}))
    assert shown.startswith("large.txt, 400,000 bytes and more\n\u00e9\u00e9")
    assert len(shown) < 1_000
    many = preview(zipped({f"{n}.txt": b"x\n" for n in range(25)}))
    assert many.endswith("19.txt, 2 bytes\nx\n\n... 5 more files")


def test_a_zip_file_that_cannot_be_read_is_shown_as_numbers():
    whole = zipped({"a.txt": b"one\n" * 100}).content
    assert isinstance(whole, bytes)
    assert preview(Export(whole[:60])).startswith("000000  50 4b 03 04")
    damaged = bytearray(whole)
    damaged[40:44] = b"\xff\xff\xff\xff"  # within what is packed: it cannot be unpacked
    assert preview(Export(bytes(damaged))).startswith("000000  50 4b 03 04")
    inside = preview(zipped({"inner.zip": whole}))
    assert "inner.zip" in inside
    assert "000000  50 4b 03 04" in inside


async def test_formats_are_imported_one_in_a_turn_of_the_event_loop(monkeypatch: pytest.MonkeyPatch):
    loop, turns = asyncio.get_running_loop(), list[str]()

    def load(plugin: Plugin) -> ExporterStatus:
        loop.call_soon(turns.append, "a turn")
        turns.append(plugin.name)
        return inspect(plugin)

    monkeypatch.setattr(export, "inspect", load)
    found = await export.loaded_formats()
    assert [each.info.name for each in found] == [each.name for each in available()]
    assert turns == [each for plugin in available() for each in (plugin.name, "a turn")]
