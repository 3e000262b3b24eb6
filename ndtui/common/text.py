"""Text that comes from outside, shown so that it cannot act on a terminal and does not run on for ever."""

import unicodedata
from reprlib import Repr

# Explicit direction controls turn what a person reads into something else than what is stored.
_DIRECTION = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})

#: Python converts no longer number to digits, which takes more than linear time.
_MOST_BITS = 4096


class _Brief(Repr):
    def repr_int(self, x: int, level: int) -> str:
        bits = x.bit_length()
        return f"a number of {bits} bits" if bits > _MOST_BITS else super().repr_int(x, level)

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002 - called with it
        most = self.maxstring
        whole = in_quotes(x[:most])
        if len(whole) <= most:
            return whole
        head = (most - 3) // 2
        tail = most - 3 - head
        ends = in_quotes(x[:head] + x[-tail:])
        return f"{ends[:head]}...{ends[-tail:]}"


_BRIEF = _Brief()
_BRIEF.maxstring = _BRIEF.maxother = _BRIEF.maxlong = 80
_BRIEF.maxlevel = 2


def is_hostile(character: str) -> bool:
    """Tell whether a character may change how a terminal shows the text around it."""
    return character in _DIRECTION or unicodedata.category(character) in _UNPRINTABLE


def begins_a_word(found: str, text: str) -> bool:
    """Tell whether something stands in a text where a word begins, or anywhere where it is no word itself."""
    start = text.find(found)
    while start > 0 and text[start - 1].isalnum() and found[:1].isalnum():
        start = text.find(found, start + 1)
    return start >= 0


def visible(text: str) -> str:
    """Return text in which every character that could act on a terminal is written out as its escape sequence."""
    if text.isprintable():
        return text
    return "".join(ascii(c)[1:-1] if is_hostile(c) else c for c in text)


def spelled_out(text: str) -> str:
    """Return text with every character written out that cannot be seen, as ``repr`` does where a name is quoted."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def in_quotes(text: str) -> str:
    """Return text as it was typed, in quotes, with every character written out that cannot be seen.

    Unlike ``repr`` it leaves a backslash single, for a path to stand there as a person knows it.
    """
    mark = '"' if "'" in text and '"' not in text else "'"
    return f"{mark}{spelled_out(text)}{mark}"


def shortened(text: str, most: int) -> str:
    """Return text of at most so many characters; what is left out of the middle is marked."""
    if len(text) <= most:
        return text
    tail = most // 4
    return f"{text[: most - tail - 5]} ... {text[-tail:]}"


def brief(value: object) -> str:
    """Return a value in words, texts in quotes as they were typed, cut short however large or deep it is."""
    return visible(_BRIEF.repr(value))


def size_in_words(size: int) -> str:
    """Return a number of bytes, such as a limit, in the largest unit of which it is whole: ``256 KiB``."""
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} {'byte' if size == 1 else 'bytes'}"
