"""docs/findings.md has every finding, in the words of the program, once."""

import re

from ndtui.analysis.check.finding_ids import IDS
from tests.support import ROOT


def test_the_page_has_every_finding_once():
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", page, re.MULTILINE)
    assert dict(listed) == dict(IDS)
    assert len(listed) == len(IDS)


def test_other_pages_lead_to_it():
    assert "docs/findings.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "findings.md" in (ROOT / "docs" / "design-format.md").read_text(encoding="utf-8")
