"""Starts the watchdog: a process of its own that reverts an apply unless it is confirmed in time.

It outlives the program that started it, the terminal and the connection: it has a session of its own (on Windows no
console, and it leaves the job it was started in). If it ends as well, the next apply reverts what is overdue
before anything else, and whoever looks is told. What it does stands in ``backends.watchdog_process``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from uuid import uuid4

from ndtui.backends.contract.backend_errors import BackendError

#: Seconds after the deadline from which on an apply reverts in the watchdog's place.
GRACE = 5.0
#: What the watchdog writes once it runs.
READY = b"watching\n"

_PROCESS = "ndtui.backends.watchdog_process"
# Values of CreateProcess: https://learn.microsoft.com/windows/win32/procthread/process-creation-flags
_DETACHED_PROCESS = 0x00000008
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_BREAKAWAY_FROM_JOB = 0x01000000


@contextmanager
def watching(backend: str, place: str) -> Iterator[str]:
    """Start a watchdog, and yield the token that marks what is applied in the block as its own.

    The watchdog starts to check when the block ends, or when this process does.

    Raises:
        BackendError: it could not be started; nothing may be applied then.
    """
    token = uuid4().hex
    command = [sys.executable, "-m", _PROCESS, backend, place, token]
    process = _start(command)
    Thread(target=process.wait, daemon=True).start()  # a process that is not waited for stays a zombie
    with process.stdin as _:  # type: ignore[union-attr]  # it is a pipe
        with process.stdout as theirs:  # type: ignore[union-attr]
            if theirs.readline() != READY:
                raise BackendError("no watchdog could be started, and so nothing was applied")
        yield token


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    flags = _DETACHED_PROCESS | _CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    try:
        try:
            return _popen(command, environment, flags | _CREATE_BREAKAWAY_FROM_JOB if flags else 0)
        except PermissionError:  # the job keeps the processes started in it
            return _popen(command, environment, flags)
    except OSError as error:
        raise BackendError("no watchdog could be started, and so nothing was applied") from error


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
