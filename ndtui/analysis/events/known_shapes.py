"""Events of a shape that was met before, read without calling back for every element.

Windows writes thousands of events that differ in nothing but their texts, and those of a log in a few attributes too.
What stands between the texts, the tags, is the shape of an event. A shape met for the first time is read by the parser
with a mark in place of each text, and tells which text is which field. An event of a known shape is then cut apart at
its tags; the parser is given a placeholder with as many line ends, and says by that whether an event may stand there.
So nothing is read that the parser would refuse or read otherwise: a text with a reference (``&``) goes to the parser,
and so does one with a character that XML does not have, and all that follows a comment, which Windows never writes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from secrets import token_hex
from typing import NamedTuple

_BEGIN = re.compile(r"<item>\s*<header>|<netEvent>|<Event[ >]")
_BETWEEN_TAGS = re.compile(r">([^<]*)<")
#: Elements of an event of a log whose attributes are others in each event.
_VARYING = ("<TimeCreated ", "<Execution ", "<Correlation ")
#: What stands for the value of an attribute in a shape: a character that no tag has.
_ANY = "\x01"
#: Bytes that no XML in UTF-8 has.
_NO_XML = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_LONGEST = 64 * 1024
_MOST_SHAPES = 200


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


#: Reads one event as the parser does; ``None`` where it is none, or no proper XML.
Learn = Callable[[str], Texts | None]


class _Field(NamedTuple):
    """Where a field's text comes from: one of those between the tags, or always the same."""

    name: str
    place: int
    constant: str


class _Shape(NamedTuple):
    found: tuple[_Field, ...]
    listed: tuple[tuple[_Field, ...], ...]
    noted: str
    in_item: bool
    of_log: bool


class KnownShapes:
    """Takes events of known shapes out of a text, and gives them back when the parser meets their placeholders."""

    def __init__(self, learn: Learn) -> None:
        self._learn = learn
        self._secret = token_hex(8)
        self._mark = re.compile(rf"{self._secret}-([0-9]+);")
        self._shapes: dict[str, _Shape | None] = {}
        self._taken: dict[str, Texts] = {}
        self._rest = ""
        self._last = ""
        self._only_parser = False
        #: The element that stands for an event, with the attribute ``n``.
        self.placeholder = f"e{self._secret}"

    def take(self, text: str) -> str:
        """Return what the parser is to read of a text that goes on from the last one."""
        self._taken.clear()  # what the parser has not asked for stood where no event may
        text = self._rest + text
        self._look_for_others(text)
        begins = [] if self._only_parser else [match.start() for match in _BEGIN.finditer(text)]
        if not begins or not _may_be_cut(text):
            self._rest = ""
            return text
        parts = [text[: begins[0]]]
        parts += [self._taken_out(text[begin:end]) for begin, end in pairwise(begins)]
        self._rest = text[begins[-1] :]
        if len(self._rest) > _LONGEST:
            parts.append(self._rest)
            self._rest = ""
        return "".join(parts)

    def _look_for_others(self, text: str) -> None:
        """Leave everything to the parser from the first comment on, and the like: an event in it would be none."""
        if "!" in text or "?" in text:  # a character is found faster than two
            seen = self._last + text
            if "<!" in seen or seen.count("<?") != seen.count("<?xml "):
                self._only_parser = True
        self._last = text[-1:]

    def end(self) -> str:
        """Return what is left for the parser at the end."""
        rest, self._rest = self._rest, ""
        return rest

    def texts(self, number: str) -> Texts | None:
        """Return the event for which a placeholder stands; ``None`` where there is none."""
        return self._taken.pop(number, None)

    def _taken_out(self, event: str) -> str:
        """Return a placeholder for an event; the event itself where it is for the parser."""
        if len(event) > _LONGEST or "&" in event:
            return event
        if "\r" in event:
            event = event.replace("\r\n", "\n").replace("\r", "\n")  # as the parser does
        cut, values = _without_values(event) if event.startswith("<Event") else (event, [])
        tags, texts = _cut(cut)
        texts += values
        key = "\0".join(tags)  # a character that no tag has
        if key in self._shapes:
            shape = self._shapes[key]
        elif len(self._shapes) < _MOST_SHAPES:
            shape = self._shapes[key] = self._learned(tags)
        else:
            return event
        if shape is None:
            return event
        number = str(len(self._taken))
        self._taken[number] = Texts(
            {name: texts[place] if place >= 0 else constant for name, place, constant in shape.found},
            [
                {name: texts[place] if place >= 0 else constant for name, place, constant in each}
                for each in shape.listed
            ],
            shape.noted,
            shape.in_item,
            shape.of_log,
        )
        lines = event.count("\n")
        return f'<{self.placeholder} n="{number}"/>{lines * chr(10)}'

    def _learned(self, tags: Sequence[str]) -> _Shape | None:
        """Return a shape from what stands between its texts; ``None`` where its events are for the parser."""
        marked = [tags[0]]
        for place, tag in enumerate(tags[1:]):
            marked += [f">{self._secret}-{place};<", tag]
        first, *others = "".join(marked).split(_ANY)
        texts = self._learn(
            first + "".join(f"{self._secret}-{place};{each}" for place, each in enumerate(others, len(tags) - 1))
        )
        if texts is None:
            return None
        found = self._fields(texts.found)
        listed = [self._fields(each) for each in texts.listed]
        if found is None or None in listed:
            return None
        return _Shape(
            found, tuple(each for each in listed if each is not None), texts.noted, texts.in_item, texts.of_log
        )

    def _fields(self, texts: Mapping[str, str]) -> tuple[_Field, ...] | None:
        fields = []
        for name, text in texts.items():
            mark = self._mark.fullmatch(text)
            if mark is None and self._secret in text:
                return None  # made of several texts
            fields.append(_Field(name, -1, text) if mark is None else _Field(name, int(mark[1]), ""))
        return tuple(fields)


def _without_values(event: str) -> tuple[str, list[str]]:
    """Return an event with ``_ANY`` for the values of attributes that are others in each, and those, as they come."""
    pieces: list[str] = []
    values: list[str] = []
    done = 0
    for begin in sorted(map(event.find, _VARYING)):
        if begin >= 0:
            end = event.find(">", begin)
            tag = event[begin:end]
            mark = "'" if '"' not in tag else '"'
            between = tag.split(mark)
            # no value has a <, and ends of lines and tabs are blanks in one
            if len(between) % 2 and not ("<" in tag[1:] or "\n" in tag or "\t" in tag):
                values += between[1::2]
                pieces += (event[done:begin], f"{mark}{_ANY}{mark}".join(between[::2]))
                done = end
    return "".join((*pieces, event[done:])), values


def _cut(event: str) -> tuple[list[str], list[str]]:
    """Return the tags of an event, with what stands before and behind them, and the texts between."""
    if event.count("<") != event.count(">"):  # one stands in a text
        parts = _BETWEEN_TAGS.split(event)
        return parts[::2], parts[1::2]
    parts = event.replace("<", ">").split(">")
    tags = parts[1::2]
    tags[0] = f"{parts[0]}<{tags[0]}"
    tags[-1] = f"{tags[-1]}>{parts[-1]}"
    return tags, parts[2:-1:2]


def _may_be_cut(text: str) -> bool:
    """Tell whether a text has nothing in it that the parser has to look at."""
    if "]]>" in text or (not text.isascii() and ("\ufffe" in text or "\uffff" in text)):
        return False
    data = text.encode()
    return len(data.translate(None, _NO_XML)) == len(data)
