"""Run the campaign: ``python -m tests.campaign``. Prints, for each part, how many tests ran and how many failed.

Each part is made of tests that ``make test`` runs too; this runs them alone, one part after the other.
"""

import subprocess
import sys
import time
from typing import NamedTuple

from tests.campaign.parts import PARTS, Part
from tests.support import ROOT


class Ended(NamedTuple):
    """How a part ended: tests that passed, that failed, and what pytest printed."""

    passed: int
    failed: int
    printed: str


def outcome(part: Part) -> Ended:
    """Run the tests of a part."""
    words = [sys.executable, "-m", "pytest", "-q", "--tb=short", *part.tests]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    counts = {"passed": 0, "failed": 0, "error": 0, "errors": 0}
    last = (done.stdout.strip().splitlines() or [""])[-1].strip("= ")
    for piece in last.partition(" in ")[0].split(", "):
        number, _, word = piece.partition(" ")
        if word in counts:
            counts[word] = int(number)
    failed = counts["failed"] + counts["error"] + counts["errors"]
    return Ended(counts["passed"], failed or int(done.returncode != 0), done.stdout)


def main() -> int:
    """Run every part and print the table; returns the exit status."""
    wrong = 0
    for part in PARTS:
        begun = time.monotonic()
        passed, failed, printed = outcome(part)
        wrong += failed
        print(f"{part.what:<78} {passed:>5} passed {failed:>3} failed {time.monotonic() - begun:>5.0f} s", flush=True)
        if failed:
            print(printed)
    print("no traceback, nothing lost, no false claim" if not wrong else f"{wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
