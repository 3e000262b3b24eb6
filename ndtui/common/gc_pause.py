"""Python's cycle collector, paused where tens of thousands of objects without cycles are made.

Looking for cycles among them takes longer than to make them, and holds up every thread: 0.8 us an object, 220 ms for a
design of 60,000 filters, over a second with the plan of one.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

#: So many objects, made in one go, are looked at in no time.
FEW = 20_000


class _Pauses:
    """How many works are under way, in whatever thread, during which nothing is collected."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self.count = 0
        self._was_on = False
        self._young = 0
        """How many objects had not been looked at yet when the pause began."""
        self.times_kept_apart = 0

    def begin(self) -> None:
        with self._one_at_a_time:
            if not self.count:
                self._was_on = gc.isenabled()
                gc.disable()
                self._young = gc.get_count()[0]
            self.count += 1

    def end(self) -> None:
        with self._one_at_a_time:
            self.count -= 1
            if not self.count and self._was_on:
                if gc.get_count()[0] - self._young > FEW:
                    _let_grow_old()
                gc.enable()


def _let_grow_old() -> None:
    """Let what was made in a pause be looked at with everything else, and not as soon as the pause is over.

    That takes no time. Where something is kept apart, which takes a while to ask, it is not done: that would not be
    any more.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


_PAUSES = _Pauses()


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Pause the cycle collector, for all threads, until the last of those that paused it is done. Also a decorator."""
    _PAUSES.begin()
    try:
        yield
    finally:
        _PAUSES.end()


@contextmanager
def kept_apart() -> Iterator[None]:
    """Pause the cycle collector, and where much was made, let it not look at that afterwards, nor at what is older.

    For a program that runs on, and looks at all of it when nobody waits. What has no cycles is freed as ever.
    """
    _PAUSES.begin()
    try:
        yield
    finally:
        if gc.get_count()[0] > FEW:
            keep_apart()
        _PAUSES.end()


def is_paused() -> bool:
    """Whether a work is under way, in whatever thread, during which nothing is collected."""
    return bool(_PAUSES.count)


def keep_apart() -> None:
    """Let the cycle collector look at nothing that there is by now; takes no time, however much that is."""
    gc.freeze()
    _PAUSES.times_kept_apart += 1


def times_kept_apart() -> int:
    """Return how often something was kept apart."""
    return _PAUSES.times_kept_apart
