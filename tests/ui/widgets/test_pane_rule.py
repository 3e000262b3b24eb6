"""A line between panes is painted without what the library would look for, and is the same."""

import pytest
from textual.strip import Strip
from textual.widget import Widget

from ndtui.ui.widgets.message_line import MessageLine
from ndtui.ui.widgets.pane_rule import PaneRule
from tests.desk import at_work


def looks(strip: Strip) -> list[object]:
    """Return what each cell of a strip shows: its character, colours and attributes."""
    cells = []
    for text, style, _ in strip:
        assert style is not None
        cells += [(each, style.color, style.bgcolor, bool(style.bold), bool(style.reverse)) for each in text]
    return cells


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_lines_and_messages_are_painted_as_the_library_would(size: tuple[int, int]) -> None:
    async with at_work(size=size) as desk:
        seen: set[int] = set()
        for keys, said in (((), ""), (("tab",), "brief"), (("tab",), "a long message " * 12), (("a",), "wrong " * 30)):
            await desk.keys(*keys)
            if said:
                desk.app.notify(said, severity="error")
            await desk.settle()
            for rule in desk.top.query(PaneRule):
                rule._styles_cache.clear()
                for y in range(rule.size.height):
                    line = rule.render_line(y)
                    assert line.cell_length == rule.size.width
                    painted = looks(line)
                    assert painted == looks(
                        Widget.render_line(rule, y).adjust_cell_length(line.cell_length, rule.rich_style)
                    )
                    seen |= {len({color for _, color, *_ in painted})}
        assert {1, 2} <= seen
        assert desk.top.query_one(MessageLine).size.height > 1
