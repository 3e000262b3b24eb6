"""How things are timed: two ways of doing something in turn, and the median of the ratios, pair by pair."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A figure beside its peer's. ``budget`` is the ratio the plan allows; ``at_least`` turns it round."""

    what: str
    peer: str
    ours_ms: float
    peers_ms: float
    ratio: float
    budget: float | None = None
    at_least: bool = False

    def line(self) -> str:
        """Return the result as a line of the report."""
        verdict = ""
        if self.budget is not None:
            kept = self.ratio >= self.budget if self.at_least else self.ratio <= self.budget
            verdict = f"  budget {'>=' if self.at_least else '<='} {self.budget:g}  {'kept' if kept else 'MISSED'}"
        times = f"{self.ours_ms:9.1f} ms  {self.peers_ms:9.1f} ms"
        return f"{self.what:<44} {self.peer:<28} {times}  ratio {self.ratio:7.2f}{verdict}"


def pairs(ours: Callable[[], float], peers: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Return median seconds of both and the median ratio ours/peer's, taken in turn after one round of warming up."""
    ours()
    peers()
    first, second, ratios = [], [], []
    for _ in range(runs):
        a, b = ours(), peers()
        first.append(a)
        second.append(b)
        ratios.append(a / b)
    return statistics.median(first), statistics.median(second), statistics.median(ratios)


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def process(arguments: Sequence[str]) -> Callable[[], float]:
    """Return a way to time a whole Python process, its output read and thrown away."""

    def run() -> float:
        return seconds(
            lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True, env=plain())
        )

    return run


def plain() -> dict[str, str]:
    """Return an environment in which terminals have colours, nothing is animated, and what is compiled is kept.

    An installed program finds its modules compiled, and so do those that it is timed beside.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
