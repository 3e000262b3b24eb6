"""The backend of a session: opened once, and watched for what waits to be confirmed there."""

from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive
from textual.timer import Timer

from ndtui.app.panes import Panes
from ndtui.app.waiting_watch import WaitingWatch
from ndtui.common.text import visible
from ndtui.ui.state.options import Options
from ndtui.ui.state.waiting import NOTHING_WAITS, Waiting

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend

#: Seconds from the start to the first look at what waits to be confirmed on the backend, and between two looks.
FIRST_LOOK, LOOK_EVERY = 1.0, 5.0
#: Seconds between two looks while something waits, and for which it is shown how it ended.
WAITING_LOOK_EVERY, ENDED_SHOWN = 1.0, 12.0


class BackendSession(Panes):
    """Has the backend, and tells on every screen how much time is left to confirm what waits, and how that ended."""

    #: What waits to be confirmed on the backend, with the time that is left.
    waiting: reactive[Waiting] = reactive(NOTHING_WAITS, init=False, repaint=False)

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._backend: Backend | None = None
        self._waits = WaitingWatch(options)
        self._next_second: Timer | None = None

    def watch_backend(self) -> None:
        """Look at the backend from now on."""
        self.set_timer(FIRST_LOOK, self._look_what_waits)
        self.set_interval(LOOK_EVERY, self._look_what_waits)
        self.set_interval(WAITING_LOOK_EVERY, self._look_whether_it_waits)

    def backend(self) -> "Backend":
        """Return the backend of this session: memory holds what was applied only as long as it lives.

        Raises:
            NdtuiError: it cannot be opened.
        """
        from ndtui.backends import registry  # noqa: PLC0415

        self._backend = self._backend or registry.open_backend(self.options.backend, self.options.store)
        return self._backend

    def waiting_now(self) -> Waiting:
        """Return what waits to be confirmed, in the words of this moment."""
        return self._waits.now()

    def _look_whether_it_waits(self) -> None:
        if self._waits.token:
            self._look_what_waits()

    def _count_down(self) -> None:
        """Show how much time is left to confirm what waits, now and whenever a second less is left."""
        self.waiting = self._waits.now()
        if self._next_second is not None:
            self._next_second.stop()
        seconds = self._waits.next_second()
        self._next_second = self.set_timer(seconds, self._count_down) if seconds is not None else None

    @work(group="look", exit_on_error=False)
    async def _look_what_waits(self) -> None:
        ended = await self._waits.look(self._backend, self._is_settling)
        self._count_down()
        if ended:
            self.notify(visible(ended), severity="warning", timeout=ENDED_SHOWN, markup=False)

    def settled(self, token: str) -> None:
        """Take note that it was told how the apply with a token ended."""
        self._waits.told(token)

    def _is_settling(self) -> bool:
        """Whether a screen is changing the backend, or is about to tell how what waits has ended."""
        asked = (getattr(screen, "asked_token", "") for screen in self.screen_stack)
        return bool(self.at_work) or any(token and token == self._waits.token for token in asked)

    def on_backend_moved(self) -> None:
        """Look again: a screen has changed what the backend holds."""
        self._count_down()
        self._look_what_waits()

    @property
    def at_work(self) -> str:
        """What a screen is doing to the backend, which must not be broken off; empty when nothing is."""
        return next(filter(None, (getattr(screen, "at_work", "") for screen in self.screen_stack)), "")
