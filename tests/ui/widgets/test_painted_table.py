"""A table paints its lines without what the library would look for in each, and they are the same."""

import pytest
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ndtui.ui.widgets.row_table import RowTable
from tests.ui.widgets.row_app import Head, Row, showing

ROWS = [
    Head("first"),
    *(Row(f"row {n}", f"text {n}", f"{n}") for n in range(40)),
    Head("鍵"),
    Row("鍵鍵鍵", "e\u0301", "1"),
]


def looks(strips: list[Strip]) -> list[list[Segment]]:
    """Return what strips look like: neighbours of one style are one."""
    return [list(strip.simplify()) for strip in strips]


def as_the_library_has_it(table: RowTable, crop: Region) -> list[list[Segment]]:
    table._styles_cache.clear()
    return looks(Widget.render_lines(table, crop))


@pytest.mark.parametrize("rows", [ROWS, ROWS[:3], []], ids=len)
async def test_lines_are_painted_as_the_library_would_whatever_is_shown(rows: list[object]) -> None:
    async with showing(rows) as stand:
        table = stand.table
        width, height = table.scrollable_content_region.size
        crops = (Region(0, 0, width, height), Region(3, 2, 7, 3), Region(0, height - 1, width, 1))
        for keys in (["j"], ["G"], ["k"], ["/", *"row 1"], ["enter"], ["escape"], ["/", *"weight:", "enter"], ["tab"]):
            await stand.keys(*keys)
            for crop in crops:
                assert looks(table.render_lines(crop)) == as_the_library_has_it(table, crop), (keys, crop)


async def test_a_table_with_a_border_is_painted_with_it() -> None:
    async with showing(ROWS) as stand:
        stand.table.styles.border_top = ("solid", "red")
        await stand.settle()
        lines = stand.table.render_lines(stand.table.size.region)
        assert [line.text[:6] for line in lines[:3]] == ["──────", "  name", "  firs"]
