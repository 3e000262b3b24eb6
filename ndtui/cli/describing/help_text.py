"""Help as commands write it: prose that is filled to the width there is, and lines that stay as they are.

A line that begins with a blank stays as it is: an example, a table. Everything else is prose; an empty line ends a
paragraph.
"""

import re
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

#: A name, blanks, and what it means.
_TWO_COLUMNS = re.compile(r"( +\S+ {2,})(\S.*)")
#: Wider than this, lines are hard to read.
_WIDEST = 100


class Paragraph(NamedTuple):
    """Lines that belong together: of prose, or to be shown as they are."""

    lines: tuple[str, ...]
    verbatim: bool
    follows_on: bool
    """Whether it stands directly below what is before it, without an empty line."""


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a help text in order."""
    for block in text.strip("\n").split("\n\n"):
        kinds = groupby(block.split("\n"), key=lambda line: line.startswith(" "))
        for place, (verbatim, lines) in enumerate(kinds):
            yield Paragraph(tuple(lines), verbatim, follows_on=place > 0)


def filled(text: str, width: int) -> str:
    """Return a help text for a terminal of that width."""
    from textwrap import fill  # noqa: PLC0415 - only help needs it

    shown = ""
    for each in paragraphs(text):
        between = "" if not shown else "\n" if each.follows_on else "\n\n"
        if each.verbatim:
            lines = [_fitted(line, width) for line in each.lines]
        else:
            lines = [fill(" ".join(each.lines), min(width, _WIDEST))]
        shown += between + "\n".join(lines)
    return shown


def _fitted(line: str, width: int) -> str:
    """Return a line that stays as it is; of two columns the second is filled, where the terminal is too narrow."""
    from textwrap import fill  # noqa: PLC0415

    columns = _TWO_COLUMNS.fullmatch(line)
    if len(line) <= width or columns is None:
        return line
    return fill(columns[2], width, initial_indent=columns[1], subsequent_indent=" " * len(columns[1]))


class HelpFormatter(RawDescriptionHelpFormatter):
    """Fills the prose of a command's help, and leaves its examples as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}".rstrip() for line in filled(text, width - len(indent)).split("\n"))
