"""Names and other text from outside: what they may hold, and how they are shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.common.text import brief, in_quotes, is_hostile, size_in_words, spelled_out, visible
from ndtui.model.design.design import Design
from tests.strategies import names, proses
from tests.support import design

DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9b", "\n", "\r", "\t", "\u2028", "\u2029"]
)
def test_characters_that_act_on_a_terminal(character):
    assert is_hostile(character)
    assert visible(f"a{character}b").isprintable()
    with pytest.raises(ValidationError, match=f"U\\+{ord(character):04X}"):
        Design(name=f"a{character}b")


@pytest.mark.parametrize("character", DIRECTION)
def test_characters_that_turn_text_around(character):
    assert is_hostile(character)
    assert character not in visible(f"a{character}b")
    with pytest.raises(ValidationError, match="unprintable"):
        Design(name=f"a{character}b")


@pytest.mark.parametrize("text", ["plain", "Prüfung", "ключ 鍵", "\U0001f512", "[/x] [b", "a\u0301", "%s {0} ${x}"])
def test_text_that_is_shown_as_it_is(text):
    assert visible(text) == text
    assert Design(name=text).name == text


def test_what_is_written_out():
    assert visible("a\x1b[31mb\n") == "a\\x1b[31mb\\n"
    assert visible("\u202e") == "\\u202e"
    assert visible("\ud800") == "\\ud800"


@given(st.text())
def test_what_is_visible_holds_nothing_hostile(text):
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in DIRECTION]
    assert visible(shown) == shown


@given(st.text(max_size=30))
def test_a_name_is_accepted_or_could_do_harm(text):
    harmless = not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in DIRECTION for c in text)
    try:
        made = Design(name=text)
    except ValidationError:
        assert not (harmless and text.strip())
    else:
        assert harmless
        assert made.name == text


@given(names, proses)
def test_names_and_descriptions_are_kept_to_the_letter(name, description):
    made = design(name=name, description=description, exemptions=[{"name": name, "comment": description}])
    assert (made.name, made.description) == (name, description)
    assert (made.exemptions[0].name, made.exemptions[0].comment) == (name, description)


def test_descriptions_may_have_lines_and_no_other_control():
    assert design(description="a\n\tb").description == "a\n\tb"
    with pytest.raises(ValidationError, match=r"U\+000D"):
        design(description="a\r\n")
    with pytest.raises(ValidationError, match="8192"):
        design(description="a" * 8193)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (1000, "1000 bytes"),
        (256 * 1024, "256 KiB"),
        (32 * 1024**2, "32 MiB"),
        (1024**2 + 1, "1048577 bytes"),
    ],
)
def test_a_size_is_said_in_the_largest_unit_of_which_it_is_whole(size: int, words: str):
    assert size_in_words(size) == words


@given(st.text())
def test_what_cannot_be_seen_is_spelled_as_where_it_is_quoted(text: str) -> None:
    assert spelled_out(text).isprintable()
    assert spelled_out(text).replace("\\", "") == repr(text)[1:-1].replace("\\'", "'").replace("\\", "")


def test_a_joiner_is_spelled_out_and_other_letters_are_not() -> None:
    assert spelled_out("zero\u200dwidth") == "zero\\u200dwidth"
    assert spelled_out("R\u00e8gle \u898f\u5247 a\\b 'c'") == "R\u00e8gle \u898f\u5247 a\\b 'c'"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Some Dir\\X.exe", "'Some Dir\\X.exe'"),
        ("it's", '"it\'s"'),
        ("both ' and \"", "'both ' and \"'"),
        ("a\x1b[2J\u202eb", "'a\\x1b[2J\\u202eb'"),
    ],
)
def test_a_text_is_quoted_as_it_was_typed(text: str, shown: str) -> None:
    assert in_quotes(text) == brief(text) == shown
    assert brief([text]) == f"[{shown}]"


@given(st.text())
def test_what_is_quoted_is_repr_with_single_backslashes(text: str) -> None:
    assert in_quotes(text).isprintable()
    assert in_quotes(text).replace("\\", "") == repr(text).replace("\\", "")


@given(st.text(min_size=81))
def test_a_long_text_is_quoted_cut_short(text: str) -> None:
    assert len(brief(text)) == 80
    assert "..." in brief(text)
