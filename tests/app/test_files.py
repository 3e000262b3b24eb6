"""Presets, saving and leaving: nothing is overwritten or lost without an answer."""

import pytest

from ndtui.model.files import presets
from ndtui.model.files.design_file import format_design
from ndtui.screens.dialogs.dialog import ChoiceScreen, PromptScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.ui.rows.preset_words import rules_words
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset

ADD_UDP = {"protocol": "udp", "remote_ports": "53"}


def keep(made, name: str):
    """Save a design among the user's presets and return the file."""
    path = presets.own_path(name)
    presets.save(made, path)
    return path


async def make_dirty(desk: Desk) -> None:
    await desk.select("IKE")
    await desk.keys("space")
    assert desk.bench.dirty


async def open_presets(desk: Desk, name: str) -> None:
    """Open the list and put the cursor on a preset."""
    await desk.keys("o")
    assert isinstance(desk.top, PresetsScreen)
    assert desk.top.query_one(RowTable).go_to(lambda row: row.preset.name == name)
    await desk.settle()


# Browsing presets.


async def test_every_shipped_preset_is_shown_with_what_it_is():
    async with at_work(size=(140, 45)) as desk:
        await desk.keys("o")
        names = [row.preset.name for row in desk.top.query_one(RowTable).rows]
        assert names == [p.name for p in presets.shipped()]
        for name in names:
            made = preset(name)
            assert desk.top.query_one(RowTable).row.preset.name == name
            assert name in desk.text
            assert f"{rules_words(made)}, {' and '.join(made.keying_modules)}" in desk.words
            assert " ".join(made.description.split())[:60] in desk.words
            assert f"File: {presets.find(name).path}" in desk.words
            await desk.keys("j")


async def test_the_preview_tells_what_would_change():
    own = exempting({"name": "web", "protocol": "tcp"}, name="nd-transport")
    keep(own, "mine")
    async with at_work(size=(140, 45)) as desk:
        await open_presets(desk, "nd-transport")
        assert "Against what is open: the same filters" in desk.words
        await open_presets_again(desk, "mine")
        assert "20 filters in 10 layers, 4 contexts" in desk.words
        assert "Against what is open: +6 -6" in desk.words
        await open_presets_again(desk, "nd-boundary")
        assert "Against what is open" not in desk.words


async def open_presets_again(desk: Desk, name: str) -> None:
    await desk.keys("escape")
    await open_presets(desk, name)


async def test_loading_a_shipped_preset():
    async with at_work() as desk:
        await open_presets(desk, "nd-boundary")
        await desk.keys("enter")
        assert desk.design == preset("nd-boundary")
        assert desk.bench.path is None
        assert desk.bench.untouched
        assert not desk.bench.dirty
        assert desk.status.startswith("nd-boundary  |  16 filters")
        assert "ND boundary" in desk.text


async def test_loading_one_of_your_own():
    path = keep(design(name="mine"), "mine")
    async with at_work() as desk:
        await open_presets(desk, "mine")
        assert "own" in desk.text
        await desk.keys("enter")
        assert desk.design == design(name="mine")
        assert desk.bench.path == path
        await make_dirty(desk)
        await desk.keys("w")
        assert desk.said == [f"Saved to {path}"]
        assert presets.find("mine").load() == desk.design


@pytest.mark.parametrize("key", ["escape"])
async def test_closing_the_list_loads_nothing(key):
    async with at_work() as desk:
        before = desk.bench
        await open_presets(desk, "nd-boundary")
        await desk.keys(key)
        assert desk.bench is before
        assert desk.top is desk.app.designer


@pytest.mark.parametrize(("key", "kept", "saved"), [("s", False, True), ("d", False, False), ("n", True, False)])
async def test_loading_asks_about_unsaved_work(key, kept, saved):
    path = keep(design(name="mine"), "mine")
    async with at_work(design(name="mine"), path=path) as desk:
        await make_dirty(desk)
        dirty = desk.design
        await open_presets(desk, "nd-boundary")
        await desk.keys("enter")
        assert isinstance(desk.top, ChoiceScreen)
        assert "mine has changes that no file has" in desk.words
        await desk.keys(key)
        assert desk.design == (dirty if kept else preset("nd-boundary"))
        assert presets.find("mine").load() == (dirty if saved else design(name="mine"))


