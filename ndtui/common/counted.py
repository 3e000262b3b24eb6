"""Counted: how far a long work has come, told while it goes through many things, to whoever listens.

Who listens is a matter of the context that the work is called in; what goes through the things need not know.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

from ndtui.common.give_way import give_way, gives_way

_Thing = TypeVar("_Thing")

#: So many things are gone through between two tellings.
EVERY = 200


class Listener(Protocol):
    """Hears of a work. What it raises ends the work: that is not wanted any more."""

    def reach(self, done: int, of: int) -> None:
        """Take note of how many things are done, of how many."""

    def seal(self) -> None:
        """Take note that something is about to be replaced: from here on the work cannot be given up."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener of whatever is counted in the block."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def counted(things: Sequence[_Thing]) -> Iterable[_Thing]:
    """Return the things one after the other, and tell how many are done; costs nothing where nobody listens.

    Between two things it gives way.
    """
    listener = _listener.get()
    return things if listener is None and not gives_way() else _counted(things, listener)


def _counted(things: Sequence[_Thing], listener: Listener | None) -> Iterator[_Thing]:
    for place, thing in enumerate(things):
        if listener is not None and place % EVERY == 0:
            listener.reach(place, len(things))
        give_way()
        yield thing


def last_call() -> None:
    """Say that something is about to be replaced; whoever listens may still raise, and nothing is."""
    listener = _listener.get()
    if listener is not None:
        listener.seal()
