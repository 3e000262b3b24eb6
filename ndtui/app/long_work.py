"""Long work: what is felt says how far it is in the line for messages, and escape leaves it."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from textual import events
from textual.worker import active_worker

from ndtui.app.looks import Looks
from ndtui.common.counted import listening
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.options import Options
from ndtui.ui.state.progress import LeftError, Progress

_Made = TypeVar("_Made")

#: Seconds between two looks at how far a work is.
LOOK_EVERY = 0.1


class _AtWork(NamedTuple):
    """A work that runs; the keys wait for it where an action does."""

    progress: Progress
    left: asyncio.Future[None]
    keys_wait: bool


class LongWork(Looks):
    """Runs long works beside the keys. While an action waits for one, escape is the one key that does not wait."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._long: list[_AtWork] = []

    async def long(self, what: str, work: Callable[[], _Made], *, writes: bool = False) -> _Made:
        """Return what a work returns that takes long, as ``LongWorks`` says."""
        progress, left = Progress(what), asyncio.get_running_loop().create_future()

        def listened() -> _Made:
            with listening(progress), without_garbage_collection():
                return work()

        asked = active_worker.get(None)
        at_work = _AtWork(progress, left, keys_wait=asked is not None and asked.group == "asking")
        doing = asyncio.ensure_future(asyncio.to_thread(listened) if writes else in_thread(listened))
        self._long.append(at_work)
        looking = self.set_interval(LOOK_EVERY, self._refresh_notifications)
        try:
            await asyncio.wait((doing, left), return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise LeftError(f"{what}: left")
            return doing.result()
        finally:
            progress.leave()  # it is done, or who waited for it is gone
            # How a work ends that nobody waits for is of no interest; the loop is told that it was looked at.
            doing.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
            self._long.remove(at_work)
            looking.stop()
            self._refresh_notifications()

    async def on_event(self, event: events.Event) -> None:
        """Leave a long work that the keys wait for."""
        if not (isinstance(event, events.Key) and event.key == "escape" and self._leave_long()):
            await super().on_event(event)

    def _leave_long(self) -> bool:
        """Leave the work that the keys wait for, if there is one; tells whether that comes in time."""
        waited_for = next((each for each in reversed(self._long) if each.keys_wait), None)
        if waited_for is None or not self.asking or not waited_for.progress.leave():
            return False
        if not waited_for.left.done():
            waited_for.left.set_result(None)
        return True

    @property
    def under_way(self) -> str:
        """How far the work is that was begun last, if any is felt, and how it is left."""
        felt = next((each for each in reversed(self._long) if each.progress.is_felt), None)
        if felt is None:
            return ""
        leaves = felt.keys_wait or len(self.screen_stack) > 1  # a screen or a dialog is left with what it works out
        return f"{felt.progress.words()}{' (esc leaves it)' if leaves else ''}"
