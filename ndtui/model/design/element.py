"""What every element of a Design has in common: frozen, nothing unknown, constants by their SDK name."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ndtui.common.suggestion import near
from ndtui.common.text import brief
from ndtui.model.vocabulary import members


class Element(BaseModel):
    """A part of a Design: immutable, and an unknown key is an error rather than a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return its JSON Schema, in which every key says what it means."""
        from ndtui.common.described_schema import describe  # noqa: PLC0415 - only schemas need the texts
        from ndtui.model.design.descriptions import DESCRIPTIONS  # noqa: PLC0415

        schema = handler(core)
        describe(handler.resolve_ref_schema(schema), DESCRIPTIONS[cls.__name__])
        return schema


def is_empty(value: object) -> bool:
    """Tell whether nothing is said: what versions before 0.3 do not know stands in a document only where it is used."""
    return not value


class Constant:
    """Annotation of a field that holds a constant of an SDK enumeration by its full name.

    ``allowed`` narrows it to some members; left out, all of them are.
    """

    def __init__(self, enumeration: str, *allowed: str) -> None:
        self.enumeration = enumeration
        self.names = allowed or tuple(members(enumeration))

    def check(self, value: str) -> str:
        """Return the name, or raise a ValueError that says which may be meant, or lists what can be used."""
        if value not in self.names:
            meant = near(value, self.names) or f"choose {', '.join(self.names)}"
            raise ValueError(f"{brief(value)} is no {self.enumeration} that can be used here: {meant}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": [*self.names]}


def in_order(value: object, order: Sequence[str], twice: str) -> object:
    """Return a list of choices in their usual order; one named twice is a ValueError that says ``twice``.

    Anything else than a list of texts is left for the validator that follows.
    """
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        return value
    if len(set(value)) != len(value):
        raise ValueError(twice)
    return tuple(sorted(value, key=lambda item: order.index(item) if item in order else len(order)))
