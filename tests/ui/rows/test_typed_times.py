"""Times as they are typed into a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.common.duration import duration_words
from ndtui.ui.rows.typed_times import number_of, seconds_of


@given(st.integers(0, 2**32 - 1))
def test_a_time_is_read_as_it_is_shown(seconds: int):
    assert seconds_of(duration_words(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4h", 14400), ("14400", 14400), (" 4 h ", 14400), ("1h 30min", 5400), ("90M", 5400), ("2d", 172800), ("0", 0)],
)
def test_times_are_typed_in_several_ways(text: str, seconds: int):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "shown"), [(28800, "8h"), (3600, "1h"), (5400, "1h 30min"), (10, "10s"), (0, "0s")]
)
def test_times_are_shown_as_people_write_them(seconds: int, shown: str):
    assert duration_words(seconds) == shown


@pytest.mark.parametrize("text", ["", "h", "4x", "4 hours ago", "-1", "1.5h", "٤", "4h x", "9" * 30])
def test_what_is_no_time_is_refused_with_what_would_be(text: str):
    with pytest.raises(ValueError, match="is no time: write seconds, or a time such as 4h"):
        seconds_of(text)


@pytest.mark.parametrize("text", ["", "1e3", "-1", "٤", "9" * 30])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(ValueError, match="is no number of filters: write a whole number"):
        number_of(text, "number of filters")
