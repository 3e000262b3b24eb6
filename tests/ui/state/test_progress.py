"""Progress: what is said of how far a work is."""

import pytest

from ndtui.common.counted import EVERY, counted, listening
from ndtui.ui.state.progress import LeftError, Progress

MANY = range(20_000)


def test_the_count_of_few_things_never_moves_and_is_not_said():
    progress = Progress("Comparing")
    with listening(progress):
        list(counted(range(EVERY)))
    assert progress.words() == "Comparing ... 0 s"


def test_loops_one_after_the_other_are_steps_and_what_one_counts_within_it_is_none():
    progress, said = Progress("Checking"), []
    with listening(progress):
        list(counted(MANY))
        for number in counted(MANY):
            list(counted(range(3)))
            if number % 5_000 == 0:
                list(counted(MANY))
                said.append(progress.words().rpartition(", ")[0])
        any(counted(range(1, 1_000)))  # left at the first
        for _ in counted(range(300)):
            said.append(progress.words().rpartition(", ")[0])
            break
    assert said == [
        *(f"Checking ... step 2: {done} of 20,000" for done in ("0", "5,000", "10,000", "15,000")),
        "Checking ... step 4: 0 of 300",
    ]


def test_a_work_can_be_left_while_few_things_are_counted():
    progress = Progress("Comparing")
    assert progress.leave()
    with listening(progress), pytest.raises(LeftError):
        list(counted(range(1)))


def test_a_work_can_be_left_while_things_are_counted_within_a_step():
    progress = Progress("Comparing")
    with listening(progress), pytest.raises(LeftError):
        for _ in counted(MANY):
            progress.leave()
            list(counted(range(1)))
            raise AssertionError("it was left")