@pytest.mark.parametrize("answer", ["escape", "enter"])
async def test_the_safe_answer_is_to_stay(answer):
    async with at_work() as desk:
        await make_dirty(desk)
        dirty = desk.design
        await open_presets(desk, "nd-boundary")
        await desk.keys("enter", answer)
        assert desk.design == dirty
        assert desk.top is desk.app.designer


async def test_saving_from_the_question_may_be_given_up():
    async with at_work() as desk:
        await make_dirty(desk)
        dirty = desk.design
        await open_presets(desk, "nd-boundary")
        await desk.keys("enter", "s")
        assert isinstance(desk.top, PromptScreen)
        await desk.keys("escape")
        assert desk.design == dirty
        assert presets.own() == []


# A preset that cannot be read; deleting.


async def test_a_broken_preset_is_listed_with_its_reason():
    path = keep(design(name="mine"), "mine")
    path.with_name("broken.toml").write_text('name = "x"\nscenario = "[/x] [b"\n', encoding="utf-8")
    path.with_name("latin.toml").write_bytes(b'name = "\xe9"')
    async with at_work(size=(140, 45)) as desk:
        before = desk.bench
        await open_presets(desk, "broken")
        assert "line 2: scenario" in desk.words
        assert "'[/x] [b'" in desk.words
        await desk.keys("enter")
        assert isinstance(desk.top, PresetsScreen)
        assert "'[/x] [b'" in desk.said[0]
        await open_presets_again(desk, "latin")
        assert "no UTF-8 text" in desk.words
        await desk.keys("enter", "escape")
        assert desk.bench is before


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_deleting_your_own_after_a_confirmation(key):
    keep(design(name="mine"), "mine")
    keep(design(name="other"), "other")
    async with at_work() as desk:
        await open_presets(desk, "mine")
        await desk.keys(key)
        assert isinstance(desk.top, ChoiceScreen)
        for no in ("n", "escape", "enter"):
            await desk.keys(no)
            assert isinstance(desk.top, PresetsScreen)
            assert [p.name for p in presets.own()] == ["mine", "other"]
            await desk.keys(key)
        await desk.keys("y")
        assert [p.name for p in presets.own()] == ["other"]
        assert "mine" not in [row.preset.name for row in desk.top.query_one(RowTable).rows]


async def test_a_shipped_preset_is_not_deleted():
    async with at_work() as desk:
        await open_presets(desk, "nd-boundary")
        await desk.keys("d")
        assert isinstance(desk.top, PresetsScreen)
        assert desk.said == ["nd-boundary: a shipped preset stays as it is"]
        assert presets.find("nd-boundary").path.is_file()


async def test_read_only_deletes_nothing():
    keep(design(name="mine"), "mine")
    async with at_work(read_only=True) as desk:
        await open_presets(desk, "mine")
        await desk.keys("d")
        assert isinstance(desk.top, PresetsScreen)
        assert desk.said == ["Read-only: nothing is written"]
        assert [p.name for p in presets.own()] == ["mine"]


async def test_deleting_what_is_gone_already_is_no_error():
    path = keep(design(name="mine"), "mine")
    async with at_work() as desk:
        await open_presets(desk, "mine")
        path.unlink()
        await desk.keys("d", "y")
        assert desk.said == []


# Saving.


async def test_saving_a_shipped_preset_asks_for_a_name():
    async with at_work() as desk:
        await make_dirty(desk)
        await desk.keys("w")
        assert isinstance(desk.top, PromptScreen)
        assert desk.top.query_one("Input").value == "my-nd-transport"
        assert str(presets.own_dir()) in desk.words.replace(" ", "") or "Saved in" in desk.words
        await desk.keys("enter")
        assert desk.design.name == "my-nd-transport"
        assert not desk.bench.dirty
        assert "*" not in desk.status
        assert desk.bench.path == presets.own_path("my-nd-transport")
        assert presets.find("my-nd-transport").load() == desk.design
        assert desk.said == [f"Saved to {desk.bench.path}"]


