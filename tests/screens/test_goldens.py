"""Every screen and dialog as text at 60, 80 and 140 columns: a change is meant, and seen in a diff; all can be read.

Each is laid out as the library would lay it out anew.

At 80 columns with many colours ``test_themes`` draws them, once in each theme.
"""

from pathlib import Path

import pytest
from textual.strip import Strip

from tests.contrast import LEAST, ColorSystem, contrast, sent
from tests.desk import Desk, misplaced
from tests.screens.golden_texts import DRAWINGS, FEW, MANY, NONE, Drawing, changed, differences, draw, in_folder, still

#: With how many colours what is drawn on a terminal is sent; in many ``test_themes`` looks at all.
SENT: tuple[tuple[dict[str, str], tuple[ColorSystem, ...]], ...] = (
    (MANY, ()),
    (FEW, ("standard",)),
    (NONE, ("truecolor", "256", "standard")),
)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda each: each.name)
async def test_every_screen_is_as_it_was_and_can_be_read(
    drawing: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_folder(tmp_path, monkeypatch)
    (colour_systems,) = (systems for terminal, systems in SENT if terminal is drawing.terminal)
    unreadable: dict[tuple[str, str], list[str]] = {}

    def look(name: str, desk: Desk, strips: list[Strip]) -> None:
        assert misplaced(desk.app) == [], name
        for colours in colour_systems:
            cells = sent(desk.app, colours, strips)
            assert len(cells) > 30, name
            if bad := sorted({f"{c.text} {c.ink} {c.ground}" for c in cells if contrast(c) < LEAST}):
                unreadable[name, colours] = bad[:5]

    drawn = await draw(drawing, look)
    assert unreadable == {}
    assert changed(drawing.name, drawn) == ""
    assert drawn.isascii() or drawing.terminal is not NONE, "without colour each sign is one of ASCII"


def test_what_differs_is_told_by_screen_and_line() -> None:
    old, new = "==== one\na\nb\n==== two\nc\n", "==== one\na\nB\n==== three\nc\n"
    assert differences(old, old) == []
    assert differences(old, new) == ["one:2 - b", "one:2 + B", "two: is gone", "three: is new"]


def test_times_and_keys_are_no_differences() -> None:
    assert still("at 2026-11-28 19:44:54, in 87 s") == still("at 2027-01-02 03:04:05, in 31 s")
    assert still("26 filters") == "26 filters"
