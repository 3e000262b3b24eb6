"""At rest: what is done when no key was pressed for a moment, so that no key has to wait for it later."""

import asyncio

from textual import events
from textual.timer import Timer

from ndtui.app import screens_ahead
from ndtui.app.collector import Collector
from ndtui.app.looks import Looks
from ndtui.common.gc_pause import is_paused
from ndtui.common.give_way import answer_begins, answer_ends
from ndtui.ui.state.options import Options

#: Seconds for which what is worked out stands still at most, whatever becomes of a key.
LONGEST_ANSWER = 0.1
#: Seconds between two looks whether there is garbage to be collected.
LOOK_EVERY = 1.0


class AtRest(Looks):
    """Collects garbage, and imports what screens need, when the keys rest."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.collector = Collector()
        self._ahead = screens_ahead.pieces()
        self._importing: Timer | None = None

    def begin_to_rest(self) -> None:
        """Do it from now on, when everything that a start makes is there."""
        self.collector.begin()
        self.set_interval(LOOK_EVERY, self.collect)
        self._importing = self.set_interval(screens_ahead.BETWEEN, self.import_ahead)

    async def on_event(self, event: events.Event) -> None:
        """Take note of keys and mouse."""
        if isinstance(event, events.InputEvent):
            self.collector.stir()
            if not isinstance(event, events.MouseMove):  # of which many come, and few change anything
                self.answer_first()
        await super().on_event(event)

    def answer_first(self) -> None:
        """Let what is worked out beside the keys stand still until the screen shows the answer to one."""
        answer_begins()
        self.call_after_refresh(answer_ends)
        asyncio.get_running_loop().call_later(LONGEST_ANSWER, answer_ends)  # where a screen waits for what stands still

    def collect(self) -> None:
        """Let the collector look for garbage, as far as nobody is kept waiting."""
        if not is_paused():
            self.collector.look(busy=len(self.screen_stack) > 1)

    def import_ahead(self) -> None:
        """Import a piece of the screens that are not open yet, if no key is likely to come and nothing is at work."""
        if is_paused():
            return  # each file that is read hands the turn to that work, and it comes back 5 ms later
        if self.collector.rest >= screens_ahead.REST and next(self._ahead, None) is None and self._importing:
            self._importing.stop()
