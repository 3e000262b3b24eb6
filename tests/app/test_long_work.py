"""Long work says how far it is and is left with escape, with nothing written. Each work waits for its test."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from ndtui.app import at_rest
from ndtui.backends import registry
from ndtui.common import files
from ndtui.common.counted import counted, last_call
from ndtui.exporters import exporting
from ndtui.model.design.design import change
from ndtui.model.files import design_on_disk, presets
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.screens.plan import PlanScreen
from ndtui.ui.state import recent_files
from tests.desk import Desk, at_work
from tests.support import preset

MINE = preset("nd-transport")


class Gate:
    """Holds a work up, after so much of it has been counted, until the test lets it go."""

    def __init__(self) -> None:
        self.reached, self.ended = Event(), Event()
        self._open = Event()

    def open(self) -> None:
        self._open.set()

    def before(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def held(*arguments: Any, **options: Any) -> Any:
            try:
                for number in counted(range(20_000)):
                    if number == 4_000:
                        self.reached.set()
                        assert self._open.wait(60)
                return real(*arguments, **options)
            finally:
                self.ended.set()

        return held


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    monkeypatch.setattr("ndtui.ui.state.beside.AT_ONCE", 0)
    made = Gate()
    yield made
    made.open()


async def held(desk: Desk, gate: Gate, *keys: str) -> None:
    """Press keys that lead to a work that is held up, and wait until the screen says how far it is."""
    desk.waits_for_works = False
    await desk.keys(*keys)
    await desk.until(gate.reached.is_set)
    await desk.until(lambda: "4,000 of 20,000" in desk.text)


async def test_saving_says_how_far_it_is_and_escape_leaves_the_old_file(gate: Gate, monkeypatch: pytest.MonkeyPatch):
    path = presets.own_path("mine")
    presets.save(MINE, path)
    before = path.read_bytes()
    monkeypatch.setattr(design_on_disk, "format_design", gate.before(design_on_disk.format_design))
    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        await held(desk, gate, "w")
        assert "Saving mine.toml ... step 1: 4,000 of 20,000" in desk.text
        assert "esc leaves it" in desk.text
        await desk.keys("escape")
        await desk.until(lambda: desk.said)
        assert desk.said == ["Not saved: mine.toml is as it was"]
        assert desk.bench.dirty
        assert "Saving" not in desk.text
        gate.open()
        await desk.until(gate.ended.is_set)
        assert path.read_bytes() == before
        assert [each.name for each in path.parent.iterdir()] == ["mine.toml"]
        await desk.keys("w")
        await desk.until(lambda: not desk.bench.dirty)
    assert path.read_bytes() != before


async def test_keys_typed_while_something_is_saved_are_done_after(gate: Gate, monkeypatch: pytest.MonkeyPatch):
    path = presets.own_path("mine")
    presets.save(MINE, path)
    monkeypatch.setattr(design_on_disk, "format_design", gate.before(design_on_disk.format_design))
    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        await held(desk, gate, "w", "space")
        assert desk.design.keying_modules == ("AuthIP",)
        gate.open()
        await desk.until(lambda: desk.said)
        await desk.until(lambda: desk.design.keying_modules != ("AuthIP",))


async def test_what_has_begun_to_be_replaced_is_not_left(gate: Gate, monkeypatch: pytest.MonkeyPatch):
    path = presets.own_path("mine")
    presets.save(MINE, path)

    def held_up() -> None:
        last_call()
        gate.before(lambda: None)()

    monkeypatch.setattr(files, "last_call", held_up)
    async with at_work(MINE, path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        await held(desk, gate, "w")
        await desk.keys("escape")
        gate.open()
        await desk.until(lambda: desk.said)
        assert desk.said == [f"Saved to {path}"]
        assert not desk.bench.dirty


async def test_a_file_that_is_being_opened_can_be_left(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "elsewhere.toml"
    presets.save(preset("ms-sample"), path)
    recent_files.remember(path)
    monkeypatch.setattr("ndtui.app.file_actions.read_file", gate.before(lambda *_: pytest.fail("it was wanted")))
    async with at_work(MINE) as desk:
        await desk.keys("o")
        assert isinstance(desk.top, PresetsScreen)
        await held(desk, gate, "home", "enter")
        assert "Reading elsewhere.toml" in desk.text
        await desk.keys("escape")
        await desk.until(lambda: "Reading" not in desk.text)
        assert desk.design == MINE


async def test_a_backend_that_opens_slowly_can_be_left(gate: Gate, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "open_backend", gate.before(registry.open_backend))
    async with at_work(MINE) as desk:
        await held(desk, gate, "p")
        assert "Opening the backend" in desk.text
        await desk.keys("escape")
        await desk.until(lambda: "Opening" not in desk.text)
        assert desk.top is desk.app.designer


@pytest.mark.parametrize(
    ("key", "where", "screen", "words"),
    [
        ("x", "ndtui.screens.dialogs.export.exporting.exported", ExportScreen, "Exporting as"),
        ("p", "ndtui.backends.store.StoreBackend.plan", PlanScreen, "Planning"),
    ],
    ids=["preview", "plan"],
)
async def test_what_a_screen_works_out_ends_with_the_screen(
    key: str, where: str, screen: type, words: str, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    wanted = Event()
    monkeypatch.setattr(where, gate.before(lambda *_: wanted.set()))
    async with at_work(MINE) as desk:
        await held(desk, gate, key)
        assert isinstance(desk.top, screen)
        assert words in desk.text
        await desk.keys("escape")
        await desk.until(lambda: desk.top is desk.app.designer)
        assert words not in desk.text
        gate.open()
        await desk.until(gate.ended.is_set)
    assert not wanted.is_set()


async def test_an_export_that_is_left_while_it_is_made_is_made_again(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "policy.json"
    monkeypatch.setattr(exporting, "exported", gate.before(exporting.exported))
    async with at_work(MINE) as desk:
        await held(desk, gate, "x")
        assert desk.top.query_one("#place").value == "nd-transport.json"  # before it is known what is written there
        await desk.fill(place=str(path))
        await desk.keys("enter")
        await desk.until(lambda: "4,000 of 20,000" in desk.text)
        await desk.keys("escape")
        await desk.until(lambda: desk.said)
        assert desk.said == ["Left: nothing was written"]
        assert isinstance(desk.top, ExportScreen)
        gate.open()
        await desk.keys("enter")
        await desk.until(path.exists)
        await desk.until(lambda: desk.top is desk.app.designer)


async def test_an_export_that_is_left_writes_nothing(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "policy.json"
    real = files.write_text
    monkeypatch.setattr(files, "write_text", gate.before(real))
    async with at_work(MINE) as desk:
        await desk.keys("x")
        await desk.until(lambda: "Exporting" not in desk.text and "exporting" not in desk.text)
        await desk.fill(place=str(path))
        await held(desk, gate, "enter")
        assert "Writing policy.json" in desk.text
        await desk.keys("escape")
        await desk.until(lambda: desk.said)
        assert desk.said == ["Left: nothing was written"]
        gate.open()
        await desk.until(gate.ended.is_set)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["a key", "an edit"])
async def test_what_is_worked_out_stands_still_until_the_answer_is_seen(how: str, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    for name in ("answer_begins", "answer_ends"):
        monkeypatch.setattr(at_rest, name, partial(said.append, name))
    async with at_work() as desk:
        said.clear()
        if how == "a key":
            await desk.keys("j")
        else:
            desk.app.edit("IKE", lambda design: change(design, lifetime="dynamic"))
            assert said == ["answer_begins"]
            await desk.settle()
        assert (said[0], said[-1]) == ("answer_begins", "answer_ends")
