"""Filters that differ in a few members alone, as JSON: what they share is written once, and read once.

The filters of ten thousand exemptions are alike at each layer but for their key, names, conditions and weight. Where a
text is what they share, with JSON in each place between, it is the JSON of a filter that has just those members: no
text can be read in two ways.
"""

from collections.abc import Mapping

from pydantic_core import from_json, to_json

from ndtui.backends.bfe.document_shape import fits
from ndtui.model.compiled.document_types import ConditionDocument, DisplayData, ValueDocument

#: The members in which filters that are alike differ: those that are texts, and the others with their shapes.
TEXTS = ("filterKey", "origin")
SHAPES: Mapping[str, object] = {
    "displayData": DisplayData,
    "filterCondition": list[ConditionDocument],
    "effectiveWeight": ValueDocument,
}


class FilterTemplate:
    """The JSON of filters that are like one, with a place for each member that differs."""

    def __init__(self, document: Mapping[str, object]) -> None:
        parts = ["{"]
        self._places: list[tuple[int, str]] = []
        """Where each member that differs stands among the parts, in their order."""
        for number, (name, value) in enumerate(document.items()):
            parts[-1] += f'{"," if number else ""}"{name}":'
            if name in TEXTS or name in SHAPES:
                self._places.append((len(parts), name))
                parts += ["", ""]
            else:
                parts[-1] += to_json(value).decode()
        parts[-1] += "}"
        self._parts = parts
        self._document = dict(document)

    def text(self, own: Mapping[str, str]) -> str:
        """Return the JSON of a filter, by that of each member that differs."""
        parts = self._parts.copy()
        for place, name in self._places:
            parts[place] = own[name]
        return "".join(parts)

    def read(self, text: str, known: dict[tuple[str, str], object]) -> dict[str, object] | None:
        """Return a filter from its JSON; ``None`` where it is not like this one, or is of another shape.

        ``known`` are members that were read, by their name and JSON: what is the same again and again is shared.
        """
        parts = self._parts
        if not (text.startswith(parts[0]) and text.endswith(parts[-1])):
            return None
        document = self._document.copy()
        at, last = len(parts[0]), len(text) - len(parts[-1])
        for place, name in self._places:
            behind = parts[place + 1]
            end = text.find(behind, at) if place + 2 < len(parts) else last
            if end < 0:
                return None
            piece = text[at:end]
            at = end + len(behind)
            if name in TEXTS:
                value: object = piece[1:-1]
                if piece != f'"{value}"' or '"' in piece[1:-1] or "\\" in piece or not piece.isprintable():
                    return None
            elif (name, piece) in known:
                value = known[name, piece]
            else:
                value = _member(name, piece)
                if value is None:
                    return None
                known[name, piece] = value
            document[name] = value
        return document


def _member(name: str, piece: str) -> object:
    """Return a member from its JSON; ``None`` where it has not its shape."""
    try:
        value: object = from_json(piece)
    except ValueError:
        return None
    return value if fits(SHAPES[name], value) else None
