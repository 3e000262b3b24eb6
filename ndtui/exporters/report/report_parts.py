"""Report parts: what a report consists of, as data that several writers make pages of.

Text is as the design has it: to make it harmless in a page is for the writer of that page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ndtui.analysis.verify.both_ways import BothWays

Tone = Literal["", "good", "fair", "bad", "left-out", "quiet", "code"]
"""How a text is meant: a verdict by how much it protects, what is of no interest, or words of a machine."""


class Said(NamedTuple):
    """A text with its tone."""

    text: str
    tone: Tone = ""


Cell = str | Said


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of prose, with the line ends it has."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. The first cell of a row says what it is about."""

    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Picture:
    """What becomes of traffic both ways, with each kind of peer."""

    ways: BothWays


Block = Text | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading, and parts of it with headings of their own. ``id`` is that of no other section.

    A title that is ``code`` is a name of Windows, and holds no text of a design.
    """

    id: str
    title: Cell
    blocks: tuple[Block, ...]
    parts: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. ``figures`` are the numbers that tell how large the policy is, each with what it counts."""

    name: str
    description: str
    summary: str
    figures: tuple[tuple[str, int], ...]
    sections: tuple[Section, ...]


def text_of(cell: Cell) -> str:
    """Return the text of a cell."""
    return cell if isinstance(cell, str) else cell.text


def some(heading: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], nothing: str) -> Block:
    """Return a table, or a sentence where it would have no rows."""
    return Table(heading, rows) if rows else Text(nothing)


def count(number: int, thing: str) -> str:
    """Return a number of things: ``1 rule``, ``3 rules``."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def tone_of(words: str) -> Tone:
    """Return how an outcome or a verdict is meant, by its last word: that which stays."""
    last = words.replace(",", " ").split()[-1] if words.strip() else ""
    tones: dict[str, Tone] = {
        "protected": "good",
        "encrypted": "good",
        "holds": "good",
        "clear": "fair",
        "requested": "fair",
        "blocked": "bad",
        "exempt": "left-out",
        "untouched": "quiet",
    }
    return tones.get(last, "")
