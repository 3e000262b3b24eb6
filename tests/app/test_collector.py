"""Garbage that refers to itself is looked for when the keys rest, and what is large is not looked at on the way."""

import gc
from collections.abc import Callable, Iterator
from gc import freeze
from threading import Event, Thread
from weakref import ref

import pytest

from ndtui.analysis.packet_sets.box import everything
from ndtui.analysis.packet_sets.box_index import BoxIndex
from ndtui.app import collector as collector_
from ndtui.app.collector import BACKSTOP, LONG_REST, REST, Collector
from ndtui.common.gc_pause import FEW, kept_apart, without_garbage_collection
from ndtui.ui.state.beside import in_thread
from tests.desk import at_work


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.self = self


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def collected(still_screen: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let things be kept apart, as other tests do not, and leave Python's collector as it was."""
    monkeypatch.setattr(gc, "freeze", freeze)
    monkeypatch.setattr(collector_, "BACKSTOP", BACKSTOP)
    thresholds = gc.get_threshold()
    gc.freeze()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


def lost() -> Callable[[], object]:
    """Return a way to look whether garbage is still there."""
    return ref(Ring())


def grow_old() -> None:
    """Let what there is have been looked at as often as makes another look worth while."""
    for _ in range(collector_.OFTEN):
        for generation in (0, 1):
            gc.collect(generation)


async def test_what_a_work_makes_is_kept_apart_where_it_is_much() -> None:
    few, much = await in_thread(lambda: [[] for _ in range(10)]), gc.get_freeze_count()
    assert few
    made = await in_thread(lambda: [[] for _ in range(2 * FEW)])
    assert gc.get_freeze_count() >= much + len(made)


async def test_what_a_work_makes_is_not_kept_apart_where_it_is_little() -> None:
    gc.collect()
    before = gc.get_freeze_count()
    assert await in_thread(lambda: [[] for _ in range(FEW // 4)])
    assert gc.get_freeze_count() <= before


def test_nothing_is_collected_until_the_last_of_several_works_is_done() -> None:
    begun, may_end = Event(), Event()

    def work() -> None:
        with without_garbage_collection():
            begun.set()
            may_end.wait(60)

    gc.enable()
    with kept_apart():
        other = Thread(target=work)
        other.start()
        assert begun.wait(60)
    assert not gc.isenabled()
    may_end.set()
    other.join()
    assert gc.isenabled()


@pytest.mark.parametrize(("rest", "there"), [(REST - 1, True), (REST, False)])
def test_garbage_goes_when_the_keys_rest(rest: float, there: bool) -> None:
    clock = Clock()
    collector = Collector(clock)
    collector.begin()
    grow_old()
    ring = lost()
    clock.now = 100.0
    collector.stir()
    clock.now += rest
    collector.look(busy=True)
    assert (ring() is not None) == there


@pytest.mark.parametrize(
    ("rest", "busy", "there"), [(LONG_REST - 1, False, True), (LONG_REST, True, True), (LONG_REST, False, False)]
)
def test_garbage_that_was_kept_apart_goes_after_a_long_rest_in_the_designer(
    rest: float, busy: bool, there: bool
) -> None:
    clock = Clock()
    collector = Collector(clock)
    collector.begin()
    with kept_apart():
        ring = lost()
        large = [[] for _ in range(2 * FEW)]
    clock.now = rest
    collector.look(busy=busy)
    assert (ring() is not None) == there
    assert large


def test_what_was_kept_apart_for_several_screens_goes_after_a_short_rest() -> None:
    clock = Clock()
    collector = Collector(clock)
    collector.begin()
    with kept_apart():
        ring = lost()
        large = [[] for _ in range(2 * FEW)]
    clock.now = REST
    for _ in range(collector_.SOON):
        collector.look(busy=False)
        assert ring() is not None
        collector.note_screen()
    collector.look(busy=True)
    assert ring() is not None
    collector.look(busy=False)
    assert ring() is None
    assert large


async def test_what_a_screen_works_out_is_noted() -> None:
    noted: list[int] = []
    async with at_work() as desk:
        desk.app.collector.note_screen = lambda: noted.append(1)
        await desk.keys("b")
        await desk.until(lambda: noted)


async def test_who_has_waited_for_a_work_has_not_rested() -> None:
    async with at_work() as desk:
        clock = Clock()
        desk.app.collector = Collector(clock)
        clock.now = LONG_REST
        await desk.app.long("Working", lambda: None)
        assert desk.app.collector.rest == 0


def test_what_is_not_kept_apart_and_large_is_kept_apart_rather_than_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector_, "QUICK", 1_000)
    clock = Clock()
    collector = Collector(clock)
    collector.begin()
    grow_old()
    ring, large = lost(), [[] for _ in range(5_000)]
    clock.now = REST
    collector.look(busy=False)
    assert ring() is not None
    clock.now = LONG_REST
    collector.look(busy=False)
    assert ring() is None
    assert large


async def test_in_the_designer_a_key_lets_the_collector_wait() -> None:
    async with at_work() as desk:
        assert gc.get_threshold()[2] == BACKSTOP
        clock = Clock()
        desk.app.collector = Collector(clock)
        desk.app.collector.begin()
        grow_old()
        ring = lost()
        clock.now = REST
        await desk.keys("j")
        desk.app.collect()
        assert ring() is not None
        clock.now += REST
        desk.app.collect()
        assert ring() is None


def test_an_index_that_found_out_what_sets_it_apart_is_freed_at_once() -> None:
    space = everything("V4")
    index = BoxIndex(space, [(space, "all")])
    assert index.apart_from([]) is index
    assert index.apart_from([]) is index
    there = ref(index)
    gc.disable()
    del index
    assert there() is None
