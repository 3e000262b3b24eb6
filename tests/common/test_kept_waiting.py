"""Kept waiting: whoever listens is told, in the block alone, and may end the waiting."""

import pytest

from ndtui.common.kept_waiting import kept_waiting, told_when_kept_waiting


def test_who_listens_is_told_and_nobody_else():
    told: list[str] = []
    kept_waiting()
    with told_when_kept_waiting(lambda: told.append("outer")):
        kept_waiting()
        with told_when_kept_waiting(lambda: told.append("inner")):
            kept_waiting()
        kept_waiting()
    kept_waiting()
    assert told == ["outer", "inner", "outer"]


def test_what_it_raises_ends_the_waiting():
    def enough() -> None:
        raise TimeoutError

    with told_when_kept_waiting(enough), pytest.raises(TimeoutError):
        kept_waiting()
    kept_waiting()
