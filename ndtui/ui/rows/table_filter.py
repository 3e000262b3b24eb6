"""Table filter: the small language of the filter line, which says what rows of a table are shown.

Words are found anywhere in a row, or where a word begins in the name of its heading, in any case; all must be. ``"two
words"`` are one. ``column:word`` looks in a column, ``column=word`` wants all of it, ``column!=word`` anything else,
``column>12``, ``column<=0xC`` compare numbers, and ``-`` before any of these turns it round.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ndtui.common.errors import InputError
from ndtui.common.suggestion import near
from ndtui.common.text import begins_a_word, in_quotes
from ndtui.ui.rows.view import Column, View

#: A filter is no longer than a person types.
LONGEST = 300

#: Not the letter of a drive, C:\Windows, which is a word.
_COLUMN = re.compile(r'(-?)(?![A-Za-z]:\\)([A-Za-z][A-Za-z_-]*)(!=|<=|>=|[:=<>])(?!:)("?)')
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class FilterError(InputError):
    """A filter that is not finished, or cannot be understood."""


class Term(NamedTuple):
    """One thing that a row must have, or with ``negative`` must not; ``column`` is a number in the view."""

    text: str
    column: int | None = None
    sign: str = ""
    number: int | None = None
    negative: bool = False


#: Tells whether a row is found: by the row, its text and the name of its heading, both folded.
Test = Callable[[Any, str, str], bool]


@dataclass(frozen=True, slots=True)
class TableFilter:
    """What the rows of a table must have to be shown; an empty one shows all."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it leaves anything out."""
        return bool(self.terms)

    def test(self, view: View) -> Test:
        """Return a test for the rows of a view."""
        tests = [_test(term, view) for term in sorted(self.terms, key=lambda term: term.column is not None)]

        def found(row: Any, text: str, heading: str) -> bool:
            return all(each(row, text, heading) for each in tests)

        return tests[0] if len(tests) == 1 else found


def _test(term: Term, view: View) -> Test:
    found = _word(term.text) if term.column is None else _in_column(term, term.column, view)
    if not term.negative:
        return found

    def lacks(row: Any, text: str, heading: str) -> bool:
        return not found(row, text, heading)

    return lacks


def _word(word: str) -> Test:
    return lambda _, text, heading: word in text or begins_a_word(word, heading)


def _in_column(term: Term, number: int, view: View) -> Test:
    value = view.columns[number].value
    wanted = term.text
    if term.number is not None and value is not None:
        compare: Callable[[Any, Any], bool] = _COMPARISONS.get(
            term.sign, operator.ne if term.sign == "!=" else operator.eq
        )
        limit = term.number

        def compared(row: Any, _: str, __: str) -> bool:
            has = value(row)
            return isinstance(has, int) and compare(has, limit)

        return compared
    if term.sign == ":":
        return lambda row, _, __: any(wanted in text.casefold() for text in view.called(row, number))

    def equal(row: Any, _: str, __: str) -> bool:
        return any(wanted == text.casefold().strip() for text in view.called(row, number))

    return equal if term.sign == "=" else lambda row, text, heading: not equal(row, text, heading)


def parse_filter(text: str, columns: Sequence[Column]) -> TableFilter:
    """Return what a filter says.

    Raises FilterError, which says what is missing or wrong, and what would be right.
    """
    if len(text) > LONGEST:
        raise FilterError(f"a filter has at most {LONGEST} characters")
    names = _names(columns)
    terms: list[Term] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        term, at = _term(text, at, names, columns)
        terms.append(term)
    return TableFilter(tuple(terms))


def _term(text: str, at: int, names: dict[str, int], columns: Sequence[Column]) -> tuple[Term, int]:
    """Return the term that begins at a place, and the place behind it."""
    found = _COLUMN.match(text, at)
    if found is None:
        turned = text[at] == "-"
        word, end = _value(text, at + turned)
        if not word:
            raise FilterError("a word is missing behind -" if turned else 'a word is missing between ""')
        return Term(word.casefold(), negative=turned), end
    negative, name, sign, quoted = found.groups()
    number = names.get(_plain(name))
    if number is None:
        known = dict.fromkeys([*map(_shortest, columns), *(alias for each in columns for alias in each.aliases)])
        remedy = near(name.casefold(), known) or f'put "" around the word, or choose {", ".join(known)}'
        raise FilterError(f"no column {in_quotes(name)}", remedy=remedy)
    value, end = _value(text, found.end() - len(quoted))
    if not value and not quoted:
        raise FilterError(f"{name}{sign} is not finished", remedy="a word or a number comes behind it")
    return _column_term(value, number, sign, columns[number], negative=bool(negative)), end


def _column_term(value: str, number: int, sign: str, column: Column, *, negative: bool) -> Term:
    as_number = _number(value) if column.number and sign != ":" else None
    if sign in _COMPARISONS:
        if not column.number:
            raise FilterError(
                f"{column.title} has no numbers to compare", remedy=f"{_shortest(column)}:WORD looks in it"
            )
        if as_number is None:
            raise FilterError(
                f"{in_quotes(value)} is no number", remedy=f"such as {_shortest(column)}{sign}12 or {sign}0xC"
            )
    return Term(value.casefold().strip() if sign != ":" else value.casefold(), number, sign, as_number, negative)


def _value(text: str, at: int) -> tuple[str, int]:
    """Return the word or quoted words at a place, and the place behind."""
    if text[at : at + 1] == '"':
        end = text.find('"', at + 1)
        if end < 0:
            raise FilterError('the closing " is missing')
        return text[at + 1 : end], end + 1
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[at:end], end


def _number(text: str) -> int | None:
    """Return a number as it is written in decimal or with 0x, or ``None``."""
    try:
        return int(text, 0) if text.isascii() and text.lower().startswith(("0x", "-0x")) else int(text)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def _names(columns: Sequence[Column]) -> dict[str, int]:
    """Return the number of each column by its title and its aliases; of two of one name the first has it."""
    found: dict[str, int] = {}
    for number, column in enumerate(columns):
        found.setdefault(_plain(column.title), number)
    for number, column in enumerate(columns):
        for alias in column.aliases:
            found.setdefault(_plain(alias), number)
    return found


def _shortest(column: Column) -> str:
    """Return what a column is called in a filter: its title if that is one word."""
    return (
        column.title if column.title.isalpha() else min(column.aliases, default=column.title.replace(" ", "-"), key=len)
    )
