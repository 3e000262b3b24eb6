"""LineEdit: keys write a line, and a window of it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ndtui.ui.widgets.line_edit import LineEdit


def written(text: str, *keys: str) -> str:
    line = LineEdit(text)
    for key in keys:
        assert line.press(key, key if len(key) == 1 else None)
    return f"{line.text[: line.at]}|{line.text[line.at :]}"


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ((), "one two|"),
        (("x",), "one twox|"),
        (("left", "x"), "one twx|o"),
        (("home", "x", "delete"), "x|ne two"),
        (("ctrl+a", "right", "right", "right", "right", "right"), "one t|wo"),
        (("home", "left", "end", "right"), "one two|"),
        (("backspace",), "one tw|"),
        (("home", "backspace"), "|one two"),
        (("delete",), "one two|"),
        (("ctrl+w",), "one |"),
        (("ctrl+w", "ctrl+w"), "|"),
        (("left", "ctrl+u"), "|o"),
        (("home", "right", "ctrl+k"), "o|"),
        (("home", "ctrl+e"), "one two|"),
    ],
)
def test_keys(keys, shown):
    assert written("one two", *keys) == shown


@pytest.mark.parametrize(("key", "character"), [("up", None), ("tab", "\t"), ("f1", None), ("ctrl+d", "\x04")])
def test_other_keys_are_for_others(key, character):
    line = LineEdit("one")
    assert not line.press(key, character)
    assert line.text == "one"


def test_it_holds_no_more_than_it_may_and_nothing_but_characters():
    line = LineEdit("", 10)
    line.insert("a\nb\x1b[2J" + "x" * 50)
    assert line.text == "a b [2Jxxx"
    line.insert("y")
    assert line.text == "a b [2Jxxx"


@given(st.text(st.characters(categories=["L", "N", "P"]) | st.sampled_from("鍵e\u0301"), max_size=60), st.data())
def test_the_window_fits_and_has_the_cursor(text, data):
    line = LineEdit(text)
    line.at = data.draw(st.integers(0, len(line.text)))
    width = data.draw(st.integers(2, 40))
    before, at, behind = line.window(width)
    assert cell_len(before) + cell_len(at) + cell_len(behind) <= width
    assert line.text[: line.at].endswith(before)
    assert at == (line.text[line.at : line.at + 1] or " ")
    assert line.text[line.at + 1 :].startswith(behind)
    if cell_len(line.text) < width:
        assert before == line.text[: line.at]
