"""20,000 events at random on every screen: the program goes on, and its table is what the design compiles to."""

from pathlib import Path

import pytest

from ndtui.app.app import NdtuiApp
from ndtui.screens.dialogs.help import HelpScreen
from tests.app.monkey import Monkey
from tests.desk import at_work

EVENTS = 20_000
SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_done(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it may write exports and designs
    monkeypatch.setenv("HOME", str(tmp_path))
    # E finds that a terminal that nobody sees cannot be lent to an editor, ctrl+z that it cannot be left. What leaves
    # the program would end the test, and is only counted.
    left: list[NdtuiApp] = []
    monkeypatch.setattr(NdtuiApp, "exit", lambda self, *_, **__: left.append(self))
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 0.5)  # a burst is drawn at its end, not in between
    async with at_work("nd-transport", store=tmp_path / "store.sqlite3") as desk:
        monkey = Monkey(desk, seed)
        await monkey.play(EVENTS // len(SEEDS))
        assert monkey.done >= EVENTS // len(SEEDS)
        assert len(monkey.met) > 5, monkey.met
        await desk.planned()
        for _ in range(9):
            await desk.keys("escape")
        assert desk.top is desk.app.designer
        await desk.keys("f1")
        assert isinstance(desk.top, HelpScreen)
        assert not desk.app._typed
        monkeypatch.undo()
