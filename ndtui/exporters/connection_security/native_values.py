"""Values that the parameters of objects have, before they are written in any language."""

from typing import NamedTuple


class FromEnvironment(NamedTuple):
    """A value that is taken from a variable of the environment where the objects are made."""

    name: str


Value = str | int | bool | tuple[str, ...] | FromEnvironment
"""What a parameter is given."""

Parameters = tuple[tuple[str, Value], ...]


def in_ascii(text: str) -> str:
    """Return text for people in ASCII: every other character as its escape sequence."""
    return "".join(each if " " <= each <= "~" else ascii(each)[1:-1] for each in text)
