"""The guardian: a process of its own that takes an apply back unless it is confirmed in time.

It outlives the program that started it, the terminal and the connection: it has a session of its own (on Windows no
console, and it leaves the job it was started in). If it should die as well, whoever uses the backend next does its
work.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from uuid import uuid4

from ndtui.backends.base import BackendError

#: Seconds after the deadline from which on others do a guardian's work.
GRACE = 5.0

_READY = b"watching\n"
_PATIENCE = 600.0
_PAUSE = 0.2
# Values of CreateProcess: https://learn.microsoft.com/windows/win32/procthread/process-creation-flags
_DETACHED_PROCESS = 0x00000008
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_BREAKAWAY_FROM_JOB = 0x01000000


@contextmanager
def watching(backend: str, place: str) -> Iterator[str]:
    """Start a guardian, and give the token that what is applied in the block has to be marked with.

    The guardian begins to look when the block ends, or this process.

    Raises:
        BackendError: it could not be started; nothing should be applied then.
    """
    token = uuid4().hex
    command = [sys.executable, "-m", "ndtui.backends.guardian", backend, place, token]
    process = _start(command)
    Thread(target=process.wait, daemon=True).start()  # nobody else would bury it
    with process.stdin as _:  # type: ignore[union-attr]  # it is a pipe
        with process.stdout as theirs:  # type: ignore[union-attr]
            if theirs.readline() != _READY:
                raise BackendError("nobody could be set to watch over it, and so nothing was applied")
        yield token


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    flags = _DETACHED_PROCESS | _CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    try:
        try:
            return _popen(command, environment, flags | _CREATE_BREAKAWAY_FROM_JOB if flags else 0)
        except PermissionError:  # the job does not let go of its processes
            return _popen(command, environment, flags)
    except OSError as error:
        raise BackendError("nobody could be set to watch over it, and so nothing was applied") from error


def _popen(command: list[str], environment: dict[str, str], flags: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - this interpreter, and arguments that no shell reads
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=sys.platform != "win32",
        creationflags=flags,
    )


def main(backend: str, place: str, token: str) -> None:
    """Wait until the program that applies is done or gone, then for the deadline, and take back what is left."""
    from ndtui.backends.policy import EngineBackend  # noqa: PLC0415 - this module is part of it
    from ndtui.backends.registry import open_backend  # noqa: PLC0415

    opened = open_backend(backend, Path(place) if place else None)
    if not isinstance(opened, EngineBackend):
        return
    sys.stdout.buffer.write(_READY)
    sys.stdout.flush()
    sys.stdin.buffer.read()
    give_up = time.time() + _PATIENCE
    while time.time() < give_up:
        with suppress(BackendError):  # in use, or out of reach for now: tried again
            pending = opened.pending()
            if pending is None or pending.token != token:
                return
            give_up = max(give_up, pending.deadline + _PATIENCE)
            if pending.deadline <= time.time():
                opened.take_back(token)
                return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
