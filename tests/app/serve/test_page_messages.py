"""What a page says is read, whatever it is, and bounded."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.app.serve.page_messages import (
    MOST_COLUMNS,
    MOST_LINES,
    Blur,
    Focus,
    Ping,
    Resize,
    Typed,
    UnreadableError,
    pong,
    read_message,
    size,
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["stdin", "\x1b[A"], Typed("\x1b[A")),
        (["resize", {"width": 140, "height": 40}], Resize(140, 40)),
        (["resize", {"width": 1e300, "height": -3}], Resize(MOST_COLUMNS, 1)),
        (["resize", {"width": None, "height": "tall"}], Resize(80, 24)),
        (["ping", "1795889646905"], Ping("1795889646905")),
        (["ping", "x" * 1000], Ping("x" * 64)),
        (["focus"], Focus()),
        (["blur"], Blur()),
    ],
)
def test_what_a_page_says(said, meant):
    assert read_message(json.dumps(said)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1",
        "{}",
        "[]",
        '["stdin"]',
        '["stdin", 1]',
        '["quit"]',
        '["resize", 3]',
        '["stdin", "a", 2]',
        "[" * 10**5,
    ],
)
def test_what_no_page_says(text):
    with pytest.raises(UnreadableError):
        read_message(text)


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.lists(st.integers())))
def test_a_size_is_within_bounds(value):
    found = size(value, value)
    assert 1 <= found.width <= MOST_COLUMNS
    assert 1 <= found.height <= MOST_LINES


def test_a_ping_is_answered_as_the_page_reads_it():
    assert json.loads(pong(Ping("17"))) == ["pong", "17"]
