"""Whether plain data has the shape that a typed dictionary declares."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from ndtui.model.compiled.document_types import (
    FilterDocument,
    Kind,
    ProviderContextDocument,
    ProviderDocument,
    SubLayerDocument,
)

SHAPES: dict[Kind, type] = {
    "provider": ProviderDocument,
    "subLayer": SubLayerDocument,
    "providerContext": ProviderContextDocument,
    "filter": FilterDocument,
}


def misfits(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Return where a value is not of a shape: a typed dictionary, a list, a union, a literal or a plain type."""
    origin = get_origin(shape)
    if origin is NotRequired:
        yield from misfits(value, get_args(shape)[0], path)
    elif is_typeddict(shape):
        yield from _misfitting_members(value, shape, path)
    elif origin is list and isinstance(value, list):
        for number, item in enumerate(value):
            yield from misfits(item, get_args(shape)[0], f"{path}[{number}]")
    elif origin in (Union, UnionType):
        if all(list(misfits(value, each)) for each in get_args(shape)):
            yield f"{path} is {value!r}"
    elif origin is Literal:
        if value not in get_args(shape):
            yield f"{path} is {value!r}"
    elif type(value) is not shape:
        yield f"{path} is {value!r}"


def _misfitting_members(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is {value!r}"
        return
    declared = get_type_hints(shape, include_extras=True)
    yield from (f"{path} lacks {name}" for name in shape.__required_keys__ - value.keys())
    for name, member in value.items():
        if name in declared:
            yield from misfits(member, declared[name], f"{path}.{name}")
        else:
            yield f"{path} has {name}"
