"""The order in which things were added, from lists of which none has all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.reconstruct.order_of_adding import order_of_adding


@pytest.mark.parametrize(
    ("lists", "wanted"),
    [
        ([], ""),
        (["ac", "abc"], "abc"),
        (["b", "a", "ab"], "ab"),
        (["ab", "cd"], "abcd"),
        (["ab", "cb"], "acb"),
        (["ab", "ba"], "ab"),
        (["aab", "bcc"], "abc"),
        (["xab", "ba"], "xab"),
    ],
)
def test_it_agrees_with_each_list(lists: list[str], wanted: str) -> None:
    assert "".join(order_of_adding(lists)) == wanted


@given(st.permutations("abcdefgh"), st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=6))
def test_an_order_that_there_was_is_kept_wherever_a_list_tells(whole: list[str], chosen: list[set[str]]) -> None:
    lists = [[name for name in whole if name in each] for each in chosen]
    order = order_of_adding(lists)
    assert sorted(order) == sorted(set().union(*chosen))
    for each in lists:
        assert [name for name in order if name in each] == each
