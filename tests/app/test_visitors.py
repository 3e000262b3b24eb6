"""Who may only look leaves nothing behind; in a browser they see no files of the server and no unsaved work."""

from pathlib import Path

import pytest

from ndtui.app import launch
from ndtui.app.reasons import VISITOR
from ndtui.model.design.design import default_design
from ndtui.model.files import presets
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.ui.state import recent_files, recovery
from ndtui.ui.state.options import Options
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work


def lost() -> None:
    """Leave unsaved work behind, as a session that has ended does."""
    kept = recovery.Recovery()
    kept.keep(default_design("lost"))
    kept.release()


def kinds(desk: Desk) -> set[str]:
    return {row.preset.kind for row in desk.top.query_one(RowTable).rows if hasattr(row, "preset")}


async def test_read_only_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 0.0)
    async with at_work(read_only=True) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        assert desk.bench.dirty
        await desk.settle()
        desk.app.keep_now()
        desk.app._left = True
    assert not recovery.folder().exists()


async def test_a_visitor_sees_neither_recent_files_nor_unsaved_work(tmp_path: Path) -> None:
    lost()
    presets.save(default_design("site"), tmp_path / "site.toml")
    recent_files.remember(tmp_path / "site.toml")
    async with at_work(read_only=True) as desk:
        await desk.keys("o")
        assert kinds(desk) == {"unsaved", "recent", "shipped"}
    async with at_work(read_only=True, visitor=True) as desk:
        assert desk.said == []
        await desk.keys("o")
        assert kinds(desk) == {"shipped"}


async def test_a_visitor_opens_no_file() -> None:
    async with at_work(read_only=True, visitor=True) as desk:
        for keys in (("O",), ("o", "O")):
            await desk.keys(*keys)
            assert not isinstance(desk.top, OpenFileScreen)
            assert desk.said[-1] == VISITOR


async def test_a_visitor_compares_with_presets_alone(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    presets.save(default_design("site"), path)
    async with at_work(read_only=True, visitor=True) as desk:
        await desk.keys("B")
        await desk.fill(other=str(path))
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        assert VISITOR in desk.words
        await desk.fill(other="nd-boundary")
        await desk.keys("enter")
        await desk.until(lambda: not isinstance(desk.top, FormScreen))


@pytest.mark.parametrize(("driver", "read_only"), [("", True), ("x:Y", False), ("x:Y", True)])
def test_who_is_a_visitor(monkeypatch: pytest.MonkeyPatch, driver: str, read_only: bool) -> None:
    seen: list[Options] = []

    class NothingError(Exception):
        """Ends it before a screen is made."""

    def made(*_: object) -> None:
        seen.append(_[2])  # type: ignore[arg-type]
        raise NothingError

    monkeypatch.setenv("TEXTUAL_DRIVER", driver)
    monkeypatch.setattr(launch, "NdtuiApp", made)
    with pytest.raises(NothingError):
        launch.run_designer(default_design(), None, Options(read_only=read_only))
    assert seen[0].visitor == (bool(driver) and read_only)
