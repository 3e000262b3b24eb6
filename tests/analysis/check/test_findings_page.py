"""docs/findings.md has every finding, in the words of the program, once."""

import re

from ndtui.analysis.check.finding_ids import IDS, OF_WAYS_OUT, ON_MACHINES
from ndtui.analysis.check.reachability_findings import MANAGEMENT_DROPPED
from ndtui.exporters.registry import BUILT_IN
from tests.exporters.way_out_cases import CASES, Case
from tests.support import ROOT

PAGE = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")


def test_the_page_has_every_finding_once():
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert dict(listed) == {**IDS, **ON_MACHINES}
    assert len(listed) == len(IDS) + len(ON_MACHINES)


def test_the_page_has_every_finding_of_a_way_out_with_the_formats_that_say_it():
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert {kind: words for kind, words, _ in listed} == {
        **OF_WAYS_OUT,
        MANAGEMENT_DROPPED: IDS[MANAGEMENT_DROPPED],
    }
    for kind, _, formats in listed:
        said = {name for name in BUILT_IN if any(kind in _ids(case, name) for case in CASES[kind][0])}
        assert {name for name in re.findall(r"`([a-z-]+)`", formats) if name in BUILT_IN} == said, kind


def _ids(case: Case, name: str) -> set[str]:
    given = case.given if case.format == name else {}
    return {each.id for each in Case(case.design, name, given).findings}


def test_other_pages_lead_to_it():
    assert "docs/findings.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "findings.md" in (ROOT / "docs" / "design-format.md").read_text(encoding="utf-8")
    assert "findings.md" in (ROOT / "docs" / "powershell.md").read_text(encoding="utf-8")
