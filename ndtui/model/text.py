"""Text that comes from outside: what a name may hold, and how any text is shown without harm to a terminal."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_NAME = 512

# Explicit direction controls turn what a person reads into something else than what is stored.
_DIRECTION = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_hostile(character: str) -> bool:
    """Tell whether a character may change how a terminal shows the text around it."""
    return character in _DIRECTION or unicodedata.category(character) in _UNPRINTABLE


def visible(text: str) -> str:
    """Return text in which every character that could act on a terminal is written out as its escape sequence."""
    if text.isprintable():
        return text
    return "".join(ascii(c)[1:-1] if is_hostile(c) else c for c in text)


def _one_line(value: str) -> str:
    if not value.isprintable():
        for character in value:
            if is_hostile(character):
                raise ValueError(
                    f"has the unprintable character U+{ord(character):04X}, which Windows refuses "
                    "(FWP_E_INVALID_PARAMETER): leave it out"
                )
    if not value.strip():
        raise ValueError("is empty, and Windows refuses an object without a name (FWP_E_NULL_DISPLAY_NAME)")
    return value


def _some_lines(value: str) -> str:
    for character in value:
        if character not in "\n\t" and is_hostile(character):
            raise ValueError(f"has the unprintable character U+{ord(character):04X}: leave it out")
    return value


Name = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_one_line)]
Prose = Annotated[str, Field(max_length=8192), AfterValidator(_some_lines)]
