"""Five hundred hostile inputs over every way in: each ends in a status, and a refusal in one line without escapes."""

from collections import Counter
from pathlib import Path

import pytest

from tests.campaign.hostile_inputs import Hostile, inputs
from tests.cli.conftest import run
from tests.cli.running import Ran, Run

__all__ = ["run"]


def trouble(ran: Ran) -> str:
    """Return what is wrong with how a run ended, or nothing."""
    if ran.status not in (0, 1, 2, 3):
        return f"status {ran.status}"
    for printed in (ran.out, ran.err):
        if any(sign in printed for sign in ("\x1b", "\x00", "\x07", "\u202e")):
            return "it sends control characters to the terminal"
    lines = ran.err.splitlines()
    if ran.status == 2 and not (lines and "error: " in lines[-1]):
        return f"no word on why: {ran.err[:200]!r}"
    if "Traceback" in ran.err:
        return "a traceback"
    return ""


def ended(run: Run, hostile: Hostile) -> str:
    """Run one, and return what is wrong with how it ended, or nothing."""
    try:
        return trouble(run(*hostile.words, stdin=hostile.stdin))
    except SystemExit as left:  # the parser of the command line, after its own words
        return "" if left.code in (0, 2) else f"it left with {left.code}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.slow
def test_no_input_ends_in_a_traceback(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    kinds: Counter[str] = Counter()
    wrong = []
    for hostile in inputs(tmp_path):
        kinds[hostile.kind] += 1
        found = ended(run, hostile)
        if found:
            wrong.append(f"{hostile.kind}: ndtui {' '.join(hostile.words)[:120]!r}: {found[:200]}")
    assert kinds.total() == 500
    assert wrong == []
