"""Every theme on every screen: what is drawn can be read, and is told apart without red and green."""

import math
from collections.abc import Callable, Iterator
from functools import partialmethod
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.strip import Strip

from ndtui.app.settings_in_force import settings_in_force
from ndtui.common.errors import InputError
from ndtui.common.settings import Settings
from ndtui.common.settings_file import parse_settings
from ndtui.ui.themes import theme_names
from ndtui.ui.themes.choice import chosen, is_light
from ndtui.ui.themes.palettes import PALETTES, Palette
from ndtui.ui.themes.theme_names import TERMINAL
from tests.contrast import DIALOGS, LEAST, contrast, luminance, sent
from tests.desk import Desk, at_work, screen_strips
from tests.screens.every_dialog import ALL, reachable
from tests.screens.every_screen import go
from tests.screens.golden_texts import IN_THEMES, MOVES, changed, in_folder, seen, walk, written

FULL = [palette for palette in PALETTES if palette.name != TERMINAL]
#: Words that a table has for a role, by the name of its colour; and the screens that show them all.
ROLES = {"policy": "◊ policy", "protected": "» callout", "exempt": "○ permit"}
SHOW_ROLES = ("zoomed", "filtering")
#: Contrast of text in a theme that is there for it: WCAG 2.2, 1.4.3.
STRONG = 4.5


async def test_every_screen_and_dialog_can_be_read_in_every_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And has one text in all of them, which is kept; a role has a colour of its own in each.

    What lies below a dialog is drawn in the first theme alone.
    """
    in_folder(tmp_path, monkeypatch)
    found: dict[tuple[str, str], list[str]] = {}
    drawn: dict[str, str] = {}
    on_top: dict[str, str] = {}
    with reachable():
        async with at_work(IN_THEMES, store=Path("80.sqlite3")) as desk:
            async for name in walk(desk):
                for palette in FULL:
                    await show_in(palette, desk, name)
                    strips = screen_strips(desk.app, below=palette is FULL[0] or not desk.top.query(DIALOGS))
                    if palette is FULL[0] and name not in MOVES:
                        drawn[name] = seen(desk, strips)
                    text = seen(desk, list(lines_on_top(desk, strips)))
                    assert name in MOVES or on_top.setdefault(name, text) == text, (name, palette.name)
                    if bad := unreadable(desk, palette, strips):
                        found[name, palette.name] = bad
                    if name in SHOW_ROLES:
                        assert role_colours(strips) == {role: {getattr(palette, role)} for role in ROLES}, palette.name
    assert found == {}
    assert changed("80", written(drawn)) == ""


def lines_on_top(desk: Desk, strips: list[Strip]) -> Iterator[Strip]:
    """Yield the lines of the dialog on top, or of the screen where there is none."""
    for area in [each.region for each in desk.top.query(DIALOGS)] or [desk.top.region]:
        yield from (strip.crop(area.x, area.right) for strip in strips[area.y : area.bottom])


async def show_in(palette: Palette, desk: Desk, name: str) -> None:
    """Show what is open in a theme; the library's palette takes one when it opens."""
    again = ALL[name] if name == "palette" else None
    if again:
        await go(desk, again.back)
    with patch.object(Stylesheet, "update", partialmethod(_only_on_top, Stylesheet.update)):
        desk.app.theme = palette.name
        await desk.settle()
    if again:
        await go(desk, again.keys)


def _only_on_top(
    self: Stylesheet, update: Callable[[Stylesheet, DOMNode, bool], None], root: DOMNode, animate: bool = False
) -> None:
    """Style what is on top, and nothing below a dialog, of which no cell is looked at: half of what a theme takes."""
    top = root.app.screen
    if root in (root.app, top) or not top.query(DIALOGS):
        update(self, root, animate)


def role_colours(strips: list[Strip]) -> dict[str, set[str]]:
    """Return the colours in which each role stands in the table."""
    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for segment in (segment for strip in strips for segment in strip if segment.style):
        for role, words in ROLES.items():
            if segment.text.strip() == words:
                found[role].add(segment.style.color.name)
    return found


