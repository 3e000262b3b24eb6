"""What a change has marked is in sight in the right pane as long as keys move another cursor than the one there."""

import pytest

from ndtui.model.design import edits
from ndtui.model.design.exemption import Exemption
from ndtui.ui.rows.view import Heading
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design

DNS = Exemption(name="DNS", protocol="udp", remote_ports=(53,))


def pane(desk: Desk) -> list[str]:
    """Return the lines of the right pane below its titles."""
    region = desk.table.region
    return [line[region.x : region.right] for line in desk.text.split("\n")[region.y + 1 : region.bottom]]


def marked(desk: Desk, sign: str) -> list[str]:
    return [line for line in pane(desk) if line.startswith(f"{sign} ")]


async def add(desk: Desk, text: str = "udp 53") -> None:
    await desk.keys("a")
    await desk.write(text)
    await desk.keys("enter")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_what_an_edit_has_added_is_in_sight_below_the_heading_of_its_layer(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        at = desk.table.row.identity
        assert not any("INBOUND" in line for line in pane(desk)[:3])
        await add(desk)
        first = next(n for n, line in enumerate(pane(desk)) if line.startswith("+ "))
        assert "udp" in pane(desk)[first].lower()
        assert any("INBOUND_TRANSPORT_V4" in line for line in pane(desk)[:first])
        assert desk.decisions.has_focus
        assert desk.table.row.identity == at
        assert "|  +6 (r)" in desk.status


async def test_undo_and_redo_bring_what_they_have_marked_into_sight_too():
    async with at_work() as desk:
        await add(desk)
        for key, sign in (("u", "-"), ("U", "+"), ("u", "-")):
            desk.table.scroll_to(y=0, animate=False, immediate=True)
            await desk.settle()
            assert marked(desk, sign) == []
            await desk.keys(key)
            assert marked(desk, sign) != []
        assert "|  -6 (r)" in desk.status


async def test_where_a_changed_row_is_in_sight_nothing_scrolls():
    async with at_work() as desk:
        await desk.select("IKE")
        await desk.keys("space")
        assert marked(desk, "-") != []
        assert desk.table.scroll_offset.y == 0


async def test_with_the_focus_in_the_table_nothing_moves_and_the_status_line_says_which_key_goes_there():
    async with at_work(keys={"designer.next_change": ("f4",)}) as desk:
        await desk.keys("1", "j")
        at, before = desk.table.row.identity, desk.table.scroll_offset
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        assert (desk.table.row.identity, desk.table.scroll_offset) == (at, before)
        assert marked(desk, "+") == []
        assert "|  +6 (f4)" in desk.status
        await desk.keys("f4")
        assert marked(desk, "+") != []
        assert desk.table.marks[id(desk.table.row)] == "+"


async def test_what_comes_later_of_the_same_change_does_not_scroll_back():
    """The checker's words come when the keys rest, and are no reason to move; nor is where the operator scrolls to."""
    async with at_work() as desk:
        await add(desk)
        at = desk.table.scroll_offset.y
        assert at > 0
        desk.app.designer._show_findings(desk.bench)
        await desk.settle()
        assert desk.table.scroll_offset.y == at
        desk.table.scroll_to(y=at + 4, animate=False, immediate=True)
        desk.app.designer._show_findings(desk.bench)
        await desk.settle()
        assert desk.table.scroll_offset.y == at + 4
        assert marked(desk, "+") != []


@pytest.mark.parametrize("size", [(100, 20), (140, 24), (80, 40)])
async def test_it_stays_in_sight_when_the_terminal_is_resized(size: tuple[int, int]):
    async with at_work() as desk:
        await add(desk)
        await desk.pilot.resize_terminal(*size)
        await desk.until(lambda: desk.table.region.right == size[0])
        assert marked(desk, "+") != []


async def test_a_change_that_marks_nothing_here_leaves_the_table_where_it_was():
    async with at_work() as desk:
        desk.table.scroll_to(y=4, animate=False, immediate=True)
        await desk.run("app.rename")
        await desk.fill(name="other")
        await desk.keys("enter")
        assert desk.design.name == "other"
        assert marked(desk, "+") == []


async def test_going_to_the_table_finds_its_cursor_in_sight_where_it_was():
    async with at_work() as desk:
        at = desk.table.row.identity
        await add(desk)
        await desk.keys("tab")
        assert desk.table.row.identity == at
        assert desk.table.scroll_offset.y == 0
        await desk.keys("shift+tab")
        assert desk.table.scroll_offset.y == 0


async def test_the_row_that_the_mouse_points_at_stays_below_it():
    async with at_work() as desk:
        await add(desk)
        at = desk.table.scroll_offset.y
        line = next(n for n, text in enumerate(pane(desk)) if text.startswith("+ "))
        await desk.pilot.click(offset=(desk.table.region.x + 6, desk.table.region.y + 1 + line))
        await desk.settle()
        assert desk.table.scroll_offset.y == at
        assert desk.table.marks[id(desk.table.row)] == "+"


async def test_the_ladder_scrolls_to_what_has_changed_too():
    async with at_work() as desk:
        await desk.keys("2", "shift+tab")
        await desk.select("scenario")
        await add(desk)
        assert marked(desk, "+") != []


async def test_a_layer_that_is_folded_stays_so():
    async with at_work() as desk:
        await desk.keys("1", "F")
        assert all(isinstance(row, Heading) for row in desk.table.rows)
        await desk.select("scenario")
        await add(desk)
        assert all(isinstance(row, Heading) for row in desk.table.rows)
        assert desk.table.scroll_offset.y == 0


async def test_in_a_narrow_terminal_the_pane_that_is_not_there_finds_its_cursor():
    async with at_work(size=(60, 20)) as desk:
        await add(desk)
        assert "+6 (r)" in desk.status
        await desk.keys("tab")
        assert "IKE main mode" in desk.words
        await desk.keys("r")
        assert marked(desk, "+") != []


@pytest.mark.parametrize("count", [1, 40])
async def test_among_many_rows_the_first_changed_one_is_the_one_in_sight(count: int):
    others = tuple(Exemption(name=f"X{n}", protocol="tcp", remote_ports=(n + 1,)) for n in range(count))
    async with at_work(design(exemptions=others)) as desk:
        desk.app.edit("add", lambda d: edits.add_exemption(d, DNS))
        await desk.settle()
        table: RowTable = desk.table
        first = next(n for n, row in enumerate(table.rows) if table.marks.get(id(row)))
        assert first in table._in_sight
        assert "DNS" in table.rows[first].label or marked(desk, "+")
