"""What only works something out, done in a thread beside the event loop, so that keys are answered meanwhile.

Leaving the program does not wait for it: its thread ends with the program. What writes is not done here, so that it is
waited for and nothing is left half done.
"""

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from ndtui.common.gc_pause import kept_apart
from ndtui.common.give_way import giving_way
from ndtui.model.design.design import Design

_Made = TypeVar("_Made")

#: Up to so many exemptions anything but checking is done at once.
AT_ONCE = 300


def is_large(design: Design) -> bool:
    """Whether a design has so many exemptions that what is done with it is felt."""
    return len(design.exemptions) > AT_ONCE


async def in_thread(work: Callable[[], _Made]) -> _Made:
    """Return what some work returns, or raise what it raises; nobody waits for it once the program is left.

    The threads of ``asyncio.to_thread`` are joined before a program may end, for as long as their work takes.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Made] = loop.create_future()

    def run() -> None:
        made: _Made
        try:
            with kept_apart(), giving_way():
                made = work()
        except BaseException as error:
            tell(answer.set_exception, error)
        else:
            tell(answer.set_result, made)

    def tell(settle: Callable[..., None], outcome: object) -> None:
        try:
            loop.call_soon_threadsafe(lambda: None if answer.done() else settle(outcome))
        except RuntimeError:
            if not loop.is_closed():
                raise

    Thread(target=run, name="beside", daemon=True).start()
    return await answer
