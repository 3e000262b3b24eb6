"""A form as data: what can be entered, what its state means, and what taking it would do.

The screen that shows one knows nothing of what it edits. Values are plain: a text, the id of an option, the ids of
those that are ticked, or the items of a list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

Made = TypeVar("Made")
Values: TypeAlias = Mapping[str, Any]


class IncompleteError(ValueError):
    """Nothing is wrong with what was entered, but something is missing yet."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that can be chosen, and what it means."""

    id: str
    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class TextField:
    """A line of text; ``hint`` stands where nothing is written."""

    id: str
    label: str
    help: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One option of several."""

    id: str
    label: str
    options: tuple[Option, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class TicksField:
    """Any number of options."""

    id: str
    label: str
    options: tuple[Option, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class ListField:
    """Items in order; ``words`` says what one is, ``form`` edits one, or with ``None`` a new one."""

    id: str
    label: str
    words: Callable[[Any], str]
    form: Callable[[Any | None], "Form[Any]"]
    help: str = ""


Field: TypeAlias = TextField | ChoiceField | TicksField | ListField


def _nothing(_changed: str, _values: Values) -> Values:
    return {}


@dataclass(frozen=True)
class Form(Generic[Made]):
    """Fields with what they hold at first, and what is made of them.

    ``make`` returns what the form is for, or raises a ``ValueError`` that says what is wrong (an ``IncompleteError``,
    what is missing); ``effect`` says what taking it would do. ``follow`` returns what other fields hold after one has
    changed. ``focus`` is the field to start at; ``new`` says that what it makes is not there yet, in any form.
    """

    title: str
    fields: tuple[Field, ...]
    values: Values
    make: Callable[[Values], Made]
    effect: Callable[[Made], str]
    follow: Callable[[str, Values], Values] = _nothing
    focus: str = ""
    new: bool = False
