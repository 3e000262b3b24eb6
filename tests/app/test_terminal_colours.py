"""What each terminal is given: many colours, few, or none. That all can be read on each is seen in ``test_goldens``."""

import pytest

from ndtui.app import terminal_colours
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import at_work
from tests.screens.golden_texts import FEW, MANY, NONE, on

#: Terminals, and what they are given: the theme of many colours or the one of few, with colour or without.
TERMINALS = [
    (MANY, "many"),
    ({"TERM": "xterm-256color"}, "many"),
    ({"TERM": "screen-256color"}, "many"),
    ({"TERM": "tmux-256color"}, "many"),
    ({"TERM": "xterm-256color", "NO_COLOR": ""}, "many"),
    (FEW, "few"),
    ({"TERM": "screen"}, "few"),
    ({"TERM": "tmux"}, "few"),
    ({"TERM": "linux"}, "few"),
    (NONE, "none"),
    ({"TERM": "vt220"}, "none"),
    ({"TERM": "dumb"}, "none"),
    ({"TERM": "unknown"}, "none"),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ({"TERM": "linux", "NO_COLOR": "1"}, "none"),
]
#: With how many colours what is drawn for them is sent.
SENT = {
    "many": ("truecolor", "256"),
    "few": ("standard",),
    "none": ("truecolor", "256", "standard"),
}


@pytest.mark.parametrize(
    ("terminal", "given"), TERMINALS, ids=lambda each: " ".join(each.values()) if isinstance(each, dict) else each
)
async def test_what_a_terminal_is_given(terminal: dict[str, str], given: str):
    with on(terminal):
        async with at_work() as desk:
            assert (desk.app.theme == "terminal") == (given != "many")
            assert desk.app.no_color == (given == "none")
            assert desk.app.console.color_system in SENT[given]


async def test_without_colour_a_box_shows_its_state():
    with on(NONE):
        async with at_work() as desk:
            await desk.keys("a")
            assert "[x] enabled" in desk.words
            desk.top.query_one("#enabled", TickBox).toggle()
            await desk.settle()
            assert "[ ] enabled" in desk.words


def test_on_windows_the_name_of_a_terminal_tells_nothing():
    environment = {"TERM": "dumb"}
    terminal_colours.settle(environment, windows=True)
    assert environment == {"TERM": "dumb"}
