"""Names of rules that anyone could type: letters, digits, blanks, dots and dashes, and a number."""

import re

from ndtui.model.design.design import Design

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_MOST = 40
#: What may stand in a description; anything else is shown as an underscore.
_UNSHOWN = re.compile(r"[^A-Za-z0-9 .,:()'/+_-]")
_MOST_SHOWN = 200


def stem_of(design: Design) -> str:
    """Return what the names of all rules of a design begin with; two designs of one such name are told apart."""
    plain = _OTHER.sub(" ", design.name).strip()[:_MOST].strip()
    known = plain if plain == design.name else f"{plain} {design.id.hex[:6]}".strip()
    return f"ndtui {known}"


def description(text: str) -> str:
    """Return text for people as the description of a rule."""
    return _UNSHOWN.sub("_", text)[:_MOST_SHOWN]
