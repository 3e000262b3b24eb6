"""Differences: where two designs do not say the same, decision by decision."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ndtui.common.text import brief
from ndtui.model.design.design import Design

#: What the tables of an array are known by: exemptions by name, assertions by their traffic, suppressions by the id.
_NAMING = ("name", "traffic", "id")


class Difference(NamedTuple):
    """One place that differs, and what each side says there; ``None`` where it says nothing."""

    place: str
    first: object
    second: object

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.place}: {said(self.first)}, and {said(self.second)}"


def said(value: object) -> str:
    """Return what one side says, in a few words."""
    return "nothing" if value is None else brief(value)


def differences(first: Design, second: Design) -> list[Difference]:
    """Return every place in which two designs differ, in the order of the first; takes time in proportion to both."""
    if first == second:
        return []
    return list(_between("", first.model_dump(mode="json"), second.model_dump(mode="json")))


def _between(place: str, first: Any, second: Any) -> Iterator[Difference]:
    if isinstance(first, list) and isinstance(second, list):
        one, other = _by_name(first), _by_name(second)
        if one is not None and other is not None:
            yield from _in_each(place, one, other, "{}[{}]")
            if list(one) != list(other) and one.keys() == other.keys():
                yield Difference(f"{place}: the order", ", ".join(one), ", ".join(other))
            return
    if isinstance(first, dict) and isinstance(second, dict):
        yield from _in_each(place, first, second, "{}.{}" if place else "{}{}")
    elif first != second:
        yield Difference(place, first, second)


def _in_each(place: str, first: dict[str, Any], second: dict[str, Any], form: str) -> Iterator[Difference]:
    for name in {**first, **second}:
        yield from _between(form.format(place, name), first.get(name), second.get(name))


def _by_name(values: list[Any]) -> dict[str, Any] | None:
    """Return the tables of an array by what each is known by; ``None`` where that does not tell all of them apart."""
    named = {
        next((str(value[key]) for key in _NAMING if key in value), ""): value
        for value in values
        if isinstance(value, dict)
    }
    return named if len(named) == len(values) and "" not in named else None
