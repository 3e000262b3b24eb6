"""A form as data: what can be entered, what its state means, and what taking it would do.

The screen that shows one knows nothing of what it edits. Values are plain: a text, the id of an option, the ids of
those that are ticked, or the items of a list.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

Made = TypeVar("Made")
Values: TypeAlias = Mapping[str, Any]


class IncompleteError(ValueError):
    """Nothing is wrong with what was entered, but something is missing yet."""


def typed_name(written: str, before: str) -> str:
    """Return the name that a field holds, without blanks around it; one that was not touched is as it was before."""
    return written if written == before else written.strip()


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that can be chosen, and what it means; ``note`` is said of it where it stands.

    ``brings`` are the algorithms that come with it, where it is a set of them.
    """

    id: str
    title: str
    help: str = ""
    note: str = ""
    brings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextField:
    """A line of text; ``hint`` stands where nothing is written."""

    id: str
    label: str
    help: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One option of several; one that ``folds`` shows only what is chosen while keys go elsewhere."""

    id: str
    label: str
    options: tuple[Option, ...]
    help: str = ""
    folds: bool = False


@dataclass(frozen=True, slots=True)
class TicksField:
    """Any number of options, beside each other or ``below`` each other."""

    id: str
    label: str
    options: tuple[Option, ...]
    help: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class ListField:
    """Items in order; ``words`` says what one is.

    ``form`` edits one, or with ``None`` a new one; it is told what the other fields hold. ``empty`` stands where there
    is no item.
    """

    id: str
    label: str
    words: Callable[[Any], str]
    form: Callable[[Any | None, Values], "Form[Any]"]
    help: str = ""
    empty: str = "none"


@dataclass(frozen=True, slots=True)
class PartsField:
    """A thing of several parts, each of which has a form of its own, by its id, that makes the whole thing anew."""

    id: str
    label: str
    parts: Callable[[Any], Sequence[Option]]
    form: Callable[[str, Any], "Form[Any]"]
    help: str = ""


Field: TypeAlias = TextField | ChoiceField | TicksField | ListField | PartsField


def _nothing(_changed: str, _values: Values) -> Values:
    return {}


def _all(_values: Values) -> Collection[str]:
    return ()


def _none(_values: Values) -> Mapping[tuple[str, str], str]:
    return {}


def _no_work(_made: Any) -> None:
    return None


@dataclass(frozen=True)
class Form(Generic[Made]):
    """Fields with what they hold at first, and what is made of them.

    ``make`` returns what the form is for, or raises a ``ValueError`` that says what is wrong (an ``IncompleteError``,
    what is missing); ``effect`` says what taking it would do. ``follow`` returns what other fields hold after one has
    changed. ``focus`` is the field to start at, and ``place`` the item or the part of it where it has several; ``new``
    says that what it makes is not there yet, in any form.
    ``hide`` returns the fields, and the options that can be ticked, which do not apply to what the others hold;
    ``refuse`` the options that cannot be chosen beside it, by their field and their id, each with the reason.
    ``reading`` returns what has to be read before it is taken, where something has: a work that takes time, and raises
    an ``NdtuiError`` that says why it is not taken.
    """

    title: str
    fields: tuple[Field, ...]
    values: Values
    make: Callable[[Values], Made]
    effect: Callable[[Made], str]
    follow: Callable[[str, Values], Values] = _nothing
    focus: str = ""
    place: int = 0
    new: bool = False
    hide: Callable[[Values], Collection[str]] = _all
    refuse: Callable[[Values], Mapping[tuple[str, str], str]] = _none
    reading: Callable[[Made], Callable[[], object] | None] = _no_work
