"""Python's cycle collector, paused where tens of thousands of objects without cycles are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Pause the cycle collector: looking for cycles where there are none takes longer than the work, and not linearly.

    Also a decorator. In a program with threads it pauses for all of them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
