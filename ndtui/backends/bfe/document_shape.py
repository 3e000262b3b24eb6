"""The shape of documents: read back from where they are stored, and held against it before they are stored.

``model.compiled.document_types`` has the shapes. Members of other names are kept as they are. Of a provider context's
policy only the numbers are looked at: members may be missing, as in Windows' structures, where they are zero then, and
flags may be a number.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints, is_typeddict

from pydantic_core import ErrorDetails, SchemaValidator, ValidationError, core_schema, from_json

from ndtui.model.compiled.document_types import (
    Document,
    FilterDocument,
    Kind,
    ProviderContextDocument,
    ProviderDocument,
    SubLayerDocument,
)

_SHAPES: Mapping[Kind, object] = {
    "provider": ProviderDocument,
    "subLayer": SubLayerDocument,
    "providerContext": ProviderContextDocument,
    "filter": FilterDocument,
}


class ShapeError(ValueError):
    """A document that has not the shape of its kind: which member, and what is wrong with it."""

    def __init__(self, member: str, problem: str, *, number: bool = False) -> None:
        super().__init__(f"{member}: {problem}" if member else problem)
        self.number = number
        """Whether there has to be a number."""


def read_document(kind: Kind, text: str) -> Document:
    """Return a document from its JSON, with its members in the order in which they stand there.

    Raises:
        ShapeError: it is none of its kind.
    """
    try:
        found = from_json(text)
    except ValueError as error:
        raise ShapeError("", str(error)) from None
    if not isinstance(found, dict):
        raise ShapeError("", "Input should be an object")
    wrong = misfit(kind, found)
    if wrong is not None:
        raise wrong
    return cast("Document", found)


def misfit(kind: Kind, document: object) -> ShapeError | None:
    """Return where a document has not the shape of its kind; ``None`` where it has."""
    validator = _validator(_SHAPES[kind])
    if validator.isinstance_python(document):
        return None
    try:
        validator.validate_python(document)
    except ValidationError as error:
        for wrong in _problems(kind, error):
            member = ".".join(map(str, wrong["loc"]))
            return ShapeError(member, wrong["msg"], number=wrong["type"].startswith("int_"))
    return None


def fits(shape: object, value: object) -> bool:
    """Tell whether a part of a document has the shape of a type of ``document_types``."""
    return _validator(shape).isinstance_python(value)


@cache
def _validator(shape: object) -> SchemaValidator:
    definitions: dict[str, core_schema.CoreSchema] = {}
    schema = _schema(shape, definitions)
    return SchemaValidator(core_schema.definitions_schema(schema, list(definitions.values())))


def _schema(shape: Any, definitions: dict[str, core_schema.CoreSchema]) -> core_schema.CoreSchema:
    """Return what pydantic's core checks for a type of a document; typed dictionaries are put into ``definitions``.

    ``TypeAdapter`` does the same from Python 3.12 on.
    """
    if is_typeddict(shape):
        if shape.__name__ not in definitions:
            definitions[shape.__name__] = core_schema.any_schema()  # one that holds itself refers to it by name
            fields = {
                name: core_schema.typed_dict_field(_schema(each, definitions), required=name in shape.__required_keys__)
                for name, each in get_type_hints(shape).items()
            }
            definitions[shape.__name__] = core_schema.typed_dict_schema(
                fields, strict=True, extra_behavior="ignore", ref=shape.__name__
            )
        return core_schema.definition_reference_schema(shape.__name__)
    if isinstance(shape, UnionType):
        return core_schema.union_schema([_schema(each, definitions) for each in get_args(shape)], mode="left_to_right")
    if get_origin(shape) is list:
        return core_schema.list_schema(_schema(get_args(shape)[0], definitions), strict=True)
    plain = {str: core_schema.str_schema(strict=True), int: core_schema.int_schema(strict=True)}
    return plain.get(shape, core_schema.none_schema())


def _problems(kind: Kind, error: ValidationError) -> Iterator[ErrorDetails]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        within_policy = kind == "providerContext" and len(each["loc"]) > 1 and each["loc"][0] != "displayData"
        if not within_policy or each["type"].startswith("int_"):
            yield each
