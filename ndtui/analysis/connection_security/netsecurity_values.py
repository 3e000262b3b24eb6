"""Values as ConvertTo-Json writes them: lists that Windows PowerShell wraps, enumerations as numbers or as words.

Windows PowerShell 5.1 writes some lists as ``{"value": [...], "Count": 2}``, a list of one that came by the pipeline
without its brackets, and enumerations as numbers; PowerShell 7 can write these as words (-EnumsAsStrings).
Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ndtui.analysis.connection_security.security_rules import Word, known_words
from ndtui.common.text import brief, shortened

Properties = Mapping[str, Any]

#: What a property says that says nothing.
_NOTHING = ("", "false", "none", "any", "0", "default", "notapplicable")


def unwrapped(value: Any) -> Any:
    """Return a value without what Windows PowerShell puts around some lists."""
    if isinstance(value, dict) and value.keys() == {"value", "Count"}:
        return value["value"]
    return value


def items_of(said: Properties, *names: str) -> tuple[str, ...]:
    """Return the items of the first property of these names that is there; any, and nothing, are no item."""
    value = unwrapped(first_of(said, *names))
    several = value if isinstance(value, list) else [] if value is None else str(value).split(",")
    words = (each.strip() if isinstance(each, str) else brief(each) for each in several)
    parts = [each for each in words if each]
    return () if [each.casefold() for each in parts] == ["any"] else tuple(parts)


def first_of(said: Properties, *names: str) -> Any:
    """Return the value of the first property of these names that is not null; ``None`` where there is none."""
    return next((said[name] for name in names if said.get(name) is not None), None)


def word_of(said: Properties, name: str, otherwise: str) -> str:
    """Return a property as a word in small letters."""
    value = said.get(name)
    return otherwise if value is None else str(value).casefold()


def says_something(value: Any) -> bool:
    """Whether a property says more than that there is nothing to say."""
    value = unwrapped(value)
    if isinstance(value, list | dict):
        return any(each is not None and brief(each).strip("'").casefold() not in _NOTHING for each in value)
    return value is not None and str(value).casefold() not in _NOTHING


def told(value: Any) -> str:
    """Return what a property says, for people: cut short, however large or deep it is."""
    value = unwrapped(value)
    return shortened(value, 200) if isinstance(value, str) else brief(value)


def flags_of(
    said: Properties, names: tuple[str, ...], bits: Mapping[int, Word], words: Mapping[str, Word]
) -> tuple[Word, ...]:
    """Return what a property of flags says, as a number, as words or as a list of both; nothing for all there are.

    Raises:
        ValueError: it says something else; names it.
    """
    found: dict[Word, None] = {}
    for each in items_of(said, *names):
        if each.casefold() in ("0", "any", "all", "default"):
            continue
        if each.isdecimal():
            found |= dict.fromkeys(_of_number(int(each), names[0], bits))
        else:
            found |= dict.fromkeys(known_words([each], words, names[0]))
    return () if len(found) == len(bits) else tuple(found)


def _of_number(number: int, name: str, bits: Mapping[int, Word]) -> Iterator[Word]:
    if number & ~sum(bits) and number != 0x7FFFFFFF:
        raise ValueError(f"its {name} is {number}, which is not known")
    yield from (word for bit, word in bits.items() if number & bit)
