"""Words of a line, some of them in quotes: a path with blanks is one word, and so is a list of such paths."""

import re
from collections.abc import Iterable

_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_PART = re.compile(r'(?:[^,"]|"[^"]*")+')
_COMMA = re.compile(r'("[^"]*")|\s*,\s*')


def quoted_words(text: str, *, lists: bool = False) -> list[str]:
    """Return the words of a line, with their quotes; blanks in quotes are part of a word.

    ``lists``: blanks beside a comma are none, so that a list is one word.

    Raises:
        ValueError: a quote is not closed.
    """
    if text.count('"') % 2:
        raise ValueError('has a quote that is not closed: write it at both ends, as in "C:\\Program Files\\x.exe"')
    if lists:
        text = _COMMA.sub(lambda found: found[1] or ",", text)
    return _WORD.findall(text)


def listed(word: str) -> list[str]:
    """Return the parts of a list that is one word, without their quotes."""
    return [unquoted(part) for part in _PART.findall(word)]


def unquoted(word: str) -> str:
    """Return a word without its quotes."""
    return word.replace('"', "")


def quoted(texts: Iterable[str]) -> str:
    """Return texts as a list that is one word: in quotes those that have blanks or commas."""
    return ",".join(f'"{text}"' if re.search(r"[\s,]", text) else text for text in texts)
