"""What waits to be confirmed, in words: until when, whether anybody will revert it, and whether that is overdue."""

from math import ceil, isfinite
from typing import Any, NamedTuple

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Pending
from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.backends.planning.history_wording import clock_words, moment_words
from ndtui.common.text import shortened, visible


class Settling(NamedTuple):
    """How what waits is settled: whether anybody will revert it, where that is known, and by which commands."""

    watched: bool | None = None
    commands: OwnCommands = OwnCommands()


UNKNOWN = Settling()


def reverts(commands: OwnCommands) -> str:
    """Return which command reverts what waits."""
    return f"{commands.of('rollback')} reverts it"


def keep_or_revert(commands: OwnCommands) -> str:
    """Return which command keeps what waits, and which reverts it."""
    return f"{commands.of('confirm')} keeps it, {reverts(commands)}"


def pending_line(pending: Pending | None, settling: Settling = UNKNOWN) -> str:
    """Return what waits or is overdue, until when, and how to settle it, for who only looks; empty where nothing is."""
    if pending is None:
        return ""
    watched, commands = settling
    if pending.seconds_left() > 0:
        waits = f"Waits: what was applied last is to be confirmed until {moment_words(pending.deadline)}"
        becomes = "but nobody watches over it" if watched is False else "or it is reverted"
        return f"{waits}, {becomes}: {keep_or_revert(commands)}"
    over = f"Overdue: what was applied last {not_confirmed(pending)}, and is not reverted yet"
    nobody = ", and nobody is there to do it" if watched is False else ""
    return f"{over}{nobody}: {reverts(commands)}"


def settling_of(backend: Backend, pending: Pending | None) -> Settling:
    """Return how what waits on a backend is settled; a backend is asked only where something waits."""
    return UNKNOWN if pending is None else Settling(backend.watched(pending), backend.own_commands)


def not_confirmed(pending: Pending) -> str:
    """Return that the time to confirm is over, without a subject."""
    return f"was not confirmed by {moment_words(pending.deadline)}"


def waiting_line(backend: Backend, pending: Pending) -> str:
    """Return what has to be said of an apply that waits, without a subject."""
    until = clock_words(pending.deadline)
    left, watched = pending.seconds_left(), backend.watched(pending)
    if left <= 0:
        over = f"to be reverted, for nobody confirmed it by {until}"
        by_hand = f"and nobody is there to do it: {backend.own_commands.of('rollback')}"
        return f"{over}, {by_hand if watched is False else 'at any moment'}"
    waits = f"to be confirmed until {until}, for {ceil(left)} s more"
    becomes = "but nobody watches over it" if watched is False else "or it is reverted"
    return f"{waits}, {becomes}: {keep_or_revert(backend.own_commands)}"


def countdown_brief(pending: Pending, watched: bool | None) -> str:
    """Return the same in a few words that hold for this second; ``watched`` is whether anybody will revert it."""
    left = pending.seconds_left()
    waits = f"confirm within {left_words(left)}" if left > 0 else f"not confirmed by {clock_words(pending.deadline)}"
    return f"{waits}, UNWATCHED" if watched is False else waits


def countdown_line(policy: str, pending: Pending, watched: bool | None) -> str:
    """Return a line that holds for this second: how much time is left to confirm which policy, and what else becomes.

    The time comes first: a long name may be cut.
    """
    left, name = pending.seconds_left(), shortened(visible(policy), 40) or "what was done last"
    if left > 0:
        unwatched = ", and nobody watches over it" if watched is False else ""
        return f"{left_words(left)} left to confirm {name}, or it is reverted{unwatched}"
    over = f"not confirmed by {clock_words(pending.deadline)}: {name} is to be reverted"
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
