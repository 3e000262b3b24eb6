"""JSON from outside, read within bounds: no number, nesting or text that what works with it could not take."""

import json
import re
from collections import Counter
from math import isfinite
from typing import NoReturn

from ndtui.common.errors import InputError
from ndtui.common.text import brief

#: Digits of the largest number there is in what we read: one of 64 bits.
MAX_DIGITS = 20

_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_MEANT = "is it the file you meant?"


def load_json(text: str, where: str) -> object:
    """Return what a JSON text says; ``where`` names it in errors.

    Raises:
        InputError: it is no JSON, says where; or beyond the bounds.
    """
    integer = _integer if _LONG_NUMBER.search(text) else int
    try:
        document: object = json.loads(
            text, parse_int=integer, parse_float=_finite, parse_constant=_no_number, object_pairs_hook=_named_once
        )
        if _HALF_A_CHARACTER.search(text):
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        hint = "the file ends there, is it cut off?" if cut else "it is no JSON there"
        raise InputError(f"{where}: line {error.lineno}: {error.msg} (column {error.colno}): {hint}") from None
    except RecursionError:
        raise InputError(f"{where} is no JSON that can be read: nested too deeply", remedy=_MEANT) from None
    except UnicodeEncodeError:
        raise InputError(f"{where} holds half a character (\\ud800 to \\udfff)", remedy=_MEANT) from None
    except ValueError as error:
        raise InputError(f"{where} is no JSON that can be read: {error}", remedy=_MEANT) from None
    return document


def _named_once(members: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; of two members of one name a person would read the one, and a program take the other."""
    made = dict(members)
    if len(made) != len(members):
        twice = next(name for name, often in Counter(name for name, _ in members).items() if often > 1)
        raise ValueError(f"an object in it has {brief(twice)} twice")
    return made


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits.lstrip('-'))} digits is too long")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError("a number in it is too large")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
