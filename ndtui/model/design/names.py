"""What a name and a longer text of a design may hold.

That Windows refuses unprintable characters: FWP_E_INVALID_PARAMETER,
https://learn.microsoft.com/windows/win32/fwp/wfp-error-codes
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from ndtui.common.text import is_hostile

MAX_NAME = 512


def _one_line(value: str) -> str:
    if not value.isprintable():
        for character in value:
            if is_hostile(character):
                raise ValueError(
                    f"has the unprintable character U+{ord(character):04X}, which Windows refuses "
                    "(FWP_E_INVALID_PARAMETER): leave it out"
                )
    return value


def _named(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty, and Windows refuses an object without a name (FWP_E_NULL_DISPLAY_NAME)")
    return value


def _some_lines(value: str) -> str:
    for character in value:
        if character not in "\n\t" and is_hostile(character):
            raise ValueError(f"has the unprintable character U+{ord(character):04X}: leave it out")
    return value


Line = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_one_line)]
"""A text of one line, of which each use says itself what it may not be."""

Name = Annotated[Line, AfterValidator(_named)]
"""The name of an object."""
Prose = Annotated[str, Field(max_length=8192), AfterValidator(_some_lines)]
