"""Collector: when the designer looks for garbage that refers to itself. That holds up the keys: when they rest.

Python would do it whenever a quarter more objects are there than before, in the middle of whatever is done. With 60,000
filters that takes 200 ms to a second, for nothing: what is large here has no cycles. So what is large is kept apart
(``gc.freeze``), young objects are looked at as ever, and everything else when no key was pressed for a moment. What is
kept apart may hold the screen that it was made for, which is garbage when it was left; so once the designer was left
alone for longer, everything is looked at, and all that is left is kept apart again.
"""

import gc
import time
from collections.abc import Callable

from ndtui.common.gc_pause import keep_apart, times_kept_apart

#: Python itself looks at all objects when the keys have not rested for so many lookings at young ones.
BACKSTOP = 1000
#: So many lookings at young objects make it worth while to look at all but what is kept apart.
OFTEN = 3
#: Seconds without a key until that is done, and until everything is looked at.
REST, LONG_REST = 2.0, 30.0
#: After so many works for screens that are left, everything is looked at after the shorter rest: each may hold 100 MB.
SOON = 3
#: So many objects are looked at in less than the blink of an eye; more are kept apart.
QUICK = 20_000


class Collector:
    """Looks for garbage when the keys rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take what tells seconds."""
        self._clock = clock
        self._stirred = clock()
        self._known = 0
        """How often something was kept apart, as far as that was looked at or stays."""
        self._screens = 0

    def begin(self) -> None:
        """Collect from now on as said above; what there is by now stays."""
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, BACKSTOP)
        gc.enable()  # cli.process pauses it: during a start everything that is made stays
        self.keep()

    def keep(self) -> None:
        """Keep what there is apart, for good: it stays."""
        keep_apart()
        self._known = times_kept_apart()
        self._screens = 0

    def note_screen(self) -> None:
        """Take note that something was made for a screen that will be left, and is garbage then."""
        self._screens += 1

    def stir(self) -> None:
        """Take note of a key or the mouse."""
        self._stirred = self._clock()

    @property
    def rest(self) -> float:
        """How many seconds ago the last key was pressed."""
        return self._clock() - self._stirred

    def look(self, *, busy: bool) -> None:
        """Collect what the rest allows; what is kept apart never while ``busy``, with a screen open.

        To be called now and then, while nothing is at work.
        """
        rest = self.rest
        if rest >= REST and gc.get_count()[2] >= OFTEN:
            if len(gc.get_objects()) > QUICK:
                keep_apart()
            else:
                gc.collect()
        if rest >= (REST if self._screens >= SOON else LONG_REST) and not busy and times_kept_apart() > self._known:
            gc.unfreeze()
            gc.collect()
            self.keep()
