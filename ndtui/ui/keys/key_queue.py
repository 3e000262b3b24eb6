"""Key queue: a key that comes before the program is done with the one before waits for it, and for its dialog.

Textual gives a key to whatever has the focus when it arrives. But an action that asks something runs beside the rest (a
worker), and its dialog is there only some steps later: the next key would still act on what lies behind it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from functools import partial, wraps
from typing import Any, TypeAlias, TypeVar, cast

from textual import events
from textual.app import ReturnType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from ndtui.ui.painting.painted_app import PaintedApp

_Node = TypeVar("_Node", bound=DOMNode)
#: What a worker runs.
_Question: TypeAlias = Coroutine[None, None, None]


class KeysInTurn(PaintedApp[ReturnType]):
    """Hands on one key, or one pasted text, at a time: the next one when all that the former led to is there.

    A key goes from what has the focus up to the app, through the queue of each on the way. A callback goes the same way
    behind it, twice: once for the key itself, and once for the messages that it made them send, such as that a button
    was pressed. Every queue finishes what it has taken, even that of a dialog that closes, so the callback arrives.
    """

    def __init__(self, *, ansi_color: bool | None = None, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class, ansi_color=ansi_color)
        self._typed: deque[events.Key | events.Paste] = deque()
        self._under_way = 0
        self._asking: list[tuple[Worker[None], Screen[Any]]] = []

    def on_mount(self) -> None:
        """Hear of every screen that opens or closes."""
        self.screen_change_signal.subscribe(self, self._wait_for, immediate=True)

    async def on_event(self, event: events.Event) -> None:
        """Line up what is typed; everything else goes its way."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self._next()
        else:
            await super().on_event(event)

    async def _next(self) -> None:
        """Hand on what was typed next, unless something is under way or a dialog is about to come."""
        if not self._typed or self._under_way or self.asking:
            return
        way = (self.focused or self.screen).ancestors_with_self
        self._under_way += 1
        await super().on_event(self.meant(self._typed.popleft()))
        await self._follow([*way, *way])

    def meant(self, typed: events.Key | events.Paste) -> events.Event:
        """Return what is typed as it is to be taken, at the moment when its turn has come."""
        return typed

    async def _follow(self, way: Sequence[DOMNode]) -> None:
        """Go behind what waits in the queues of a way that ends at the app."""
        for place, node in enumerate(way):
            if node.call_later(self._follow, way[place + 1 :]):
                return  # a node that is closing takes no more callbacks: the next on the way gets it
        self._under_way -= 1
        await self._next()

    def type_first(self, key: events.Key) -> None:
        """Let a key be typed once more, before all that wait: what it was typed into is there no more."""
        again = events.Key(key.key, key.character)
        again.set_sender(self)
        self._typed.appendleft(again)
        self.call_later(self._next)

    def _wait_for(self, screen: Screen[Any]) -> None:
        """Let what is typed wait until a screen that has come to the top is there, with its focus."""
        self._under_way += 1
        self.call_later(self._follow, [screen, self])

    @property
    def asking(self) -> bool:
        """Whether an action that was called on this screen has not asked yet, or has its answer and is not done."""
        self._asking = [each for each in self._asking if not (each[0].is_finished or each[0].is_cancelled)]
        return any(screen is self.screen for _, screen in self._asking)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Open a dialog and wait for its answer; a screen that has closed asks nothing more.

        The library lets the worker that asks do what the app does next. That may be to take away the very screen that
        asks, with which its worker is cancelled: in the middle of it, and the app's own messages would end with it. So
        the app does it in a task of its own.
        """
        asking = [each for each in get_current_worker().node.ancestors_with_self if isinstance(each, Screen)]
        if any(each not in self.screen_stack for each in asking):
            raise asyncio.CancelledError
        await asyncio.shield(self._flush_next_callbacks())
        return await asyncio.shield(self.push_screen(screen, wait_for_dismiss=True, mode=mode))

    def ask(self, node: DOMNode, question: Callable[[], _Question]) -> None:
        """Run something that opens dialogs beside the rest; what is typed meanwhile is for its dialogs."""
        if not self.asking:
            worker: Worker[None] = node.run_worker(partial(self._ask, question), group="asking", description="asking")
            self._asking.append((worker, self.screen))

    async def _ask(self, question: Callable[[], _Question]) -> None:
        try:
            await question()
        finally:
            self.call_later(self._next)


def asks(method: Callable[[_Node], _Question]) -> Callable[[_Node], None]:
    """Make an action, of the app or of a screen, of a coroutine that waits for the answers of dialogs."""

    @wraps(method)
    def action(self: _Node) -> None:
        cast("KeysInTurn[Any]", self.app).ask(self, partial(method, self))

    return action
