"""A file that somebody else has changed, deleted or protected since it was read is looked at before it is written."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.model.design.design import Design, change
from ndtui.model.files import design_on_disk, presets
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.screens.dialogs.dialog import ChoiceScreen, PromptScreen
from ndtui.screens.dialogs.difference import DifferenceScreen
from ndtui.ui.state.beside import AT_ONCE
from ndtui.ui.widgets.row_table import RowTable
from tests.app.watched import looked
from tests.desk import Desk, at_work
from tests.support import design, exempting

MINE = design(name="mine")
THEIRS = change(MINE, lifetime="persistent")


def keep(made: Design) -> Path:
    path = presets.own_path("mine")
    presets.save(made, path)
    return path


def held(path: Path) -> Design:
    return parse_design(path.read_text(encoding="utf-8"), str(path))


async def conflict(desk: Desk, path: Path) -> Design:
    """Change the design here and the file there, and ask to save; returns the work at hand."""
    await desk.select("IKE")
    await desk.keys("space")
    presets.save(THEIRS, path)
    await desk.keys("w")
    assert isinstance(desk.top, ChoiceScreen)
    assert "has changed since it was read" in desk.words
    assert held(path) == THEIRS
    return desk.design


@pytest.mark.parametrize("answer", ["n", "escape", "enter"])
async def test_a_changed_file_is_not_written_over_in_silence(answer):
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        mine = await conflict(desk, path)
        await desk.keys(answer)
        assert desk.top is desk.app.designer
        assert held(path) == THEIRS
        assert desk.design == mine
        assert desk.bench.dirty


async def export_onto(desk: Desk, name: str, place: Path) -> None:
    """Export what is open in a format to a place, and say yes to nothing yet."""
    await desk.keys("x")
    assert desk.top.query_one(RowTable).go_to(lambda row: row.info.name == name)
    await desk.settle()
    await desk.fill(place=str(place))
    await desk.press("ok")


@pytest.mark.parametrize("by_link", [False, True])
async def test_exporting_the_design_onto_the_open_file_is_saving_it(tmp_path, by_link):
    path, place = keep(MINE), tmp_path / "link.toml"
    place.symlink_to(path)
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        await desk.select("IKE")
        await desk.keys("space")
        path.write_text(f"# theirs\n{format_design(THEIRS)}", encoding="utf-8")
        await export_onto(desk, "design", place if by_link else path)
        assert isinstance(desk.top, ChoiceScreen)
        assert "has changed since it was read: overwriting it loses what somebody else did" in desk.words
        await desk.keys("n")
        assert desk.top is desk.app.designer
        assert held(path) == THEIRS
        assert desk.bench.dirty
        await export_onto(desk, "design", place if by_link else path)
        await desk.keys("o")
        assert held(path) == desk.design
        assert path.read_text(encoding="utf-8").startswith("# theirs\n")
        assert not desk.bench.dirty
        await looked(desk)
        assert desk.said == [f"Saved to {path}"]


async def test_another_export_onto_the_open_file_says_that_it_is_open():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        await export_onto(desk, "bundle", path)
        said = "mine.toml is the file that is open: what it holds is lost, whoever wrote it"
        assert said.replace(" ", "") in desk.words.replace(" ", "")  # a long path is broken anywhere
        await desk.keys("n", "escape")
        assert held(path) == MINE


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_every_answer_is_on_a_small_screen(size):
    path = keep(MINE)
    async with at_work(MINE, size, path=path) as desk:
        await conflict(desk, path)
        for label in ("Compare (c)", "Reload (r)", "Overwrite (o)", "Save as (a)", "Stay (n)"):
            assert label in desk.text


async def test_the_difference_is_shown_and_the_question_comes_again():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        await conflict(desk, path)
        await desk.keys("c")
        assert isinstance(desk.top, DifferenceScreen)
        assert "keying_modules in the file: IKE, AuthIP here: AuthIP" in desk.words
        assert "lifetime in the file: persistent here: static" in desk.words
        await desk.keys("escape")
        assert isinstance(desk.top, ChoiceScreen)
        assert held(path) == THEIRS


async def test_reloading_takes_the_file_and_undo_brings_the_work_back():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        mine = await conflict(desk, path)
        await desk.keys("r")
        assert desk.design == THEIRS
        assert not desk.bench.dirty
        await desk.keys("u")
        assert desk.design == mine
        assert desk.bench.dirty
        await desk.keys("w")  # what the file has was seen
        assert held(path) == mine


async def test_overwriting_after_having_been_asked():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        mine = await conflict(desk, path)
        await desk.keys("o")
        assert held(path) == mine
        assert not desk.bench.dirty


async def test_saving_as_another_leaves_the_file_as_it_is():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        await conflict(desk, path)
        await desk.keys("a")
        assert isinstance(desk.top, PromptScreen)
        await desk.fill(text="second")
        await desk.keys("enter")
        assert held(path) == THEIRS
        assert presets.find("second").load() == desk.design
        assert desk.bench.path == presets.own_path("second")


async def test_two_designers_with_one_file():
    path = keep(MINE)
    async with at_work(MINE, path=path) as one, at_work(MINE, path=path) as other:
        await one.select("IKE")
        await one.keys("space", "w")
        assert one.said == [f"Saved to {path}"]
        await other.select("AuthIP")
        await other.keys("space", "w")
        assert isinstance(other.top, ChoiceScreen)
        assert held(path) == one.design


async def test_an_editor_that_changes_only_comments_loses_none_of_them():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        path.write_text(f"# why it is so\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert desk.said == [f"Saved to {path}"]
        assert path.read_text(encoding="utf-8").startswith("# why it is so\n")
        assert held(path) == desk.design


async def test_a_file_touched_but_not_changed_does_not_ask():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        os.utime(path, (1, 1))
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert desk.said == [f"Saved to {path}"]


async def test_a_file_that_is_no_design_any_more():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        path.write_text('name = "mine"\nlifetime = "long"\n', encoding="utf-8")
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert "line 2: lifetime" in desk.words
        await desk.keys("r", "c")  # there is nothing to reload or to compare with
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("o")
        assert held(path) == desk.design


async def test_a_file_deleted_meanwhile_is_said():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        path.unlink()
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert f"{path} is not there any more" in desk.words.replace("- ", "-") or "is not there any more" in desk.words
        await desk.keys("n")
        assert not path.exists()
        await desk.keys("w", "w")
        assert held(path) == desk.design


@pytest.mark.skipif(os.name == "nt", reason="modes as Unix has them")
async def test_a_file_made_read_only_meanwhile_is_said():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        path.chmod(0o444)
        await desk.select("IKE")
        await desk.keys("space", "w")
        assert "is read-only now" in desk.words
        await desk.keys("o")
        assert isinstance(desk.top, ChoiceScreen)
        await desk.keys("a")
        assert isinstance(desk.top, PromptScreen)
        await desk.keys("escape")
        assert held(path) == MINE
        assert desk.bench.dirty


async def test_saving_as_under_its_own_name_looks_too():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        presets.save(THEIRS, path)
        await desk.keys("W", "enter")
        assert isinstance(desk.top, ChoiceScreen)
        assert "has changed since it was read" in desk.words
        assert held(path) == THEIRS


async def test_a_file_that_changes_while_it_is_being_written_asks_again(monkeypatch):
    path = keep(MINE)
    real = design_on_disk.format_design

    def overtaken(made: Design, existing: str = "") -> str:
        text = real(made, existing)
        monkeypatch.setattr(design_on_disk, "format_design", real)
        presets.save(THEIRS, path)
        return text

    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        monkeypatch.setattr(design_on_disk, "format_design", overtaken)
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
        assert held(path) == THEIRS


async def test_quitting_and_saving_over_a_changed_file_asks_and_stays():
    path = keep(MINE)
    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        presets.save(THEIRS, path)
        await desk.keys("q", "s")
        assert "has changed since it was read" in desk.words
        await desk.keys("r")
        assert desk.app.is_running
        assert desk.design == THEIRS


async def test_a_large_design_is_read_and_written_beside_the_keys(monkeypatch):
    ports = range(1, AT_ONCE + 2)
    many = exempting(*({"protocol": "tcp", "remote_ports": [port]} for port in ports), name="mine")
    path = keep(many)
    threads = []
    for name in ("parse_design", "format_design"):
        monkeypatch.setattr(design_on_disk, name, noting(threads, getattr(design_on_disk, name)))
    async with at_work(many, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space", "w")
        await desk.until(lambda: desk.said)
        assert desk.said == [f"Saved to {path}"]
        assert held(path) == desk.design
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def noting(threads: list[threading.Thread], function: Callable[..., object]) -> Callable[..., object]:
    """Return a function that takes note of the thread it is called in."""

    def noted(*arguments: object) -> object:
        threads.append(threading.current_thread())
        return function(*arguments)

    return noted


async def test_a_file_that_holds_what_was_saved_is_not_read_as_a_design_again(monkeypatch):
    path = keep(MINE)
    threads: list[threading.Thread] = []
    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space", "w")
        await desk.until(lambda: desk.said == [f"Saved to {path}"])
        monkeypatch.setattr(design_on_disk, "parse_design", noting(threads, design_on_disk.parse_design))
        await desk.keys("space", "w")
        await desk.until(lambda: desk.said == [f"Saved to {path}"] * 2)
        assert threads == []
        path.write_text(path.read_text(encoding="utf-8") + "# theirs\n", encoding="utf-8")
        await desk.keys("space", "w")
        await desk.until(lambda: len(desk.said) == 3 or len(desk.app.screen_stack) > 1)
        assert len(threads) >= 1
