"""Giving way: what is worked out in a thread stands still while the event loop answers a key.

Python runs one thread at a time and lets each go on for 5 ms, so that an answer would take twice as long while
something is worked out beside it. Source: ``sys.setswitchinterval``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, local

#: Seconds that a work stands still at most before it takes another step: nobody waits for an answer for ever.
MOST = 0.25

_nobody_waits = Event()
_nobody_waits.set()


class _Thread(local):
    gives_way = False


_thread = _Thread()


@contextmanager
def giving_way() -> Iterator[None]:
    """Let what this thread does in the block give way."""
    before, _thread.gives_way = _thread.gives_way, True
    try:
        yield
    finally:
        _thread.gives_way = before


def gives_way() -> bool:
    """Whether what this thread does gives way."""
    return _thread.gives_way


def give_way() -> None:
    """Stand still for as long as an answer is being made, if this thread gives way at all."""
    if not _nobody_waits.is_set() and _thread.gives_way:
        _nobody_waits.wait(MOST)


def answer_begins() -> None:
    """Let all that gives way stand still from now on."""
    _nobody_waits.clear()


def answer_ends() -> None:
    """Let all that stands still go on."""
    _nobody_waits.set()
