"""Counted: how far a long work has come, told while it goes through many things, to whoever listens.

Who listens is a matter of the context that the work is called in; what goes through the things need not know.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

from ndtui.common.give_way import give_way, in_turns

_Thing = TypeVar("_Thing")

#: So many things are gone through between two tellings.
EVERY = 200


class Listener(Protocol):
    """Hears of a work. What it raises ends the work: that is not wanted any more."""

    def reach(self, done: int, of: int, step: int) -> None:
        """Take note of how many things are done, of how many, and in which step of the work, from 1 on.

        A step goes through more than ``EVERY`` things. What is counted within one, or goes through fewer, is none: 0.
        """

    def seal(self) -> None:
        """Take note that something is about to be replaced: from here on the work cannot be given up."""


class _Steps:
    """A listener, and which step the work is at that it hears of."""

    __slots__ = ("last", "listener", "within")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.last = 0
        self.within = False
        """Whether a step is under way: what begins now is counted within it."""


_steps: ContextVar[_Steps | None] = ContextVar("steps", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener of whatever is counted in the block."""
    before = _steps.set(_Steps(listener))
    try:
        yield
    finally:
        _steps.reset(before)


def counted(things: Sequence[_Thing]) -> Iterable[_Thing]:
    """Return the things one after the other, and tell how many are done; costs nothing where nobody listens.

    Between two things it gives way.
    """
    steps = _steps.get()
    if steps is not None:
        return _told(things, steps)
    return in_turns(things)


def _told(things: Sequence[_Thing], steps: _Steps) -> Iterator[_Thing]:
    is_step = len(things) > EVERY and not steps.within
    if is_step:
        steps.last, steps.within = steps.last + 1, True
    step = steps.last if is_step else 0
    try:
        for place, thing in enumerate(things):
            if place % EVERY == 0:
                steps.listener.reach(place, len(things), step)
            give_way()
            yield thing
    finally:  # also where nobody goes through the rest
        if is_step:
            steps.within = False


def last_call() -> None:
    """Say that something is about to be replaced; whoever listens may still raise, and nothing is."""
    steps = _steps.get()
    if steps is not None:
        steps.listener.seal()
