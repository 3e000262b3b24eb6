"""Every screen and dialog as text at 60 and 140 columns, a few in ASCII: a change is meant, and seen in a diff.

At 80 columns ``test_themes`` draws them, once in each theme.
"""

import sys
from pathlib import Path

import pytest
import textual

from tests.screens.golden_texts import DRAWN_WITH, changed, differences, draw, in_folder, still


@pytest.mark.skipif(textual.__version__ != DRAWN_WITH, reason=f"the screens were drawn with Textual {DRAWN_WITH}")
@pytest.mark.skipif(sys.platform == "win32", reason="paths are written otherwise")
async def test_every_screen_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_folder(tmp_path, monkeypatch)
    assert changed(await draw(Path())) == ""


def test_what_differs_is_told_by_screen_and_line() -> None:
    old, new = "==== one\na\nb\n==== two\nc\n", "==== one\na\nB\n==== three\nc\n"
    assert differences(old, old) == []
    assert differences(old, new) == ["one:2 - b", "one:2 + B", "two: is gone", "three: is new"]


def test_times_and_keys_are_no_differences() -> None:
    assert still("at 2026-11-28 19:44:54, in 87 s") == still("at 2027-01-02 03:04:05, in 31 s")
    assert still("26 filters") == "26 filters"
