"""Confirm within: an apply that is reverted by itself unless somebody says that it is to stay."""

import sys
import time
from queue import Empty, Queue
from threading import Thread

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.cli.printing.output import is_interactive, note, write_lines


def wait_for_answer(backend: Backend, *, yes: bool) -> int:
    """Ask on the terminal whether what was just applied is to stay, and do it; without one say how to.

    Returns the exit status: 1 when it was reverted.

    Raises:
        BackendError: it could not be confirmed or reverted.
    """
    pending = backend.snapshot().pending
    if pending is None:
        raise BackendError("it was reverted already", remedy="apply it again with more time")
    until = time.strftime("%H:%M:%S", time.localtime(pending.deadline))
    if yes or not is_interactive():
        write_lines([f"It is reverted by itself at {until}, whatever becomes of this terminal, unless: ndtui confirm"])
        return 0
    try:
        answer = _answer_by(pending)
    except KeyboardInterrupt:
        note(f"\nIt is reverted at {until} unless you confirm it: ndtui confirm")
        raise
    if answer is None:
        write_lines(["", "Nobody confirmed it in time, and so it is reverted."])
        return 1
    if answer.strip().lower() in ("y", "yes"):
        backend.confirm()
        write_lines(["Confirmed: it stays."])
        return 0
    backend.apply(backend.plan_rollback())
    write_lines(["Reverted."])
    return 1


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
