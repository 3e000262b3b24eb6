"""Opening a file by its path, recent files, and what the palette finds by name."""

import json
import os
from pathlib import Path
from threading import Event

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from ndtui.cli.arguments.sources import read_source
from ndtui.exporters.bundle.bundle import format_bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from ndtui.screens.dialogs import open_file
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.dialogs.preset_browser import Heading, PresetsScreen
from ndtui.ui.keys import palette_names
from ndtui.ui.rows.path_matches import path_matches
from ndtui.ui.state import recent_files
from ndtui.ui.widgets.row_table import RowTable
from tests.analysis.connection_security.rule_files import ISOLATION, TUNNEL, netsecurity, registry
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset

SITE = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, name="site")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the designer was started in, with a design."""
    made = tmp_path / "work"
    made.mkdir()
    monkeypatch.chdir(made)
    presets.save(SITE, made / "site.toml")
    return made


def remembered() -> list[str]:
    return [each.path.name for each in recent_files.recent()]


def rows(desk: Desk) -> list[str]:
    found = desk.top.query_one(RowTable).rows
    return [row.text if isinstance(row, Heading) else row.preset.name for row in found]


async def open_path(desk: Desk, text: str) -> None:
    await desk.keys("O")
    assert isinstance(desk.top, OpenFileScreen)
    await desk.write(text)
    await desk.keys("enter")


async def test_a_file_is_opened_by_its_path_and_saved_there(folder):
    async with at_work() as desk:
        await open_path(desk, "site.toml")
        await desk.until(lambda: desk.design == SITE)
        assert desk.bench.path == Path("site.toml")
        assert desk.bench.untouched
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert desk.said == ["Saved to site.toml"]
        await desk.until(lambda: remembered() == ["site.toml"])


async def test_tab_completes_and_names_what_there_is(folder):
    presets.save(SITE, folder / "second.toml")
    (folder / "sites").mkdir()
    async with at_work() as desk:
        await desk.keys("O")
        await desk.until(lambda: "second.toml site.toml sites/".replace("/", os.sep) in desk.words)
        await desk.keys("s", "i", "tab")
        await desk.until(lambda: desk.top.query_one(Input).value == "site")
        await desk.keys(".", "tab")
        await desk.until(lambda: desk.top.query_one(Input).value == "site.toml")
        await desk.keys("enter")
        await desk.until(lambda: desk.design == SITE)


async def test_completing_on_a_slow_disk_is_left_with_escape(folder, monkeypatch):
    free = Event()

    def slow(text):
        assert text != "si" or free.wait(60)
        return path_matches(text)

    async with at_work() as desk:
        desk.waits_for_works = False
        await desk.keys("O", "s", "i")
        monkeypatch.setattr(open_file, "path_matches", slow)
        await desk.keys("tab")
        await desk.until(lambda: "Listing files ..." in desk.words)
        await desk.keys("escape")
        await desk.until(lambda: "Listing files ..." not in desk.words)
        assert isinstance(desk.top, OpenFileScreen)
        free.set()
        await desk.keys("t", "tab")
        await desk.until(lambda: desk.top.query_one(Input).value == "site.toml")
        await desk.keys("escape")
        assert desk.top is desk.app.designer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no file no.toml"),
        (b'name = "x"\nlifetime = "long"\n', "no.toml: line 2: lifetime"),
        (b"\xff\xff", "no.toml is no UTF-8 text"),
        (b"{}", "no.toml"),
    ],
)
async def test_what_is_wrong_is_said_in_the_dialog(folder, content, said):
    if content is not None:
        (folder / "no.toml").write_bytes(content)
    async with at_work(size=(60, 20)) as desk:
        before = desk.design
        await open_path(desk, "no.toml")
        await desk.until(lambda: said in desk.problem)
        assert isinstance(desk.top, OpenFileScreen)
        await desk.keys("escape")
        assert desk.design == before
        assert remembered() == []


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_a_long_refusal_is_read_to_its_end(folder, size):
    name = "one that somebody has edited by hand, and more than once.json"
    text = format_bundle(compile_design(SITE)).replace("FWP_ACTION_", "FWP_ACTION_X")
    (folder / name).write_text(text, encoding="utf-8")
    async with at_work(size=size) as desk:
        await open_path(desk, name)
        await desk.until(lambda: "was edited by hand" in desk.words)
        assert "edits of other parts have no effect" in desk.words.replace(" │ │ ", " ")


async def test_nothing_written_opens_nothing(folder):
    async with at_work() as desk:
        await desk.keys("O", "enter")
        assert desk.problem == "Write the path of a file"


async def test_what_is_wrong_is_not_replaced_by_a_folder_that_is_listed_late(folder, monkeypatch):
    free, listed = Event(), Event()

    def late(text):
        assert free.wait(60)
        listed.set()
        return path_matches(text)

    monkeypatch.setattr(open_file, "path_matches", late)
    async with at_work() as desk:
        desk.waits_for_works = False
        await desk.keys("O", "enter")
        free.set()
        await desk.until(listed.is_set)
        await desk.pause(0.05)
        assert desk.problem == "Write the path of a file"


@pytest.mark.parametrize(("key", "kept"), [("d", False), ("n", True)])
async def test_opening_asks_about_unsaved_work(folder, key, kept):
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space")
        dirty = desk.design
        await open_path(desk, "site.toml")
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
        await desk.keys(key)
        assert desk.design == (dirty if kept else SITE)


async def test_a_bundle_is_opened_and_not_written_over(folder):
    text = format_bundle(compile_design(SITE))
    (folder / "site.json").write_text(text, encoding="utf-8")
    async with at_work() as desk:
        await open_path(desk, "site.json")
        await desk.until(lambda: desk.design == SITE)
        assert desk.bench.path is None
        assert desk.said == ["site.json is JSON: saving makes a preset of it"]


NETSH = "netsh advfirewall consec add rule name=Isolation endpoint1=any endpoint2=any action=requireinrequestout"
RULES = {
    "isolation.reg": registry(ISOLATION),
    "isolation.cmd": NETSH,
    "isolation.json": json.dumps([netsecurity()]),
}


@pytest.mark.parametrize("name", RULES)
async def test_connection_security_rules_are_opened_as_at_the_start(folder, name):
    (folder / name).write_text(RULES[name], encoding="utf-8")
    async with at_work() as desk:
        await open_path(desk, name)
        await desk.until(lambda: desk.design.name == "isolation")
        assert desk.bench.path is None
        remarks: list[str] = []
        assert desk.design == read_source(name, remarks.append).design
        assert desk.said == [each.removeprefix("note: ") for each in remarks]
        assert "was read as connection security rules of Windows Firewall: 1 rule" in desk.said[0]


async def test_of_rules_it_is_said_what_a_design_cannot_say(folder):
    (folder / "two.reg").write_text(registry(ISOLATION, TUNNEL), encoding="utf-16")
    async with at_work() as desk:
        await open_path(desk, "two.reg")
        await desk.until(lambda: desk.said)
        assert desk.said[0].endswith("1 thing could not be said, ndtui import names it")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rules.ps1", b"New-NetIPsecRule -DisplayName x\n", "is a PowerShell script"),
        ("x.zip", b"PK\x03\x04\0", "is a zip file, and no text: ndtui import reads a handover"),
    ],
)
async def test_what_is_no_design_is_refused_by_what_it_seems_to_be(folder, name, data, said):
    (folder / name).write_bytes(data)
    async with at_work() as desk:
        await open_path(desk, name)
        await desk.until(lambda: said in desk.problem)


# Recent files.


async def test_recent_files_stand_above_the_presets(folder):
    recent_files.remember(folder / "site.toml")
    async with at_work(size=(100, 40)) as desk:
        await desk.keys("o")
        assert rows(desk) == ["Recent", "site", "Presets", *(each.name for each in presets.shipped())]
        await desk.until(lambda: "20 filters" in desk.words or "filters in" in desk.words)
        assert str(folder)[:20] in desk.text
        await desk.keys("enter")
        await desk.until(lambda: desk.design == SITE)
        assert desk.bench.path == folder / "site.toml"


async def test_what_was_opened_at_the_start_is_remembered(folder):
    async with at_work(SITE, path=folder / "site.toml") as desk:
        await desk.until(lambda: remembered() == ["site.toml"])


async def test_read_only_remembers_nothing(folder):
    async with at_work(SITE, path=folder / "site.toml", read_only=True) as desk:
        await open_path(desk, "site.toml")
        await desk.until(lambda: isinstance(desk.top, type(desk.app.designer)))
    assert remembered() == []


async def test_one_that_is_gone_is_said_and_left_out(folder):
    recent_files.remember(folder / "gone.toml")
    async with at_work() as desk:
        before = desk.design
        await desk.keys("o", "enter")
        await desk.until(lambda: desk.said)
        assert desk.said[0].startswith(f"there is no file {folder / 'gone.toml'}")
        assert desk.design == before
        assert remembered() == []


async def test_one_that_is_no_design_is_said_and_stays(folder):
    (folder / "bad.toml").write_text('name = "x"\nlifetime = 5\n', encoding="utf-8")
    recent_files.remember(folder / "bad.toml")
    async with at_work(size=(100, 40)) as desk:
        await desk.keys("o")
        await desk.until(lambda: "line 2: lifetime" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: desk.said)
        assert "line 2: lifetime" in desk.said[0]
        assert remembered() == ["bad.toml"]


async def test_leaving_one_out_of_the_list_leaves_the_file(folder):
    recent_files.remember(folder / "site.toml")
    async with at_work() as desk:
        await desk.keys("o", "d")
        assert isinstance(desk.top, PresetsScreen)
        assert "Recent" not in rows(desk)
        assert remembered() == []
        assert (folder / "site.toml").exists()


async def test_the_browser_leads_to_a_path_too(folder):
    async with at_work() as desk:
        await desk.keys("o", "O")
        assert isinstance(desk.top, OpenFileScreen)


async def test_a_list_that_cannot_be_kept_is_said_once(folder, monkeypatch):
    (folder / "file").touch()
    monkeypatch.setenv("NDTUI_DATA_DIR", str(folder / "file"))
    async with at_work(SITE, path=folder / "site.toml") as desk:
        await desk.until(lambda: desk.said)
        assert desk.said[0].startswith("Recent files cannot be kept: the folder")


# The palette finds what has a name.


async def found(desk: Desk, text: str) -> list[str]:
    """Type into the palette, and return what it offers, line by line."""
    await desk.keys(":")
    assert isinstance(desk.top, CommandPalette)
    await desk.write(text)
    options = desk.top.query_one(OptionList)
    await desk.until(lambda: options.option_count and not desk.top.query_one("#--input Input").loading)
    for worker in desk.app.workers:
        if worker.node is desk.top and not worker.is_finished:
            await worker.wait()
    await desk.settle()
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


async def test_a_preset_is_opened_by_its_name():
    async with at_work() as desk:
        offers = await found(desk, "boundary")
        assert [each for each in offers if "boundary" in each] == ["Open nd-boundary\nshipped preset"]
        await desk.keys("enter")
        await desk.until(lambda: desk.design == preset("nd-boundary"))


async def test_a_recent_file_is_opened_by_its_name(folder):
    recent_files.remember(folder / "site.toml")
    async with at_work(size=(140, 40)) as desk:
        offers = await found(desk, "site")
        assert offers[0] == f"Open site\n{folder}"
        await desk.keys("enter")
        await desk.until(lambda: desk.design == SITE)


async def test_an_exemption_and_a_filter_are_gone_to(folder):
    async with at_work(SITE) as desk:
        offers = await found(desk, "dns")
        assert offers[0] == "DNS\nExemption: go to it"
        assert "exempt DNS\nFilter of INBOUND_TRANSPORT_V4: go to it" in offers
        await desk.keys("enter")
        assert desk.app.selection.exemption is not None
        assert desk.app.selection.exemption.name == "DNS"
        await desk.keys("2")
        offers = await found(desk, "exempt dns")
        assert sum("Filter of" in each for each in offers) == 6
        await desk.keys("down", "enter")
        assert desk.app.designer.view_name == "filters"
        chosen = desk.app.selection.filter
        assert chosen is not None
        assert f"{chosen.label}\nFilter of {chosen.slot.layer.removeprefix('FWPM_LAYER_')}: go to it" == offers[1]


async def test_a_rule_is_gone_to():
    async with at_work() as desk:
        await desk.keys("1")
        offers = await found(desk, "base")
        assert offers[0] == "base\nRule: go to it"
        await desk.keys("enter")
        assert desk.app.focused is desk.decisions
        assert desk.decisions.row.name == "base"


def many(count: int) -> Design:
    return exempting(*({"name": f"Box {n}", "protocol": "tcp", "remote_ports": [n]} for n in range(1, count + 1)))


async def test_of_each_kind_twenty_are_offered_and_none_for_a_letter():
    async with at_work(many(50)) as desk:
        offers = await found(desk, "box")
        assert sum("Exemption" in each for each in offers) == palette_names.MOST
        assert sum("Filter of" in each for each in offers) == palette_names.MOST
        await desk.keys("escape")
        offers = await found(desk, "b")
        assert not any("Exemption" in each or "Filter of" in each for each in offers)


async def test_hostile_names_are_shown_and_do_nothing():
    made = exempting({"name": "[/x] [b] " + "y" * 180, "protocol": "tcp"})
    async with at_work(made) as desk:
        offers = await found(desk, "[/x]")
        assert offers[0].startswith("[/x] [b] yyy")
        await desk.keys("enter")
        assert desk.app.selection.exemption == made.exemptions[0]


async def test_a_hostile_path_is_shown_and_does_nothing(tmp_path):
    folder = tmp_path / "[b]x[red]"
    folder.mkdir()
    presets.save(SITE, folder / "[i]site.toml")
    recent_files.remember(folder / "[i]site.toml")
    async with at_work() as desk:
        offers = await found(desk, "site")
        assert offers[0] == f"Open [i]site\n{folder}"
        await desk.keys("escape", "o")
        await desk.until(lambda: "filters in" in desk.words)
        assert "[i]site" in desk.text
        await desk.keys("escape", "O")
        await desk.write(f"{folder}/")
        await desk.until(lambda: "[i]site.toml" in desk.problem)


async def test_over_another_screen_there_are_only_its_actions():
    async with at_work(SITE) as desk:
        await desk.keys("t")
        assert not any("Exemption" in each for each in await found(desk, "dns back"))


async def test_a_preset_by_name_asks_about_unsaved_work():
    async with at_work(change(design(name="mine"), lifetime="persistent")) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        await found(desk, "boundary")
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.top, ChoiceScreen))
