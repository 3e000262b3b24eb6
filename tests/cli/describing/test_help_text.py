"""Help for terminals of every width: prose is filled, examples stay as they are."""

import pytest

from ndtui.cli.command_parsers import parser_of
from ndtui.cli.commands import COMMANDS, HEADINGS
from ndtui.cli.describing.help_text import filled, paragraphs

TEXT = """\
Some prose that goes on
for two lines.

  a table   of two columns
  another   line

examples:
  ndtui something that is long and is not broken
"""


def test_prose_is_filled_and_other_lines_stay():
    assert filled(TEXT, 22) == (
        "Some prose that goes\non for two lines.\n\n  a table   of two columns\n  another   line\n\n"
        "examples:\n  ndtui something that is long and is not broken"
    )
    assert filled(TEXT, 200).startswith("Some prose that goes on for two lines.\n\n  a table")


def test_of_two_columns_the_second_is_filled():
    text = "list:\n  one    the first of them\n  three  the third"
    assert filled(text, 20) == "list:\n  one    the first\n         of them\n  three  the third"


def test_every_command_stands_below_a_heading():
    text = parser_of(None).format_help()
    headings = [line for line in text.splitlines() if line.startswith("commands for ")]
    assert headings == [f"commands for {heading}:" for heading in HEADINGS.values()]
    assert next(iter(HEADINGS)) == next(iter(COMMANDS))
    assert HEADINGS.keys() <= COMMANDS.keys()


def test_paragraphs_say_what_they_are():
    assert [(each.verbatim, each.follows_on, len(each.lines)) for each in paragraphs(TEXT)] == [
        (False, False, 2),
        (True, False, 2),
        (False, False, 1),
        (True, True, 1),
    ]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_fits_the_terminal(command: str | None, columns: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = parser_of(command).format_help().splitlines()
    assert max(map(len, lines)) <= columns
    assert not any(line != line.rstrip() for line in lines)
