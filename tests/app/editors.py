"""Editors that are Python scripts, run as real processes from an app that nobody sees."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from textual.drivers.headless_driver import HeadlessDriver

#: Makes an editor of the lines that it runs, with ``path`` and ``text``.
MakeEditor = Callable[[str], Path]

_START = """\
import os, sys, pathlib
path = pathlib.Path(sys.argv[-1])
text = path.read_text(encoding="utf-8")
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
def write(text):
    path.write_text(text, encoding="utf-8", newline="")
"""


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeEditor:
    """Return what makes a script the operator's editor; returns the log, a line of arguments for each run."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda _: True), raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    log = tmp_path / "editor.log"

    def make(body: str) -> Path:
        script = tmp_path / "editor.py"
        script.write_text(_START.format(log=str(log)) + dedent(body), encoding="utf-8")
        words = [sys.executable, "-I", "-S", str(script)]
        monkeypatch.setenv("VISUAL", subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words))
        return log

    return make
