"""The campaign and docs/reliability.md name tests that there are, and the campaign sees one that fails."""

import re

import pytest

from tests.campaign.__main__ import outcome
from tests.campaign.parts import PARTS, Part
from tests.support import ROOT


def test_every_part_is_made_of_tests_that_there_are():
    assert [name for part in PARTS for name in part.tests if not (ROOT / name).is_file()] == []


def test_the_page_names_tests_that_there_are():
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = [name for name in re.findall(r"`((?:[a-z_]+/)+[a-z_.]*|test_\w+)`", page) if name != "tests/"]
    assert len(named) > 25
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    missing = [
        name
        for name in named
        if not (f"def {name}(" in written if name.startswith("test_") else (ROOT / "tests" / name).exists())
    ]
    assert missing == []


@pytest.mark.slow
def test_a_part_that_fails_is_seen(tmp_path):
    test = tmp_path / "test_both.py"
    test.write_text("def test_one():\n    assert False\n\ndef test_two():\n    pass\n", encoding="utf-8")
    assert outcome(Part("both", (str(test),)))[:2] == (1, 1)
    assert outcome(Part("one", (f"{test}::test_two",)))[:2] == (1, 0)
    assert outcome(Part("none", (str(tmp_path / "test_none.py"),)))[:2] == (0, 1)