def unreadable(desk: Desk, palette: Palette, strips: list[Strip]) -> list[str]:
    """Return some of the cells that cannot be read, and check that it is this theme that was drawn.

    With fewer colours the first theme is looked at too: what most terminals show.
    """
    cells = sent(desk.app, "truecolor", strips)
    assert len(cells) > 30
    grounds = {cell.ground for cell in cells}
    own = (palette.ground, palette.raised, desk.app.theme_variables["panel-darken-1"].lower())
    assert grounds & {colour[1:] for colour in own}, palette.name
    least = STRONG if palette.name.startswith("contrast") else LEAST
    if palette is FULL[0]:
        cells += sent(desk.app, "256", strips)
    return sorted({f"{c.text} {c.ink} {c.ground}" for c in cells if contrast(c) < least})[:5]


#: What becomes of red, green and blue, each linear, where one kind of cone is missing: Machado, Oliveira and Fernandes,
#: "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), table 1, severity 1.0.
MISSING = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
#: Difference of two colours that are to be told apart at a glance, in CIELAB (1976); 2.3 can just be seen.
APART = 20.0


def dot(row: tuple[float, ...], parts: list[float]) -> float:
    return sum(one * other for one, other in zip(row, parts, strict=True))


def lab(colour: str, sight: str = "") -> tuple[float, float, float]:
    """Return a colour in CIELAB, as someone sees it who has all cones or lacks some."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    if sight:
        linear = [min(1.0, max(0.0, dot(row, linear))) for row in MISSING[sight]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [dot(row, linear) / white for row, white in zip(rows, (0.9505, 1.0, 1.089), strict=True)]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def closest(palette: Palette, names: tuple[str, ...], sight: str) -> float:
    """Return the least difference between two of some colours of a theme."""
    seen = [lab(getattr(palette, name), sight) for name in names]
    return min(math.dist(one, other) for one, other in combinations(seen, 2))


TOLD_APART = (("good", "caution", "bad"), ("protected", "exempt", "policy", "blocked"))


@pytest.mark.parametrize("sight", MISSING)
@pytest.mark.parametrize("names", TOLD_APART, ids=" ".join)
@pytest.mark.parametrize("palette", [each for each in FULL if "deuteranopia" in each.name], ids=lambda each: each.name)
def test_no_meaning_by_red_against_green(palette: Palette, names: tuple[str, ...], sight: str):
    assert closest(palette, names, sight) >= APART
    assert closest(palette, names, "") >= APART


def test_the_usual_theme_is_what_makes_the_other_needed():
    dark = PALETTES[0]
    assert math.dist(lab(dark.good, "deuteranopia"), lab(dark.bad, "deuteranopia")) < math.dist(
        lab(dark.good), lab(dark.bad)
    )
    assert closest(dark, TOLD_APART[0], "deuteranopia") < APART


@pytest.mark.parametrize("palette", FULL, ids=lambda each: each.name)
def test_lines_can_be_seen_too(palette: Palette):
    """Borders and scroll bars: WCAG 2.2, 1.4.11."""
    for ground in (palette.ground, palette.raised):
        light, dark = sorted((luminance(palette.line[1:]), luminance(ground[1:])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= LEAST, ground


@pytest.mark.parametrize(
    ("said", "light"),
    [
        ("0;15", True),
        ("15;0", False),
        ("0;default;15", True),
        ("0;7", True),
        ("7;8", False),
        ("15;default", False),
        ("", False),
        ("0;²", False),
        ("0;" + "9" * 5000, False),
    ],
)
def test_the_background_that_a_terminal_names(said: str, light: bool):
    assert is_light({"COLORFGBG": said}) is light
    assert chosen("auto", {"COLORFGBG": said}, few=False) == ("light" if light else "dark")


def test_what_is_asked_for_wins_and_without_colours_nothing_does():
    light = {"COLORFGBG": "0;15"}
    assert chosen("contrast", light, few=False) == "contrast"
    assert chosen("contrast", light, few=True) == TERMINAL
    assert chosen("auto", {}, few=False) == "dark"


def test_a_theme_that_there_is_not_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"no theme 'ligth'.*did you mean light"):
        theme_names.check_name("ligth")
    with pytest.raises(InputError, match=r"choose auto, dark, light, contrast,"):
        theme_names.check_name("xyzzy")
    assert [theme_names.check_name(name) for name in ("auto", "dark", TERMINAL)] == ["auto", "dark", TERMINAL]
    assert tuple(palette.name for palette in PALETTES) == theme_names.NAMES


async def test_a_theme_is_shown_at_once_and_kept_or_left():
    async with at_work() as desk:
        assert desk.app.theme == "dark"
        await desk.keys("T", "j", "j")
        assert desk.app.theme == "light"
        await desk.keys("escape")
        assert desk.app.theme == "dark"
        await desk.keys("T", "j", "j", "j", "enter")
        assert desk.app.theme == "contrast"
        assert desk.said[-1].startswith('For good: theme = "contrast" in ')
        await desk.keys("T", "escape", "p")
        await desk.planned()
        await desk.keys("T", "k", "enter")
        assert desk.app.theme == "light"


async def test_auto_stands_first_and_is_gone_back_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLORFGBG", "0;15")
    async with at_work(theme="contrast") as desk:
        await desk.keys("T", "g")
        assert desk.top.query_one("#themes").row.name == "auto"
        assert desk.app.theme == "light"
        await desk.keys("escape")
        assert desk.app.theme == "contrast"
        await desk.keys("T", "g", "enter")
        assert desk.app.theme == "light"
        assert desk.said[-1].startswith('For good: theme = "auto" in ')
        await desk.keys("T")
        assert desk.top.query_one("#themes").row.name == "auto"


async def test_what_the_terminal_answers_holds_for_auto_and_for_nothing_else(monkeypatch: pytest.MonkeyPatch):
    """It is asked when that is chosen first, and once."""
    monkeypatch.delenv("COLORFGBG", raising=False)
    asked: list[str] = []
    async with at_work(theme="contrast") as desk:
        desk.app._driver.ask_for_background = lambda: asked.append(desk.app.theme)
        await desk.keys("T", "g")
        assert asked == ["dark"]
        desk.app.on_background_told(SimpleNamespace(light=True))
        assert desk.app.theme == "light"
        await desk.keys("j", "k", "escape")
        assert (desk.app.theme, len(asked)) == ("contrast", 1)
        desk.app.on_background_told(SimpleNamespace(light=True))
        assert desk.app.theme == "contrast"


@pytest.mark.parametrize("few", [False, True])
async def test_every_sample_of_a_colour_is_whole_at_every_width(monkeypatch: pytest.MonkeyPatch, few: bool):
    if few:
        monkeypatch.setenv("NO_COLOR", "1")
    for size in ((60, 20), (80, 24), (140, 45)):
        async with at_work(size=size) as desk:
            await desk.keys("T")
            assert "+ added ~ changed - removed" in desk.words
            assert "protected exempt policy blocked" in desk.words
            assert ("one theme for that." in desk.words) == few


async def test_the_theme_of_the_settings_and_of_the_command_line():
    async with at_work(settings=Settings(theme="light")) as desk:
        assert desk.app.theme == "light"
    async with at_work(settings=Settings(theme="light"), theme="contrast") as desk:
        assert desk.app.theme == "contrast"


def test_a_theme_of_the_settings_that_there_is_not_is_said_and_left(tmp_path: Path):
    found = settings_in_force(parse_settings('glyphs = "ascii"\ntheme = "ligth"\n', tmp_path / "settings.toml"))
    assert found.settings.theme == "auto"
    assert found.settings.glyphs == "ascii"
    assert found.notice == "line 2: theme cannot be 'ligth': did you mean light?"
    good = settings_in_force(parse_settings('theme = "light"\n', tmp_path / "settings.toml"))
    assert (good.settings.theme, good.faults) == ("light", ())


async def test_without_colours_there_is_nothing_to_choose(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_work(theme="light") as desk:
        assert desk.app.theme == TERMINAL
        await desk.keys("T", "j", "j")
        assert "one theme for that" in desk.words
        await desk.keys("enter")
        assert desk.app.theme == TERMINAL
