"""The program as a person has it: started in a terminal, driven by keys, left, and started again."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from ndtui.model.files import presets
from tests.support import ROOT

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, which is not found"),
]

#: How long anything may take on a machine that has much else to do, in seconds.
PATIENCE = 30.0


class Terminal:
    """A terminal of 80 columns and 24 lines in a tmux server of its own."""

    def __init__(self, folder: Path) -> None:
        self._socket = f"ndtui-{uuid4().hex[:12]}"
        self._folder = folder
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": str(folder)}
        for name in ("TMUX", "NO_COLOR", "TEXTUAL_ANIMATIONS", "COLORTERM"):
            environment.pop(name, None)
        self._environment = environment

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, "-f", os.devnull, *arguments]
        options = {"env": self._environment, "cwd": self._folder, "timeout": PATIENCE}
        return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout

    def start(self, *arguments: str) -> None:
        """Start the program, in place of the one before."""
        self.run(sys.executable, "-m", "ndtui", *arguments)

    def run(self, *program: str) -> None:
        """Start any program."""
        keep = ("start-server", ";", "set-option", "-g", "remain-on-exit", "on", ";")
        self._tmux(*keep, "new-session", "-d", "-x", "80", "-y", "24", *program)

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-l", text)

    def do(self, *command: str) -> None:
        """Have tmux do something."""
        self._tmux(*command)

    def write_over(self, text: str) -> None:
        """Write to the terminal beside the program, as a message of the system does."""
        Path(self._tmux("display-message", "-p", "#{pane_tty}").strip()).write_text(text, encoding="utf-8")

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return self._tmux("capture-pane", "-p")

    def wait(self, what: str, holds) -> None:
        """Wait until something holds for what the terminal shows."""
        deadline = time.monotonic() + PATIENCE
        while not holds(text := self.text):
            assert time.monotonic() < deadline, f"never came: {what}\n{text}"
            time.sleep(0.02)

    def see(self, *texts: str) -> None:
        """Wait until the terminal shows all of some texts."""
        self.wait(" and ".join(texts), lambda text: all(each in text for each in texts))

    def at(self, label: str) -> None:
        """Wait until a field shows its cursor, a cell of another background, so that what is typed goes there."""

        def there(_: str) -> bool:
            lines = self._tmux("capture-pane", "-e", "-p").split("\n")
            fields = [line.partition(label)[2].partition("│")[0] for line in lines if label in line]
            return any("\x1b[48;" in field for field in fields)

        self.wait(f"the cursor at {label}", there)

    def ended(self) -> int:
        """Wait until the program has ended, close its terminal, and return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._tmux("display-message", "-p", "#{pane_dead}").strip() != "1":
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
            time.sleep(0.02)
        status = self._tmux("display-message", "-p", "#{pane_dead_status}").strip()
        assert "Traceback" not in self.text
        self._tmux("kill-session")
        return int(status or 0)

    def close(self) -> None:
        """End everything, whatever it is at."""
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], env=self._environment, capture_output=True, check=False
        )


