"""The tour: shown once, left at any key, and no key is lost by that."""

from functools import partial

import pytest
from textual.geometry import Offset, Region, Size

from ndtui.app import launch
from ndtui.app.app import NdtuiApp
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.dialogs.tour import TourScreen, beside
from ndtui.screens.dialogs.tour_steps import tour_steps
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap
from ndtui.ui.state import tour_marker
from ndtui.ui.state.options import Options
from tests.desk import Desk, at_work
from tests.support import preset

COUNT = len(tour_steps(DEFAULT_KEYS))


def stands_beside(desk: Desk, name: str, *, room: bool) -> bool:
    pane, box = desk.app.designer.query_one(name).region, desk.top.query_one("#tour").region
    return pane.width > 20 and not (room and box.overlaps(pane))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40), (40, 15)])
async def test_each_step_stands_beside_the_pane_it_speaks_of_which_is_in_sight(size):
    async with at_work(size=size, tour=True) as desk:
        for number, step in enumerate(tour_steps(DEFAULT_KEYS)):
            assert f"Tour {number + 1} of {COUNT} {step.text} enter" in desk.words
            await desk.until(partial(stands_beside, desk, step.pane, room=size[1] > 15))
            assert Region(0, 0, *size).contains_region(desk.top.query_one("#tour").region)
            await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert desk.app.focused is desk.decisions
        assert "-on-decisions" in desk.top.classes


@pytest.mark.parametrize("key", ["enter", "space", "right"])
async def test_these_keys_go_on_and_change_nothing(key):
    async with at_work(tour=True) as desk:
        await desk.keys(key)
        assert f"Tour 2 of {COUNT}" in desk.words
        await desk.keys(*[key] * (COUNT - 1))
        assert desk.top is desk.app.designer
        assert not desk.bench.history.past
        assert desk.decisions.cursor == 0


@pytest.mark.parametrize("before", [0, 2])
@pytest.mark.parametrize(
    ("keys", "holds"),
    [
        (("a", *"udp 53"), lambda desk: [each.value for each in desk.top.query("#traffic")] == ["udp 53"]),
        (("j",), lambda desk: getattr(desk.decisions.row, "mode", "") == "negotiation-discovery"),
        (("?",), lambda desk: isinstance(desk.top, HelpScreen)),
        (("f1",), lambda desk: isinstance(desk.top, HelpScreen)),
        (("tab", "j"), lambda desk: desk.app.focused is desk.table),
        (("2",), lambda desk: desk.app.designer.view_name == "weights"),
        (("escape",), lambda desk: desk.app.focused is desk.decisions),
        (("ctrl+q",), lambda desk: not desk.app.is_running),
    ],
)
async def test_any_other_key_leaves_and_does_what_it_does_with_what_was_typed_behind_it(keys, holds, before):
    async with at_work(tour=True) as desk:
        await desk.keys(*["enter"] * before)
        await desk.at_once(*keys)
        await desk.until(lambda: not desk.app.is_running or not isinstance(desk.top, TourScreen))
        await desk.until(lambda: holds(desk))


async def test_a_letter_that_quits_leaves_the_tour_alone():
    async with at_work(tour=True) as desk:
        await desk.keys("q")
        assert desk.top is desk.app.designer
        assert desk.app.is_running


async def test_a_click_on_the_box_goes_on_and_one_beside_it_leaves():
    async with at_work(tour=True) as desk:
        box = desk.top.query_one("#tour").region
        await desk.pilot.click(offset=(box.x + 3, box.y + 1))
        assert f"Tour 2 of {COUNT}" in desk.words
        await desk.pilot.click(offset=(79, 1))
        assert desk.top is desk.app.designer


async def test_it_follows_a_terminal_that_gets_another_size():
    async with at_work(tour=True) as desk:
        await desk.pilot.resize_terminal(60, 20)
        box = desk.top.query_one("#tour")
        await desk.until(lambda: box.region.y == desk.decisions.region.bottom)


async def test_it_is_noted_when_it_is_shown_and_nothing_else_is_written():
    async with at_work(tour=True) as desk:
        assert isinstance(desk.top, TourScreen)
        await desk.until(tour_marker.was_shown)
        assert [each.name for each in tour_marker.path().parent.iterdir()] == ["tour-shown"]
    async with at_work() as desk:
        assert desk.top is desk.app.designer


async def test_where_it_cannot_be_noted_nothing_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "file" / "below"))
    assert tour_marker.note_shown()
    async with at_work(tour=True) as desk:
        assert isinstance(desk.top, TourScreen)
        assert desk.said == []


async def test_it_can_be_seen_again_and_read_only_notes_nothing():
    async with at_work(read_only=True) as desk:
        assert "Tour" in [hit.display async for hit in ActionCommands(desk.top).discover()]
        await desk.keys("i")
        assert isinstance(desk.top, TourScreen)
        await desk.keys("a")
        assert isinstance(desk.top, FormScreen)
        assert not tour_marker.was_shown()


def test_it_names_the_keys_that_hold():
    texts = " ".join(step.text for step in tour_steps(KeyMap({"designer.plan": ("f12",), "plan.apply": ("N",)})))
    assert "f12 shows what applying would change. From there N applies" in texts


@pytest.mark.parametrize(
    ("read_only", "driver", "shown", "due"),
    [
        (False, "", False, True),
        (False, "", True, False),
        (True, "", False, False),
        (False, "ndtui.app.serve.browser_driver:BrowserDriver", False, False),
    ],
)
def test_it_is_due_at_the_first_start_on_a_terminal(monkeypatch, read_only, driver, shown, due):
    started: list[NdtuiApp] = []
    monkeypatch.setattr(NdtuiApp, "run", lambda self: started.append(self) or 0)
    monkeypatch.setenv("TEXTUAL_DRIVER", driver)
    if shown:
        tour_marker.note_shown()
    assert launch.run_designer(preset("nd-transport"), None, Options(read_only=read_only)) == 0
    assert started[0].options.tour is due
    assert tour_marker.was_shown() is shown


@pytest.mark.parametrize(
    ("pane", "where"),
    [
        (Region(0, 0, 20, 30), (21, 1)),
        (Region(30, 0, 70, 20), (30, 20)),
        (Region(60, 0, 40, 20), (50, 20)),
        (Region(0, 25, 100, 15), (0, 18)),
        (Region(0, 0, 100, 40), (50, 33)),
    ],
    ids=["right", "below", "below and in sight", "above", "corner"],
)
def test_where_the_box_stands(pane, where):
    assert beside(pane, Size(50, 7), Size(100, 40)) == Offset(*where)


async def test_messages_do_not_cover_its_text():
    async with at_work(tour=True) as desk:
        text = desk.words
        desk.app.notify("Something was said meanwhile, which takes several lines " * 3, markup=False)
        await desk.settle()
        assert desk.words == text
        await desk.keys("escape")
        assert "Something was said meanwhile" in desk.words
