"""Texts and bytes as Python writes them, in ASCII alone: nothing of a design can act on an editor or a terminal.

A text can neither end its literal nor be read as anything else: quotes, backslashes and everything that is no printable
ASCII are escaped. What is written is one line, within the module's docstring too.
Source: The Python Language Reference, 2.4 (literals).
"""

import re

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", '"': '\\"', "'": "\\'"}
#: What is escaped between two quotes of a kind.
_ODD = {quote: re.compile(rf"[^ -~]|[\\{quote}]") for quote in "\"'"}


def text_literal(text: str) -> str:
    """Return a text as a literal."""
    quote = _quote(text)
    return quote + _ODD[quote].sub(_escaped, text) + quote


def bytes_literal(content: bytes) -> str:
    """Return bytes as a literal."""
    return f"b{text_literal(content.decode('latin-1'))}"


def in_the_docstring(text: str) -> str:
    """Return a text as a part of a docstring in three double quotes: one line, which means the text."""
    return _ODD['"'].sub(_escaped, text)


def _quote(text: str) -> str:
    """Return the quotes that need fewer escapes; double ones where both need as many."""
    return "'" if text.count('"') > text.count("'") else '"'


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
