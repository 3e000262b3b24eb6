"""Fields of events: numbers, programs and layers, as netsh and the event log write them."""

from functools import lru_cache

from ndtui.common.text import in_quotes, visible
from ndtui.model.compiled.read_documents import blob_text
from ndtui.model.vocabulary.layer_ids import LAYER_BY_ID


class BadFieldError(ValueError):
    """A field does not hold what it has to; says which and what it holds."""


#: The digits of the largest number of 64 bits, and how much of what is none an error shows.
_MOST_DIGITS, _SHOWN = 20, 40


def number(text: str | None, name: str, bits: int) -> int | None:
    """Return a number of so many bits; ``None`` where there is none, or a dash.

    Raises:
        BadFieldError: it is none.
    """
    if text is None:
        return None
    digits = text if text.isdigit() else text.strip()
    if digits in ("", "-"):
        return None
    if len(digits) <= _MOST_DIGITS and digits.isascii() and digits.isdigit() and (found := int(digits)) >> bits == 0:
        return found
    raise BadFieldError(
        f"an event has the {name} {in_quotes(visible(digits[:_SHOWN]))}, which is no number of {bits} bits"
    )


@lru_cache(maxsize=4096)
def program_path(data: str, readable: str) -> str:
    """Return the path of a program from a blob: of its bytes in hexadecimal, or of the text beside them.

    netsh writes that text with a dot for every byte that is no character.
    """
    return blob_text({"data": data.strip(), "asString": readable.strip()})


def said(text: str | None) -> str:
    """Return what a field says; a dash says nothing."""
    stripped = "" if text is None else text.strip()
    return "" if stripped == "-" else stripped


def layer_of(layer_id: int | None) -> str:
    """Return the full name of a layer by its run-time identifier; empty where it is not known."""
    return "" if layer_id is None else LAYER_BY_ID.get(layer_id, "")