async def test_saving_under_a_shipped_name_is_refused():
    async with at_work() as desk:
        await make_dirty(desk)
        for wrong, said in (("nd-boundary", "shipped preset"), ("", "file name"), ("???", "file name")):
            await desk.keys("W")
            await desk.fill(text=wrong)
            assert said in desk.problem
            await desk.keys("enter")
            assert isinstance(desk.top, PromptScreen)
            assert said in desk.problem
            await desk.keys("escape")
        assert presets.own() == []
        assert desk.bench.dirty


async def test_saving_over_another_preset_asks():
    other = keep(design(name="other"), "other")
    async with at_work(design(name="mine")) as desk:
        for answer, name in (("n", "mine"), ("escape", "mine"), ("y", "other")):
            await desk.keys("W")
            await desk.fill(text="other")
            await desk.keys("enter")
            assert isinstance(desk.top, ChoiceScreen)
            assert "already there" in desk.words
            await desk.keys(answer)
            assert desk.design.name == name
        assert presets.find("other").load() == desk.design
        assert desk.bench.path == other


async def test_saving_again_under_its_own_name_does_not_ask():
    path = keep(design(name="mine"), "mine")
    async with at_work(design(name="mine"), path=path) as desk:
        await make_dirty(desk)
        await desk.keys("W", "enter")
        assert desk.top is desk.app.designer
        assert presets.find("mine").load() == desk.design


async def test_what_is_saved_reads_back_equal():
    rich = exempting(
        {"name": "[/x] [b", "protocol": "udp", "remote_ports": ["5-6"], "comment": 'one\n"""\ntwo\n'},
        {"name": "fe80", "remote_addresses": ["fe80::/10"], "enabled": False},
        name="rich ü 鍵",
        description="\n# no comment\n[table]\n",
        sublayer={"kind": "own", "weight": 7},
        extended_mode={},
        lifetime="persistent",
    )
    async with at_work(rich, saved=False) as desk:
        assert desk.bench.dirty
        await desk.keys("w", "enter")
        assert not desk.bench.dirty
        assert presets.own()[0].load() == rich


async def test_the_comments_of_the_file_are_kept():
    path = presets.own_path("mine")
    path.parent.mkdir(parents=True)
    text = "# by hand\n" + format_design(exempting({"name": "web", "protocol": "tcp"}, name="mine"))
    path.write_text(text.replace('name = "web"', 'name = "web"  # for the proxy'), encoding="utf-8")
    async with at_work(presets.find("mine").load(), path=path) as desk:
        await make_dirty(desk)
        await desk.keys("a")
        await desk.fill(**ADD_UDP)
        await desk.keys("enter", "w")
        after = path.read_text(encoding="utf-8")
        assert after.startswith("# by hand\n")
        assert "# for the proxy" in after
        assert presets.find("mine").load() == desk.design


async def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    async with at_work(path=tmp_path / "file" / "x.toml") as desk:
        await make_dirty(desk)
        await desk.keys("w", "w")
        assert "cannot be written" in desk.said[0]
        assert desk.bench.dirty
        await desk.keys("q", "s", "n")
        assert desk.app.is_running
        assert desk.top is desk.app.designer


async def test_names_of_any_length_and_script_can_be_typed():
    """A file's name may have 255 bytes; a design's name has up to 512 characters of up to 4 bytes."""
    async with at_work(design()) as desk:
        for name in ("鍵" * 100, "鍵" * 512, "a" * 512, "\U0001f512", "שלום عالم", "../../etc/x", "e\u0301" * 60):
            await desk.keys("W")
            await desk.fill(text=name)
            await desk.keys("enter")
            if isinstance(desk.top, PromptScreen):
                assert "file name" in desk.problem
                await desk.keys("escape")
                continue
            if isinstance(desk.top, ChoiceScreen):  # another name that is cut to that of the open file
                await desk.keys("y")
            assert desk.top is desk.app.designer
            assert desk.design.name == name
            assert desk.bench.path.parent == presets.own_dir()
            assert desk.bench.path in [p.path for p in presets.own()]
        assert len(presets.own()) >= 4


