"""Designs as JSON: read and written many times as fast as TOML, for files that no person edits."""

import json

from ndtui.common.errors import InputError
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import design_data, design_from, reading_back


def format_json(design: Design) -> str:
    """Return a design as JSON.

    Raises:
        RefusedError: what would be written does not read back as the design; names the first place that differs.
    """
    return reading_back(json.dumps(design_data(design)) + "\n", design, parse_json)


def parse_json(text: str, where: str) -> Design:
    """Return the Design of a JSON text; ``where`` names the file in errors.

    Raises:
        InputError: one line with the file, the field, what is wrong and what would be right.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where} is no JSON that can be read", remedy="is it cut off?") from None
    if not isinstance(data, dict):
        raise InputError(f"{where} holds no JSON object", remedy="is it the file you meant?")
    return design_from(data, where)
