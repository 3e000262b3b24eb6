"""Text from outside in a page of Markdown, which then shows it as it is, whatever it holds.

Source: https://spec.commonmark.org/0.31.2/ and GitHub's additions, https://github.github.com/gfm/
"""

import re

from ndtui.common.text import visible

#: What means something anywhere in a line: code, emphasis, links, HTML, entities, cells, fences, formulas.
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~&$"})
#: What makes of a line a list, an underlined heading, a rule or a table, where it begins with that.
_MARKER = re.compile(r"[-+=:]|(?<=\d)[.)]")
_NUMBER = re.compile(r"\d{1,9}")


def in_a_line(text: str) -> str:
    """Return a text as it has to stand within a line: in a cell, or behind the marker of a heading or a list."""
    return visible(text).translate(_SPECIAL)


def as_a_line(text: str) -> str:
    """Return a text as it has to stand to be a line of a paragraph."""
    line = in_a_line(text.strip())
    number = _NUMBER.match(line)
    start = number.end() if number else 0
    return f"{line[:start]}\\{line[start:]}" if _MARKER.match(line, start) else line
