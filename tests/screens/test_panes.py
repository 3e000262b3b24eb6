"""Panes: titles, what is below the fold, sizes by key and mouse and from session to session, room given away."""

import json
import re
import time

import pytest
from textual.geometry import Offset

from ndtui.app import panes
from ndtui.common import files
from ndtui.ui.state import pane_sizes
from ndtui.ui.state.pane_sizes import PaneSizes
from tests.desk import Desk, at_work
from tests.support import with_nothing_to_say

MORE = re.compile(r"(\d+) more")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panes, "KEEP_AFTER", 0.001)


def line_of(desk: Desk, selector: str) -> str:
    return desk.text.split("\n")[desk.top.query_one(selector).region.y]


def left(desk: Desk) -> int:
    return desk.top.query_one("#left").region.width


def below(desk: Desk) -> int:
    return desk.top.query_one("#detail").region.height


async def test_panes_have_titles_and_the_one_with_the_focus_is_marked():
    async with at_work(size=(100, 24)) as desk:
        assert desk.text.startswith("━ Decisions ━━")
        assert line_of(desk, "#divider").startswith("─ Explanation ─")
        assert desk.text.split("\n")[0].endswith("─")
        await desk.keys("tab")
        assert desk.text.startswith("─ Decisions ──")
        assert desk.text.split("\n")[0].endswith("━")
        await desk.keys("tab")
        assert line_of(desk, "#divider").startswith("━ Explanation ━")


@pytest.mark.parametrize("size", [(80, 24), (140, 20), (60, 20)], ids=str)
async def test_what_is_below_the_fold_is_counted(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        for pane, keys in ((desk.table, ("1",)), (desk.decisions, ("tab", "tab"))):
            await desk.keys(*keys, "g")
            while pane.cursor < len(pane.rows) - 1:
                shown = pane.region.height - pane._top
                hidden = len(pane.rows) - shown - round(pane.scroll_y)
                counts = [int(found) for found in MORE.findall(line_of(desk, "#divider"))]
                assert (hidden in counts) if hidden > 0 else len(counts) < 2
                await desk.keys("ctrl+d")
            await desk.keys("G")


async def test_the_explanation_says_how_much_more_it_has():
    async with at_work() as desk:
        await desk.keys("1", "enter")
        (hidden,) = MORE.findall(line_of(desk, "#message"))
        await desk.keys(*"j" * (int(hidden) - 1))
        assert "1 more" in line_of(desk, "#message")
        await desk.keys("j")
        assert "more" not in line_of(desk, "#message")


async def test_a_pane_with_nothing_to_say_gives_its_room_away():
    async with at_work(with_nothing_to_say()) as desk:
        height = desk.table.region.height
        await desk.keys("4")
        assert not desk.top.query_one("#detail").display
        assert "Explanation" not in desk.text
        assert desk.table.region.height == height + 7
        await desk.keys("1")
        assert desk.table.region.height == height


async def test_sizes_by_key_are_kept():
    async with at_work() as desk:
        assert (left(desk), below(desk)) == (28, 6)
        await desk.keys(">", ">", "<", ">", "+", "=", "-", "+")
        assert (left(desk), below(desk)) == (32, 8)
        await desk.until(lambda: pane_sizes.kept() == desk.app.sizes)
        await desk.keys("z")
        assert left(desk) == 80
        await desk.keys("<")
        assert desk.said == ["The rows have the whole screen: z takes it back"]
        await desk.keys("z")
        assert left(desk) == 32
    async with at_work() as desk:
        assert (left(desk), below(desk)) == (32, 8)
    async with at_work(size=(60, 20)) as desk:
        assert (left(desk), below(desk)) == (60, 8)
        await desk.keys("1", ">", "<")
        assert left(desk) == 0
        assert desk.app.sizes == PaneSizes(32, 8)
        assert desk.said == ["One pane at a time is shown here; from 80 columns on they stand side by side"]
    async with at_work(size=(140, 15)) as desk:
        assert (left(desk), below(desk)) == (32, 6)


async def test_the_last_sizes_are_kept_though_it_took_long_to_keep_those_before(monkeypatch):
    asked: list[PaneSizes] = []
    done: list[PaneSizes] = []
    keep = pane_sizes.keep

    def slow_at_first(sizes: PaneSizes) -> str:
        asked.append(sizes)
        if len(asked) == 1:
            time.sleep(0.3)
        problem = keep(sizes)
        done.append(sizes)
        return problem

    monkeypatch.setattr(pane_sizes, "keep", slow_at_first)
    async with at_work() as desk:
        await desk.keys("+")
        await desk.until(lambda: asked)
        await desk.keys("+")
        await desk.until(lambda: len(done) == 2)
        assert done[-1] == desk.app.sizes == pane_sizes.kept()


async def test_there_is_an_end_to_it():
    async with at_work() as desk:
        await desk.keys(*">>>>>>>>>>>>", *"++++++++++++")
        assert (left(desk), below(desk)) == (80 - pane_sizes.LEAST_RIGHT, 24 - pane_sizes.LEAST_REST)
        assert desk.table.region.height >= 3
        await desk.keys(*"<<<<<<<<<<<<<<<<", *"----------------")
        assert (left(desk), below(desk)) == (pane_sizes.LEAST_LEFT, pane_sizes.LEAST_BELOW)


async def test_sizes_by_mouse():
    async with at_work() as desk:
        divider = desk.top.query_one("#divider")
        await desk.pilot.mouse_down(divider, Offset(5, 0))
        await desk.pilot.hover(offset=Offset(5, divider.region.y - 3))
        await desk.pilot.mouse_up(offset=Offset(5, divider.region.y))
        assert below(desk) == 9


async def test_nothing_is_made_that_was_not_asked_for():
    async with at_work() as desk:
        await desk.keys("1", "z", "z", "q")
    assert not files.data_dir().exists()
    async with at_work(read_only=True) as desk:
        await desk.keys(">")
        assert left(desk) == 30
        await desk.keys("q")
    assert not files.data_dir().exists()


async def test_what_was_adjusted_last_is_kept_at_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(panes, "KEEP_AFTER", 3600.0)
    async with at_work() as desk:
        await desk.keys(">", "q")
    assert json.loads(pane_sizes._path().read_text("utf-8")) == {"left": 30, "below": 0}


async def test_sizes_that_cannot_be_kept(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "file" / "below"))
    async with at_work() as desk:
        await desk.keys(">")
        await desk.until(lambda: desk.said)
        assert desk.said[-1].startswith("The sizes of the panes cannot be kept: ")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"left": "30"}',
        '{"left": true, "below": -1}',
        '{"left": 1e9}',
        '{"left": 99999999}',
        "9" * 5000,
        "[" * 5000,
        "\udcff",
        '{"left": NaN}',
    ],
    ids=lambda text: text[:12],
)
def test_bad_content_is_ignored(content: str):
    files.make_folder(files.data_dir())
    pane_sizes._path().write_bytes(content.encode("utf-8", "surrogateescape"))
    assert pane_sizes.kept() == PaneSizes()


@pytest.mark.parametrize("key", ["1", "5", "]"])
async def test_whatever_is_gone_to_from_an_explanation_that_fills_the_screen_is_in_sight(key):
    async with at_work() as desk:
        await desk.keys("1", "enter", "z")
        assert desk.app.designer.has_class("-reading")
        await desk.keys(key)
        assert not desk.app.designer.has_class("-reading")
        assert desk.app.focused.region.area > 0
        assert f"{desk.count} filters" in desk.status
