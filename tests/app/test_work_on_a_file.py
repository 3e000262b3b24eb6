"""Unsaved work on a file goes back to that file, unless the file has become another since."""

import os
from pathlib import Path

import pytest

from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.ui.state import recent_files, recovery, work_origin
from ndtui.ui.widgets.row_table import RowTable
from tests.app.watched import bar, held, looked
from tests.desk import Desk, at_work
from tests.support import design

MINE = design(name="mine")
THEIRS = change(MINE, lifetime="persistent")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a design, with a comment, written long before it is opened."""
    made = tmp_path / "mine.toml"
    presets.save(MINE, made)
    made.write_text("# why\n" + made.read_text(encoding="utf-8"), encoding="utf-8")
    os.utime(made, (1_700_000_000, 1_700_000_000))
    return made


@pytest.fixture
async def lost(path: Path) -> Design:
    """Leave unsaved work on the file behind, as a designer that is ended does; returns it."""
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        return await cut_off(desk)


async def cut_off(desk: Desk) -> Design:
    """Do some work, and end the designer without an answer."""
    await desk.select("IKE")
    await desk.keys("space")
    desk.app.keep_now()
    desk.app.recovery.release()
    desk.app._left = True
    return desk.design


def kept() -> str:
    """Return what is said of the only unsaved work there is."""
    [left] = recovery.leftovers()
    return recovery.kept_words(left.path)


async def take(desk: Desk, kind: str = "unsaved") -> None:
    """Open the first there is of a kind."""
    await desk.keys("o")
    assert desk.top.query_one(RowTable).go_to(lambda row: hasattr(row, "preset") and row.preset.kind == kind)
    await desk.settle()
    await desk.keys("enter")


async def test_it_is_saved_to_its_file_without_a_question_and_keeps_its_comments(lost: Design, path: Path) -> None:
    async with at_work() as desk:
        await take(desk)
        assert (desk.design, desk.bench.path, desk.bench.saved) == (lost, path, MINE)
        assert desk.bench.dirty
        await desk.keys("w")
        assert not isinstance(desk.top, ChoiceScreen)
        assert not desk.bench.dirty
    assert held(path) == lost
    assert path.read_text(encoding="utf-8").startswith("# why\n")
    assert list(recovery.folder().iterdir()) == []


async def test_a_file_that_became_another_is_not_written_over_in_silence(lost: Design, path: Path) -> None:
    presets.save(THEIRS, path)
    async with at_work() as desk:
        await take(desk)
        assert (desk.design, desk.bench.path, desk.bench.saved) == (lost, path, None)
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
        assert held(path) == THEIRS
        await desk.keys("escape")
        await looked(desk)
        assert bar(desk).startswith("mine.toml changed on disk")
        await desk.keys("f", "c")
        assert "lifetime" in desk.words.lower()


async def test_comments_that_came_since_are_asked_about_too(lost: Design, path: Path) -> None:
    path.write_text("# why not\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    async with at_work() as desk:
        await take(desk)
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)
    assert path.read_text(encoding="utf-8").startswith("# why not\n")


async def test_a_file_that_is_gone_is_said_and_written_again(lost: Design, path: Path) -> None:
    path.unlink()
    async with at_work() as desk:
        await take(desk)
        await looked(desk)
        assert bar(desk) == "mine.toml is gone from the disk: f write it again or keep"
        await desk.keys("f", "w")
    assert held(path) == lost


async def test_what_is_no_design_any_more_is_said(lost: Design, path: Path) -> None:
    path.write_text("name = ", encoding="utf-8")
    async with at_work() as desk:
        await take(desk)
        assert desk.design == lost
        await looked(desk)
        assert bar(desk).startswith("mine.toml changed on disk and is no design now")


async def test_whoever_opens_the_file_is_told(lost: Design, path: Path) -> None:
    async with at_work(MINE, path=path) as desk:
        assert desk.said == [f"{kept()}, on mine.toml: o lists it"]
    async with at_work() as desk:
        assert desk.said == [f"{kept()}: o lists it"]
        recent_files.remember(path)
        await take(desk, "recent")
        await desk.until(lambda: desk.bench.path == path)
        assert desk.said[1:] == [f"{kept()}, on mine.toml: o lists it"]


async def test_whoever_opens_another_file_is_not_told_again(lost: Design, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    presets.save(design(name="other"), other)
    async with at_work() as desk:
        recent_files.remember(other)
        await take(desk, "recent")
        await desk.until(lambda: desk.bench.path == other)
        assert desk.said == [f"{kept()}: o lists it"]


async def test_of_several_it_is_said_how_many_are_of_the_file(lost: Design, path: Path) -> None:
    another = recovery.Recovery()
    another.keep(design(name="without a file"))
    another.release()
    async with at_work(MINE, path=path) as desk:
        assert desk.said == ["of 2 sessions, 1 of them on mine.toml: o lists it"]


async def test_it_is_listed_first_with_the_name_and_the_place_of_its_file(lost: Design, path: Path) -> None:
    recent_files.remember(path)
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("o")
        rows = [getattr(row, "text", "") or row.preset.kind for row in desk.top.query_one(RowTable).rows]
        assert rows[:5] == ["Unsaved work", "unsaved", "Recent", "recent", "Presets"]
        assert "unsaved of mine.toml, kept " in desk.words
        assert f"Unsaved work on {path}" in desk.words.replace("\n", "")


@pytest.mark.parametrize("read_only", [False, True], ids=["at work", "read-only"])
async def test_who_looks_and_leaves_leaves_it_for_the_next(lost: Design, path: Path, read_only: bool) -> None:
    async with at_work(read_only=read_only) as desk:
        await take(desk)
        assert (desk.design, desk.bench.path) == (lost, path)
        await desk.keys("q")
        assert not desk.app.is_running
    assert [each.load() for each in recovery.leftovers()] == [lost]
    assert held(path) == MINE
    async with at_work() as desk:
        await take(desk)
        await desk.keys("w")
    assert held(path) == lost


async def test_it_may_be_taken_where_the_file_is_open_already(lost: Design, path: Path) -> None:
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        presets.save(THEIRS, path)
        await looked(desk)
        assert bar(desk).startswith("mine.toml changed on disk")
        await take(desk)
        assert desk.design == lost
        await looked(desk)
        assert bar(desk).startswith("mine.toml changed on disk")
        await desk.keys("w")
        assert isinstance(desk.top, ChoiceScreen)


async def test_an_edit_right_after_the_start_learns_later_what_its_file_held(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.01)
    async with at_work(MINE, path=path) as desk:
        desk.app.file_watch.begin(path)
        await desk.select("IKE")
        await desk.keys("space")
        data = path.read_bytes()

        def was_known() -> bool:
            kept = desk.app.recovery.path
            origin = work_origin.read(kept) if kept else None
            return origin is not None and origin.was(data)

        await desk.until(lambda: desk.app.recovery.path is not None)
        assert not was_known()
        await looked(desk)
        await desk.until(was_known)
        desk.app._left = True


async def test_an_edit_that_is_saved_and_another_one_are_of_the_file_as_it_is_then(path: Path) -> None:
    async with at_work(MINE, path=path) as desk:
        await looked(desk)
        await desk.select("IKE")
        await desk.keys("space", "w")
        between = desk.design
        await desk.select("AuthIP")
        lost = await cut_off(desk)
    async with at_work() as desk:
        await take(desk)
        assert (desk.design, desk.bench.saved) == (lost, between)
        await desk.keys("w")
        assert not isinstance(desk.top, ChoiceScreen)
    assert held(path) == lost
