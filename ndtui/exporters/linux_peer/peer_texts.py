"""Texts of a design in a peer's configuration: as comments, names and values that cannot change its structure."""

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from ndtui.common.text import shortened, visible

_WIDTH = 100
_MOST = 400
_MOST_NAME = 40


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Return a text as comment lines: nothing that stands in it ends the comment."""
    words = visible(" ".join(shortened(text, _MOST).split()))
    for line in wrap(words, _WIDTH - len(indent), break_on_hyphens=False) or [""]:
        yield f"{indent}# {line}".rstrip()


def points(texts: Iterable[str]) -> Iterator[str]:
    """Return texts as a list in comments."""
    for text in texts:
        first, *more = comment(f"- {text}")
        yield first
        yield from (f"#   {line.removeprefix('# ')}" for line in more)


def plain_name(text: str) -> str:
    """Return a name for a section: small letters, digits and hyphens of a text, and "design" if none is left."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:_MOST_NAME].strip("-") or "design"
