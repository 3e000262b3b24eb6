"""A trial: a policy that is held only while this program runs."""

import signal
import time
from types import FrameType

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.changes import Plan
from ndtui.cli.applying.plan_and_ask import Asking, ask_first, progress_shown, where
from ndtui.cli.printing.output import note, write_lines


def hold(backend: Backend, plan: Plan, asking: Asking) -> int:
    """Show a plan, ask, carry it out, and hold it until this program is interrupted or told to end.

    Raises:
        RefusedError: the answer was no.
        BackendError: it could not be done; nothing has changed.
    """
    if not ask_first(backend, plan, asking):
        return 0
    with progress_shown() as progress:
        trial = backend.trial(plan, progress)
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        write_lines([f"{plan.policy} is held on {where(backend)} while this program runs; Ctrl+C ends it"])
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        note("")
    finally:
        trial.close()
    write_lines(["Taken away again: everything is as before"])
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal handlers are called
    raise KeyboardInterrupt
