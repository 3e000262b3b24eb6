"""Panes: the operator makes them wider or higher, and finds them so the next time."""

import asyncio
from threading import Lock
from typing import Any

from textual.reactive import reactive
from textual.timer import Timer

from ndtui.app.long_work import LongWork
from ndtui.common.text import visible
from ndtui.ui.state import pane_sizes
from ndtui.ui.state.options import Options
from ndtui.ui.state.pane_sizes import PaneSizes

#: Sizes are kept when so many seconds have passed without another change.
KEEP_AFTER = 1.0


class Panes(LongWork):
    """Knows how wide and high panes are to be; screens that have them watch it, and fit them in."""

    sizes: reactive[PaneSizes] = reactive(PaneSizes, init=False, repaint=False)

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.set_reactive(Panes.sizes, pane_sizes.kept())
        self._keeping_sizes: Timer | None = None
        self._keeping_turn = Lock()

    def watch_sizes(self) -> None:
        """Keep the sizes when they rest, unless nothing may be written."""
        if self._keeping_sizes is not None:
            self._keeping_sizes.stop()
        if not self.options.read_only:
            self._keeping_sizes = self.set_timer(KEEP_AFTER, lambda: self.run_worker(self._keep_sizes()))

    async def _keep_sizes(self) -> None:
        self._keeping_sizes = None
        problem = await asyncio.to_thread(self._keep_latest)
        if problem:
            self.notify(f"The sizes of the panes cannot be kept: {visible(problem)}", severity="warning")

    def _keep_latest(self) -> str:
        """Keep the sizes as they are when it is the turn: of two threads the one that began first may be the last."""
        with self._keeping_turn:
            return pane_sizes.keep(self.sizes)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Keep what was adjusted last, and leave."""
        if self._keeping_sizes is not None:
            self._keeping_sizes.stop()
            self._keep_latest()
        super().exit(*arguments, **options)
