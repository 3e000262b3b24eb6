"""Ending: whatever ends the designer, unsaved work is kept aside first, and the exit status says what it was."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread
from types import FrameType
from typing import Protocol

#: What people and systems end a program with; each system has some of them, and Windows closes a console with SIGBREAK.
_SIGNALS = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGBREAK", "SIGUSR1", "SIGUSR2", "SIGXCPU")


class Program(Protocol):
    """What can be ended."""

    def keep_now(self) -> None:
        """Keep unsaved work aside at once, from any thread."""

    def exit(self, result: int | None = None) -> None:
        """Leave, and give the terminal back as it was."""


def status_of(number: int) -> int:
    """Return the exit status of a program that a signal has ended, as a shell reports it."""
    return 128 + number


@contextmanager
def kept_at_the_end(program: Program) -> Iterator[None]:
    """Keep unsaved work aside when a signal, a lost terminal or an error ends what is done in the block."""
    with ended_by_signals(program):
        _watch_terminal(program)
        try:
            yield
        finally:
            program.keep_now()


@contextmanager
def ended_by_signals(program: Program) -> Iterator[None]:
    """End a program in order, with the status that means it, when a signal comes while the block is done."""
    former = {number: signal.signal(number, partial(_end, program)) for number in _ending_signals()}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _ending_signals() -> list[signal.Signals]:
    """Return the signals that end the program; one that is ignored, such as SIGHUP under nohup, stays ignored."""
    there = [signal.Signals[name] for name in _SIGNALS if hasattr(signal, name)]
    return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]


def _end(program: Program, number: int, _frame: FrameType | None) -> None:
    """Keep the work at once, wherever the program is, and leave when its event loop comes to it."""
    program.keep_now()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # before the screen is there, or after
        raise SystemExit(status_of(number)) from None
    loop.call_soon_threadsafe(program.exit, status_of(number))


def _watch_terminal(program: Program) -> None:
    if sys.platform != "win32" and sys.__stdin__ is not None:
        Thread(target=_end_without, args=(program, sys.__stdin__.fileno()), name="terminal", daemon=True).start()


def _end_without(program: Program, terminal: int) -> None:
    """Wait until the terminal is gone, and end the program then.

    At once and not by its event loop: reading from a terminal that is gone returns for ever, writing to it may block.
    """
    if sys.platform == "win32":
        return
    poll = select.poll()
    poll.register(terminal, 0)  # that it is gone is told without being asked for
    told = poll.poll()[0][1]
    if told & (select.POLLHUP | select.POLLERR):
        program.keep_now()
        os._exit(status_of(signal.SIGHUP))
