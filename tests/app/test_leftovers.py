"""The designer keeps unsaved work aside and offers it at the next start."""

import os
from pathlib import Path

from ndtui.app.app import NdtuiApp
from ndtui.backends.planning.history_wording import moment_words
from ndtui.model.design import edits
from ndtui.model.design.design import Design, default_design
from ndtui.model.files.design_json import parse_json
from ndtui.screens.designer import DesignerScreen
from ndtui.ui.state import recovery
from ndtui.ui.state.machine import open_machine
from ndtui.ui.state.options import Options
from tests.desk import at_work
from tests.machines import STATES, machine_file


def lost(name: str) -> Design:
    """Leave unsaved work behind, as a session that has ended does."""
    kept, work = recovery.Recovery(), edits.toggle_extended_mode(default_design(name))
    kept.keep(work)
    kept.release()
    return work


async def test_an_edit_is_kept_and_undoing_it_lets_go() -> None:
    app = NdtuiApp(default_design())
    async with app.run_test() as pilot:
        app.edit("switch", edits.toggle_extended_mode)
        app.keep_now()
        assert app.recovery.path is not None
        assert parse_json(app.recovery.path.read_text(encoding="utf-8"), "kept") == app.workbench.design
        app.action_undo()
        app.keep_now()
        await pilot.pause()
        assert app.recovery.path is None
        assert recovery.leftovers() == []


async def test_the_next_start_says_so_and_opening_it_is_unsaved_work() -> None:
    work = lost("lost")
    app = NdtuiApp(default_design())
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        [left] = recovery.leftovers()
        said = f"{recovery.kept_words(left.path)}: o lists it"
        assert [note.message for note in app._notifications] == [said]
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DesignerScreen)
        assert app.workbench.design == work
        assert app.workbench.dirty
        assert list(app._notifications) == []


async def test_it_is_listed_with_the_time_at_which_it_was_kept() -> None:
    lost("lost")
    [left] = recovery.leftovers()
    os.utime(left.path, (1_700_000_000, 1_700_000_000))
    async with at_work(size=(140, 40)) as desk:
        await desk.keys("o")
        assert f"unsaved kept {moment_words(1_700_000_000, seconds=False)}" in desk.words


async def test_looking_and_leaving_keeps_it_and_saving_lets_go() -> None:
    lost("lost")
    for name in ("look", "save"):
        app = NdtuiApp(default_design())
        async with app.run_test() as pilot:
            await pilot.press("o")
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
            if name == "save":
                await pilot.press("w")
                await pilot.pause()
                await pilot.press("enter")
                await pilot.pause()
                assert not app.workbench.dirty
            await pilot.press("q")
            await pilot.pause()
        assert len(recovery.leftovers()) == (1 if name == "look" else 0)


async def test_discarding_lets_go() -> None:
    app = NdtuiApp(default_design())
    async with app.run_test() as pilot:
        app.edit("switch", edits.toggle_extended_mode)
        app.keep_now()
        await pilot.press("q")
        await pilot.pause()
        await pilot.press("d")
        await pilot.pause()
    assert recovery.leftovers() == []


async def test_who_only_looks_leaves_unsaved_work_where_it_is() -> None:
    work = lost("lost")
    app = NdtuiApp(default_design(), options=Options(read_only=True))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.workbench.design == work
        app.edit("switch", edits.toggle_extended_mode)
        assert [each.load() for each in recovery.leftovers()] == [work]
        await pilot.press("q", "d")
        await pilot.pause()
    assert [each.load() for each in recovery.leftovers()] == [work]


async def test_neither_it_nor_a_warning_of_the_settings_is_hidden_behind_the_other() -> None:
    lost("lost")
    async with at_work(toasts=True, notice="line 3: theme 'x' is none") as desk:
        assert "! Unsaved work: kept " in desk.words
        assert "o lists it. Settings: line 3: theme 'x' is none" in desk.words


async def test_above_a_machine_it_is_said_where_it_is_listed(tmp_path: Path) -> None:
    lost("lost")
    async with at_work(machine=open_machine(machine_file(STATES[0], tmp_path))) as desk:
        assert desk.said[-1].endswith(": o in the designer lists it")
