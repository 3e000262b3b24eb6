"""Messages cover nothing, and none is lost."""

import pytest

from ndtui.model.files import presets
from ndtui.screens.dialogs.message_list import MessagesScreen
from tests.desk import Desk, at_work
from tests.support import design

LONG = "The backend refuses: " + " ".join(f"word{n}" for n in range(120))


def lines(desk: Desk) -> list[str]:
    return desk.text.split("\n")


@pytest.mark.parametrize("size", [(80, 24), (80, 15), (140, 45)], ids=str)
async def test_a_message_covers_nothing(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        await desk.keys("1", "G")
        before = lines(desk)
        await desk.keys("y")
        after = lines(desk)
        changed = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
        assert changed == [size[1] - 3]
        assert "Copied the selected row" in after[-3]
        assert desk.toasts.startswith("Copied the selected row")


@pytest.mark.parametrize("size", [(80, 24), (60, 15)], ids=str)
async def test_a_long_message_takes_its_room_from_the_panes(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        await desk.keys("1", "G")
        before = lines(desk)
        desk.app.notify(LONG, severity="error")
        await desk.settle()
        after = lines(desk)
        assert after[-2:] == before[-2:]
        assert after[-6].startswith(" × The backend refuses: word0")
        assert after[-3].endswith("… (m)")
        cursor = desk.table.cursor + desk.table._top - round(desk.table.scroll_y)
        assert 0 < cursor < desk.table.region.height
        await desk.keys("m")
        assert isinstance(desk.top, MessagesScreen)
        assert LONG[:200] in desk.words
        await desk.keys("escape")


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_in_a_form_that_fills_the_screen_it_leaves_the_buttons_in_sight(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        await desk.keys("a", *"udp 53 10.0.0.2")
        before = desk.text
        desk.app.notify(LONG, severity="error")
        await desk.settle()
        dialog, line = desk.top.query_one(".dialog"), desk.top.query_one("MessageLine")
        for button in desk.top.query("Button"):
            assert dialog.region.contains_region(button.region)
            assert not button.region.overlaps(line.region)
        assert desk.app.focused.region.bottom < line.region.y
        desk.app.clear_notifications()
        await desk.settle()
        assert desk.text == before


async def test_it_goes_when_it_has_been_there_long_enough():
    async with at_work() as desk:
        before = desk.text
        desk.app.notify("soon gone", timeout=0.01)
        desk.app.notify("[/x] [b", title="Not possible", severity="warning", timeout=0.02)
        await desk.settle()
        await desk.until(lambda: "Not possible" not in desk.text)
        assert desk.text == before
        await desk.keys("m")
        assert desk.words.index("! Not possible: [/x] [b") < desk.words.index("soon gone")


@pytest.mark.parametrize("key", ["A", "C"])
@pytest.mark.parametrize("said", ["The file has changed", "The file has changed, as others have. " * 4], ids=len)
async def test_on_the_lowest_screen_the_buttons_of_a_dialog_stay_in_sight(key: str, said: str):
    async with at_work(size=(60, 15)) as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys(key)
        for shown in ("", said):
            if shown:
                desk.app.notify(shown)
                await desk.settle()
                assert desk.toasts.startswith(shown[:20])
            assert "Apply to" in lines(desk)[1]
            assert "Apply (enter)    Cancel (esc)" in desk.text


async def test_several_at_once_are_counted():
    async with at_work() as desk:
        desk.app.notify("one")
        desk.app.notify("two")
        desk.app.notify("three", severity="warning")
        await desk.settle()
        assert "! three  (and 2 more: m)" in desk.text


async def test_what_is_said_again_is_no_other_message():
    async with at_work() as desk:
        await desk.keys("1", "G", "y", "y")
        assert desk.toasts.startswith("Copied the selected row")
        assert "more" not in desk.toasts


async def test_in_a_dialog_it_stands_in_the_dialog():
    presets.save(design(name="mine"), presets.own_path("mine"))
    async with at_work() as desk:
        await desk.keys("o", "d")
        assert "a shipped preset stays as it is" in desk.toasts
        table = desk.top.query_one("#presets")
        assert not table.region.overlaps(desk.top.query_one("#message").region)
        await desk.keys("escape")
        assert "a shipped preset stays as it is" in lines(desk)[-3]
        await desk.keys("p")
        await desk.planned()
        assert "a shipped preset stays as it is" in lines(desk)[-2]


async def test_nothing_was_said():
    async with at_work() as desk:
        await desk.keys("m")
        assert "Nothing was said yet." in desk.words


async def test_what_was_said_before_a_dialog_was_opened_is_not_in_it():
    async with at_work() as desk:
        await desk.keys("1", "G", "y", "a")
        assert not desk.top.query("MessageLine.-says")
        desk.app.notify("said since")
        await desk.settle()
        assert desk.toasts == "said since"
        await desk.keys("escape")
        assert "said since  (and 1 more: m)" in desk.text


async def test_a_message_cuts_nothing_that_the_line_says():
    async with at_work(size=(60, 20), toasts=True) as desk:
        assert " more ─" in lines(desk)[-3]
        for length in range(42, 56):
            desk.app.clear_notifications()
            desk.app.notify("x" * length)
            await desk.settle()
            shown = lines(desk)[-3]
            assert "x" * length in shown
            assert not set(shown.replace("x", "").replace(" more ", "").strip()) - set("─ 0123456789"), shown


async def test_what_is_said_while_a_dialog_is_closed_is_said_below_it(monkeypatch: pytest.MonkeyPatch):
    """A widget that is being removed takes no other up, and says nothing of it."""
    async with at_work() as desk:
        await desk.keys("x")
        monkeypatch.setattr(desk.top.query(".dialog").first(), "mount", lambda *widgets: None)
        desk.app.notify("The file was written")
        await desk.keys("escape")
        assert desk.top is desk.app.designer
        assert desk.said == ["The file was written"]


async def test_what_was_said_before_does_not_come_back_when_what_was_said_last_is_over():
    async with at_work() as desk:
        before = desk.text
        desk.app.notify("applying: wait until it is done", severity="warning")
        desk.app.notify("Done", timeout=0.02)
        await desk.settle()
        await desk.until(lambda: "Done" not in desk.text)
        assert desk.text == before


async def test_what_has_a_time_of_its_own_stands_for_all_of_it():
    async with at_work() as desk:
        desk.app.notify("nd-transport was reverted", severity="warning", timeout=60)
        desk.app.notify("Copied", timeout=0.02)
        await desk.settle()
        await desk.until(lambda: "Copied" not in desk.text)
        assert "! nd-transport was reverted" in desk.text


async def test_why_nothing_could_be_done_goes_when_the_design_changes():
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space", "U")
        assert desk.toasts == "! Nothing to redo"
        await desk.keys("j", "k")
        assert desk.toasts == "! Nothing to redo"
        await desk.keys("u")
        assert desk.toasts == ""
        await desk.keys("u")
        assert desk.toasts == "! Nothing to undo"