@pytest.fixture
def terminal(tmp_path: Path, tour_was_shown: None) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_from_the_first_key_to_the_preset_that_is_there_the_next_day(terminal):
    terminal.start()
    terminal.see("[x] IKE", "20 filters  10 layers", "? Help")
    terminal.keys("j", "j", "j", "Space")
    terminal.see("[ ] IKE", "16 filters", "nd-transport *", "-4")

    terminal.keys("a")
    terminal.see("Add exemption", "Say what to leave out of IPsec")
    terminal.at("Traffic")
    terminal.write("udp")
    terminal.see("Protocol      udp")
    terminal.keys("Tab")
    terminal.at("Remote ports")
    terminal.write("53")
    terminal.see("UDP 53: +6 filters, 22 in all")
    terminal.keys("Enter")
    terminal.see("[x] UDP 53", "22 filters")

    terminal.keys("D")
    terminal.see("[x] UDP 53 2", "28 filters")
    terminal.keys("u")
    terminal.see("22 filters")
    terminal.keys("u")
    terminal.see("16 filters")
    terminal.keys("U")
    terminal.see("22 filters", "[x] UDP 53")

    terminal.keys("q")
    terminal.see("has changes that no file has", "Stay (n)")
    terminal.keys("n")
    terminal.wait("the question is gone", lambda text: "Stay (n)" not in text)
    terminal.keys("w")
    terminal.see("Save as preset", "my-nd-transport")
    terminal.at("Name")
    terminal.keys("C-u")
    terminal.wait("the field is empty", lambda text: "my-nd-transport" not in text)
    terminal.write("night shift")
    terminal.see("night shift")
    terminal.keys("Enter")
    terminal.see("Saved to", "night shift  |  22 filters")
    terminal.keys("q")
    assert terminal.ended() == 0

    (own,) = presets.own()
    assert own.name == "night-shift"
    saved = own.load()
    assert saved.name == "night shift"
    assert saved.keying_modules == ("AuthIP",)
    assert [e.name for e in saved.exemptions] == ["ICMP", "UDP 53"]

    terminal.start("night-shift")
    terminal.see("night shift  |  22 filters", "[ ] IKE", "[x] AuthIP")
    terminal.keys("G")
    terminal.see("[x] ICMP", "[x] UDP 53")
    terminal.wait("nothing is unsaved", lambda text: "night shift *" not in text)
    terminal.keys("C-q")
    assert terminal.ended() == 0


def test_the_keys_that_terminals_send_otherwise(terminal):
    terminal.start("nd-domain-member", "--read-only")
    terminal.see("nd-domain-member", "40 filters", "READ-ONLY")
    terminal.keys("Down", "Down", "Down", "Space")
    terminal.see("[ ] IKE", "36 filters")
    terminal.keys("u")
    terminal.see("[x] IKE", "40 filters")
    terminal.keys("F1")
    terminal.see("Designer", "esc close")
    terminal.keys("Escape")
    terminal.wait("the help is gone", lambda text: "esc close" not in text)
    terminal.keys("2")
    terminal.see("UNIVERSAL: filters of this design")
    terminal.keys("End")
    terminal.see("ALE_AUTH_CONNECT_V6")
    terminal.keys("PageUp", "Home")
    terminal.see("IKEEXT_V4")
    terminal.keys("C-p")
    terminal.see("Search for commands")
    terminal.keys("Escape")
    terminal.wait("the palette is gone", lambda text: "Search for commands" not in text)
    terminal.keys("p")
    terminal.see("to add", "esc Back")
    terminal.keys("A", "Escape")
    terminal.see("READ-ONLY")
    terminal.keys("C-z")
    terminal.see("There is no shell here to go back to")
    terminal.keys("C-c")
    terminal.see("q leaves the program")
    terminal.keys("q")
    assert terminal.ended() == 0


def test_it_is_drawn_again_when_the_shell_calls_it_back(terminal):
    terminal.run("sh", "-im")
    terminal.write(f"{sys.executable} -m ndtui nd-domain-member --read-only\n")
    every_part = ("Decisions", "[x] AuthIP", "IKEEXT_V4", "Explanation", "peer with IPsec", "40 filters", "Help")
    terminal.see(*every_part)
    terminal.keys("C-z")
    terminal.wait("the shell has the terminal", lambda text: "Decisions" not in text)
    terminal.write("fg\n")
    terminal.see(*every_part)
    terminal.keys("q")
    terminal.wait("the shell has the terminal", lambda text: "Decisions" not in text)
    terminal.write("exit\n")
    terminal.ended()


def test_what_something_else_wrote_is_drawn_over_when_that_is_asked_for_or_the_size_is_another(terminal):
    terminal.start("nd-domain-member", "--read-only")
    every_part = ("Decisions", "[x] AuthIP", "IKEEXT_V4", "Explanation", "peer with IPsec", "40 filters", "Help")
    for remedy in (("send-keys", "C-l"), ("resize-window", "-x", "90", "-y", "26"), ("resize-window", "-x", "80")):
        terminal.see(*every_part)
        terminal.write_over("\x1b[5;1H reboot in five minutes ")
        terminal.see("reboot in five minutes")
        terminal.do(*remedy)
        terminal.wait("it is gone", lambda text: "reboot" not in text)
    terminal.keys("q")
    assert terminal.ended() == 0