@pytest.mark.parametrize("name", ["a" * 600, "a\u202eb", "a\tb"], ids=["long", "turned", "tab"])
async def test_a_name_that_no_design_can_have_is_not_saved_under(name):
    async with at_work() as desk:
        await desk.keys("W")
        desk.top.query_one("Input").value = name
        await desk.settle()
        await desk.keys("enter")
        assert presets.own() == []
        assert desk.bench.path is None


async def test_read_only_writes_no_preset():
    """Read-only promises to change nothing outside."""
    path = keep(design(name="mine"), "mine")
    async with at_work(design(name="mine"), path=path, read_only=True) as desk:
        await make_dirty(desk)
        for key in ("w", "W"):
            await desk.keys(key)
            if isinstance(desk.top, PromptScreen):
                await desk.fill(text="other")
                await desk.keys("enter")
            assert [p.name for p in presets.own()] == ["mine"]
            assert presets.find("mine").load() == design(name="mine")
            assert desk.said


@pytest.mark.parametrize("leave", [("q",), ("o", "enter")])
async def test_read_only_offers_no_saving_when_work_is_left(leave):
    path = keep(design(name="mine"), "mine")
    async with at_work(design(name="mine"), path=path, read_only=True) as desk:
        await make_dirty(desk)
        await desk.keys(*leave)
        assert "Discard (d)" in desk.words
        assert "Save (s)" not in desk.words
        await desk.keys("s")
        assert presets.find("mine").load() == design(name="mine")


# Leaving.


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_without_unsaved_work_does_not_ask(key):
    async with at_work() as desk:
        await desk.keys(key)
        assert not desk.app.is_running
        assert desk.app.return_value == 0


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_asks_about_unsaved_work(key):
    async with at_work() as desk:
        await make_dirty(desk)
        for no in ("n", "escape", "enter"):
            await desk.keys(key)
            assert isinstance(desk.top, ChoiceScreen)
            await desk.keys(no)
            assert desk.app.is_running
            assert desk.top is desk.app.designer
        await desk.keys(key, "s")
        assert isinstance(desk.top, PromptScreen)
        await desk.keys("enter")
        assert not desk.app.is_running
        assert presets.find("my-nd-transport").load() == desk.design


@pytest.mark.parametrize("key", ["left", "up", "shift+tab"])
async def test_the_answers_can_be_reached_by_arrows(key):
    async with at_work() as desk:
        await make_dirty(desk)
        await desk.keys("q", key, "enter")
        assert not desk.app.is_running
        assert presets.own() == []


async def test_work_taken_back_is_no_unsaved_work():
    async with at_work() as desk:
        await make_dirty(desk)
        await desk.keys("u", "q")
        assert not desk.app.is_running


async def test_a_new_design_that_nobody_touched_may_be_left():
    async with at_work(saved=False) as desk:
        assert desk.bench.dirty
        await desk.keys("q")
        assert not desk.app.is_running


async def test_taking_back_what_was_saved_is_unsaved_work():
    """Saved, then undone: the file has the step and the screen has not."""
    path = keep(design(name="mine"), "mine")
    async with at_work(design(name="mine"), path=path) as desk:
        await make_dirty(desk)
        await desk.keys("w", "u")
        assert desk.bench.dirty
        await desk.keys("q")
        assert desk.app.is_running
        assert isinstance(desk.top, ChoiceScreen)


async def test_leaving_in_the_middle_of_a_dialog_does_not_lose_work():
    async with at_work() as desk:
        await make_dirty(desk)
        await desk.keys("a", "ctrl+q")
        assert desk.app.is_running
        while desk.top is not desk.app.designer:
            await desk.keys("escape")
        assert desk.bench.dirty
        await desk.keys("a")
        await desk.fill(**ADD_UDP)
        await desk.keys("enter")
        assert desk.names == ["ICMP", "UDP 53"]
