"""Keyboards without Latin letters: each key in its place is one of a US keyboard, and none is two."""

from typing import get_args

import pytest

from ndtui.common.settings import Layout
from ndtui.ui.keys.actions import ACTIONS
from ndtui.ui.keys.layouts import by_place, layout_for

LAYOUTS = [layout for layout in get_args(Layout) if layout != "us"]


def test_a_us_keyboard_is_taken_as_it_is():
    assert by_place("us") == {}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_letter_that_is_a_key_has_one_in_its_place(layout: Layout):
    """But W of a Greek keyboard: two keys write a capital sigma."""
    reached = set(by_place(layout).values())
    letters = {key for action in ACTIONS for key in action.keys if len(key) == 1 and key.isalpha()}
    assert letters - reached <= ({"W", "S"} if layout == "gr" else set())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_key_is_two_and_capitals_go_with_small_letters(layout: Layout):
    table = by_place(layout)
    assert len(set(table.values())) == len(table)
    for character, latin in table.items():
        if character.isalpha() and latin.isalpha() and character.upper() in table:
            assert table[character.upper()] == latin.upper()


@pytest.mark.parametrize(
    ("layout", "typed", "meant"),
    [("ru", "оклГЖ.,", "jrkU:/?"), ("ua", "оіїє", "js]'"), ("gr", "ξκ;ς", "jkqw")],
)
def test_a_key_is_read_by_its_place(layout: Layout, typed: str, meant: str):
    table = by_place(layout)
    assert "".join(table[character] for character in typed) == meant


def test_a_letter_says_which_layouts_have_it():
    assert layout_for("о") == "ru or ua"
    assert layout_for("ξ") == "gr"
    assert [layout_for(each) for each in ("ß", "j", "中", "\x01")] == [""] * 4
