"""An editor in a real terminal: it has the screen and the keys, and the terminal is as before, however it ends."""

import shlex
import sys
from pathlib import Path

import pytest

from ndtui.model.files import presets
from ndtui.model.files.design_file import parse_design
from tests.app.test_terminal import Terminal, pytestmark, terminal
from tests.support import design

__all__ = ["pytestmark", "terminal"]

#: Takes the terminal as editors do, shows a line, and on a key does what the key says.
EDITOR = """\
import os, sys, tty
path = sys.argv[-1]
tty.setraw(0)
sys.stdout.write("\\x1b[?1049h\\x1b[2J\\x1b[?1000h\\x1b[?25lEDITOR AT WORK ")
sys.stdout.flush()
while True:
    key = os.read(0, 1)
    if key == b"\\x03":
        sys.stdout.write("CTRL-C ")
        sys.stdout.flush()
    elif key == b"k":
        os.kill(os.getpid(), 9)
    elif key == b"w":
        text = open(path, encoding="utf-8").read()
        open(path, "w", encoding="utf-8").write("# by hand\\n" + text.replace('"static"', '"persistent"'))
        sys.stdout.write("\\x1b[?25h\\x1b[?1000l\\x1b[?1049l")
        sys.stdout.flush()
        os.system("stty sane")
        break
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file with a design, and have a script for an editor."""
    (tmp_path / "editor.py").write_text(EDITOR, encoding="utf-8")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, "-I", "-S", str(tmp_path / "editor.py")]))
    presets.save(design(name="mine"), tmp_path / "mine.toml")
    return tmp_path / "mine.toml"


def test_a_killed_editor_and_one_that_writes_leave_the_terminal_as_it_was(file: Path, terminal: Terminal):
    ndtui = shlex.join([sys.executable, "-m", "ndtui", str(file)])
    terminal.run("sh", "-c", f"stty -a > before; {ndtui}; status=$?; stty -a > after; exit $status")
    terminal.see("mine", "14 filters")
    terminal.keys("E")
    terminal.see("EDITOR AT WORK")
    terminal.keys("C-c")
    terminal.see("CTRL-C")
    terminal.keys("k")
    terminal.see("The editor was killed by signal 9", "14 filters")
    terminal.keys("E")
    terminal.see("EDITOR AT WORK")
    terminal.keys("w")
    terminal.see("Taken in: u undoes it", "mine *")
    terminal.keys("w")
    terminal.see("Saved to")
    terminal.wait("nothing is unsaved", lambda text: "mine *" not in text)
    file.write_text(file.read_text(encoding="utf-8").replace('"persistent"', '"static"'), encoding="utf-8")
    terminal.see("mine.toml changed on disk: f compare, reload or keep")
    terminal.keys("f")
    terminal.see("Reload (r)")
    terminal.keys("r")
    terminal.see("Reloaded")
    terminal.keys("q")
    assert terminal.ended() == 0
    assert (file.parent / "before").read_text() == (file.parent / "after").read_text()
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# by hand\n")
    assert parse_design(written, "file").lifetime == "static"
