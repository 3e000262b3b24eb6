"""Keys of the user's own: what holds, what cannot be, and that every name of a key is one that Textual knows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import Keys, _character_to_key

from ndtui.common.settings_file import parse_settings
from ndtui.ui.keys.actions import ACTIONS, TOGETHER, by_name
from ndtui.ui.keys.key_names import NAMED, UnknownKeyError, in_a_binding, read_key
from ndtui.ui.keys.user_keys import RESERVED, KeyMap, key_map
from tests.support import one_line


def read(text: str) -> tuple[KeyMap, list[str]]:
    keys, faults = key_map(parse_settings(text, Path("settings.toml")))
    return keys, [one_line(str(fault)) for fault in faults]


def test_without_keys_of_ones_own_every_action_has_its_usual_ones():
    keys, faults = read("")
    assert faults == []
    assert all(keys.of(action) == action.keys for action in ACTIONS)


def test_keys_of_ones_own_take_the_place_of_the_usual_ones():
    keys, faults = read('[keys.designer]\nundo = ["f5", "Z"]\nview_weights = "w"\nsave = "ctrl+s"\n')
    assert faults == []
    assert keys.of(by_name("designer.undo")) == ("f5", "Z")
    assert keys.of(by_name("designer.view_weights")) == ("w",)
    assert keys.of(by_name("designer.redo")) == by_name("designer.redo").keys


def test_what_always_works_stays_with_the_action_that_has_it():
    keys, _ = read('[keys]\nscreens.help = "h"\nplan.back = "b"\ndesigner.leave = "Q"\n')
    assert keys.of(by_name("screens.help")) == ("h", "f1")
    assert keys.of(by_name("plan.back")) == ("b", "escape")
    assert keys.of(by_name("designer.leave")) == ("Q", "ctrl+q")


def test_a_key_that_an_action_has_anyway_may_be_said_of_it():
    keys, faults = read('[keys]\nscreens.help = ["f1", "h"]\nlists.activate = "enter"\n')
    assert faults == []
    assert keys.of(by_name("screens.help")) == ("f1", "h")


def test_two_actions_can_change_their_keys():
    keys, faults = read('[keys.designer]\nundo = "d"\ndelete = "u"\n')
    assert faults == []
    assert keys.own == {"designer.undo": ("d",), "designer.delete": ("u",)}


WRONG = {
    "no scope": ('[keys.desinger]\nundo = "x"', "line 1: keys.desinger is no scope of actions: did you mean designer?"),
    "no action": (
        '[keys.designer]\nsav = "f5"',
        "line 2: keys.designer.sav is no action: did you mean save or save_as?",
    ),
    "of another scope": (
        '[keys.designer]\napply_within = "f5"',
        "line 2: keys.designer.apply_within is no action: did you mean keys.plan.apply_within?",
    ),
    "unlike any": ('[keys.designer]\nxyzzy = "f5"', "is no action: ndtui keys lists them"),
    "no key": (
        '[keys.designer]\nundo = "pagedwn"',
        "line 2: keys.designer.undo cannot be 'pagedwn': that is no key: did you mean",
    ),
    "no modifier": ('[keys.designer]\nundo = "crtl+s"', "cannot be 'crtl+s': that is no key: did you mean ctrl+s?"),
    "two keys": (
        '[keys.designer]\nplan = "ctrl+x ctrl+p"',
        "cannot be 'ctrl+x ctrl+p': that is no key: before + go alt, ctrl, shift",
    ),
    "a modifier that no terminal sends": (
        '[keys.designer]\nundo = "super+x"',
        "line 2: keys.designer.undo cannot be 'super+x': that is no key: before + go alt, ctrl, shift",
    ),
    "not told apart": (
        '[keys.designer]\nundo = "ctrl+i"',
        "cannot be 'ctrl+i': a terminal sends tab for it: choose another",
    ),
    "shift and a letter": ('[keys.designer]\nundo = "shift+a"', "write the character that it makes, such as 'A'"),
    "ctrl and a capital": ('[keys.designer]\nundo = "ctrl+A"', "that is no key: write ctrl+a"),
    "two characters": ('[keys.designer]\nundo = "dd"', "that is no key: write a character, or a name such as f5"),
    "reserved": ('[keys.designer]\nundo = "ctrl+c"', "cannot be ctrl+c: that always does what it does: choose another"),
    "taken here": (
        '[keys.designer]\nundo = "d"',
        "cannot be d: that is designer.delete: give keys.designer.delete another",
    ),
    "taken on every screen": ('[keys.trace]\nturn = "?"', "cannot be ?: that is screens.help"),
    "taken in lists": ('[keys.plan]\napply = "j"', "cannot be j: that is lists.cursor_down"),
    "taken of a screen": ('[keys.lists]\ntop = "s"', "cannot be s: that is trace.timeline"),
    "taken in its dialog": (
        '[keys.presets]\nopen_by_path = "d"',
        "cannot be d: that is presets.delete_preset: give keys.presets.delete_preset another",
    ),
    "taken by the list of a dialog": ('[keys.columns]\nusual_columns = "j"', "cannot be j: that is lists.cursor_down"),
    "reserved in a dialog": ('[keys.items]\nadd_item = "enter"', "cannot be enter: that always does what it does"),
    "two of ones own": (
        '[keys.designer]\nundo = "f5"\nredo = "f5"',
        "line 3: keys.designer.redo cannot be f5: that is designer.undo",
    ),
    "a letter in a field": (
        '[keys.packet]\nolder = "x"',
        "cannot be x: in a field that is written: choose a function key",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_named_and_the_usual_key_holds(text: str, said: str):
    keys, faults = read(f'{text}\n[keys.dialogs]\nclose = "f12"')
    assert len(faults) == 1
    assert said in faults[0]
    first = {"designer.undo": ("f5",)} if text.count('"f5"') == 2 else {}
    assert keys.own == {**first, "dialogs.close": ("f12", "escape")}


def test_different_dialogs_may_have_the_same_key():
    keys, faults = read('[keys]\npresets.open_by_path = "f5"\ncolumns.usual_columns = "f5"\ndesigner.undo = "f5"\n')
    assert faults == []
    assert len(keys.own) == 3


def test_a_key_that_is_given_up_is_free_and_one_that_falls_back_is_not():
    """Undo cannot be x while export, whose other key is refused, has it again."""
    assert read('[keys.designer]\nexport = "f5"\nundo = "x"')[1] == []
    keys, faults = read('[keys.designer]\nexport = "j"\nundo = "x"')
    assert len(faults) == 2
    assert keys.own == {}


_NAMES = st.sampled_from([action.name for action in ACTIONS])
_KEYS = st.sampled_from([*(key for action in ACTIONS for key in action.keys), "f5", "f10", "X", "ctrl+b", "nonsense"])


@given(st.dictionaries(_NAMES, st.lists(_KEYS, min_size=1, max_size=3), max_size=12))
def test_whatever_is_asked_for_no_key_means_two_things(wanted: dict[str, list[str]]):
    text = "[keys]\n" + "".join(f"{name} = {keys!r}\n" for name, keys in wanted.items()).replace('"\'"', '"\'"')
    keys, faults = read(text)
    for scopes in TOGETHER:
        having = [key for action in ACTIONS if action.scope in scopes for key in keys.of(action)]
        assert len(set(having)) == len(having)
    assert len(keys.own) + len(faults) == len(wanted)
    for action in ACTIONS:
        assert RESERVED & set(action.keys) <= set(keys.of(action))


def test_the_shipped_keys_are_spelled_as_they_are_read():
    for action in ACTIONS:
        for key in action.keys:
            assert read_key(key) == key


def test_textual_calls_its_keys_so():
    known = {key.value for key in Keys}
    assert set(NAMED) <= known


@given(st.characters())
def test_every_character_is_a_key_or_refused(character: str):
    try:
        key = read_key(character)
    except UnknownKeyError:
        return
    assert key == character or character.isspace()
    if len(key) == 1:
        name = _character_to_key(character)
        assert in_a_binding(key) in (key, name)
        if character.isascii():
            assert read_key(name) == key


@given(st.text(max_size=12))
def test_no_text_is_more_than_refused(text: str):
    try:
        read_key(text)
    except UnknownKeyError as error:
        assert error.remedy
