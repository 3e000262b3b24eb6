"""The watchdog's own process: waits for the deadline of an apply, and reverts what has not been confirmed by then."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.registry import load
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.transactional.watchdog import ready

#: Seconds in which it tries again and again when the backend cannot be read, or not be reverted.
_PATIENCE = 600.0
_PAUSE = 0.2


def main(backend: str, place: str, token: str, again: str = "") -> None:
    """Watch over an apply from before it is made until it is confirmed or reverted.

    With ``again`` the system has started this, for an apply that was made long ago, and listens to nothing.
    """
    opened = load(backend)(Path(place) if place else None)
    if not isinstance(opened, EngineBackend):
        return
    with opened.watching(token):
        applied = Event()
        if again:
            applied.set()
        else:
            _set_when_closed(sys.stdin.fileno(), applied)
            sys.stdout.buffer.write(ready(token))
            sys.stdout.flush()
        if not watch(opened, token, applied):
            sys.exit(1)
        with suppress(BackendError):  # what the system starts once more finds nothing to do
            opened.lasting_guard().remove(token)


def watch(backend: EngineBackend, token: str, applied: Event) -> bool:
    """Revert what bears a token when its time is over; return when nothing does any more.

    Nothing bears it yet as long as ``applied`` is not set: the program that applies is at work. Returns whether all is
    done; otherwise it has given up.
    """
    failures = 0
    while failures * _PAUSE < _PATIENCE:
        no_more_to_come = applied.is_set()  # before the look: what is applied between the two is seen by the next
        try:
            pending = backend.pending()
            if pending is not None and pending.token == token:
                if pending.seconds_left() <= 0:
                    backend.revert(token)
                    return True
            elif no_more_to_come:
                return True
            failures = 0
        except BackendError:  # in use or not reachable at the moment: tried again
            failures += 1
        time.sleep(_PAUSE)
    return False


def _set_when_closed(descriptor: int, event: Event) -> None:
    """Set an event once the other end of a pipe has been closed: by a program, or by its end."""

    def wait() -> None:
        with suppress(OSError):  # a pipe that is broken has ended as well
            while os.read(descriptor, 1024):
                continue
        event.set()

    Thread(target=wait, daemon=True).start()
