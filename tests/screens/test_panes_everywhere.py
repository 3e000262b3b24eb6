"""Panes of the screens beside the designer: one height of the explanation for all, zoom, and why not where not."""

from pathlib import Path
from typing import NamedTuple

import pytest
from textual.geometry import Offset
from textual.widget import Widget

from ndtui.screens.trace import TraceScreen
from ndtui.ui.state import pane_sizes
from ndtui.ui.state.pane_sizes import PaneSizes
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.pane_rule import PaneRule
from tests.desk import Desk, at_work
from tests.screens.applied.test_applied_screen import apply
from tests.screens.every_screen import WAYS, go
from tests.screens.test_sizes import fits, resize
from tests.support import design


class Panes(NamedTuple):
    """The rows of a screen and what stands between them and the explanation, as selectors, with lines it needs."""

    rows: str
    rule: str
    lines: int = 24


PANES = {
    "plan": Panes("#plan", "#plan-divider"),
    "applied": Panes("#applied-rows", "#applied-divider", 40),
    "trace": Panes("#trace-rows", "#trace-divider"),
    "timeline": Panes("#trace-rows", "#trace-divider"),
    "machine": Panes("#machine-rows", "#machine-divider"),
    "trace on a machine": Panes("#trace-rows", "#trace-divider"),
}
every_one = pytest.mark.parametrize("name", PANES)


def height(desk: Desk) -> int:
    return desk.top.query_one(Detail).region.height


def rows_of(desk: Desk, name: str) -> Widget:
    return desk.top.query_one(PANES[name].rows)


def seen(desk: Desk, name: str) -> None:
    """Check that nothing was pushed off the screen, and that the rows are still rows."""
    fits(desk, (desk.app.size.width, desk.app.size.height))
    bar = desk.top.query_one("KeyBar")
    assert bar.region.bottom == desk.app.size.height, desk.text
    detail, rows = desk.top.query_one(Detail), rows_of(desk, name)
    if detail.display and rows.display and not desk.top.has_class("-zoomed"):
        assert rows.region.height >= pane_sizes.LEAST_ROWS, desk.text
        assert detail.region.bottom <= desk.top.query_one("#message").region.y, desk.text


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Path:
    """Return a store to which something was applied."""
    path = tmp_path / "store.sqlite3"
    apply(path, design())
    return path


async def gone_to(desk: Desk, name: str) -> None:
    """Go to a screen, with the focus on its rows."""
    await go(desk, WAYS[name].keys)
    rows_of(desk, name).focus()
    await desk.until(lambda: rows_of(desk, name).has_focus and desk.top.query_one(Detail).lines)


@every_one
async def test_the_explanation_gets_higher_and_lower(name: str, store: Path):
    async with at_work(store=store, size=(80, PANES[name].lines)) as desk:
        await gone_to(desk, name)
        first = height(desk)
        await desk.keys("-", "-")
        assert height(desk) == max(first - 2, pane_sizes.LEAST_BELOW)
        await desk.keys("+")
        assert height(desk) == max(first - 2, pane_sizes.LEAST_BELOW) + 1
        assert desk.app.sizes == PaneSizes(below=height(desk))
        seen(desk, name)
        assert desk.said == []


@every_one
async def test_it_is_as_high_as_it_was_made_elsewhere(name: str, store: Path):
    async with at_work(store=store, size=(80, 45)) as desk:
        desk.app.sizes = PaneSizes(30, 7)
        await gone_to(desk, name)
        assert height(desk) == 7
        await desk.keys("=")
        assert height(desk) == 8
        await go(desk, ("q",) if name == "applied" else WAYS[name].back)
        await desk.until(lambda: desk.top is desk.app.designer)
        assert height(desk) == 8
        assert desk.app.sizes == PaneSizes(30, 8)


