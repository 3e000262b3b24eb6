"""A trial: a policy that is held only while this program runs."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Plan
from ndtui.cli.applying.plan_and_ask import Asking, ask_first, progress_shown, where
from ndtui.cli.printing.output import note, write_lines

#: The exit status of a program that SIGTERM ended is 128 and its number.
_TERMINATED = 128 + signal.SIGTERM


class _Terminated(BaseException):
    """SIGTERM has come. Like an interrupt it passes whatever handles errors."""


def hold(backend: Backend, plan: Plan, asking: Asking) -> int:
    """Show a plan, ask, carry it out, and hold it until this program is interrupted or told to end.

    Returns the exit status: 0 where Ctrl+C ends it, which is how a trial is meant to end; 143 for SIGTERM.

    Raises:
        RefusedError: the answer was no.
        BackendError: it could not be done; nothing has changed.
    """
    if not ask_first(backend, plan, asking):
        return 0
    with progress_shown() as progress:
        trial = backend.trial(plan, progress)
    status = 0
    try:
        with _told_to_end():
            write_lines([f"{plan.policy} is held on {where(backend)} while this program runs; Ctrl+C ends it"])
            while True:
                time.sleep(1)
    except _Terminated:
        status = _TERMINATED
    except KeyboardInterrupt:
        note("")
    finally:
        trial.close()
    write_lines(["Taken away again: everything is as before"])
    return status


@contextmanager
def _told_to_end() -> Iterator[None]:
    """Have SIGTERM raise ``_Terminated`` within the block, so that what is held is taken away before the end."""
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal handlers are called
    raise _Terminated
