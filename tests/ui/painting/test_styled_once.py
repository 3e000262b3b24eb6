"""Opening a screen styles each of its widgets once, and as the library would style them anew."""

from collections import Counter
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from tests import library_once
from tests.desk import Desk, at_work, screen_strips
from tests.screens.every_screen import WAYS, go

#: A dialog first: with it the style sheet of all dialogs is read.
OPENED = ("add", "help", "presets", "apply", "trace", "applied", "filters")


def styles_of(desk: Desk) -> dict[DOMNode, tuple[dict[str, object], dict[str, dict[str, object]]]]:
    """Return the rules that hold for each widget of the screen on top, and for the parts that it paints itself."""
    return {
        node: (
            dict(node.styles.base.get_rules()),
            {
                name: dict(node.get_component_styles(name).base.get_rules())
                for name in sorted(node._get_component_classes())
            },
        )
        for node in desk.top.walk_children(with_self=True)
    }


@pytest.mark.parametrize("size", [(60, 15), (140, 40)], ids=str)
async def test_a_screen_that_was_opened_is_styled_as_the_library_would_anew(size: tuple[int, int], tmp_path: Path):
    async with at_work("nd-domain-member", size, store=tmp_path / "store.sqlite3") as desk:
        for name in OPENED:
            await go(desk, WAYS[name].keys)
            found = styles_of(desk)
            with pytest.MonkeyPatch.context() as anew:
                anew.setattr(Stylesheet, "apply", library_once.APPLY)
                anew.setattr(Stylesheet, "_process_component_classes", library_once.PROCESS_PARTS)
                desk.app.stylesheet.update(desk.top)
            assert styles_of(desk) == found, name
            await go(desk, WAYS[name].back)


async def test_what_lies_below_a_dialog_is_drawn_as_the_library_draws_it(monkeypatch: pytest.MonkeyPatch):
    async with at_work() as desk:
        for keys in (("a",), ("escape", "?"), ("escape", "space", "q")):
            await desk.keys(*keys)
            drawn = []
            for renderable in (library_once.BELOW, library_once.Below):
                monkeypatch.setattr("textual.screen.BackgroundScreen", renderable)
                desk.top.refresh()
                await desk.settle()
                drawn.append([[*strip.simplify()] for strip in screen_strips(desk.app)])
            assert drawn[0] == drawn[1]


@pytest.fixture
def styled(monkeypatch: pytest.MonkeyPatch) -> Counter[DOMNode]:
    """Count how often each node is styled."""
    counted: Counter[DOMNode] = Counter()
    apply = Stylesheet.apply

    def count(self: Stylesheet, node: DOMNode, **options: object) -> None:
        counted[node] += 1
        apply(self, node, **options)

    monkeypatch.setattr(Stylesheet, "apply", count)
    return counted


def not_once(desk: Desk, styled: Counter[DOMNode]) -> dict[DOMNode, int]:
    """Return the widgets that were not styled once; one that gets the focus is styled for that."""
    opened = [node for node in desk.top.walk_children() if node is not desk.app.focused]
    return {node: styled[node] for node in opened if styled[node] != 1}


@pytest.mark.parametrize("size", [(60, 15), (140, 40)], ids=str)
async def test_each_widget_is_styled_once_at_the_start(size: tuple[int, int], styled: Counter[DOMNode]):
    async with at_work(size=size) as desk:
        assert not_once(desk, styled) == {}


async def test_each_widget_of_a_form_is_styled_once(styled: Counter[DOMNode]):
    async with at_work() as desk:
        await desk.keys("a", "escape")  # so that its style sheet has been read
        styled.clear()
        await desk.keys("a")
        assert sum(styled.values()) > 50
        assert not_once(desk, styled) == {}
