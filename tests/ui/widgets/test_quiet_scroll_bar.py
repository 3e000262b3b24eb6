"""The bar beside a long table is painted when its thumb can be seen to move, and not otherwise."""

from itertools import pairwise

import pytest
from rich.segment import Segment
from textual.scrollbar import ScrollBar, ScrollBarRender

from ndtui.ui.widgets.quiet_scroll_bar import QuietScrollBar
from tests.ui.widgets.row_app import Row, showing


def drawn(bar: ScrollBar, position: float) -> list[Segment]:
    """Return what the library draws at a position."""
    size = {"size": bar.size.height, "virtual_size": bar.window_virtual_size, "window_size": bar.window_size}
    return list(ScrollBarRender.render_bar(**size, position=position).segments)


@pytest.mark.parametrize("rows", [13, 20, 61, 1000, 60_000])
async def test_what_is_not_painted_again_would_look_the_same(rows: int) -> None:
    async with showing([Row(f"row {n}") for n in range(rows)]) as table:
        bar = table.table.vertical_scrollbar
        assert isinstance(bar, QuietScrollBar)
        hidden = bar.window_virtual_size - bar.window_size
        places = range(hidden + 1) if hidden < 2000 else [*range(300), *range(hidden - 300, hidden + 1)]
        moved = 0
        for before, after in pairwise(places):
            if bar._begin(before) == bar._begin(after):
                assert drawn(bar, before) == drawn(bar, after)
            else:
                moved += 1
        assert moved > 0


async def test_a_row_further_in_a_long_table_leaves_the_bar_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[float] = []
    monkeypatch.setattr(QuietScrollBar, "render", lambda self: painted.append(self.position) or ScrollBar.render(self))
    async with showing([Row(f"{n}") for n in range(60_000)]) as table:
        assert table.text
        painted.clear()
        await table.keys(*["down"] * 20)
        assert "  20" in table.lines
        assert painted == []
        await table.keys("end")
        assert any(line.startswith("  59999") for line in table.lines)
        assert painted
