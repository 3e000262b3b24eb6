"""What is made while the cycle collector is paused is not looked at when the pause is over, but with all else later."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from ndtui.common.gc_pause import FEW, without_garbage_collection


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def nothing_kept_apart() -> Iterator[None]:
    """Keep nothing apart meanwhile, as in a program that does not, and leave the collector as it was."""
    thresholds = gc.get_threshold()
    gc.unfreeze()
    gc.collect()
    gc.set_threshold(700, 10, 10)
    yield
    gc.freeze()
    gc.set_threshold(*thresholds)


@pytest.fixture
def looked() -> Iterator[list[int]]:
    """Return the generations that are looked at, as they are."""
    found: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            found.append(info["generation"])

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def test_much_is_looked_at_later_with_everything_else(looked: list[int]) -> None:
    with without_garbage_collection():
        made: list[object] = [[] for _ in range(2 * FEW)]
        ring = ref(Ring())
    made += [[] for _ in range(100)]
    assert looked == []
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert ring() is not None
    gc.collect()
    assert ring() is None


def test_little_is_looked_at_as_ever(looked: list[int]) -> None:
    with without_garbage_collection():
        made: list[object] = [[] for _ in range(FEW // 2)]
    made += [[] for _ in range(100)]
    assert looked == [0]


def test_what_was_young_before_makes_a_short_pause_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask what is kept apart goes through all of it: milliseconds with each of many short pauses."""
    gc.set_threshold(10 * FEW)
    young: list[object] = [[] for _ in range(2 * FEW)]
    monkeypatch.setattr(gc, "get_freeze_count", lambda: pytest.fail("it is asked"))
    with without_garbage_collection():
        young += [[] for _ in range(FEW // 2)]


def test_what_is_kept_apart_stays_so() -> None:
    apart = [[] for _ in range(1000)]
    gc.freeze()
    with without_garbage_collection():
        made = [[] for _ in range(2 * FEW)]
    assert gc.get_freeze_count() >= len(apart)
    assert made
