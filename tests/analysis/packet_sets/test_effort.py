"""Effort: what is spent is counted and limited; a limited search answers right or not at all; draws are packets."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.box import Box, holds, meet, replaced
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.draws import free_point, grown
from ndtui.analysis.packet_sets.effort import AbandonedError, Effort, UndecidedError
from ndtui.analysis.packet_sets.owners import Owned, owners_with_their_own
from ndtui.analysis.packet_sets.ranges import merged
from tests.support import often

some = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda ends: (min(ends), max(ends))), min_size=1, max_size=2
).map(merged)
boxes = st.tuples(*[some] * 4, *[st.just(((0, 3),))] * 6).map(Box._make)
SPACE = Box._make([((0, 3),)] * 10)


def points(box: Box) -> set[tuple[int, ...]]:
    return set(product(*({n for low, high in field for n in range(low, high + 1)} for field in box[:4])))


def test_what_is_spent_on_a_part_is_spent_of_the_whole():
    whole = Effort(10)
    part = whole.part(6)
    part.spend(6)
    assert (part.left, whole.left) == (0, 4)
    with pytest.raises(UndecidedError):
        part.spend(1)
    whole.spend(3)
    with pytest.raises(UndecidedError):
        whole.part(100).spend(1)


def test_half_of_what_is_left_leaves_something_for_the_next():
    whole = Effort(1000)
    for _ in range(5):
        part = whole.half()
        with pytest.raises(UndecidedError):
            part.spend(part.left + 1)
    assert whole.left > 20


def test_an_abandoned_search_ends_at_its_next_step():
    whole = Effort(10)
    part = whole.part(5).half()
    part.spend(1)
    whole.abandon()
    with pytest.raises(AbandonedError):
        part.spend(1)


@often
@given(boxes, st.lists(boxes, max_size=8), st.integers(0, 60))
def test_a_limited_search_is_right_or_undecided(region: Box, several: list[Box], limit: int):
    left = points(region).difference(*map(points, several))
    try:
        free = uncovered(region, several, Effort(limit))
    except UndecidedError:
        return
    assert (free is None) == (not left)
    if free is not None:
        assert points(free)
        assert points(free) <= left


@often
@given(st.lists(boxes, min_size=1, max_size=12), st.integers(0, 200))
def test_limited_owners_are_right_or_undecided(several: list[Box], limit: int):
    owned = [Owned(number, box) for number, box in enumerate(several)]
    index = BoxIndex(SPACE, [(box, number) for number, box in owned])
    found = owners_with_their_own(SPACE, owned, index, {number for number, _ in owned}, Effort(limit))
    for number, box in owned:
        others = (points(other) for name, other in owned if name != number)
        its_own = bool(points(box).difference(*others))
        assert number in found.undecided or (number in found.own) == its_own
    assert not found.own & found.undecided


@often
@given(boxes, st.lists(boxes, max_size=8))
def test_a_packet_that_was_drawn_is_free_and_so_is_what_grows_from_it(region: Box, several: list[Box]):
    point = free_point(region, several, 8, Effort(1000))
    if not points(region).difference(*map(points, several)):
        assert point is None
    if point is not None:
        assert len(points(point)) == 1
        free = grown(point, region, several)
        assert holds(free, point)
        assert holds(region, free)
        assert all(meet(free, box) is None for box in several)


def test_a_small_hole_is_found_by_moving_along_the_fields():
    whole = Box._make([((0, 65535),)] * 10)
    holes = [replaced(whole, place, ((0, 40 * place), (40 * place + 2, 65535))) for place in range(4)]
    point = free_point(whole, [meet(holes[0], holes[1]), *holes[2:]], 8, Effort(10_000))
    assert point is not None
