"""A screen is laid out once for what has changed, as the library would anew; ``test_goldens`` looks at every screen."""

from itertools import pairwise

import pytest
from textual.geometry import Size
from textual.screen import Screen

from ndtui.screens.dialogs.dialog_body import DialogBody
from ndtui.ui.painting import laid_out_once
from tests.desk import at_work, misplaced


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[Screen[object]]:
    """Take note of each screen that is laid out."""
    noted: list[Screen[object]] = []
    lay_out = Screen._refresh_layout

    def note(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
        noted.append(self)
        lay_out(self, size, scroll)

    monkeypatch.setattr(Screen, "_refresh_layout", note)
    return noted


async def test_for_the_size_that_it_has_no_screen_is_laid_out_again(laid_out: list[Screen[object]]):
    async with at_work() as desk:
        await desk.keys("a")
        laid_out.clear()
        for same in (desk.top, desk.app.designer):
            same._screen_resized(Size(80, 24))
        assert laid_out == []
        await desk.pilot.resize_terminal(90, 30)
        await desk.until(lambda: desk.top.outer_size == Size(90, 30))
        assert {desk.top, desk.app.designer} == set(laid_out)
        assert desk.app.designer.outer_size == Size(90, 30)


async def test_a_widget_that_gets_another_size_has_all_laid_out_once(laid_out: list[Screen[object]]):
    async with at_work() as desk:
        laid_out.clear()
        desk.top.query_one("#left").styles.width = 24
        await desk.settle()
        assert len(laid_out) == 1
        assert misplaced(desk.app) == []


async def test_where_something_is_scrolled_all_is_laid_out_as_the_library_would():
    async with at_work(size=(60, 16)) as desk:
        await desk.keys("a")
        assert desk.top.query_one(DialogBody).max_scroll_y > 5
        for there, back in pairwise(list(desk.top.focus_chain)):
            for key, start in (("down", there), ("up", back)):
                start.focus()
                await desk.keys(key)
                assert misplaced(desk.app) == []


async def test_a_library_that_is_built_otherwise_has_its_way(
    laid_out: list[Screen[object]], monkeypatch: pytest.MonkeyPatch
):
    assert laid_out_once.KNOWN
    monkeypatch.setattr(laid_out_once, "KNOWN", False)
    async with at_work() as desk:
        laid_out.clear()
        await desk.keys("a")
        assert len(laid_out) > 3
        assert misplaced(desk.app) == []
