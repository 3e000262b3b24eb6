"""Countdown: an apply that is reverted by itself unless somebody says in time that it is to stay."""

import asyncio
from math import ceil

from rich.text import Text
from textual import work
from textual.widgets import Static

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending, Snapshot
from ndtui.backends.transactional.answering import Ending, revert_if_overdue
from ndtui.common import durations
from ndtui.common.text import visible
from ndtui.screens.backend_moved import BackendMoved, was_told
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen
from ndtui.ui.state.waiting import Waiting

SHORTEST, LONGEST = 5, 3600

#: Seconds between two looks at whether the apply still waits to be confirmed.
LOOK_EVERY = 1.0

_UNWATCHED = "Nobody watches over it: it is reverted only while this dialog is open."

KEEP, REVERT, LATER = "keep", "revert", "later"


def seconds_of(text: str) -> float | None:
    """Return the seconds of ``90``, ``90s``, ``5m`` or ``1h``; ``None`` for anything else, also beyond the limits."""
    return durations.seconds_of(text, SHORTEST, LONGEST)


class CountdownScreen(ChoiceScreen):
    """Asks whether what was applied is to stay while the seconds run out; ``over`` tells what came of it elsewhere.

    It shows and asks. Who reverts it in the end is the backend's watchdog, whatever becomes of this program; where the
    watchdog is gone or late, this dialog does.
    """

    def __init__(self, backend: Backend, snapshot: Snapshot, pending: Pending) -> None:
        answers = (
            Answer(KEEP, "Keep", "countdown"),
            Answer(REVERT, "Revert now", "countdown", dangerous=True),
            Answer(LATER, "Later", None),
        )
        super().__init__("Keep this policy?", [], answers)
        self.over: Ending | None = None
        self._backend = backend
        self._pending = pending
        self._applied = f"{snapshot.policy or 'Nothing of ours'} is applied to {backend.name}, {backend.place()}"
        self._trouble = ""
        self._unwatched = ""

    @property
    def asked_token(self) -> str:
        """The token of the apply that it asks about, and tells the end of."""
        return self._pending.token

    def on_mount(self) -> None:
        """Let the seconds run."""
        self._count()
        self._watch()

    def show_waiting(self, waiting: Waiting) -> None:
        """Leave the frame empty: this dialog counts in its text."""

    def _count(self) -> None:
        """Say how much time is left, with every second that passes."""
        left = self._pending.seconds_left()
        if self.over is None:
            words = (
                f"It is reverted in {_span(ceil(left))} unless you confirm." if left > 0 else "It is to be reverted."
            )
            self._say(words, self._applied, self._unwatched, self._trouble)
            self.set_timer(self._pending.next_second(), self._count)

    def _say(self, words: str, *more: str) -> None:
        rest = "".join(f"\n{visible(line)}" for line in more if line)
        self.query_one("#lines", Static).update(Text.assemble((words, "bold"), rest))

    @work(group="watch")
    async def _watch(self) -> None:
        """Look whether it still waits: another program may confirm it or revert it, and the watchdog will."""
        while True:
            try:
                self.over = await asyncio.to_thread(self._look)
                self._trouble = ""
            except BackendError as error:  # such as a store in use: it is looked at again
                self._trouble = str(error)
            if self.over is not None:
                self._end(self.over)
                return
            await asyncio.sleep(LOOK_EVERY)

    def _look(self) -> Ending | None:
        watched = self._backend.watched(self._pending)
        self._unwatched = _UNWATCHED if watched is False else ""
        return revert_if_overdue(self._backend, self._pending)

    def _end(self, ending: Ending) -> None:
        """Say what became of it; all that is left to do is to close."""
        was_told(self, self.asked_token)
        self.app.clear_notifications()  # that it was done, for one, is so no more
        self.post_message(BackendMoved())
        self.query_one(".dialog-title", Static).update(f"It was {ending.how}")
        if ending.since is not None or ending.how == "removed":
            self._say(f"{ending}.", _history_word(ending))
        elif ending.stays:
            self._say("Somebody confirmed it from elsewhere: it stays.", self._applied)
        else:
            late = "Nobody confirmed it in time." if self._pending.seconds_left() <= 0 else ""
            self._say("What was there before is there again.", late, _history_word(ending))
        self.leave_answer(LATER, "Close")


def _history_word(ending: Ending) -> str:
    return f"In the history: {ending.words()}."


def _span(seconds: int) -> str:
    """Return seconds in words: ``87 s``, from two minutes on ``2 min 5 s``."""
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min {seconds % 60} s"
