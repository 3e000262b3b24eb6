"""Confirm within: an apply that is reverted by itself unless somebody says that it is to stay."""

import sys
import time
from queue import Empty, Queue
from threading import Thread

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.planning.history_wording import clock_words
from ndtui.backends.transactional.answering import Answered, Ending, keep, revert, revert_if_overdue
from ndtui.cli.applying.plan_and_ask import waiting_told
from ndtui.cli.printing.output import is_interactive, note, write_lines

#: Seconds after the deadline in which it is tried to revert in the watchdog's place, and between two attempts.
PATIENCE = 30.0
_PAUSE = 0.2


def wait_for_answer(backend: Backend, pending: Pending, *, yes: bool) -> int:
    """Ask on the terminal whether what was just applied is to stay, and do it; without one say how to.

    Whatever others have done meanwhile, an answer is for this apply alone. Returns the exit status: 0 when it stays, or
    may yet.

    Raises:
        BackendError: it could not be confirmed or reverted.
    """
    until = clock_words(pending.deadline)
    confirm = backend.own_commands.of("confirm")
    if yes or not is_interactive():
        write_lines([f"It is reverted by itself at {until}, whatever becomes of this terminal, unless: {confirm}"])
        return 0
    try:
        answer = _answer_by(pending)
        if answer is None:
            ending = _ending_of_overdue(backend, pending)
            write_lines(["", _over(ending)])
            return 0 if ending.stays else 1
    except KeyboardInterrupt:
        note("")
        note(f"It is reverted at {until} unless you confirm it: {confirm}")
        raise
    kept = answer.strip().lower() in ("y", "yes")
    with waiting_told():
        answered = keep(backend, pending) if kept else revert(backend, pending)
    write_lines([_said(answered)])
    return 0 if kept and answered.ending.stays else 1


def _answer_by(pending: Pending) -> str | None:
    """Return a line typed in time, with the seconds counted down; ``None`` when there was none."""
    typed: Queue[str] = Queue()
    Thread(target=lambda: typed.put(sys.stdin.readline()), daemon=True).start()
    while (left := pending.seconds_left()) > 0:
        sys.stderr.write(f"\rKeep it? It is reverted in {left:3.0f} s. [y/N] ")
        sys.stderr.flush()
        try:
            return typed.get(timeout=min(1.0, left))
        except Empty:
            continue
    return None


def _ending_of_overdue(backend: Backend, pending: Pending) -> Ending:
    """Wait until the watchdog has reverted what nobody confirmed, and do its work where it is gone or late.

    Raises:
        BackendError: it waits still, and cannot be reverted.
    """
    while True:
        try:
            ending = revert_if_overdue(backend, pending)
            if ending is not None:
                return ending
        except BackendError:  # the store is in use, say
            if pending.seconds_left() < -PATIENCE:
                raise
        time.sleep(_PAUSE)


def _over(ending: Ending) -> str:
    if ending.how == "reverted" and ending.since is None:
        return "Nobody confirmed it in time, and so it was reverted."
    return f"{ending}."


def _said(answered: Answered) -> str:
    ending = answered.ending
    if not answered.ours or ending.since is not None:
        return f"{ending}; nothing was done." if not answered.ours else f"{ending}."
    return "Confirmed: it stays." if ending.stays else "Reverted."
