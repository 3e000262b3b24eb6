"""Progress: what is said of how far a work is."""

import pytest

from ndtui.common.counted import EVERY
from ndtui.ui.state.progress import LeftError, Progress


def test_the_count_of_few_things_never_moves_and_is_not_said():
    progress = Progress("Comparing")
    progress.reach(0, 1)
    assert progress.words() == "Comparing ... 0 s"
    progress.reach(400, 20_000)
    progress.reach(0, EVERY)  # of another, within the one
    assert progress.words() == "Comparing ... 400 of 20,000, 0 s"


def test_a_work_can_be_left_while_few_things_are_counted():
    progress = Progress("Comparing")
    assert progress.leave()
    with pytest.raises(LeftError):
        progress.reach(0, 1)
