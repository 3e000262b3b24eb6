"""Kept waiting: that a work waits for another program, told to whoever listens, who may have it given up.

Who listens is a matter of the context that the work is called in, as in ``counted``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("kept waiting", default=None)


@contextmanager
def told_when_kept_waiting(listener: Callable[[], None]) -> Iterator[None]:
    """Tell a listener whenever a work in the block waits for another program; what it raises ends the waiting."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def kept_waiting() -> None:
    """Say that another program is waited for; to be called again and again meanwhile, before anything is changed."""
    listener = _listener.get()
    if listener is not None:
        listener()
