"""Giving way: what is worked out in a thread stands still while the event loop answers a key.

Python runs one thread at a time and lets each go on for 5 ms, so that an answer would take twice as long while
something is worked out beside it. Source: ``sys.setswitchinterval``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from threading import Event

_Thing = TypeVar("_Thing")

#: Seconds that a work stands still at most before it takes another step: nobody waits for an answer for ever.
MOST = 0.25

#: What comes when the answer is there; nothing while none is being made.
_answer: "Event | None" = None

_gives_way = ContextVar("gives_way", default=False)


@contextmanager
def giving_way() -> Iterator[None]:
    """Let what this thread does in the block give way."""
    before = _gives_way.set(True)
    try:
        yield
    finally:
        _gives_way.reset(before)


def give_way() -> None:
    """Stand still for as long as an answer is being made, if this thread gives way at all."""
    answer = _answer
    if answer is not None and _gives_way.get():
        answer.wait(MOST)


def in_turns(things: Iterable[_Thing]) -> Iterable[_Thing]:
    """Return things one after the other, and give way between them; costs nothing in a thread that does not."""
    return _in_turns(things) if _gives_way.get() else things


def _in_turns(things: Iterable[_Thing]) -> Iterator[_Thing]:
    for thing in things:
        give_way()
        yield thing


def answer_begins() -> None:
    """Let all that gives way stand still from now on."""
    global _answer  # noqa: PLW0603 - there is one event loop, and threads of any work ask
    if _answer is None:
        from threading import Event  # noqa: PLC0415 - most commands have one thread

        _answer = Event()


def answer_ends() -> None:
    """Let all that stands still go on."""
    global _answer
    answer, _answer = _answer, None
    if answer is not None:
        answer.set()
