"""What a filter does is told by a sign and a colour, neither of which another role has."""

from typing import Any

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.ui.glyphs import in_ascii
from ndtui.ui.rows.role_signs import BLOCK, CALLOUT, PERMIT, POLICY, SIGNS, sign_of
from ndtui.ui.themes.palettes import PALETTES
from ndtui.ui.themes.theme_names import TERMINAL
from tests.desk import Desk, at_work
from tests.support import design, ruled

ROLES = (("policy", POLICY), ("callout", CALLOUT), ("permit", PERMIT))


def colours(desk: Desk, word: str) -> set[Any]:
    """Return the colours that a word stands in on the screen."""
    strips = desk.top._compositor.render_strips()
    return {s.style.color.name for strip in strips for s in strip if s.style and s.text.strip() == word}


@pytest.mark.parametrize("view", ["1", "2"])
async def test_each_role_has_its_sign_and_its_colour(view: str):
    async with at_work(size=(100, 60)) as desk:
        await desk.keys(view)
        found = [colours(desk, f"{sign.glyph} {word}") for word, sign in ROLES]
        assert [len(each) for each in found] == [1, 1, 1]
        assert len(set.union(*found)) == 3
        assert "◊" not in desk.table.text()


async def test_a_mark_has_the_colour_of_the_row():
    async with at_work(size=(100, 60)) as desk:
        desk.app.edit("sample", lambda d: ruled(d, ale_persist_context=True))
        await desk.keys("1")
        assert "~ » callout" in desk.text
        changed = next(p for p in PALETTES if p.name == "dark").caution
        assert changed in {
            segment.style.color.name
            for strip in desk.top._compositor.render_strips()
            for segment in strip
            if "» callout" in segment.text
        }


def test_what_blocks_those_who_may_not_connect_has_the_sign_of_a_block():
    made = compile_design(ruled(design(), machines="D:(A;;CC;;;DC)"))
    assert {sign_of(each) for each in made.filters if each.slot.role == "block"} == {BLOCK}


async def test_the_trace_has_them_too():
    async with at_work() as desk:
        await desk.keys("t")
        assert "» IPsec requires" in desk.text


def test_every_sign_is_another_also_in_ascii_and_none_that_of_a_scroll_bar():
    signs = [sign for sign, _ in SIGNS]
    assert not {in_ascii(each.glyph) for each in signs} & {in_ascii(part) for part in "│█▁▎"}
    assert {each.glyph for each in signs} == {"»", "○", "◊", "×"}
    assert len({in_ascii(each.glyph) for each in signs}) == len({each.tone for each in signs}) == 4
    assert BLOCK in signs


@pytest.mark.parametrize("palette", [each for each in PALETTES if each.name != TERMINAL], ids=lambda each: each.name)
def test_every_theme_has_a_colour_for_each(palette: Any):
    assert len({palette.protected, palette.exempt, palette.policy, palette.blocked}) == 4


def test_what_a_filter_does():
    found = {sign_of(each) for each in compile_design(design()).filters}
    assert found == {POLICY, CALLOUT}


async def test_the_colour_of_a_role_does_not_reach_over_its_cell_under_the_cursor():
    async with at_work() as desk:
        await desk.keys("1")
        assert desk.table.has_focus
        place = desk.table.cursor
        first, role, *_ = desk.table.render_line(1 + place)
        assert (first.text.strip(), role.text.strip()) == ("", "◊ policy")
        assert first.style.color != role.style.color
