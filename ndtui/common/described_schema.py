"""Descriptions in a JSON Schema: every member of an object says what it means."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def describe(schema: Schema, texts: Mapping[str, str]) -> None:
    """Put a description beside each member of an object's schema; one that has none, or is none, is an error.

    Raises:
        KeyError: the texts and the members are not the same.
    """
    members = schema.get("properties", {})
    if members.keys() != texts.keys():
        raise KeyError(f"{schema.get('title')}: described is {sorted(texts)}, and there is {sorted(members)}")
    for name, text in texts.items():
        members[name]["description"] = text
