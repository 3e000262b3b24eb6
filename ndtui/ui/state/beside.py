"""What takes long with a large design, done in a thread beside the event loop, so that keys are answered meanwhile."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ndtui.model.design.design import Design

_Made = TypeVar("_Made")

#: Up to so many exemptions anything but checking is done at once.
AT_ONCE = 300


async def beside(design: Design, work: Callable[[], _Made]) -> _Made:
    """Return what some work with a design returns; what it raises is raised."""
    return await asyncio.to_thread(work) if is_large(design) else work()


def is_large(design: Design) -> bool:
    """Whether a design has so many exemptions that what is done with it is felt."""
    return len(design.exemptions) > AT_ONCE
