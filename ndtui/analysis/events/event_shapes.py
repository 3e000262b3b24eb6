"""The texts of one event, and the shape that tells for all events of a kind which text is which field."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
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


class _Fields(NamedTuple):
    """Where the texts of fields come from: those that are always the same, and those between the tags."""

    constant: Mapping[str, str]
    names: Sequence[str]
    pick: Callable[[Sequence[str]], Sequence[str]]
    """Picks the texts of ``names``, in their order."""

    def filled(self, texts: Sequence[str]) -> Mapping[str, str]:
        """Return the text of each field."""
        return {**self.constant, **dict(zip(self.names, self.pick(texts), strict=True))}


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
        return Texts(self._found.filled(texts), [each.filled(texts) for each in self._listed], *self._rest)


def _fields(marked: Mapping[str, str], marks: Marks) -> _Fields:
    places = {name: marks.place(text) for name, text in marked.items()}
    constant = {name: marked[name] for name, place in places.items() if place is None}
    varying = {name: place for name, place in places.items() if place is not None}
    return _Fields(constant, tuple(varying), _picking(tuple(varying.values())))


def _picking(places: tuple[int, ...]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what picks the texts at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda texts: [texts[place] for place in places]  # of one, itemgetter returns no sequence
