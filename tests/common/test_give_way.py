"""What is worked out in a thread stands still while a key is answered, and goes on after it."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.common import give_way
from ndtui.common.counted import counted


@pytest.fixture(autouse=True)
def _nobody_waits() -> Iterator[None]:
    yield
    give_way.answer_ends()


class Work(Thread):
    """Goes through things, and tells when it has begun and when it is done."""

    def __init__(self, things: list[int], *, gives_way: bool) -> None:
        super().__init__(daemon=True)
        self.done: list[int] = []
        self.goes_on = Event()
        self._things, self._gives_way = things, gives_way
        self.start()

    def run(self) -> None:
        if not self._gives_way:
            self._go_through()
            return
        with give_way.giving_way():
            self._go_through()

    def _go_through(self) -> None:
        self.goes_on.wait()
        for each in counted(self._things):
            self.done.append(each)


def test_it_stands_still_while_an_answer_is_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(give_way, "MOST", 60.0)
    work = Work([1, 2, 3], gives_way=True)
    give_way.answer_begins()
    work.goes_on.set()
    work.join(0.05)
    assert (work.is_alive(), work.done) == (True, [])
    give_way.answer_ends()
    work.join(10)
    assert work.done == [1, 2, 3]


def test_it_takes_a_step_now_and_then_where_an_answer_never_comes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(give_way, "MOST", 0.001)
    work = Work([1, 2, 3], gives_way=True)
    give_way.answer_begins()
    work.goes_on.set()
    work.join(10)
    assert work.done == [1, 2, 3]


def test_what_is_waited_for_does_not_stand_still():
    give_way.answer_begins()
    work = Work([1, 2, 3], gives_way=False)
    work.goes_on.set()
    work.join(10)
    assert work.done == [1, 2, 3]
    things = [1, 2, 3]
    assert give_way.in_turns(things) is things


def test_a_search_gives_way_where_it_spends_effort(monkeypatch: pytest.MonkeyPatch):
    stood: list[float] = []
    give_way.answer_begins()
    monkeypatch.setattr(give_way._answer, "wait", stood.append)
    with give_way.giving_way():
        Effort(100).part(10).spend(1)
    Effort(100).spend(1)
    assert stood == [give_way.MOST]
