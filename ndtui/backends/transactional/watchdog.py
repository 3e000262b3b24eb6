"""Starts the watchdog: a process of its own that reverts an apply unless it is confirmed in time.

It outlives the program that started it, the terminal and the connection: it has a session of its own (on Windows no
console, and it leaves the job it was started in), and runs nothing of the folder one stands in. If it ends as well,
whoever asks whether the apply is to stay reverts what is overdue, and so does the next apply; whoever only looks is
told. What it does stands in ``backends.watchdog_process``.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from uuid import uuid4

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.common import isolated

#: Seconds after the deadline from which on others revert in the place of a watchdog that runs.
GRACE = 5.0

_NONE = "no watchdog could be started, and so nothing was applied"
_PROCESS = "ndtui.backends.watchdog_process"
# Values of CreateProcess: https://learn.microsoft.com/windows/win32/procthread/process-creation-flags
_DETACHED_PROCESS = 0x00000008
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_BREAKAWAY_FROM_JOB = 0x01000000


def is_due(backend: Backend, pending: Pending) -> bool:
    """Whether others are to revert what waits: its time is over, and its watchdog is gone or late."""
    left = pending.seconds_left()
    return left < -GRACE or (left <= 0 and backend.watched(pending) is False)


def ready(token: str) -> bytes:
    """Return what the watchdog of a token writes once it runs."""
    return f"watching {token}\n".encode()


def command(backend: str, place: str, token: str) -> list[str]:
    """Return the command that starts a watchdog."""
    return isolated.command(_PROCESS, [backend, place, token])


def command_again(backend: str, place: str, token: str) -> list[str]:
    """Return the command that starts one more watchdog for an apply that has been made."""
    return [*command(backend, place, token), "again"]


@contextmanager
def watching(backend: str, place: str) -> Iterator[str]:
    """Start a watchdog, and yield the token that marks what is applied in the block as its own.

    The watchdog goes when the block or this process has ended and nothing bears the token.

    Raises:
        BackendError: it could not be started; nothing may be applied then.
    """
    token = uuid4().hex
    process = _start(command(backend, place, token))
    Thread(target=process.wait, daemon=True).start()  # a process that is not waited for stays a zombie
    with process.stdin as _:  # type: ignore[union-attr]  # it is a pipe
        with process.stdout as theirs:  # type: ignore[union-attr]
            if theirs.readline() != ready(token):
                raise BackendError(_NONE, remedy="it runs what is installed, and nothing of PYTHONPATH")
        yield token


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    flags = _DETACHED_PROCESS | _CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    try:
        try:
            return _popen(command, flags | _CREATE_BREAKAWAY_FROM_JOB if flags else 0)
        except PermissionError:  # the job keeps the processes started in it
            return _popen(command, flags)
    except OSError as error:
        raise BackendError(_NONE) from error


def _popen(command: list[str], flags: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - this interpreter, and arguments that no shell reads
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=isolated.neutral_folder(),
        start_new_session=sys.platform != "win32",
        creationflags=flags,
    )
