"""The table of sources beside findings: hints, sets, docs and comments say what is in it, and cite the pages in it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlparse

import pytest

from ndtui.model.design.proposal_sets import PROPOSAL_SETS, ProposalSet
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN, Algorithm
from tests.support import DATA, ROOT

HINTS: Mapping[str, Algorithm] = {**ALGORITHMS, **METHODS_KNOWN}
SETS: Mapping[str, ProposalSet] = {each.id: each for each in PROPOSAL_SETS}


@dataclass(frozen=True, slots=True)
class Row:
    """What is said at some places, and where it is from."""

    at: tuple[str, ...]
    says: str
    page: str
    section: str = ""
    words: str = ""
    beside: bool = False
    compared: bool = True
    note: str = ""


def rows() -> tuple[Row, ...]:
    """Return the rows of the table."""
    with (DATA / "hint_sources.toml").open("rb") as file:
        return tuple(Row(**{**each, "at": tuple(each["at"])}) for each in tomllib.load(file)["row"])


ROWS = rows()
#: A section as docs, sentences and comments name it: RFC 2408, 4.2; RFC 4443, section 2.1; [MS-FASP] 2.2.37.
_SECTION = re.compile(r"(?:RFC |\[)(\d+|MS-[A-Z]+)(?:,(?: section)?|\]) ([\d.]*\d)")
FILES = sorted({place for row in ROWS for place in row.at} - HINTS.keys() - SETS.keys())


def of(place: str) -> tuple[Row, ...]:
    return tuple(row for row in ROWS if place in row.at)


def text_of(path: str) -> str:
    """Return a file of the repository as one line, texts that are split over lines of code as one."""
    lines = [line.strip().removeprefix("#:").strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    return " ".join(" ".join(lines).replace('" "', "").replace('" f"', "").split())


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_says_what_its_source_carries_and_cites_that_page(name: str):
    cited = [row for row in of(name) if not row.beside]
    assert [(row.says, row.page) for row in cited] == [(HINTS[name].why, HINTS[name].source)]
    assert all(row.says in HINTS[name].why for row in of(name))


@pytest.mark.parametrize("name", SETS)
def test_a_set_of_proposals_cites_the_pages_of_its_rows_and_no_other(name: str):
    assert {row.page for row in of(name) if not row.beside} == set(SETS[name].sources)
    assert all(row.says in SETS[name].text for row in of(name))


@pytest.mark.parametrize("path", FILES)
def test_what_a_file_says_of_a_page_stands_there(path: str):
    for row in of(path):
        assert row.says in text_of(path), row


def test_a_row_says_what_to_look_for_and_where():
    assert len(set(ROWS)) == len(ROWS)
    for row in ROWS:
        assert row.at, row
        assert urlparse(row.page).scheme == "https", row
        assert bool(row.words) == row.compared, row
        assert row.compared or row.note, f"{row} does not say why"
        assert len(row.words.split()) <= 15, f"{row} has more words than it takes to find the place"


def test_everything_was_compared():
    assert [row for row in ROWS if not row.compared] == []


def test_a_section_that_is_named_is_that_of_the_row():
    sections = 0
    for row in ROWS:
        page = row.page.rstrip("/").split("/")
        named = [
            (rfc, section) for rfc, section in _SECTION.findall(row.says) if {f"rfc{rfc}", rfc.lower()} & set(page)
        ]
        sections += len(named)
        assert all(row.section.split(",")[0] == section for _, section in named), row
    assert sections
