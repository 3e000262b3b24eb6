"""Arrangement: rows filtered, sorted and folded, against the plainest way to say the same."""

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.ui.rows import arrangement
from ndtui.ui.rows.arrangement import Arranged, Arrangement, RowTexts, arrange
from ndtui.ui.rows.row_place import place_beside, place_of
from ndtui.ui.rows.table_filter import parse_filter
from ndtui.ui.rows.view import Column, View


class Head(NamedTuple):
    text: str


class Row(NamedTuple):
    name: str
    number: int | None = None


VIEW = View(
    (Column("name", 0), Column("number", 6, value=lambda row: row.number, number=True)),
    lambda row: (row.text,) if isinstance(row, Head) else (row.name, "" if row.number is None else str(row.number)),
    lambda row: row,
    selectable=lambda row: isinstance(row, Row),
    heading=lambda row: isinstance(row, Head),
)
ROWS = (Head("one"), Row("b9", 2), Row("b10", 1), Head("two"), Row("a", None), Row("b1", 7), Head("three"))


def arranged(rows=ROWS, view=VIEW, gone=(), text="", **wanted) -> Arranged:
    work = arrange(
        view, rows, Arrangement(parse_filter(text, view.columns), **wanted), RowTexts(view, view.usual), gone
    )
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value


def names(found: Arranged) -> list[str]:
    return [row.text if isinstance(row, Head) else row.name for row in found.rows]


def test_as_it_is_it_is_the_same():
    assert tuple(arranged().rows) == ROWS
    assert arranged().total == 4
    assert Arrangement().leaves(VIEW)


def test_filtered():
    found = arranged(text="b1")
    assert names(found) == ["one", "b10", "two", "b1"]
    assert (found.found, found.total) == (2, 4)
    assert found.groups[id(ROWS[0])][:2] == (2, 1)
    assert names(arranged(text="two")) == ["two", "a", "b1"]
    assert names(arranged(text="nothing")) == []


def test_the_count_in_a_heading_is_not_searched_and_a_view_says_what_else_is_not():
    rows = (Head("one  2 of 12"), Row("b9"), Row("b2"), Head("two"), Row("b"))
    assert names(arranged(rows, text="2")) == ["one  2 of 12", "b2"]
    assert names(arranged(rows, text="of")) == []
    assert names(arranged(rows, text="one")) == ["one  2 of 12", "b9", "b2"]
    view = replace(VIEW, heading_name=lambda row: row.text[-2:])
    assert names(arranged(rows, view, text="12")) == ["one  2 of 12", "b9", "b2"]
    assert names(arranged(rows, view, text="one")) == []


def test_sorted_inside_the_groups_by_value_with_nothing_last():
    assert names(arranged(sort=0)) == ["one", "b9", "b10", "two", "a", "b1", "three"]
    assert names(arranged(sort=0, descending=True)) == ["one", "b10", "b9", "two", "b1", "a", "three"]
    assert names(arranged(sort=1)) == ["one", "b10", "b9", "two", "b1", "a", "three"]
    assert names(arranged(sort=1, descending=True)) == ["one", "b9", "b10", "two", "b1", "a", "three"]


def test_without_groups():
    assert names(arranged(grouped=False)) == ["b9", "b10", "a", "b1"]
    assert names(arranged(grouped=False, sort=0)) == ["a", "b1", "b9", "b10"]
    assert names(arranged(grouped=False, sort=1, descending=True)) == ["b1", "b9", "b10", "a"]


def test_folded():
    found = arranged(turned=frozenset({ROWS[0]}))
    assert names(found) == ["one", "two", "a", "b1", "three"]
    assert found.groups[id(ROWS[0])] == (2, 2, True)
    assert found.groups[id(ROWS[3])] == (2, 2, False)
    assert (found.found, found.total) == (4, 4)


def test_what_is_gone_does_not_count():
    found = arranged(gone={id(ROWS[1])}, text="b")
    assert names(found) == ["one", "b9", "b10", "two", "b1"]
    assert (found.found, found.total) == (2, 3)


def test_headings_that_are_rows_themselves_are_sorted_too_and_rows_outside_with_them():
    view = View(
        VIEW.columns,
        lambda row: (row.text, "") if isinstance(row, Head) else (row.name, str(row.number)),
        lambda row: row,
        heading=lambda row: isinstance(row, Head),
        outside=lambda row: isinstance(row, Row) and row.name.startswith("x"),
        folded=lambda _: True,
    )
    rows = [Head("m"), Row("b"), Row("a"), Row("x1"), Head("c"), Row("d"), Row("x0")]
    assert names(arranged(rows, view)) == ["m", "x1", "c", "x0"]
    assert names(arranged(rows, view, sort=0)) == ["c", "m", "x0", "x1"]
    opened = frozenset({rows[0]})
    assert names(arranged(rows, view, sort=0, turned=opened)) == ["c", "m", "a", "b", "x0", "x1"]
    found = arranged(rows, view, text="a")
    assert names(found) == ["m", "a"]  # what is found is not folded away
    assert (found.found, found.total) == (1, 5)
    assert not Arrangement().leaves(view)


