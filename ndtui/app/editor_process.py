"""The editor as a process: it has the terminal and its keys until it ends, and the terminal is as it was afterwards."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ndtui.common.errors import InputError
from ndtui.common.files import reason

#: Keys that end or stop what has the terminal; they are meant for the editor alone.
_OF_THE_EDITOR = ("SIGINT", "SIGQUIT", "SIGBREAK")
#: What ends ndtui ends its editor too, which then still writes what it has, as far as it does that.
_FOR_BOTH = ("SIGTERM", "SIGHUP")
#: What an editor that was killed may have left a terminal in: its other screen, mouse, paste and keyboard modes.
_PLAIN_AGAIN = "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[<u\x1b[?25h\x1b[0m"


def run_editor(command: Sequence[str]) -> int:
    """Run an editor to its end, and return its exit status; less than 0 for a signal that killed it.

    Raises:
        InputError: it cannot be started.
    """
    with _terminal_kept(), _signals_for_the_editor() as hand_over:
        try:
            process = subprocess.Popen(command)  # noqa: S603 - what the operator has chosen to run
        except (OSError, ValueError) as error:
            raise InputError(f"{command[0]} cannot be started", remedy=reason(error)) from None
        hand_over(process)
        status = process.wait()
        if status < 0 and sys.__stderr__ is not None and sys.__stderr__.isatty():
            sys.__stderr__.write(_PLAIN_AGAIN)
            sys.__stderr__.flush()
        return status


@contextmanager
def _terminal_kept() -> Iterator[None]:
    """Give the terminal back with the modes it had, and to this program, whatever the editor did with it."""
    if sys.platform == "win32" or sys.__stdin__ is None or not sys.__stdin__.isatty():
        yield
        return
    import termios  # noqa: PLC0415 - Windows has none

    terminal = sys.__stdin__.fileno()
    modes = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        # An editor that was killed may have left the terminal to a process group that is no more: taking it back from
        # there would stop this program.
        former = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            os.tcsetpgrp(terminal, os.getpgrp())
            termios.tcsetattr(terminal, termios.TCSADRAIN, modes)
        except (OSError, termios.error):
            pass  # the terminal is gone, which ends the program by itself
        finally:
            signal.signal(signal.SIGTTOU, former)


@contextmanager
def _signals_for_the_editor() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Let the editor alone have ctrl+c, and end it with this program; yields what takes the process once there is one.

    A signal that is handled here is the usual one again in the editor; one that were ignored would stay ignored.
    """
    running: list[subprocess.Popen[bytes]] = []
    former: dict[signal.Signals, Any] = {}

    def end_both(number: int, frame: FrameType | None) -> None:
        for process in running:
            process.terminate()
        former[signal.Signals(number)](number, frame)

    if threading.current_thread() is threading.main_thread():  # no other may handle signals
        for number in _there(_OF_THE_EDITOR):
            former[number] = signal.signal(number, _nothing)
        for number in _there(_FOR_BOTH):
            if callable(signal.getsignal(number)):
                former[number] = signal.signal(number, end_both)
    try:
        yield running.append
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _there(names: Sequence[str]) -> list[signal.Signals]:
    return [signal.Signals[name] for name in names if hasattr(signal, name)]


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Leave a signal to the editor."""
