"""Differences: where two designs do not say the same, decision by decision."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from ndtui.common.text import brief, shortened, visible
from ndtui.model.design.design import Design

#: What the tables of an array are known by: exemptions by name, assertions by their traffic, suppressions by the id.
_NAMING = ("name", "traffic", "id")
#: What is said in one place may have so many characters before the middle is left out.
_LONGEST = 400
#: The same of a text that a person wrote, beside what it is compared with.
_LONGEST_TEXT = 80


class Difference(NamedTuple):
    """One place that differs, and what each side says there; ``None`` where it says nothing.

    ``element`` is what it belongs to: the list, and what the element is known by there; ``None`` outside of such lists.
    """

    place: str
    first: object
    second: object
    element: tuple[str, str] | None = None

    def __str__(self) -> str:
        """Return it in one line, each side as it would stand in a program."""
        first, second = ("nothing" if side is None else brief(side) for side in (self.first, self.second))
        return f"{self.place}: {first}, and {second}"


def said(value: object) -> str:
    """Return what one side says, as a person says it; of what has members those that say something."""
    text = in_words(value)
    return visible(shortened(text, _LONGEST_TEXT) if isinstance(value, str) else text)


def in_words(value: object) -> str:
    """Return the same as it was written, whatever characters it has."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        members = (f"{name} {in_words(each)}" for name, each in value.items() if each and name != "name")
        return shortened("; ".join(members), _LONGEST) or "there"
    if isinstance(value, list):
        return shortened(", ".join(map(in_words, value)), _LONGEST) or "none"
    return shortened(" ".join(str(value).split()), _LONGEST) or "nothing"


def differences(first: Design, second: Design) -> list[Difference]:
    """Return every place in which two designs differ, in the order of the first; takes time in proportion to both."""
    if first == second:
        return []
    return list(_between("", first.model_dump(mode="json"), second.model_dump(mode="json")))


def _between(place: str, first: Any, second: Any) -> Iterator[Difference]:
    if isinstance(first, list) and isinstance(second, list):
        one, other = _by_name(first), _by_name(second)
        if one is not None and other is not None:
            for name in {**one, **other}:
                found = _between(f"{place}[{name}]", one.get(name), other.get(name))
                yield from (each._replace(element=(place, name)) for each in found)
            if list(one) != list(other) and one.keys() == other.keys():
                yield Difference(f"{place}: the order", ", ".join(one), ", ".join(other))
            return
        if all(isinstance(each, dict) for each in (*first, *second)):
            yield from _by_number(place, first, second)
            return
    if isinstance(first, dict) and isinstance(second, dict):
        for name in {**first, **second}:
            yield from _between(f"{place}.{name}" if place else name, first.get(name), second.get(name))
    elif first != second:
        yield Difference(place, first, second)


def _by_number(place: str, first: list[Any], second: list[Any]) -> Iterator[Difference]:
    """Yield what differs in tables that have no names: those that only one side has, one against the other.

    A place has the number, from 0, that the table has on the second side, or on the first where it is gone.
    """
    gone = [(number, each) for number, each in enumerate(first) if each not in second]
    come = [(number, each) for number, each in enumerate(second) if each not in first]
    for old, new in zip_longest(gone, come):
        number = (new or old)[0]
        yield from _between(f"{place}[{number}]", old and old[1], new and new[1])
    if not gone and not come and first != second:
        yield Difference(f"{place}: the order", _numbers(first, first), _numbers(second, first))


def _numbers(values: list[Any], known: list[Any]) -> str:
    return ", ".join(str(known.index(each)) for each in values)


def _by_name(values: list[Any]) -> dict[str, Any] | None:
    """Return the tables of an array by what each is known by; ``None`` where that does not tell all of them apart."""
    named = {
        next((str(value[key]) for key in _NAMING if key in value), ""): value
        for value in values
        if isinstance(value, dict)
    }
    return named if len(named) == len(values) and "" not in named else None
