"""Counted: how far a long work has come, told while it goes through many things, to whoever listens.

Who listens is a matter of the context that the work is called in; what goes through the things need not know.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

_Thing = TypeVar("_Thing")
#: Takes how many are done, of how many. What it raises ends the work: it is not wanted any more.
Listener = Callable[[int, int], None]

#: So many things are gone through between two tellings.
EVERY = 200

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
    """Return the things one after the other, and tell how many are done; nothing is done where nobody listens."""
    listener = _listener.get()
    return things if listener is None else _counted(things, listener)


def _counted(things: Sequence[_Thing], listener: Listener) -> Iterator[_Thing]:
    for place, thing in enumerate(things):
        if place % EVERY == 0:
            listener(place, len(things))
        yield thing
