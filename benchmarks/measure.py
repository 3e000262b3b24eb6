"""How things are timed: two ways of doing something in turn, and the median of the ratios, pair by pair."""

import atexit
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

#: The first lines of the table: its columns, and which of them hold numbers.
HEAD = (
    f"| {'what':<46} | {'beside':<28} | {'ours':>10} | {'theirs':>10} | {'ratio':>6} | {'budget':>7} | met    |",
    f"|{'-' * 48}|{'-' * 30}|{'-' * 11}:|{'-' * 11}:|{'-' * 7}:|{'-' * 8}:|{'-' * 8}|",
)


@dataclass(frozen=True)
class Result:
    """A figure beside its peer's, in milliseconds unless ``unit`` says otherwise.

    ``budget`` is the ratio that the plan allows; ``at_least`` turns it round.
    """

    what: str
    peer: str
    ours: float
    theirs: float
    ratio: float
    budget: float | None = None
    at_least: bool = False
    unit: str = "ms"

    @property
    def met(self) -> bool | None:
        """Whether the budget is met; ``None`` where there is none."""
        if self.budget is None:
            return None
        return self.ratio >= self.budget if self.at_least else self.ratio <= self.budget

    def line(self) -> str:
        """Return the result as a row of the table."""
        budget = "" if self.budget is None else f"{'>=' if self.at_least else '<='} {self.budget:g}"
        met = {True: "yes", False: "**no**", None: ""}[self.met]
        ours, theirs = f"{self.ours:.1f} {self.unit}", f"{self.theirs:.1f} {self.unit}"
        return (
            f"| {self.what:<46} | {self.peer:<28} | {ours:>10} | {theirs:>10} "
            f"| {self.ratio:>6.2f} | {budget:>7} | {met:<6} |"
        )


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


@cache
def nobodys_home() -> str:
    """Return a folder that is empty at first, and gone at the end."""
    folder = tempfile.mkdtemp(prefix="ndtui-benchmark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def plain() -> dict[str, str]:
    """Return an environment in which terminals have colours, nothing is animated, and what is compiled is kept.

    An installed program finds its modules compiled, and so do those that it is timed beside. Nobody's settings count,
    and no work that somebody left unsaved is offered.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    home = nobodys_home()
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), home)
    return {**kept, **folders, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
