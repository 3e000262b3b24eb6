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
#: Keys that are pressed for one figure, fewer than there are rows in sight; and a few before, for the first picture.
KEYS, BEFORE = 16, 10
#: Keys that scroll: with the first of them the rows in sight are of different kinds, then all are alike.
SCROLLING = 60


def run(runs: int) -> Iterator[Result]:  # noqa: ARG001 - every key is a run
    """Measure one key after another, each when all that the former led to is there."""
    if os.name != "posix":
        print("a keystroke needs a pty, which this system does not have", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.toml"
        file.write_text(format_design(large_design(10_000)), encoding="utf-8")
        with on_terminal(python("-m", "ndtui", str(file)), 120, 60) as program:
            program.wait_for(b"60014 filters")
            program.settle(1.5)  # what is looked at after the start is over
            for key in b"1", *[b"j"] * BEFORE:
                program.press(key)
            in_sight = [program.press(b"j") for _ in range(KEYS)]
            program.press(b"j" * KEYS, quiet=0.3)
            beyond = [program.press(b"j") for _ in range(SCROLLING)]
    yield from _results("a key in a table of 60,000 rows", in_sight, budget=1)
    yield from _results("the same at its lower edge, where it scrolls", beyond, budget=1)


def _results(what: str, pressed: list[tuple[float, int]], budget: float) -> Iterator[Result]:
    """Return how long keys took to be seen, in ms, and how many bytes they led to."""
    middle = statistics.median(seconds for seconds, _ in pressed) * 1000
    yield Result(what, "10 ms", middle, BUDGET_MS, middle / BUDGET_MS, budget)
    counts = [count for _, count in pressed]
    for of, count in (("", statistics.median(counts)), (", at most", max(counts))):
        yield Result(f"bytes written for it{of}", "1 kB", count, BUDGET_BYTES, count / BUDGET_BYTES, budget, unit="B")
