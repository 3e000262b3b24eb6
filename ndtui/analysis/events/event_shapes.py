"""The texts of one event, and the shape that tells for all events of a kind which text is which field."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ndtui.analysis.dump.known_shapes import Marks

#: Where an event begins.
BEGIN = re.compile(r"<item>\s*<header>|<netEvent>|<Event[ >]")
#: Elements of an event of a log whose attributes are others in each event.
VARYING = {"<Event": ("<TimeCreated ", "<Execution ", "<Correlation ")}


class Texts(NamedTuple):
    """The texts of one event: by field, those of each item of a list, and the element that was noted."""

    found: Mapping[str, str]
    listed: Sequence[Mapping[str, str]]
    noted: str
    in_item: bool
    of_log: bool
    """Whether it is one of the event log."""

    @property
    def tag(self) -> str:
        """The name of its element."""
        return "Event" if self.of_log else "item" if self.in_item else "netEvent"


class _Field(NamedTuple):
    """Where a field's text comes from: one of those between the tags, or always the same."""

    name: str
    place: int
    constant: str


class EventShape:
    """What the events of a shape have in common; ``marked`` is one with marks for its texts.

    Raises:
        ValueError: a field is made of several texts.
    """

    def __init__(self, marked: Texts, marks: Marks) -> None:
        self._found = _fields(marked.found, marks)
        self._listed = [_fields(each, marks) for each in marked.listed]
        self._rest = marked[2:]

    def texts(self, texts: Sequence[str]) -> Texts:
        """Return one event, of the texts between its tags."""
        return Texts(_filled(self._found, texts), [_filled(each, texts) for each in self._listed], *self._rest)


def _fields(texts: Mapping[str, str], marks: Marks) -> tuple[_Field, ...]:
    places = ((name, marks.place(text), text) for name, text in texts.items())
    return tuple(_Field(name, -1, text) if place is None else _Field(name, place, "") for name, place, text in places)


def _filled(fields: tuple[_Field, ...], texts: Sequence[str]) -> Mapping[str, str]:
    return {name: texts[place] if place >= 0 else constant for name, place, constant in fields}
