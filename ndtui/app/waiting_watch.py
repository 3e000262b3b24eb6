"""Keeps an eye on what waits to be confirmed: how much time is left, and how it ended, told once, whoever ended it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ndtui.app.backend_look import BackendLook, Seen
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.options import Options
from ndtui.ui.state.waiting import NOTHING_WAITS, Waiting

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend


class WaitingWatch:
    """What was seen last on the backend, and what has been told of it."""

    def __init__(self, options: Options) -> None:
        self._look = BackendLook(options)
        self._seen = Seen()
        self._told: set[str] = set()
        self._looking = False

    @property
    def token(self) -> str:
        """The token of the apply that waits, as far as has been seen; empty for none."""
        return self._seen.pending.token if self._seen.pending is not None else ""

    def told(self, token: str) -> None:
        """Take note that a screen has said how the apply with a token ended."""
        self._told.add(token)
        if token == self.token:
            self._seen = Seen()

    def now(self) -> Waiting:
        """Return what waits in the words of this moment; asks no backend."""
        pending = self._seen.pending
        if pending is None:
            return NOTHING_WAITS
        from ndtui.backends.planning.waiting_wording import countdown_brief, countdown_line  # noqa: PLC0415

        policy, watched = self._seen.policy, self._seen.watched
        return Waiting(countdown_brief(pending, watched), countdown_line(policy, pending, watched))

    def next_second(self) -> float | None:
        """Return in how many seconds there is a second less left than now; ``None`` where nothing waits."""
        return self._seen.pending.next_second() if self._seen.pending is not None else None

    async def look(self, used: "Backend | None", busy: Callable[[], bool]) -> str:
        """Look at the backend, beside the rest; return how what waited has ended, unless that was told, in a sentence.

        ``busy`` says whether a screen is changing the backend: what is seen meanwhile counts for nothing.
        """
        if self._looking or busy():
            return ""
        self._looking = True
        before = self._seen
        try:
            seen = await in_thread(partial(self._look.look, used, before))
        finally:
            self._looking = False
        if seen is None or busy() or self._seen is not before:
            return ""
        self._seen = seen
        ended = before.pending.token if before.pending is not None and seen.ended else ""
        if not ended or ended in self._told:
            return ""
        self._told.add(ended)
        return seen.ended
