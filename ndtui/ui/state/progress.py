"""Progress: how far a long work has come, in words, and whether the operator still wants it."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol, TypeVar

from ndtui.common.errors import NdtuiError
from ndtui.model.design.design import Design
from ndtui.ui.state.beside import is_large

_Made = TypeVar("_Made")

#: What takes longer than so many seconds says how far it is.
SHOWN_AFTER = 0.2


class LeftError(NdtuiError):
    """The operator has left a long work: there is no result, and nothing was written."""


class Progress:
    """A work that runs in a thread. It is told there how far the work is, and left and asked anywhere."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._begun = time.monotonic()
        self._step, self._count = 0, (0, 0)
        self._left = self._sealed = False
        self._one_at_a_time = Lock()

    def reach(self, done: int, of: int, step: int) -> None:
        """Take note of how many things of a step are done, of how many; what is counted within one tells nothing.

        Raises:
            LeftError: nobody wants it any more.
        """
        if step:
            self._step, self._count = step, (done, of)
        if self._left:
            raise LeftError(f"{self.what}: left")

    def seal(self) -> None:
        """Take note that something is about to be written: it cannot be left from here on.

        Raises:
            LeftError: nobody wants it any more, and nothing is to be written.
        """
        with self._one_at_a_time:
            if self._left:
                raise LeftError(f"{self.what}: left")
            self._sealed = True

    def leave(self) -> bool:
        """Want it no more; tells whether that comes in time, before anything is written."""
        with self._one_at_a_time:
            self._left = not self._sealed
            return self._left

    @property
    def is_felt(self) -> bool:
        """Whether it has taken so long that it is to be shown."""
        return time.monotonic() - self._begun >= SHOWN_AFTER

    def words(self) -> str:
        """Return how far it is: the step and its count, where things are counted, and the time since it began."""
        (done, of), seconds = self._count, time.monotonic() - self._begun
        count = f"step {self._step}: {done:,} of {of:,}, " if self._step else ""
        return f"{self.what} ... {count}{seconds:.0f} s"


class LongWorks(Protocol):
    """What runs long works beside the keys and shows how far they are: the application."""

    async def long(self, what: str, work: Callable[[], _Made], *, writes: bool = False) -> _Made:
        """Return what a work returns that takes long; ``what`` says in words what is being done.

        Of one that ``writes`` leaving the program waits for the end.

        Raises:
            LeftError: the operator has left it.
        """

    def let_end(self, screen: object, what: str) -> None:
        """Ask a work that a screen has done beside the keys to end as if it were left, at its next count.

        Who waits for it waits until then: what is wanted in its place is not begun beside it.
        """


async def done_beside(
    works: LongWorks, design: Design, what: str, work: Callable[[], _Made], *, writes: bool = False
) -> _Made:
    """Return what a work with a design returns: at once with a small one, else as ``LongWorks.long``."""
    return await works.long(what, work, writes=writes) if is_large(design) else work()
