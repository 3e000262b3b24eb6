"""Every screen can be read on every terminal: the contrast of what is really sent, cell by cell."""

import os
from pathlib import Path

import pytest

from ndtui.app import terminal_colours
from ndtui.ui.widgets.tick_box import TickBox
from tests.contrast import LEAST, Cell, ColorSystem, contrast, sent
from tests.desk import at_work, screen_strips
from tests.screens.every_dialog import reachable
from tests.screens.golden_texts import IN_THEMES, MOVES, changed, in_folder, seen, walk, written

#: Terminals, and what they are given: the theme of many colours or the one of few, with colour or without.
TERMINALS = [
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "many"),
    ({"TERM": "xterm-256color"}, "many"),
    ({"TERM": "screen-256color"}, "many"),
    ({"TERM": "tmux-256color"}, "many"),
    ({"TERM": "xterm-256color", "NO_COLOR": ""}, "many"),
    ({"TERM": "xterm"}, "few"),
    ({"TERM": "screen"}, "few"),
    ({"TERM": "tmux"}, "few"),
    ({"TERM": "linux"}, "few"),
    ({"TERM": "vt100"}, "none"),
    ({"TERM": "vt220"}, "none"),
    ({"TERM": "dumb"}, "none"),
    ({"TERM": "unknown"}, "none"),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ({"TERM": "linux", "NO_COLOR": "1"}, "none"),
]
#: How many colours what is drawn for them is sent with.
SENT: dict[str, tuple[ColorSystem, ...]] = {
    "many": ("truecolor", "256"),  # as drawn in every theme: tests.screens.test_themes
    "few": ("standard",),
    "none": ("truecolor", "256", "standard"),
}


def on(terminal: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a terminal, as the designer is started on it."""
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.setenv(name, "")  # so that whatever becomes of it is undone
        monkeypatch.delenv(name)
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    terminal_colours.settle(os.environ, windows=False)


@pytest.mark.parametrize("given", ["few", "none"])
async def test_every_screen_and_dialog_can_be_read(given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """And with colours is, word for word, what it is in every other theme; without, each sign is one of ASCII."""
    in_folder(tmp_path, monkeypatch)
    on(next(terminal for terminal, kind in TERMINALS if kind == given), monkeypatch)
    unreadable: dict[str, list[Cell]] = {}
    drawn: dict[str, str] = {}
    with reachable():
        async with at_work(IN_THEMES, store=Path("80-auto.sqlite3")) as desk:
            async for name in walk(desk):
                strips = screen_strips(desk.app)
                drawn[name] = seen(desk, strips)
                for colours in SENT[given]:
                    cells = sent(desk.app, colours, strips)
                    assert len(cells) > 30
                    if bad := [cell for cell in cells if contrast(cell) < LEAST]:
                        unreadable[f"{name}, {colours}"] = bad
    assert unreadable == {}
    if given == "none":
        assert [name for name, text in drawn.items() if not text.isascii()] == []
    else:  # there is one theme, and the list of them says so
        kept = {name: text for name, text in drawn.items() if name not in MOVES}
        assert changed({"80": written(kept)}, but=("themes",)) == ""


@pytest.mark.parametrize(
    ("terminal", "given"), TERMINALS, ids=lambda each: " ".join(each.values()) if isinstance(each, dict) else each
)
async def test_what_a_terminal_is_given(terminal: dict[str, str], given: str, monkeypatch: pytest.MonkeyPatch):
    on(terminal, monkeypatch)
    async with at_work() as desk:
        assert (desk.app.theme == "terminal") == (given != "many")
        assert desk.app.no_color == (given == "none")
        assert desk.app.console.color_system in SENT[given]


async def test_without_colour_a_box_shows_its_state(monkeypatch: pytest.MonkeyPatch):
    on({"TERM": "vt100"}, monkeypatch)
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