@every_one
async def test_there_is_an_end_to_it(name: str, store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        await gone_to(desk, name)
        await desk.keys(*"+" * 30)
        seen(desk, name)
        highest = height(desk)
        assert rows_of(desk, name).region.height <= pane_sizes.LEAST_REST
        await desk.keys("-")
        assert height(desk) == highest - 1
        await desk.keys(*"-" * 40)
        assert height(desk) == pane_sizes.LEAST_BELOW
        seen(desk, name)


@every_one
async def test_the_highest_explanation_fits_at_every_size(name: str, store: Path):
    async with at_work(store=store) as desk:
        desk.app.sizes = PaneSizes(below=50)
        await gone_to(desk, name)
        for size in ((80, 24), (60, 15), (140, 45), (80, 20)):
            await resize(desk, size)
            seen(desk, name)
        desk.app.notify("a long message " * 20, timeout=60, markup=False)
        await desk.settle()
        seen(desk, name)


@every_one
@pytest.mark.parametrize("size", [(60, 15), (140, 45)], ids=str)
async def test_zoom_gives_the_rows_the_screen_and_back(name: str, size: tuple[int, int], store: Path):
    async with at_work(store=store, size=size) as desk:
        await gone_to(desk, name)
        rows, before = rows_of(desk, name), rows_of(desk, name).region
        await desk.keys("z")
        assert rows.region.width == size[0]
        assert rows.region.height > max(before.height, size[1] - 10 if size[1] > 20 else 3)
        assert not desk.top.query_one(Detail).region
        seen(desk, name)
        await desk.keys("z")
        assert rows.region == before


@every_one
@pytest.mark.parametrize("size", [(60, 15), (140, 45)], ids=str)
async def test_zoom_gives_the_explanation_the_screen_and_back(name: str, size: tuple[int, int], store: Path):
    async with at_work(store=store, size=size) as desk:
        desk.app.sizes = PaneSizes(below=3)
        await gone_to(desk, name)
        detail, rows, before = desk.top.query_one(Detail), rows_of(desk, name), rows_of(desk, name).region
        if name == "applied" and size[1] < 34:
            await desk.keys("enter")
        else:
            await desk.keys("tab")
            assert detail.has_focus
            await desk.keys("z")
        assert detail.region.width == size[0]
        assert detail.region.height > max(7, size[1] - 9 if size[1] > 20 else 0)
        assert not rows.region
        assert "Explanation" in desk.text
        seen(desk, name)
        await desk.keys("z")
        assert rows.region == before
        if detail.region:
            await desk.keys("z", "escape")
            assert rows.has_focus
            assert rows.region == before
        else:
            assert rows.has_focus


@every_one
async def test_the_rule_above_the_explanation_is_dragged(name: str, store: Path):
    async with at_work(store=store, size=(80, 45)) as desk:
        desk.app.sizes = PaneSizes(below=6)
        await gone_to(desk, name)
        rule = desk.top.query_one(PANES[name].rule, PaneRule)
        await desk.pilot.mouse_down(rule, Offset(5, 0))
        await desk.pilot.hover(offset=Offset(5, rule.region.y - 3))
        await desk.pilot.mouse_up(offset=Offset(5, rule.region.y))
        assert height(desk) == 9


async def test_no_other_line_is_dragged(store: Path):
    async with at_work(store=store, size=(80, 45)) as desk:
        desk.app.sizes = PaneSizes(below=6)
        await gone_to(desk, "trace")
        for each in ("#trace-head", "#message"):
            rule = desk.top.query_one(each, PaneRule)
            await desk.pilot.mouse_down(rule, Offset(5, 0))
            there = Offset(5, rule.region.y - 2)
            await desk.pilot.hover(offset=there)
            await desk.pilot.mouse_up(offset=there)
            assert height(desk) == 6


async def test_it_is_said_why_the_explanation_gets_no_other_height(store: Path):
    async with at_work(store=store, size=(140, 24)) as desk:
        await gone_to(desk, "trace")
        await desk.keys("+")
        assert desk.said == ["The explanation stands beside the rows here, and is as high as they are"]
        await desk.keys("z", "-")
        assert desk.said[1:] == ["The rows have the whole screen: z takes it back"]
        await desk.keys("z", "tab", "z", "-")
        assert desk.said[2:] == ["The explanation has the whole screen: z takes it back"]
        assert desk.app.sizes == PaneSizes()
    async with at_work(store=store) as desk:
        await gone_to(desk, "applied")
        await desk.keys("+")
        assert desk.said == [
            "The explanation stands below the rows from 34 lines on; enter on a row gives it the screen"
        ]
        await desk.keys("q", "z", "+")
        assert desk.said[1:] == ["The rows have the whole screen: z takes it back"]
        assert desk.app.sizes == PaneSizes()


async def test_it_is_said_where_nothing_is_explained(store: Path):
    async with at_work(store=store) as desk:
        await go(desk, WAYS["plan"].keys)
        await desk.keys(*"/nothing of the kind", "enter", "+")
        assert desk.said == ["Nothing is explained here"]


async def test_of_two_tables_the_one_that_has_the_focus_is_zoomed(store: Path):
    async with at_work(store=store, size=(80, 24)) as desk:
        await gone_to(desk, "applied")
        history, rows = desk.top.query_one("#applied-history"), rows_of(desk, "applied")
        await desk.keys("z")
        assert (history.region.height, rows.region.height > 12) == (0, True)
        await desk.keys("shift+tab")
        assert history.has_focus
        assert (history.region.height > 12, rows.region.height) == (True, 0)
        assert " more " not in desk.text
        await desk.keys("enter")
        assert rows.has_focus
        assert (history.region.height, rows.region.height > 12) == (0, True)


@every_one
async def test_rows_that_have_the_screen_give_way_to_what_is_read(name: str, store: Path):
    async with at_work(store=store, size=(80, 45)) as desk:
        await gone_to(desk, name)
        await desk.keys("z")
        desk.top.query_one(Detail).focus()
        await desk.settle()
        assert desk.app.focused.region.height > 1


async def test_the_packet_can_be_written_while_a_pane_has_the_screen(store: Path):
    async with at_work(store=store) as desk:
        await gone_to(desk, "trace")
        for keys in (("z",), ("tab", "z")):
            await desk.keys(*keys, "w")
            assert desk.app.focused.region.area > 0
            await desk.keys("escape")
            assert isinstance(desk.top, TraceScreen)
