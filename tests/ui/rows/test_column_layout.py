"""Column layout: at no width does a column get narrower than it was in less room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.screens.dialogs.preset_browser import PRESETS
from ndtui.ui.rows.change_rows import CHANGES
from ndtui.ui.rows.column_layout import placed
from ndtui.ui.rows.design_rows import CONTEXTS, FILTERS
from ndtui.ui.rows.finding_rows import FINDINGS
from ndtui.ui.rows.plan_rows import PLAN
from ndtui.ui.rows.trace_rows import STEPS, TIMELINE
from ndtui.ui.rows.view import Column
from ndtui.ui.rows.weight_ladder import LADDER

VIEWS = {
    "filters": FILTERS,
    "weights": LADDER,
    "contexts": CONTEXTS,
    "findings": FINDINGS,
    "plan": PLAN,
    "steps": STEPS,
    "timeline": TIMELINE,
    "presets": PRESETS,
    "changes": CHANGES,
}


def sizes(columns, chosen, room):
    return {each.number: each.size for each in placed(columns, chosen, room)}


@pytest.mark.parametrize("name", VIEWS)
def test_no_column_gets_narrower_as_the_table_grows(name):
    view = VIEWS[name]
    before = {}
    for room in range(1, 260):
        now = sizes(view.columns, view.usual, room)
        assert all(now.get(number, 0) >= size for number, size in before.items()), room
        assert sum(now.values()) + len(now) - 1 <= room
        before = now
    assert tuple(sorted(before)) == view.usual
    assert sum(before.values()) + len(before) - 1 == 259  # nothing is left blank where all have their room


@pytest.mark.parametrize(("name", "beside_decisions"), [("filters", 36), ("weights", 26)])
def test_what_a_filter_matches_gets_the_room(name, beside_decisions):
    view = VIEWS[name]
    matches = matches_of(view)
    assert sizes(view.columns, view.usual, 49)[matches] >= beside_decisions  # a table on 80 columns
    assert sizes(view.columns, view.usual, 59)[matches] >= 36  # on 90
    assert sizes(view.columns, view.usual, 97)[matches] >= 36  # on 140
    assert sizes(view.columns, view.usual, 157)[matches] >= 50  # on 200


def matches_of(view):
    return next(n for n, column in enumerate(view.columns) if column.title == "matches")


@pytest.mark.parametrize("name", ["filters", "weights"])
def test_no_cell_is_left_over_before_what_a_filter_matches_has_what_it_needs(name):
    """A column to come waits for its room, which nobody gets meanwhile: it would have to be given back."""
    view = VIEWS[name]
    for room in range(36, 260):
        now = sizes(view.columns, view.usual, room)
        assert room == sum(now.values()) + len(now) - 1 or now[matches_of(view)] >= 36, room


@pytest.mark.parametrize("name", VIEWS)
def test_where_cells_are_left_over_every_column_has_the_least_it_is_to_have(name):
    view = VIEWS[name]
    for room in range(1, 260):
        shown = placed(view.columns, view.usual, room)
        left = room + 1 - sum(each.size + 1 for each in shown)
        assert left >= 0
        assert not left or all(each.size >= (each.column.width or each.column.least) for each in shown), room


def test_what_a_change_was_and_is_now_stand_beside_it_at_any_width():
    assert sizes(CHANGES.columns, CHANGES.usual, 48) == {0: 24, 1: 11, 2: 11}  # on 80 columns, with a scroll bar
    assert sizes(CHANGES.columns, CHANGES.usual, 96) == {0: 46, 1: 22, 2: 26}  # on 140
    assert sizes(CHANGES.columns, CHANGES.usual, 106) == {0: 48, 1: 28, 2: 28}


_COLUMNS = st.lists(
    st.builds(
        Column,
        st.just("c"),
        st.integers(0, 20),
        st.integers(1, 9),
        st.integers(1, 30),
        ample=st.integers(0, 60),
    ),
    min_size=1,
    max_size=8,
)


@given(_COLUMNS, st.data())
def test_any_choice_of_any_columns_keeps_its_order_and_its_room(columns, data):
    chosen = data.draw(st.permutations(range(len(columns))))
    chosen = chosen[: data.draw(st.integers(1, len(columns)))]
    before = {}
    for room in range(1, 200, 3):
        order = [each.number for each in placed(columns, chosen, room)]
        assert order == [number for number in chosen if number in order]
        assert order
        now = sizes(columns, chosen, room)
        assert sum(now.values()) + len(now) - 1 <= room
        assert all(now.get(number, 0) >= size > 0 for number, size in before.items())
        before = now


def test_what_matters_least_goes_first():
    columns = (Column("a", 10, 9), Column("b", 0, 8, least=20), Column("c", 10, 7), Column("d", 20, 6))
    assert sizes(columns, range(4), 5) == {0: 5}
    assert sizes(columns, range(4), 22) == {0: 10}
    assert sizes(columns, range(4), 23) == {0: 10, 1: 12}
    assert sizes(columns, range(4), 41) == {0: 10, 1: 20}
    assert sizes(columns, range(4), 42) == {0: 10, 1: 20, 2: 10}
    assert sizes(columns, range(4), 54) == {0: 10, 1: 20, 2: 10}
    assert sizes(columns, range(4), 55) == {0: 10, 1: 20, 2: 10, 3: 12}
    assert sizes(columns, range(4), 80) == {0: 10, 1: 37, 2: 10, 3: 20}


def test_an_object_of_a_plan_and_what_it_is_about_share_the_room():
    assert sizes(PLAN.columns, PLAN.usual, 56) == {0: 8, 1: 26, 2: 20}  # on 60 columns, with gutter and scroll bar
    assert sizes(PLAN.columns, PLAN.usual, 76) == {0: 8, 1: 34, 2: 32}  # on 80
    assert sizes(PLAN.columns, PLAN.usual, 136) == {0: 8, 1: 58, 2: 68}  # on 140
