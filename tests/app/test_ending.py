"""Whatever ends the designer, its unsaved work is kept, the terminal is as it was, and the status says why."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ndtui.ui.state import recovery
from tests.support import ROOT

if sys.platform == "win32":
    pytest.skip("signals and terminals as Unix has them", allow_module_level=True)

import fcntl
import pty
import struct
import termios

#: How long anything may take on a machine that has much else to do, in seconds.
PATIENCE = 60.0
_ALTERNATE_SCREEN_LEFT = b"\x1b[?1049l"
_CURSOR_SHOWN = b"\x1b[?25h"


class Session:
    """The program in a terminal of its own, as a login gives it one."""

    def __init__(self, *, ignore_hangup: bool) -> None:
        self.terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(theirs)
        code = (  # what the tests themselves were started with, in the background or by nohup, is not inherited
            "import signal, sys; from ndtui.cli.process import main;"
            f"signal.signal(signal.SIGHUP, signal.{'SIG_IGN' if ignore_hangup else 'SIG_DFL'});"
            "signal.signal(signal.SIGINT, signal.default_int_handler);"
            "sys.exit(main())"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
            start_new_session=True,
        )
        self.theirs = theirs
        self.shown = b""

    def see(self, text: bytes) -> None:
        """Wait until the program has shown a text."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline, f"never came: {text!r}\n{self.shown[-2000:]!r}"
            self._read(0.2)

    def _read(self, within: float) -> bool:
        if not select.select([self.terminal], [], [], within)[0]:
            return False
        self.shown += os.read(self.terminal, 65536)
        return True

    def work(self) -> None:
        """Make a change that no file has."""
        self.see(b"20 filters")
        for key in (b"j", b"j", b"j", b" "):
            os.write(self.terminal, key)
        self.see(b"16 filters")

    def ended(self) -> int:
        """Wait until the program has ended; what it shows is read, as a terminal does."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self._read(0.05)
        while self._read(0.2):
            pass
        return self.process.returncode

    def lose_terminal(self) -> int:
        """Close the terminal, and wait until the program has ended."""
        os.close(self.terminal)
        os.close(self.theirs)
        self.terminal = self.theirs = -1
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End everything, whatever it is at."""
        self.process.kill()
        self.process.wait()
        for descriptor in (self.terminal, self.theirs):
            if descriptor >= 0:
                os.close(descriptor)


@pytest.fixture
def session(request: pytest.FixtureRequest, tour_was_shown: None) -> Iterator[Session]:
    made = Session(ignore_hangup=bool(getattr(request, "param", False)))
    try:
        yield made
    finally:
        made.close()


def kept() -> list[tuple[str, ...]]:
    """Return what decides which keying modules there are in each design that was kept."""
    return [preset.load().keying_modules for preset in recovery.leftovers()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda n: n.name)
def test_a_signal_keeps_the_work_and_restores_the_terminal(session, number):
    session.work()
    session.process.send_signal(number)
    assert session.ended() == 128 + number
    assert kept() == [("AuthIP",)]
    assert session.shown.rfind(_ALTERNATE_SCREEN_LEFT) > 0
    assert session.shown.rfind(_CURSOR_SHOWN) > session.shown.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(session.theirs) == session.before
    assert b"Traceback" not in session.shown


@pytest.mark.parametrize("session", [False, True], indirect=True, ids=["hangup", "hangup ignored"])
def test_a_terminal_that_is_gone_ends_it_and_keeps_the_work(session):
    session.work()
    assert session.lose_terminal() == 128 + signal.SIGHUP
    assert kept() == [("AuthIP",)]
