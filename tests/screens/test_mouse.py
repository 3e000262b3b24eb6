"""The mouse: a click selects, a second one does what enter does; names of views and keys can be clicked."""

from ndtui.screens.dialogs.apply_form import ApplyScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.plan import PlanScreen
from ndtui.ui.rows.design_rows import VIEW_NAMES
from ndtui.ui.widgets.detail import Detail
from tests.desk import Desk, at_work
from tests.support import preset


async def click_on(desk: Desk, text: str, line: int | None = None) -> None:
    """Click on the first place of the screen, or of one of its lines, where a text stands."""
    lines = desk.text.split("\n")
    y = line if line is not None else next(n for n, each in enumerate(lines) if text in each)
    x = lines[y].index(text)
    await desk.pilot.click(offset=(x + 1, y % len(lines)))
    await desk.settle()


async def test_a_click_on_a_decision_selects_and_a_second_one_opens_its_form():
    async with at_work() as desk:
        await click_on(desk, "[x] IKE")
        assert desk.decisions.row.id == "IKE"
        assert desk.top is desk.app.designer
        await click_on(desk, "[x] IKE")
        assert isinstance(desk.top, FormScreen)
        await click_on(desk, "[x] IKE")
        await click_on(desk, "OK (enter)")
        assert desk.top is desk.app.designer
        assert desk.count == 16


async def test_a_double_click_opens_it_once():
    async with at_work() as desk:
        y = next(n for n, line in enumerate(desk.text.split("\n")) if "[x] IKE" in line)
        await desk.pilot.click(offset=(6, y), times=2)
        await desk.settle()
        assert len(desk.app.screen_stack) == 2
        assert isinstance(desk.top, FormScreen)
        assert desk.design == preset("nd-transport")


async def test_a_click_on_a_heading_folds_and_unfolds_its_group():
    async with at_work() as desk:
        await click_on(desk, "Keying modules")
        assert desk.decisions.row.id == "keying"
        assert "[x] IKE" not in desk.text
        await click_on(desk, "Keying modules")
        assert desk.decisions.row.id == "IKE"
        assert "[x] IKE" in desk.text


async def test_clicks_that_open_a_form():
    async with at_work(size=(80, 46)) as desk:
        await click_on(desk, "[+] add")
        assert desk.top is desk.app.designer
        await click_on(desk, "[+] add")
        assert isinstance(desk.top, FormScreen)
        await click_on(desk, "Cancel")
        assert desk.top is desk.app.designer
        await click_on(desk, "[x] ICMP")
        await click_on(desk, "[x] ICMP")
        assert isinstance(desk.top, FormScreen)
        await click_on(desk, "Protocol")
        await desk.pilot.click("#remote_ports")
        await desk.settle()
        assert desk.app.focused.id == "remote_ports"
        await click_on(desk, "OK (enter)")
        assert desk.top is desk.app.designer
        assert desk.bench.untouched


async def test_a_click_on_a_view():
    async with at_work() as desk:
        for name in reversed(VIEW_NAMES):
            await click_on(desk, name.capitalize(), 0)
            assert desk.app.designer.view_name == name
            assert desk.table.has_focus


async def test_a_click_beside_the_views_does_nothing():
    async with at_work(size=(100, 24)) as desk:
        await click_on(desk, "Findings", 0)
        await desk.pilot.click("ViewBar", offset=(desk.top.query_one("ViewBar").size.width - 1, 0))
        await desk.settle()
        assert desk.app.designer.view_name == "findings"


async def test_a_click_on_a_filter():
    async with at_work() as desk:
        await click_on(desk, "policy  AuthIP main mode")
        assert desk.table.has_focus
        assert desk.table.row.label == "AuthIP main mode"
        assert "AuthIP main mode" in desk.explanation
        await click_on(desk, "policy  AuthIP main mode")
        assert desk.app.focused is desk.top.query_one(Detail)


async def test_clicks_on_the_keys_in_the_last_line():
    async with at_work() as desk:
        await click_on(desk, "u Undo", -1)
        assert desk.said == ["Nothing to undo"]
        await desk.select("IKE")
        await click_on(desk, "Switch", -1)
        assert desk.count == 16
        await click_on(desk, "u Undo", -1)
        assert desk.count == 20
        await click_on(desk, "? Help", -1)
        assert isinstance(desk.top, HelpScreen)
        await desk.keys("escape")
        await click_on(desk, "a Add", -1)
        assert isinstance(desk.top, FormScreen)
        await desk.keys("escape")
        await click_on(desk, "p Plan", -1)
        await desk.planned()
        assert isinstance(desk.top, PlanScreen)
        await click_on(desk, "A Apply", -1)
        assert isinstance(desk.top, ApplyScreen)
        await click_on(desk, "Cancel (esc)")
        await click_on(desk, "esc Back", -1)
        assert desk.top is desk.app.designer


async def test_read_only_a_click_on_apply_does_nothing():
    async with at_work(read_only=True) as desk:
        await desk.keys("p")
        await desk.planned()
        await click_on(desk, "A Apply", -1)
        await click_on(desk, "R Remove", -1)
        assert isinstance(desk.top, PlanScreen)
        assert "25 to add" in desk.words
