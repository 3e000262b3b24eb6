"""Keystroke: the cursor of a table of 60,000 filters is moved down by a row, on a terminal; its time and its bytes."""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.compiling import large_design
from benchmarks.measure import Result
from benchmarks.on_terminal import on_terminal, python
from ndtui.model.files.design_file import format_design

BUDGET_MS = 10.0
BUDGET_BYTES = 1000.0
#: Keys that are pressed for one figure, so that every tenth or so goes into the next exemption.
KEYS = 40


def run(runs: int) -> Iterator[Result]:
    """Measure one key after another, each when all that the former led to is there."""
    if os.name != "posix":
        print("a keystroke needs a pty, which this system does not have", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.toml"
        file.write_text(format_design(large_design(10_000)), encoding="utf-8")
        with on_terminal(python("-m", "ndtui", str(file)), 120, 40) as program:
            program.wait_for(b"60014 filters")
            program.settle(1.5)  # what is looked at after the start is over
            program.press(b"1")
            program.press(b"jjjj", quiet=0.3)
            pressed = [program.press(b"j") for _ in range(max(KEYS, runs))]
    times = [seconds * 1000 for seconds, _ in pressed]
    counts = [float(count) for _, count in pressed]
    middle = statistics.median(times)
    yield Result("a key in a table of 60,000 rows", "10 ms", middle, BUDGET_MS, middle / BUDGET_MS, 1)
    middle = statistics.median(counts)
    yield Result("bytes written for it", "1 kB", middle, BUDGET_BYTES, middle / BUDGET_BYTES, 1, unit="B")