_ROWS = st.lists(
    st.builds(Row, st.text("ab1 ", max_size=4), st.none() | st.integers(0, 5))
    | st.builds(Head, st.text("ab", max_size=2)),
    max_size=30,
)


@given(_ROWS, st.sampled_from(["", "a", "b1", "-a", "number>2"]), st.sampled_from([None, 0, 1]), st.booleans())
def test_nothing_is_lost_and_nothing_added(rows, text, sort, descending):
    found = arranged(rows, text=text, sort=sort, descending=descending, grouped=False)
    test = parse_filter(text, VIEW.columns).test(VIEW)
    heading, expected = "", []
    for row in rows:
        if isinstance(row, Head):
            heading = row.text
        elif test(row, "\n".join(VIEW.cells(row)), heading):
            expected.append(row)
    assert sorted(map(id, found.rows)) == sorted(map(id, expected))
    assert (found.found, found.total) == (len(expected), sum(isinstance(row, Row) for row in rows))
    if sort == 1:
        numbers = [row.number for row in found.rows if row.number is not None]
        assert numbers == sorted(numbers, reverse=descending)
        assert [row.number for row in found.rows[len(numbers) :]] == [None] * (len(found.rows) - len(numbers))
    if sort is None:
        assert list(found.rows) == expected
    grouped = arranged(rows, text=text, sort=sort, descending=descending)
    assert sorted(id(row) for row in grouped.rows if isinstance(row, Row)) == sorted(map(id, expected))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("grouped", [False, True])
def test_thousands_of_rows_are_sorted_as_at_once(descending, grouped):
    rows = [Row(f"r{n * 7919 % 3001}", n % 13) for n in range(3001)]
    found = arranged(rows, sort=1, descending=descending, grouped=grouped)
    assert list(found.rows) == sorted(rows, key=lambda row: row.number, reverse=descending)
    by_name = arranged(rows, sort=0, descending=descending, grouped=grouped)
    assert list(by_name.rows) == sorted(rows, key=lambda row: int(row.name[1:]), reverse=descending)


def test_it_rests_often():
    rows = [Row(f"r{n}", n) for n in range(5000)]
    work = arrange(VIEW, rows, Arrangement(parse_filter("r1", VIEW.columns), sort=0), RowTexts(VIEW, VIEW.usual))
    assert sum(1 for _ in work) > 40


def test_a_text_is_made_once_for_a_row_and_again_for_another():
    asked = []

    def cells(row):
        asked.append(row.name)
        return (row.name, "")

    view = View(VIEW.columns, cells, lambda row: row)
    texts = RowTexts(view, view.usual)
    row, other = Row("Aa"), Row("Bb")
    assert [texts.of(row), texts.of(other), texts.of(row)] == ["aa\n", "bb\n", "aa\n"]
    assert asked == ["Aa", "Bb"]
    texts.forget(10)
    texts.of(row)
    assert asked == ["Aa", "Bb"]


def test_where_the_cursor_goes():
    every = arranged()
    row = ROWS[5]
    assert place_of(VIEW, row, every.rows, 0) == 5
    assert place_of(VIEW, Row("b1", 7), every.rows, 0) == 5
    assert place_of(VIEW, Row("b1", 8), every.rows, 5) == -1
    folded = arranged(turned=frozenset({ROWS[3]}))
    assert place_of(VIEW, row, folded.rows, 5) == -1
    assert place_beside(VIEW, row, ROWS, folded) == names(folded).index("two")
    filtered = arranged(text="b")
    assert place_beside(VIEW, ROWS[4], ROWS, filtered) == names(filtered).index("b1")
    assert place_beside(VIEW, ROWS[5], ROWS, arranged(text="b9")) == 1
    assert place_beside(VIEW, Row("gone"), ROWS, filtered) == -1


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_sorted_is_put_together_a_piece_at_a_time(descending: bool):
    rows = [Row(f"r{n * 7919 % 1000:03}", n * 7919 % 300) for n in range(40_000)]
    pieces = []
    view = replace(VIEW, heading=lambda _row: False)
    texts = RowTexts(view, view.usual)
    work = arrange(view, rows, Arrangement(sort=1, descending=descending, grouped=False), texts)
    real = arrangement._run

    def noted(pairs, wanted):
        run = real(pairs, wanted)
        pieces.append(len(run))
        return run

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arrangement, "_run", noted)
        while True:
            try:
                next(work)
            except StopIteration as done:
                assert list(done.value.rows) == sorted(rows, key=lambda row: row.number, reverse=descending)
                break
    assert max(pieces) <= 3 * arrangement._MERGED


def test_a_row_that_is_filtered_out_is_not_looked_for_by_its_key():
    asked = []
    view = replace(VIEW, key=lambda row: asked.append(row) or row)
    rows = [Row(f"r{n}") for n in range(1_000)]
    assert place_of(view, rows[7], rows[500:], 0, rows) == -1
    assert len(asked) < 10
    assert place_of(view, Row("r700"), rows[500:], 0, rows) == 200
