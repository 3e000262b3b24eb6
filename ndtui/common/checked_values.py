"""Values of somebody else's code, held against the types that a contract names, and copied: what they were stays there.

A copy consists of plain values and of the contract's own classes, so that nothing in it can raise, act or change later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

T = TypeVar("T")

#: Deeper than any document.
_DEEPEST = 64


def checked(value: object, kind: type[T]) -> T:
    """Return a copy of a value that is of a type: a plain one, a dataclass, a named tuple, or one made of these.

    Raises:
        TypeError: it is of another type, or something in it is.
        ValueError: something in it is beyond what can be shown.
    """
    return cast("T", _checked(value, kind))


def _checked(value: object, kind: Any) -> object:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _one_of(value, arguments)
    if origin is Literal:
        if type(value) is not str or value not in arguments:
            raise TypeError(f"there is {_kind_of(value)} where one of {', '.join(arguments)} is due")
        return value
    if origin in (tuple, list, Sequence):
        if not isinstance(value, list | tuple):
            raise _wrong(value, "a sequence")
        return tuple(_checked(each, arguments[0]) for each in value)
    if is_typeddict(kind):
        if not isinstance(value, dict):
            raise _wrong(value, "a dictionary")
        return plain(value)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        if not isinstance(value, kind):
            raise _wrong(value, kind.__name__)
        return kind(**{name: _checked(getattr(value, name), hint) for name, hint in _members(kind).items()})
    return _plain_of(value, kind)


@cache
def _members(kind: Any) -> Mapping[str, Any]:
    """Return the members of a class with their types."""
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else kind._fields
    return {name: hints[name] for name in names}


def _one_of(value: object, kinds: Sequence[Any]) -> object:
    if value is None and NoneType in kinds:
        return None
    problem: TypeError | None = None
    for kind in kinds:
        if kind is not NoneType:
            try:
                return _checked(value, kind)
            except TypeError as error:
                problem = error
    raise problem or _wrong(value, "nothing")


def _plain_of(value: object, kind: type) -> object:
    """Return a plain value of exactly one type; a whole number is a float too."""
    if kind is str and isinstance(value, str):
        return str.__str__(value)
    if kind is bytes and isinstance(value, bytes):
        return bytes.__getitem__(value, slice(None))
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return int.__int__(value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float.__float__(value) if isinstance(value, float) else float(value)
    raise _wrong(value, kind.__name__)


def plain(value: object, depth: int = 0) -> object:
    """Return a copy of data as JSON has it.

    Raises:
        TypeError: there is something else in it.
        ValueError: it is nested too deeply.
    """
    if depth > _DEEPEST:
        raise ValueError("what it returned is nested too deeply")
    if isinstance(value, dict):
        return {checked(name, str): plain(each, depth + 1) for name, each in dict.items(value)}
    if isinstance(value, list | tuple):
        return [plain(each, depth + 1) for each in value]
    if value is None:
        return None
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return _plain_of(value, kind)
    raise _wrong(value, "plain data")


def _wrong(value: object, due: str) -> TypeError:
    return TypeError(f"there is {_kind_of(value)} where {due} is due")


def _kind_of(value: object) -> str:
    return f"a value of type {type(value).__name__}"
