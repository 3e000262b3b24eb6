"""Start-up beside peers: a bare interpreter, a process with one pydantic model, a Textual hello world."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.measure import Result, pairs, plain, process

_ONE_MODEL = """
from pydantic import BaseModel
class Model(BaseModel):
    name: str
    number: int = 0
    words: tuple[str, ...] = ()
Model(name="model")
"""
_HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""


def run(runs: int) -> Iterator[Result]:
    """Measure all of them."""
    for option in ("--version", "--help"):
        ours, peer, ratio = pairs(process(["-m", "ndtui", option]), process(["-c", "pass"]), runs)
        yield Result(f"ndtui {option}, whole process", "python -c pass", ours * 1000, peer * 1000, ratio, 4)
    ours, peer, ratio = pairs(process(["-m", "ndtui", "compile", "nd-transport"]), process(["-c", _ONE_MODEL]), runs)
    yield Result("compile, cold, whole process", "pydantic, one model", ours * 1000, peer * 1000, ratio, 1.1)
    if os.name != "posix":
        print("first paint needs a pty, which this system does not have", file=sys.stderr)
        return
    ours, peer, ratio = pairs(
        first_paint(["-m", "ndtui"], b"20 filters"), first_paint(["-c", _HELLO], b"hello world"), runs
    )
    yield Result("designer, spawn to first paint on a pty", "Textual hello world", ours * 1000, peer * 1000, ratio, 1.5)


def first_paint(arguments: Sequence[str], wanted: bytes) -> Callable[[], float]:
    """Return a way to time a program from its start to the moment a text is on its terminal of 80 x 24."""

    def paint() -> float:
        import fcntl
        import pty
        import select
        import signal
        import struct
        import termios

        start = time.perf_counter()
        child, terminal = pty.fork()
        if child == 0:
            os.execve(sys.executable, [sys.executable, *arguments], plain())
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        seen = b""
        deadline = start + 30
        try:
            while wanted not in seen:
                ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.perf_counter()))
                if not ready:
                    raise TimeoutError(f"{wanted!r} did not appear: {seen[-400:]!r}")
                seen += os.read(terminal, 65536)
            return time.perf_counter() - start
        finally:
            os.kill(child, signal.SIGKILL)
            os.close(terminal)
            os.waitpid(child, 0)

    return paint
