"""Names of keys: what a person may write for one, and the one spelling that it has here.

A character is itself, any other key has a name, and ``ctrl+``, ``alt+`` or ``shift+`` go before it. The names are those
of Textual, whose names for characters, such as ``question_mark``, are understood too.
"""

import unicodedata

from ndtui.common.suggestion import close, near, question
from ndtui.common.text import in_quotes

MODIFIERS = ("alt", "ctrl", "shift")
NAMED = (
    *("backspace", "delete", "down", "end", "enter", "escape", "home", "insert", "left", "pagedown", "pageup"),
    *("right", "space", "tab", "up"),
    *(f"f{number}" for number in range(1, 25)),
)
#: What other programs call a key.
_ALSO = {"esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown"}
#: What a terminal sends for these is what it sends for the other.
_SAME = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
_JOINED = str.maketrans(" -", "__")
_NO_KEY = "that is no key"
#: Names that Textual has for characters beside those of Unicode.
_CHARACTERS = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_"}


class UnknownKeyError(ValueError):
    """A text that names no key; ``remedy`` says what would."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def read_key(text: str) -> str:
    """Return the key that a text names, as it is spelled here.

    Raises:
        UnknownKeyError: it names none, or one that no terminal sends.
    """
    written = text if text == " " else text.strip()
    before, plus, base = written[:-1].rpartition("+")
    base += written[-1:]
    given = before.split("+") if plus else []
    modifiers = sorted({each.lower() for each in given})
    wrong = next((each for each in modifiers if each not in MODIFIERS), None)
    if wrong is not None:
        meant = [] if " " in wrong else close(wrong, MODIFIERS)  # of two keys there is none that was meant
        keys = ["+".join((*(each if name == wrong else name for name in modifiers), base)) for each in meant]
        raise UnknownKeyError(_NO_KEY, question(keys) or f"before + go {', '.join(MODIFIERS)}")
    key = "+".join((*modifiers, _base(base)))
    if key in _SAME:
        raise UnknownKeyError(f"a terminal sends {_SAME[key]} for it", "choose another key")
    character = len(base) == 1 and base != " "
    if modifiers == ["shift"] and character:
        raise UnknownKeyError(_NO_KEY, f"write the character that it makes, such as {in_quotes(base.upper())}")
    if modifiers and character and base != base.lower():
        raise UnknownKeyError(_NO_KEY, f"write {key[:-1]}{base.lower()}")
    return key


def _base(name: str) -> str:
    """Return a key without its modifiers."""
    if len(name) == 1:
        if name == " ":
            return "space"
        if name.isprintable():
            return name
    lower = name.lower()
    lower = _ALSO.get(lower, lower)
    if lower in NAMED:
        return lower
    character = _CHARACTERS.get(lower) or _character(lower)
    if character:
        return character
    known = (*NAMED, *_CHARACTERS, *_ALSO)
    raise UnknownKeyError(_NO_KEY, near(lower, known) or "write a character, or a name such as f5")


def _character(name: str) -> str:
    """Return the character of ASCII that Textual calls so, empty where there is none."""
    wanted = name.replace("-", "_")
    signs = (chr(code) for code in range(33, 127))
    return next((each for each in signs if unicodedata.name(each).lower().translate(_JOINED) == wanted), "")


def is_character(key: str) -> bool:
    """Tell whether a key writes something where a text is written."""
    return len(key) == 1 or key == "space"


def in_a_binding(key: str) -> str:
    """Return a key as a binding names it: keys are parted by commas there."""
    return key.replace(",", "comma")
