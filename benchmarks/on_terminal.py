"""On a terminal: a program is run on a pseudo-terminal, and what it writes there is timed and counted."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.measure import plain

#: Seconds that a program has to show what is waited for.
PATIENCE = 60.0


class EndedError(Exception):
    """The program has ended, where it was to run on."""


class OnTerminal:
    """A program on a terminal of its own."""

    def __init__(self, arguments: Sequence[str], columns: int, rows: int) -> None:
        import fcntl
        import pty
        import struct
        import termios

        environment = plain()
        self.started = time.perf_counter()
        self._child, self._terminal = pty.fork()
        if self._child == 0:
            os.execve(arguments[0], list(arguments), environment)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = b""

    def wait_for(self, wanted: bytes) -> float:
        """Return the seconds from the program's start to the moment a text is on the terminal."""
        deadline = time.perf_counter() + PATIENCE
        while wanted not in self.seen:
            if not self._read(max(0.0, deadline - time.perf_counter())):
                raise TimeoutError(f"{wanted!r} did not appear: {self.seen[-400:]!r}")
        return time.perf_counter() - self.started

    def press(self, keys: bytes, quiet: float = 0.05) -> tuple[float, int]:
        """Type, and return the seconds to the first byte that came of it, and how many bytes came in all.

        Nothing more comes when the program has been silent for ``quiet`` seconds.
        """
        self.settle(quiet)
        self.seen = b""
        start = time.perf_counter()
        os.write(self._terminal, keys)
        self._read(PATIENCE)
        first = time.perf_counter() - start
        self.settle(quiet)
        return first, len(self.seen)

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for so many seconds."""
        while self._read(quiet):
            pass

    def _read(self, patience: float) -> bool:
        if not select.select([self._terminal], [], [], patience)[0]:
            return False
        try:
            read = os.read(self._terminal, 65536)
        except OSError:  # so Linux says that nobody has the other end open
            read = b""
        if not read:
            raise EndedError(f"ended with {self.seen[-200:]!r}")
        self.seen += read
        return True

    def end(self) -> None:
        """End the program at once."""
        import signal

        os.kill(self._child, signal.SIGKILL)
        os.close(self._terminal)
        os.waitpid(self._child, 0)


@contextmanager
def on_terminal(arguments: Sequence[str], columns: int = 80, rows: int = 24) -> Iterator[OnTerminal]:
    """Run a program, by its path and arguments, on a terminal as long as the block runs."""
    program = OnTerminal(arguments, columns, rows)
    try:
        yield program
    finally:
        program.end()


def python(*arguments: str) -> list[str]:
    """Return the command that runs this interpreter."""
    return [sys.executable, *arguments]


def first_paint(arguments: Sequence[str], wanted: bytes) -> Callable[[], float]:
    """Return a way to time a program from its start to the moment a text is on its terminal of 80 x 24."""

    def paint() -> float:
        with on_terminal(arguments) as program:
            return program.wait_for(wanted)

    return paint
