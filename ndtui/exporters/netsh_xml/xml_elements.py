"""Elements: plain data as the XML that netsh prints, in which no text from a design is anything but text."""

import re
from collections.abc import Iterator, Mapping

from ndtui.common.text import is_hostile, visible

#: Members by name, items of a list, or a text or number; None and what is empty is an element without content.
Tree = str | int | list["Tree"] | dict[str, "Tree"] | None

_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SUSPECT = re.compile(r"[&<>\ufffe\uffff]|[^\x20-\x7e]")
#: What may stand for itself, and in no document of XML 1.0. Source: https://www.w3.org/TR/xml/#charsets
IMPOSSIBLE = re.compile("[\ufffe\uffff]")
_REPLACEMENT = "\ufffd"


def element(name: str, value: Tree, depth: int = 0, *, counted: bool = True) -> Iterator[str]:
    """Yield the lines of an element: members as elements, a list as items with their number, a text as it is.

    ``counted``: whether a list says how many items it has; the two lists of ``show filters`` do not.
    """
    tabs = "\t" * depth
    if value is None or value in ("", [], {}):
        yield f"{tabs}<{name}/>"
    elif isinstance(value, dict):
        yield f"{tabs}<{name}>"
        for key, each in value.items():
            yield from element(key, each, depth + 1)
        yield f"{tabs}</{name}>"
    elif isinstance(value, list):
        yield f'{tabs}<{name} numItems="{len(value)}">' if counted else f"{tabs}<{name}>"
        for each in value:
            yield from element("item", each, depth + 1)
        yield f"{tabs}</{name}>"
    else:
        yield f"{tabs}<{name}>{escaped(str(value))}</{name}>"


def members(value: Mapping[str, Tree], depth: int) -> Iterator[str]:
    """Yield the lines of some members, without an element around them."""
    for key, each in value.items():
        yield from element(key, each, depth)


def escaped(text: str) -> str:
    """Return a text as it has to stand in an element; what acts on a terminal as a reference to the character."""
    return _SUSPECT.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    character = found.group()
    if IMPOSSIBLE.match(character):
        return _REPLACEMENT
    if character in _MARKUP:
        return _MARKUP[character]
    return f"&#x{ord(character):X};" if is_hostile(character) else character


def comment(lines: list[str]) -> str:
    """Return a comment of some lines. Two hyphens would end it: between them stands a blank."""
    plain = (re.sub(r"-(?=-)", "- ", IMPOSSIBLE.sub(_REPLACEMENT, visible(line))) for line in lines)
    return "<!--\n" + "".join(f"  {line}\n" for line in plain) + "-->"
