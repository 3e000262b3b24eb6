"""Fields of events: numbers, programs and layers, as netsh and the event log write them."""

from functools import lru_cache

from ndtui.common.text import visible
from ndtui.model.compiled.read_documents import blob_text
from ndtui.model.vocabulary.layer_ids import LAYER_BY_ID


class BadFieldError(ValueError):
    """A field does not hold what it has to; says which and what it holds."""


def number(text: str | None, name: str, bits: int) -> int | None:
    """Return a number of so many bits; ``None`` where there is none, or a dash.

    Raises:
        BadFieldError: it is none.
    """
    if text is None:
        return None
    return _number(text if len(text) <= _LONGEST_NUMBER else text.strip()[:_LONGEST_NUMBER], name, bits)


_LONGEST_NUMBER = 40


@lru_cache(maxsize=1 << 16)
def _number(text: str, name: str, bits: int) -> int | None:
    stripped = text.strip()
    if stripped in ("", "-"):
        return None
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= 20 and (found := int(stripped)) >> bits == 0:
        return found
    raise BadFieldError(f"an event has the {name} {visible(stripped)!r}, which is no number of {bits} bits")


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
