"""Peers: the designer's first filters beside the first picture of other terminal programs that are made with Textual.

Each is installed into an environment of its own, beside the one that runs this: they want other versions of what both
use. One that cannot be had is left out, with a word.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Result, pairs
from benchmarks.on_terminal import EndedError, first_paint, python

#: The command of each peer, which is its package's name too, and words of its first picture.
PEERS = {"harlequin": b"Query Editor", "posting": b"Collection"}
FOLDER = Path(sys.prefix) / "peers"


def installed(name: str) -> Path | None:
    """Return the command of a peer, installed if it was not; ``None`` and a word where it cannot be had."""
    folder = FOLDER / name
    command = folder / "bin" / name
    if command.exists():
        return command
    try:
        venv.create(folder, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", name]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"peers: {name} is left out, it cannot be installed: {error}", file=sys.stderr)
        return None
    return command if command.exists() else None


def run(runs: int) -> Iterator[Result]:
    """Measure ours and each peer's in turn."""
    if os.name != "posix":
        print("peers: first pictures need a pty, which this system does not have", file=sys.stderr)
        return
    for name, words in PEERS.items():
        command = installed(name)
        if command is None:
            continue
        ours, theirs = first_paint(python("-m", "ndtui"), b"20 filters"), first_paint([str(command)], words)
        try:
            ours_s, theirs_s, ratio = pairs(ours, theirs, max(1, runs // 2))
        except EndedError:
            print(f"peers: {name} is left out, it does not start here", file=sys.stderr)
            continue
        yield Result("designer on a pty: filters", name, ours_s * 1000, theirs_s * 1000, ratio)
