"""The table of sources: each finding says what is in it, and cites the pages that are in it, no other."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import urlparse

import pytest

from ndtui.analysis.check.examine import check
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.finding_ids import ELSEWHERE, IDS
from ndtui.analysis.check.undecided import undecided
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from tests.analysis.check.finding_sources import Row, rows, uses
from tests.analysis.check.machine_cases import CASES as ON_MACHINES
from tests.analysis.check.machine_cases import findings_on
from tests.analysis.check.test_check import CASES, RULED
from tests.exporters.way_out_cases import CASES as WAYS_OUT
from tests.support import ROOT

OWN = "https://github.com/ndtui/ndtui/blob/main/"
ROWS = rows()
#: What was not compared with its page, by finding: there is no more of it than this.
NOT_COMPARED = {"authip-kerberos": 1}
_DOCUMENTS = re.compile(r"\[MS-(?P<ms>[A-Z]+)\](?: (?P<at>[\d.]*\d))?|RFC (?P<rfc>\d+)(?:, (?P<section>[\d.]*\d))?")


@cache
def found() -> Mapping[str, Sequence[Finding]]:
    """Return every finding of many designs, by its id."""
    by_id: dict[str, list[Finding]] = defaultdict(list)
    for of in (*(each for pair in CASES.values() for each in pair), *RULED, *uses()):
        for each in check(compile_design(of)):
            by_id[each.id].append(each)
    by_id["not-decided"].append(undecided(Origin("rules"), "whether it is so"))
    for cases, _ in WAYS_OUT.values():
        for each in (finding for case in cases for finding in case.findings):
            by_id[each.id].append(each)
    for each in (finding for dumps, _ in ON_MACHINES.values() for dump in dumps for finding in findings_on(dump)):
        by_id[each.id].append(each)
    return by_id


def of(kind: str) -> tuple[Row, ...]:
    return tuple(row for row in ROWS if row.kind == kind)


def named(kind: str) -> set[tuple[str, str]]:
    """Return the documents that the sentences of a finding name, each with its section or an empty text."""
    documents: set[tuple[str, str]] = set()
    for each in found()[kind]:
        for text in (each.message, each.why, each.remedy):
            for match in _DOCUMENTS.finditer(text):
                ms, at, rfc, section = match.group("ms", "at", "rfc", "section")
                documents.add((f"/ms-{ms.lower()}/", at or "") if ms else (f"/rfc{rfc}", section or ""))
    return documents


def test_every_finding_is_in_the_table_and_nothing_else():
    assert {row.kind for row in ROWS} == {*IDS, *ELSEWHERE} == set(found())
    assert len(set(ROWS)) == len(ROWS)


@pytest.mark.parametrize("kind", [*IDS, *ELSEWHERE])
def test_a_finding_cites_the_pages_of_its_rows_and_no_other(kind: str):
    assert {each.source for each in found()[kind]} == {row.page for row in of(kind) if not row.beside}


@pytest.mark.parametrize("kind", [*IDS, *ELSEWHERE])
def test_a_document_that_a_sentence_names_has_a_row(kind: str):
    for document, section in named(kind):
        matching = [row for row in of(kind) if document in f"{row.page}/"]
        assert matching, f"{kind} names {document}"
        assert not section or section in {row.section for row in matching}, f"{kind} names {document} {section}"


def test_a_row_says_what_to_look_for_and_where():
    for row in ROWS:
        assert row.fact.endswith("."), row
        assert urlparse(row.page).scheme == "https", row
        assert bool(row.words) == row.compared, row
        assert row.compared or row.note, f"{row} does not say why"
        assert len(row.words.split()) <= 15, f"{row} has more words than it takes to find the place"


def test_what_was_not_compared_is_known():
    counts: dict[str, int] = defaultdict(int)
    for row in ROWS:
        counts[row.kind] += not row.compared
    assert {kind: count for kind, count in counts.items() if count} == NOT_COMPARED


def test_the_words_of_the_programs_own_pages_stand_there():
    own = [row for row in ROWS if row.page.startswith(OWN)]
    assert own
    for row in own:
        text = " ".join((ROOT / row.page.removeprefix(OWN)).read_text(encoding="utf-8").split())
        assert row.words in text, row
