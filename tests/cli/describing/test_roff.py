"""Text in roff: shown as it is, never read as a request or an escape."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.cli.describing import roff

HOSTILE = [
    ".so /etc/passwd",
    "'br",
    "a \\fBb\\fR \\n(.k",
    "--store=-1 .x 'y' `z` ^~",
    'he said "no"',
    "one\n.two",
    "a\t.b",
    "\x1b[31mred\x00",
    "wörter \u202e 😀",
    "word " * 40 + ". 'x .y " * 40,
    "",
    ".",
    "...",
]


def lines_of(text: str) -> list[str]:
    return "\n".join([*roff.paragraph(text), *roff.term(roff.bold(text), text), *roff.as_is([text])]).split("\n")


@given(st.text())
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_begins_a_request(text: str, more: str):
    for given_text in (text, text + more, more + text):
        for line in lines_of(given_text):
            assert line in (".PP", ".TP", ".RS 4", ".nf", ".fi", ".RE") or not line.startswith((".", "'")), line
            assert line.isascii()
            assert line.isprintable()


def test_a_hyphen_a_backslash_and_quotes_are_those_that_were_written():
    assert roff.escaped(r"--a\b 'c' `d`") == r"\-\-a\eb \(aqc\(aq \(gad\(ga"
    assert roff.escaped("ä") == r"\[u00E4]"
    assert roff.subsection('a "b"') == r'.SS "a \(dqb\(dq"'


def test_prose_is_filled_and_keeps_its_words():
    start, *lines = roff.paragraph("some words " * 30 + "..." + " .x" * 30)
    assert start == ".PP"
    assert all(len(line) <= 82 for line in lines)
    assert " ".join(line.removeprefix("\\&") for line in lines).split() == ["some", "words"] * 29 + [
        "some",
        "words",
        "...",
        *[".x"] * 30,
    ]


def test_a_paragraph_is_not_begun_twice():
    assert list(roff.without_needless([".SH A", ".PP", "x", ".PP", "y"])) == [".SH A", "x", ".PP", "y"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isascii() and text.isprintable() and text])
def test_groff_shows_what_was_written(text: str):
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("needs groff")
    source = "\n".join([".TH A 1", *roff.as_is([text]), ""])
    done = subprocess.run(
        [groff, "-man", "-ww", "-Tascii", "-P-cbou", "-rLL=2000n"],
        input=source,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert text.strip() in done.stdout
