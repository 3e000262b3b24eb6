"""Sets of packets: ranges and boxes against plain sets, the index against looking at every box."""

import tracemalloc
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.box import Box, everything, holds, meet, real, replaced
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.ranges import common, merged, size, without
from tests.support import often

intervals = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: (min(ends), max(ends))))
ranges = intervals.map(merged)
some = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda ends: (min(ends), max(ends))), min_size=1, max_size=2
).map(merged)
boxes = st.tuples(*[some] * 4, *[st.just(((0, 3),))] * 6).map(Box._make)
SPACE = Box._make([((0, 3),)] * 10)


def numbers(of) -> set[int]:
    return {number for low, high in of for number in range(low, high + 1)}


def points(box: Box) -> set[tuple[int, ...]]:
    return set(product(*(numbers(field) for field in box[:4])))


@given(intervals, intervals)
def test_ranges_are_sets(these, those):
    one, other = merged(these), merged(those)
    assert numbers(one) == numbers(these)
    assert numbers(common(one, other)) == numbers(one) & numbers(other)
    assert numbers(without(one, other)) == numbers(one) - numbers(other)
    assert size(one) == len(numbers(one))


@given(ranges, ranges)
def test_equal_sets_are_the_same_ranges(one, other):
    assert (numbers(one) == numbers(other)) == (one == other)
    assert merged([*common(one, other), *without(one, other)]) == one


@often
@given(boxes, st.lists(boxes, max_size=8))
def test_what_is_uncovered_is_what_is_left_of_the_points(region, several):
    left = points(region).difference(*map(points, several))
    free = uncovered(region, several, Effort.for_filters(0))
    assert (free is None) == (not left)
    if free is not None:
        assert points(free)
        assert points(free) <= left


@given(boxes, boxes)
def test_meet_and_holds_are_those_of_sets(one, other):
    met = meet(one, other)
    assert (points(met) if met is not None else set()) == points(one) & points(other)
    assert holds(one, other) == (points(one) >= points(other))


@often
@given(st.lists(boxes, max_size=60), boxes)
def test_the_index_finds_what_looking_at_every_box_finds(several, asked):
    index = BoxIndex(SPACE, [(box, number) for number, box in enumerate(several)])
    near = {(met, number) for met, number in index.meeting(asked)}
    assert near == {(met, number) for number, box in enumerate(several) if (met := meet(box, asked)) is not None}
    assert set(index.holding(asked)) == {number for number, box in enumerate(several) if holds(box, asked)}


@given(st.lists(boxes, max_size=10), st.lists(boxes, max_size=10))
def test_apart_from_leaves_out_the_very_same_boxes(several, others):
    index, other = (BoxIndex(SPACE, [(box, number) for number, box in enumerate(each)]) for each in (several, others))
    left = {number for _, number in index.apart_from([other]).meeting(SPACE)}
    assert left == {number for number, box in enumerate(several) if box not in others}


def test_the_kinds_of_protocol_share_nothing_and_leave_nothing_out():
    parts = list(real(everything("V4")))
    assert sum(size(part.protocol) for part in parts) == 256
    assert {(size(part.local_port), size(part.remote_port)) for part in parts} == {(65536, 65536), (256, 256), (1, 1)}


def test_a_look_into_a_large_index_copies_nothing_that_it_does_not_look_at():
    """Of 100,000 exemptions of one port each look copied the places of all, several times."""
    count = 5_000
    port = ((443, 443),)
    wide = everything("V4")
    several = [wide._replace(remote=((number, number),), remote_port=port) for number in range(count)]
    index = BoxIndex(wide, [(box, box) for box in several])
    tracemalloc.start()
    try:
        found = list(index.meeting(several[17]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [item for _, item in found] == [several[17]]
    assert peak < 8 * count / 4, "less than a quarter of a list of all places"


def test_an_index_that_nothing_is_left_out_of_is_asked_for_that_once():
    boxes = [replaced(SPACE, 0, ((number, number),)) for number in range(100)]
    index, other = (BoxIndex(SPACE, [(box, 0) for box in some]) for some in (boxes[:1], boxes[1:]))
    assert index.apart_from([other]) is index
    other._exact = None  # asked again, it would not be answered
    assert index.apart_from([other]) is index


def test_of_an_index_those_are_left_out_that_few_or_many_others_have():
    boxes = [replaced(SPACE, 0, ((number, number),)) for number in range(200)]
    index, few, many = (BoxIndex(SPACE, [(box, 0) for box in some]) for some in (boxes, boxes[:3], boxes[2:198]))
    for others, left in (([few], boxes[3:]), ([many], [*boxes[:2], *boxes[198:]]), ([few, many], boxes[198:])):
        found = index.apart_from(others)
        assert [box for box, _ in found.items] == left
        assert index.apart_from(others) is found
