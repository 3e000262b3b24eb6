"""While an explanation is read, keys of tables reach the table whose row it explains, on every screen."""

from pathlib import Path

import pytest

from ndtui.screens.dialogs.columns import ColumnsScreen
from ndtui.screens.dialogs.help import place_of
from ndtui.screens.dialogs.help_rows import Entry, help_rows
from ndtui.ui.keys.actions import of_scope, of_screen
from ndtui.ui.keys.palette import ActionCommands
from ndtui.ui.keys.user_keys import DEFAULT_KEYS
from ndtui.ui.widgets.detail import Detail
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.screens.applied.test_applied_screen import apply
from tests.screens.every_screen import WAYS, go
from tests.support import design

TABLES = {
    "filters": "#table",
    "plan": "#plan",
    "applied": "#applied-rows",
    "trace": "#trace-rows",
    "machine": "#machine-rows",
    "trace on a machine": "#trace-rows",
}
every_one = pytest.mark.parametrize("name", TABLES)


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Path:
    """Return a store to which something was applied."""
    path = tmp_path / "store.sqlite3"
    apply(path, design())
    return path


async def reading(desk: Desk, name: str) -> RowTable:
    """Go to a screen, and read what is explained there; returns the table."""
    await go(desk, WAYS[name].keys)
    table = desk.top.query_one(TABLES[name], RowTable)
    table.focus()
    detail = desk.top.query_one(Detail)
    await desk.until(lambda: table.has_focus and detail.lines)
    await read_again(desk)
    return table


async def read_again(desk: Desk) -> None:
    desk.top.query_one(Detail).focus()
    await desk.settle()
    assert isinstance(desk.app.focused, Detail)


@every_one
async def test_keys_of_tables_reach_the_table(name: str, store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        table = await reading(desk, name)
        await desk.keys("S")
        assert table.has_focus
        assert table.wanted.sort is not None
        await read_again(desk)
        await desk.keys("I")
        assert table.wanted.descending
        await read_again(desk)
        await desk.keys("c")
        assert isinstance(desk.top, ColumnsScreen)
        await desk.keys("escape")
        await read_again(desk)
        await desk.keys("/", "e")
        assert (table.has_focus, table.filter_text) == (True, "e")
        await desk.keys("escape")
        assert table.filter_text == ""
        assert desk.said == []


@pytest.mark.parametrize("name", ["filters", "plan", "applied", "machine", "trace on a machine"])
async def test_groups_fold(name: str, store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        table = await reading(desk, name)
        shown = len(table.rows)
        for folds, unfolds in (("F", "X"), ("left", "right")):
            await desk.keys(folds)
            await desk.until(lambda: not table.working)
            assert len(table.rows) < shown
            await read_again_if_explained(desk, table)
            await desk.keys(unfolds)
            await desk.until(lambda: not table.working)
            assert len(table.rows) == shown
            await desk.keys("j")
            await read_again(desk)


async def read_again_if_explained(desk: Desk, table: RowTable) -> None:
    """Read what is explained of a heading, if anything is; else the table has the focus."""
    if desk.top.has_class("-unexplained"):
        assert table.has_focus
    else:
        await read_again(desk)


async def test_it_is_said_why_not_and_the_focus_stays(store: Path):
    async with at_work(store=store) as desk:
        await reading(desk, "trace")
        await desk.keys("L")
        assert desk.said == ["There are no layers here to group by"]
        assert isinstance(desk.app.focused, Detail)


@pytest.mark.parametrize("pane", ["#decisions", "#table"])
async def test_of_two_tables_the_one_that_is_explained_is_filtered(pane: str):
    async with at_work() as desk:
        await desk.keys("1")
        table = desk.top.query_one(pane, RowTable)
        table.focus()
        await desk.settle()
        await read_again(desk)
        await desk.keys("/", "i", "enter")
        assert table.has_focus
        assert table.filter_text == "i"


async def test_what_is_read_of_a_revision_is_filtered_and_not_the_history(store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        rows = await reading(desk, "applied")
        desk.top.query_one("#applied-history").focus()
        await desk.settle()
        await read_again(desk)
        await desk.keys("/", "i")
        assert (rows.has_focus, rows.filter_text) == (True, "i")


async def test_an_explanation_that_has_the_screen_gives_it_back(store: Path):
    async with at_work(store=store) as desk:
        table = await reading(desk, "plan")
        await desk.keys("z")
        assert not table.region
        await desk.keys("S")
        assert table.region


@every_one
async def test_palette_and_help_name_each_action_once(name: str, store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        await reading(desk, name)
        found = [hit.display async for hit in ActionCommands(desk.top).discover()]
        assert len(found) == len(set(found))
        assert {action.title for action in of_screen(desk.top.SCOPE)} - {"Palette"} <= set(found)
        place = place_of(desk.top)
        rows = [row for row in help_rows(place, DEFAULT_KEYS) if isinstance(row, Entry) and row.action is not None]
        assert len(rows) == len({row.action for row in rows})
        assert place.focused == ("lists",)
        assert {row.action for row in rows} >= set(of_scope("tables"))


async def test_a_filter_from_the_palette_is_written_at_once(store: Path):
    async with at_work(store=store) as desk:
        table = await reading(desk, "filters")
        await desk.keys(":")
        await desk.write("filter rows")
        await desk.until(lambda: "Show only rows" in desk.words)
        await desk.keys("enter")
        await desk.until(lambda: table.line is not None)
        await desk.keys("4")
        assert table.filter_text == "4"


async def test_own_keys_reach_the_table_too():
    async with at_work() as desk:
        table = await reading(desk, "filters")
        desk.app.set_keymap({"tables.sort_next": "f12"})
        await desk.keys("S")
        assert table.wanted.sort is None
        await desk.keys("f12")
        assert table.wanted.sort is not None


@every_one
async def test_a_text_that_has_nothing_more_to_say_gives_the_focus_to_the_table(name: str, store: Path):
    async with at_work(store=store, size=(80, 40)) as desk:
        table = await reading(desk, name)
        table.filter_by("nothing of the kind")
        await desk.until(lambda: desk.top.has_class("-unexplained"))
        assert table.has_focus


@pytest.mark.parametrize("key", ["left", "right", "F", "X"])
async def test_where_there_are_no_groups_a_key_that_folds_says_so(key: str):
    async with at_work() as desk:
        await desk.keys("3", key)
        assert desk.said[-1:] == ["There are no groups here to fold"]
        await desk.keys("1", "L", key)
        assert desk.said[-1] == "The groups are dissolved: L groups again"


async def test_a_sort_by_a_column_that_has_no_room_is_told():
    async with at_work() as desk:
        await desk.keys("1")
        table = desk.table
        hidden = [number for number in table.columns if number not in table.placed]
        assert hidden
        for number in table.columns:
            said = len(desk.said)
            await desk.keys("S")
            assert table.wanted.sort == number
            title = table.view.columns[number].title
            told = [f"Sorted by {title}, a column that there is no room for here"] if number in hidden else []
            assert desk.said[said:] == told
