"""The watchdog's own process: waits for the deadline of an apply, and reverts what has not been confirmed by then."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.registry import load
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.transactional.watchdog import READY

#: Seconds after the deadline in which it tries again when reverting fails.
_PATIENCE = 600.0
_PAUSE = 0.2


def main(backend: str, place: str, token: str) -> None:
    """Wait until the program that applies is done or has ended, then for the deadline, and revert if still due."""
    opened = load(backend)(Path(place) if place else None)
    if not isinstance(opened, EngineBackend):
        return
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    sys.stdin.buffer.read()
    give_up = time.time() + _PATIENCE
    while time.time() < give_up:
        with suppress(BackendError):  # in use or not reachable at the moment: tried again
            pending = opened.pending()
            if pending is None or pending.token != token:
                return
            give_up = max(give_up, pending.deadline + _PATIENCE)
            if pending.deadline <= time.time():
                opened.revert(token)
                return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
