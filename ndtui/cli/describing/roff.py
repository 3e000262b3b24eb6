"""Text as roff, the language of manual pages: what it is given stands on the page as it is, whatever it holds.

Source: groff_man(7) and groff_char(7). A line that begins with ``.`` or ``'`` would be a request, a backslash an
escape, and a plain ``-`` may become a hyphen that no shell knows when it is copied.
"""

from collections.abc import Iterable, Iterator

_ESCAPES = {
    "\\": "\\e",
    "-": "\\-",
    "'": "\\(aq",
    "`": "\\(ga",
    "^": "\\(ha",
    "~": "\\(ti",
    "\t": "    ",
    "\n": " ",
}

#: How long lines of the source may be; a word that is longer stands alone.
_WIDTH = 80


def escaped(text: str) -> str:
    """Return a text of one line that roff shows as it is, wherever it stands in a line."""
    return _no_request("".join(_ESCAPES.get(character) or _plain(character) for character in text))


def _no_request(line: str) -> str:
    return f"\\&{line}" if line.startswith(".") else line


def _filled(text: str) -> Iterator[str]:
    """Yield the lines of prose, which roff fills again to the width of the page."""
    line = ""
    for word in escaped(text).split():
        if line and len(line) + len(word) >= _WIDTH:
            yield _no_request(line)
            line = ""
        line += f" {word}" if line else word
    if line:
        yield _no_request(line)


def _plain(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    return f"\\[u{ord(character):04X}]"


def bold(text: str) -> str:
    """Return a text that is to be typed as it stands."""
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    """Return a word that stands for something else."""
    return f"\\fI{escaped(text)}\\fR"


def section(title: str) -> str:
    """Return the heading of a section."""
    return f".SH {title}"


def subsection(title: str) -> str:
    """Return the heading of a part of a section; the title is a text as it is."""
    return f'.SS "{_argument(title)}"'


def paragraph(text: str) -> Iterator[str]:
    """Yield the lines of a paragraph of prose, which is filled."""
    yield from (".PP", *_filled(text))


def term(heading: str, text: str) -> Iterator[str]:
    """Yield the lines of what a list explains; ``heading`` is roff already."""
    yield from (".TP", heading, *_filled(text))


def as_is(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that are not filled, indented as they are and by one step more."""
    yield from (".PP", ".RS 4", ".nf")
    yield from (escaped(line) or "\\&" for line in lines)
    yield from (".fi", ".RE")


def without_needless(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a page without beginnings of paragraphs where a heading begins one."""
    before = ""
    for line in lines:
        if line != ".PP" or not before.startswith((".SH", ".SS")):
            yield line
        before = line


def _argument(text: str) -> str:
    """Return a text inside the quotes of a request's argument."""
    return escaped(text).replace('"', "\\(dq")
