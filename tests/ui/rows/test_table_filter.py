"""The language of the filter line: what it finds, and what it says of what is unfinished or wrong."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.ui.rows.table_filter import LONGEST, FilterError, parse_filter
from ndtui.ui.rows.view import Column, View


class Row(NamedTuple):
    name: str
    does: str
    weight: int | None


VIEW = View(
    (
        Column("name", 0),
        Column("does what", 8, aliases=("action",)),
        Column("weight", 8, value=lambda row: row.weight, number=True),
        Column("length", 4, value=lambda row: len(row.name), number=True, cell=lambda row: str(len(row.name))),
    ),
    lambda row: (row.name, row.does, "" if row.weight is None else f"range {row.weight:X}"),
    lambda row: row.name,
)
ROWS = (
    Row("web server", "permit", 12),
    Row("Web proxy", "block", 0),
    Row("mail", "permit", None),
    Row("2001:db8::1", "callout", 3),
)


def found(text: str, heading: str = "") -> list[str]:
    test = parse_filter(text, VIEW.columns).test(VIEW)
    return [row.name for row in ROWS if test(row, "\n".join(VIEW.cells(row)).casefold(), heading)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["web server", "Web proxy", "mail", "2001:db8::1"]),
        ("web", ["web server", "Web proxy"]),
        ("WEB  permit", ["web server"]),
        ('"web s"', ["web server"]),
        ('"server permit"', []),
        ("-web", ["mail", "2001:db8::1"]),
        ('-"web s"', ["Web proxy", "mail", "2001:db8::1"]),
        ("2001:db8::1", ["2001:db8::1"]),
        ("db8:: -mail", ["2001:db8::1"]),
        (r"C:\web", []),  # the letter of a drive is no column
        (r"-C:\web mail", ["mail"]),
        ("db::", []),
        ("name:web", ["web server", "Web proxy"]),
        ("name:permit", []),
        ("NAME=mail", ["mail"]),
        ("name=mai", []),
        ("name!=mail", ["web server", "Web proxy", "2001:db8::1"]),
        ("-name=mail", ["web server", "Web proxy", "2001:db8::1"]),
        ('name:"b s"', ["web server"]),
        ('name=""', []),
        ("does-what:perm", ["web server", "mail"]),
        ("action:permit web", ["web server"]),
        ("weight>0", ["web server", "2001:db8::1"]),
        ("weight>=0xC", ["web server"]),
        ("weight<0xc", ["Web proxy", "2001:db8::1"]),
        ("weight<=3", ["Web proxy", "2001:db8::1"]),
        ("-weight>0", ["Web proxy", "mail"]),
        ("weight=12", ["web server"]),
        ("weight!=12", ["Web proxy", "2001:db8::1"]),
        ("weight:12", []),
        ("weight:range", ["web server", "Web proxy", "2001:db8::1"]),
        ('weight=""', ["mail"]),
        ("length=4", ["mail"]),
        ("weight>-1 -web", ["2001:db8::1"]),
    ],
)
def test_what_a_filter_finds(text, names):
    assert found(text) == names


def test_a_word_may_stand_in_the_heading():
    assert found("ale_connect permit", "ale_connect_v4") == ["web server", "mail"]
    assert found("-ale_connect", "ale_connect_v4") == []
    assert found("name:ale_connect", "ale_connect_v4") == []


@pytest.mark.parametrize(
    ("word", "is_found"),
    [("ale", True), ("connect_v", True), ("_v4", True), ("v4", True), ("onnect", False), ("4", False), ("nn c", False)],
)
def test_in_the_heading_a_word_is_found_where_one_begins(word, is_found):
    """So that "sign" is not found in everything below "Designer"."""
    assert bool(found(f'"{word}"', "ale_connect_v4")) == is_found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nam:x", "no column 'nam': did you mean name?"),
        ("wieght>1", "no column 'wieght': did you mean weight?"),
        ("actoin:x", "no column 'actoin': did you mean action?"),
        ("q:x", "no column 'q': put \"\" around the word, or choose name, action, weight, length"),
        ("name:", "name: is not finished: a word or a number comes behind it"),
        ("web weight>", "weight> is not finished: a word or a number comes behind it"),
        ('web "two', 'the closing " is missing'),
        ('name:"two', 'the closing " is missing'),
        ("web -", "a word is missing behind -"),
        ('""', 'a word is missing between ""'),
        ("name>3", "name has no numbers to compare: name:WORD looks in it"),
        ("weight>x", "'x' is no number: such as weight>12 or >0xC"),
        ("weight<0x", "'0x' is no number: such as weight<12 or <0xC"),
        ("x" * (LONGEST + 1), "a filter has at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(FilterError) as refused:
        parse_filter(text, VIEW.columns)
    assert str(refused.value) == said


@given(st.text(max_size=40) | st.text('ab -":=<>!01x', max_size=20))
def test_any_text_is_a_filter_or_refused_in_a_line(text):
    try:
        test = parse_filter(text, VIEW.columns).test(VIEW)
    except FilterError as refused:
        assert str(refused)
        assert "\n" not in str(refused)
    else:
        for row in ROWS:
            assert isinstance(test(row, row.name.casefold(), ""), bool)


_WORDS = st.text("webprs2:. ", min_size=1, max_size=6).filter(str.strip)


@given(st.lists(st.tuples(st.booleans(), _WORDS), max_size=4))
def test_quoted_words_are_found_exactly_where_they_stand(words):
    text = " ".join(f'{"-" * negative}"{word}"' for negative, word in words)
    texts = {row.name: "\n".join(VIEW.cells(row)).casefold() for row in ROWS}
    assert found(text) == [
        name for name, whole in texts.items() if all((word in whole) != negative for negative, word in words)
    ]


@given(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.integers(-5, 20), st.booleans())
def test_numbers_are_compared_as_numbers(sign, number, as_hex):
    written = f"{'-' * (number < 0)}0x{abs(number):x}" if as_hex else str(number)
    python = {"=": "=="}.get(sign, sign)
    expected = [row.name for row in ROWS if row.weight is not None and eval(f"{row.weight} {python} {number}")]
    assert found(f"weight{sign}{written}") == expected
