"""What waits to be confirmed, in words: until when, whether anybody will revert it, and whether that is overdue."""

import time
from math import ceil, isfinite
from typing import Any

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Pending
from ndtui.common.text import shortened, visible

ROLLBACK = "ndtui rollback reverts it"
BOTH = f"ndtui confirm keeps it, {ROLLBACK}"


def pending_line(pending: Pending | None, watched: bool | None = None) -> str:
    """Return what waits or is overdue, until when, and how to settle it, for who only looks; empty where nothing is.

    ``watched`` is whether anybody will revert it; ``None`` where that is not known.
    """
    if pending is None:
        return ""
    if pending.seconds_left() > 0:
        waits = f"Waits: what was applied last is to be confirmed until {_clock('%Y-%m-%d %H:%M:%S', pending)}"
        return (
            f"{waits}, but nobody watches over it: {BOTH}"
            if watched is False
            else f"{waits}, or it is reverted: {BOTH}"
        )
    over = f"Overdue: what was applied last {not_confirmed(pending)}, and is not reverted yet"
    return f"{over}, and nobody is there to do it: {ROLLBACK}" if watched is False else f"{over}: {ROLLBACK}"


def watched_by_any(backend: Backend, pending: Pending | None) -> bool | None:
    """Return whether anybody will revert what waits; ``None`` where the backend cannot tell, or nothing waits."""
    return None if pending is None else backend.watched(pending)


def not_confirmed(pending: Pending) -> str:
    """Return that the time to confirm is over, without a subject."""
    return f"was not confirmed by {_clock('%Y-%m-%d %H:%M:%S', pending)}"


def waiting_line(backend: Backend, pending: Pending) -> str:
    """Return what has to be said of an apply that waits, without a subject."""
    until = _clock("%H:%M:%S", pending)
    left, watched = pending.seconds_left(), backend.watched(pending)
    if left <= 0:
        over = f"to be reverted, for nobody confirmed it by {until}"
        return f"{over}, and nobody is there to do it: ndtui rollback" if watched is False else f"{over}, at any moment"
    waits = f"to be confirmed until {until}, for {ceil(left)} s more"
    return f"{waits}, but nobody watches over it: {BOTH}" if watched is False else f"{waits}, or it is reverted: {BOTH}"


def countdown_brief(pending: Pending, watched: bool | None) -> str:
    """Return the same in a few words that hold for this second; ``watched`` is whether anybody will revert it."""
    left = pending.seconds_left()
    waits = f"confirm within {left_words(left)}" if left > 0 else f"not confirmed by {_clock('%H:%M:%S', pending)}"
    return f"{waits}, UNWATCHED" if watched is False else waits


def countdown_line(policy: str, pending: Pending, watched: bool | None) -> str:
    """Return a line that holds for this second: how much time is left to confirm which policy, and what else becomes.

    The time comes first: a long name may be cut.
    """
    left, name = pending.seconds_left(), shortened(visible(policy), 40) or "what was done last"
    if left > 0:
        unwatched = ", and nobody watches over it" if watched is False else ""
        return f"{left_words(left)} left to confirm {name}, or it is reverted{unwatched}"
    over = f"not confirmed by {_clock('%H:%M:%S', pending)}: {name} is to be reverted"
    return f"{over}, and nobody is there to do it" if watched is False else f"{over} at any moment"


def left_words(seconds: float) -> str:
    """Return how much time is left, as a clock shows it: ``01:23``, from an hour on ``1:02:03``."""
    whole = max(0, ceil(seconds)) if isfinite(seconds) else 0
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes:02}:{rest:02}"


def waiting_document(backend: Backend, pending: Pending | None) -> dict[str, Any] | None:
    """Return an apply that waits as plain data; ``watched`` is null where the backend cannot tell."""
    if pending is None:
        return None
    return {
        "token": pending.token,
        "back_to": pending.back_to,
        "deadline": pending.deadline,
        "seconds_left": max(0.0, pending.seconds_left()),
        "watched": backend.watched(pending),
    }


def _clock(form: str, pending: Pending) -> str:
    """Return the time until which it has to be confirmed."""
    return time.strftime(form, time.localtime(pending.deadline))
