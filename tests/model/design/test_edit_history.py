"""History: every design there was is kept, as the object it was, and none is ever altered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.model.design.edit_history import History, Step
from tests.support import design

A_LONG_WAY = 2_000


def opened():
    return History(Step("open", design()))


def test_a_new_history_has_nowhere_to_go():
    history = opened()
    assert history.undo() is None
    assert history.redo() is None
    assert history.design is history.present.design


def test_there_is_no_limit_to_it():
    made = [design(name=f"step {n}") for n in range(A_LONG_WAY)]
    history = opened()
    start = history.design
    for number, each in enumerate(made):
        history = history.do(f"step {number}", each)
    assert len(history.past) == A_LONG_WAY
    for expected in reversed([start, *made[:-1]]):
        history = history.undo()
        assert history.design is expected
    assert history.undo() is None
    assert [step.design for step in history.future] == made
    for expected in made:
        history = history.redo()
        assert history.design is expected
    assert history.redo() is None


def test_no_history_is_ever_altered():
    first = opened()
    second = first.do("name", design(name="second"))
    back = second.undo()
    other = back.do("other", design(name="other"))
    assert (first.past, first.future) == ((), ())
    assert [s.label for s in second.past] == ["open"]
    assert [s.label for s in back.future] == ["name"]
    assert [s.label for s in other.past] == ["open"]
    assert other.future == ()
    with pytest.raises(AttributeError):
        first.present = second.present


def test_undo_and_redo_keep_what_each_step_is_called():
    history = opened().do("one", design(name="one")).do("two", design(name="two"))
    assert history.undo().present.label == "one"
    assert history.undo().redo() == history
    assert [s.label for s in history.undo().undo().future] == ["one", "two"]


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=60))
def test_it_goes_as_a_list_with_a_finger_in_it(moves):
    history, steps, at = opened(), ["open"], 0
    for number, move in enumerate(moves):
        if move == "do":
            del steps[at + 1 :]
            steps.append(f"step {number}")
            at += 1
            history = history.do(steps[at], design(name=steps[at]))
            continue
        after = history.undo() if move == "undo" else history.redo()
        target = at - 1 if move == "undo" else at + 1
        assert (after is None) == (target not in range(len(steps)))
        if after is not None:
            history, at = after, target
    assert [s.label for s in (*history.past, history.present, *history.future)] == steps
    assert history.present.label == steps[at]
