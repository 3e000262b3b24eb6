"""Long work: what is felt says how far it is in the line for messages, and escape leaves it."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from textual import events
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import active_worker

from ndtui.app.at_rest import AtRest
from ndtui.common.counted import listening
from ndtui.common.gc_pause import kept_apart
from ndtui.common.give_way import give_way
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
    screen: Screen[Any] | None
    """The screen that it is done for, as far as it is known."""


class LongWork(AtRest):
    """Runs long works beside the keys. While an action waits for one, escape is the one key that does not wait."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._long: list[_AtWork] = []

    async def long(self, what: str, work: Callable[[], _Made], *, writes: bool = False) -> _Made:
        """Return what a work returns that takes long, as ``LongWorks`` says."""
        progress, left = Progress(what), asyncio.get_running_loop().create_future()

        asked = active_worker.get(None)
        keys_wait = asked is not None and asked.group == "asking"

        def listened() -> _Made:
            with listening(progress), kept_apart():
                if not keys_wait:
                    give_way()  # as a rule a key is being answered just now: the one that has led to this
                return work()

        at_work = _AtWork(progress, left, keys_wait, _screen_of(None if asked is None else asked.node))
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
            self.collector.stir()  # who has waited for it will press a key
            if len(self.screen_stack) > 1:
                self.collector.note_screen()
            looking.stop()
            self._refresh_notifications()

    async def on_event(self, event: events.Event) -> None:
        """Leave a long work that the keys wait for."""
        if not (isinstance(event, events.Key) and event.key == "escape" and self._leave_long()):
            await super().on_event(event)

    def _leave_long(self) -> bool:
        """Leave the work that the keys wait for, if there is one; tells whether that comes in time."""
        waited_for = next((each for each in reversed(self._long) if each.keys_wait), None)
        return waited_for is not None and self.asking and _leave(waited_for)

    def leave_of(self, screen: Screen[Any]) -> bool:
        """Leave the work that a screen does beside the keys and that is felt; tells whether there is one."""
        felt = next((each for each in reversed(self._long) if each.screen is screen and each.progress.is_felt), None)
        return felt is not None and _leave(felt)

    def let_end(self, screen: object, what: str) -> None:
        """Ask a work that a screen does beside the keys to end at its next count, as ``LongWorks`` says."""
        for each in self._long:
            if each.screen is screen and each.progress.what == what and not each.keys_wait:
                each.progress.leave()

    @property
    def under_way(self) -> str:
        """How far the work is that was begun last, if any is felt, and how it is left."""
        felt = next((each for each in reversed(self._long) if each.progress.is_felt), None)
        if felt is None:
            return ""
        leaves = felt.keys_wait or felt.screen is self.screen  # with a dialog before it, the dialog is left
        return f"{felt.progress.words()}{' (esc leaves it)' if leaves else ''}"


def _leave(each: _AtWork) -> bool:
    """Leave a work; tells whether that comes in time."""
    if not each.progress.leave():
        return False
    if not each.left.done():
        each.left.set_result(None)
    return True


def _screen_of(node: DOMNode | None) -> Screen[Any] | None:
    return node.screen if isinstance(node, Widget) and node.is_attached else None
