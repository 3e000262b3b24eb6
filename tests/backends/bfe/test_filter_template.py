"""Filters that are alike are written and read by what they share: just as if each were by itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from ndtui.backends.bfe.document_shape import read_document
from ndtui.backends.bfe.filter_template import SHAPES, TEXTS, FilterTemplate
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import filter_documents
from tests.support import preset

LIKE: Any = next(
    each for each in filter_documents(compile_design(preset("nd-transport")).filters) if each["filterCondition"]
)
WEIGHT = {"type": "FWP_UINT64", "uint64": 7}
OTHER: Any = {**LIKE, "filterKey": "{other}", "displayData": {"name": "a"}, "origin": "b", "effectiveWeight": WEIGHT}
TEXT = to_json(OTHER).decode()
PIECES = [
    "",
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\x00",
    "null",
    '"a":1',
    ',"origin":"x"',
    ',"filterKey":"y"',
    "é",
    "7",
]


def read(text: str) -> Any:
    return FilterTemplate(LIKE).read(text, {})


def test_what_is_written_is_what_is_read():
    template = FilterTemplate(LIKE)
    for document in (LIKE, OTHER, {**OTHER, "filterCondition": []}):
        own = {name: to_json(document[name]).decode() for name in (*TEXTS, *SHAPES)}
        text = template.text(own)
        assert text == to_json(document).decode()
        assert list(template.read(text, {}).items()) == list(document.items())


def test_members_that_are_the_same_are_shared_and_those_of_the_first_stay():
    template, known = FilterTemplate(LIKE), {}
    one, other = template.read(TEXT, known), template.read(TEXT.replace("{other}", "{third}"), known)
    assert one["displayData"] is other["displayData"]
    assert one["filterCondition"] is other["filterCondition"]
    assert one["flags"] is other["flags"]
    assert (one["filterKey"], other["filterKey"]) == ("{other}", "{third}")
    assert read(to_json(LIKE).decode()) == LIKE


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.sampled_from(PIECES), st.booleans())
def test_whatever_is_altered_is_read_as_by_itself_or_left_to_that(at: int, gone: int, more: str, known: bool):
    altered = TEXT[:at] + more + TEXT[at + gone :]
    template, members = FilterTemplate(LIKE), {}
    if known:
        template.read(TEXT, members)
    found = template.read(altered, members)
    if found is not None:
        assert found == read_document("filter", altered)
        assert json.dumps(found) == json.dumps(read_document("filter", altered))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"origin":"b"', '"origin":7'),
        ('"origin":"b"', '"origin":"\\u0062"'),
        ('"origin":"b"', '"origin":"b","origin":"c"'),
        ('"origin":"b"', '"origin":{"a":1,"origin":"b"}'),
        ('"name":"a"', '"name":7'),
        ('"displayData":{"name":"a"}', '"displayData":null'),
        ('"displayData":{"name":"a"}', '"displayData":{"name":"a"},"more":1'),
        ('"uint64":7', '"uint64":"7"'),
        ('"flags":[]', '"flags":["FWPM_FILTER_FLAG_INDEXED"]'),
        ("{", "[{"),
    ],
)
def test_what_is_not_alike_or_of_another_shape_is_left_to_who_reads_it_by_itself(before: str, after: str):
    assert before in TEXT
    assert read(TEXT) == OTHER
    assert read(TEXT.replace(before, after, 1)) is None


def test_what_stands_deeper_under_the_same_name_is_no_member():
    nested = TEXT.replace('"name":"a"', f'"name":"a","more":{TEXT}')
    assert read(nested) in (None, read_document("filter", nested))
