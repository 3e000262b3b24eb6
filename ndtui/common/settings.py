"""Settings: what a person who uses the program has chosen for all designs. One TOML file holds them.

Which themes, tables, actions and backends there are is not known here: whoever has them looks at the names.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Glyphs = Literal["auto", "unicode", "ascii"]
Layout = Literal["us", "ru", "ua", "gr"]

#: An action has no more keys, and a table no more columns.
MOST_KEYS, MOST_COLUMNS = 8, 32

Word = Annotated[str, Field(min_length=1, max_length=200)]
_Value = TypeVar("_Value")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Key = Annotated[str, Field(min_length=1, max_length=40)]
Keys = Annotated[
    tuple[_Key, ...],
    Field(min_length=1, max_length=MOST_KEYS),
    BeforeValidator(_as_list),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 40},
                {"type": "array", "minItems": 1, "maxItems": MOST_KEYS, "items": {"type": "string", "maxLength": 40}},
            ]
        }
    ),
]
Columns = Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_COLUMNS)]


def _count(default: int, description: str, *, least: int = 0, most: int = 1_000_000) -> Any:
    return Field(default=default, ge=least, le=most, strict=True, description=description)


class _Part(BaseModel):
    """Immutable; an unknown name is an error rather than a silent loss."""

    # The schema is built when a file is read, not when the program starts without one.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Thresholds(_Part):
    """Sizes from which on work is done beside the rest, so that keys are answered meanwhile."""

    check_at_once: int = _count(300, "Up to so many exemptions the checker runs at every edit; beyond, when keys rest.")
    trace_at_once: int = _count(2000, "Up to so many filters a first trace is made at once; beyond, beside the rest.")


class Settings(_Part):
    """Everything that can be chosen. ``DEFAULTS`` is what holds without a file."""

    theme: Word = Field(default="auto", description="Colours; auto takes what the terminal tells of itself.")
    glyphs: Glyphs = Field(
        default="auto", description="Signs and frames: unicode, ascii, or auto, which is what the terminal can show."
    )
    layout: Layout = Field(
        default="us",
        description="The keyboard: on ru, ua and gr letters are read by where they stand on a US keyboard.",
    )
    backend: Word = Field(
        default="store", description="What designs are applied to where --backend names nothing else."
    )
    preset: Word = Field(
        default="nd-transport", description="The design that ndtui opens when none is named: a preset or a file."
    )
    editor: str = Field(
        default="", max_length=500, description="The command that E opens a design with; empty: VISUAL, then EDITOR."
    )
    confirm_seconds: int = _count(
        90, "How long the designer waits for a confirmation unless you say otherwise.", least=5, most=3600
    )
    keys: Mapping[str, Mapping[str, Keys]] = Field(
        default_factory=dict, description="Keys of your own, by scope and action: ndtui keys lists both."
    )
    columns: Mapping[str, Columns] = Field(
        default_factory=dict, description="Of a table, by its name, which columns stand there and in which order."
    )
    thresholds: Thresholds = Field(
        default_factory=Thresholds.model_construct, description="Sizes from which on work is done beside the rest."
    )


#: What holds without a file. Made without validation, for which the start would have to wait.
DEFAULTS = Settings.model_construct()
