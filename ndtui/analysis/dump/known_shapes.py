"""Pieces of XML of a shape that was met before, read without calling back for every element.

Windows writes thousands of filters and events that differ in nothing but their texts, and in a few attributes. What
stands between the texts, the tags, is the shape of a piece. A shape met for the first time is read by the parser with a
mark in place of each text, and so tells which text is which. A piece of a known shape is then cut apart at its tags;
the parser is given a placeholder with as many line ends, and says by that whether such a piece may stand there. So
nothing is read that the parser would refuse or read otherwise: a text with a reference (``&``) goes to the parser, and
so does one with a character that XML does not have, and all that follows a comment, which Windows never writes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from secrets import token_hex
from typing import Generic, NamedTuple, TypeVar

Shape = TypeVar("Shape")

_BETWEEN_TAGS = re.compile(r">([^<]*)<")
#: What stands for the value of an attribute in a shape: a character that no tag has.
_ANY = "\x01"
#: Bytes that no XML in UTF-8 has.
_NO_XML = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_NO_BRACKETS = bytes({*range(0x100)} - {*b"<>"})
_LONGEST = 64 * 1024
_MOST_SHAPES = 200


class Marks:
    """The marks that stand for the texts of a piece: by its number each tells which text of those between the tags.

    A mark between two tags has a line end, so that the line of an element is the number of texts before it.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._mark = re.compile(rf"{secret}-([0-9]+);\n?")

    def between(self, place: int) -> str:
        """Return the mark for a text between two tags."""
        return f"{self.within(place)}\n"

    def within(self, place: int) -> str:
        """Return the mark for the value of an attribute."""
        return f"{self._secret}-{place};"

    def place(self, text: str) -> int | None:
        """Return which text a mark stands for; ``None`` for a text that is the same in every piece of the shape.

        Raises:
            ValueError: it is made of several texts.
        """
        mark = self._mark.fullmatch(text)
        if mark is None and self._secret in text:
            raise ValueError("a text is made of several")
        return None if mark is None else int(mark[1])


class Known(NamedTuple, Generic[Shape]):
    """A piece of a known shape: the texts between its tags, and then those of its attributes."""

    shape: Shape
    texts: Sequence[str]


class KnownShapes(Generic[Shape]):
    """Takes pieces of known shapes out of a text, and gives them back when the parser meets their placeholders.

    ``begin`` finds where a piece begins; all up to the next belongs to it. ``varying`` are elements, such as
    ``<TimeCreated ``, whose attributes are others in each piece, by what such a piece begins with. ``learn`` reads a
    piece with marks for its texts as the parser does, and returns its shape; ``None`` where it is none, or no proper
    XML.
    """

    def __init__(
        self,
        begin: re.Pattern[str],
        learn: Callable[[str, Marks], Shape | None],
        varying: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        secret = token_hex(8)
        self._begin = begin
        self._learn = learn
        self._varying = varying or {}
        self._marks = Marks(secret)
        self._shapes: dict[str, Shape | None] = {}
        self._taken: dict[str, Known[Shape]] = {}
        self._rest = ""
        self._last = ""
        self._only_parser = False
        #: The element that stands for a piece, with the attribute ``n``.
        self.placeholder = f"e{secret}"

    def take(self, text: str) -> str:
        """Return what the parser is to read of a text that goes on from the last one."""
        self._taken.clear()  # what the parser has not asked for stood where none may
        text = self._rest + text
        self._look_for_others(text)
        begins = [] if self._only_parser else [match.start() for match in self._begin.finditer(text)]
        data = text.encode() if begins else b""
        if not begins or not _may_be_cut(text, data):
            self._rest = ""
            return text
        plain = _is_plain(data)
        parts = [text[: begins[0]]]
        parts += [self._taken_out(text[begin:end], plain=plain) for begin, end in pairwise(begins)]
        self._rest = text[begins[-1] :]
        if len(self._rest) > _LONGEST:
            parts.append(self._rest)
            self._rest = ""
        return "".join(parts)

    def _look_for_others(self, text: str) -> None:
        """Leave everything to the parser from the first comment on, and the like: a piece in it would be none."""
        if "!" in text or "?" in text:  # a character is found faster than two
            seen = self._last + text
            if "<!" in seen or seen.count("<?") != seen.count("<?xml "):
                self._only_parser = True
        self._last = text[-1:]

    def end(self) -> str:
        """Return what is left for the parser at the end."""
        rest, self._rest = self._rest, ""
        return rest

    def piece(self, attributes: Mapping[str, str]) -> Known[Shape] | None:
        """Return the piece for which a placeholder with these attributes stands; ``None`` where there is none."""
        return self._taken.pop(attributes.get("n", ""), None)

    def _taken_out(self, piece: str, *, plain: bool) -> str:
        """Return a placeholder for a piece; the piece itself where it is for the parser."""
        if len(piece) > _LONGEST or "&" in piece:
            return piece
        if "\r" in piece:
            piece = piece.replace("\r\n", "\n").replace("\r", "\n")  # as the parser does
        cut, values = piece, list[str]()
        for begin, elements in self._varying.items():
            if piece.startswith(begin):
                cut, values = _without_values(piece, elements)
        tags, texts = _cut(cut, plain=plain)
        texts += values
        key = "\0".join(tags)  # a character that no tag has
        if key in self._shapes:
            shape = self._shapes[key]
        elif len(self._shapes) < _MOST_SHAPES:
            shape = self._shapes[key] = self._learned(tags)
        else:
            return piece
        if shape is None:
            return piece
        number = str(len(self._taken))
        self._taken[number] = Known(shape, texts)
        lines = piece.count("\n")
        return f'<{self.placeholder} n="{number}"/>{lines * chr(10)}'

    def _learned(self, tags: Sequence[str]) -> Shape | None:
        """Return a shape from what stands between its texts; ``None`` where its pieces are for the parser."""
        marks = self._marks
        marked = [tags[0]]
        for place, tag in enumerate(tags[1:]):
            marked += [f">{marks.between(place)}<", tag]
        first, *others = "".join(marked).split(_ANY)
        values = (f"{marks.within(place)}{each}" for place, each in enumerate(others, len(tags) - 1))
        try:
            return self._learn(first + "".join(values), marks)
        except ValueError:
            return None


def _without_values(piece: str, elements: Sequence[str]) -> tuple[str, list[str]]:
    """Return a piece with ``_ANY`` for the values of attributes that are others in each, and those, as they come."""
    pieces: list[str] = []
    values: list[str] = []
    done = 0
    for begin in sorted(map(piece.find, elements)):
        if begin >= 0:
            end = piece.find(">", begin)
            tag = piece[begin:end]
            mark = "'" if '"' not in tag else '"'
            between = tag.split(mark)
            # no value has a <, and ends of lines and tabs are blanks in one
            if len(between) % 2 and not ("<" in tag[1:] or "\n" in tag or "\t" in tag):
                values += between[1::2]
                pieces += (piece[done:begin], f"{mark}{_ANY}{mark}".join(between[::2]))
                done = end
    return "".join((*pieces, piece[done:])), values


def _is_plain(data: bytes) -> bool:
    """Tell whether each bracket that opens is followed by one that closes, and each of those by one that opens."""
    brackets = data.translate(None, _NO_BRACKETS).removeprefix(b">")
    return (b"<>" * (len(brackets) // 2 + 1)).startswith(brackets)


def _cut(piece: str, *, plain: bool) -> tuple[list[str], list[str]]:
    """Return the tags of a piece, with what stands before and behind them, and the texts between.

    Brackets stand where they usually do in a ``plain`` piece: none in a text, or where none may.
    """
    if not plain:
        parts = _BETWEEN_TAGS.split(piece)
        return parts[::2], parts[1::2]
    parts = piece.replace("<", ">").split(">")
    tags = parts[1::2]
    tags[0] = f"{parts[0]}<{tags[0]}"
    tags[-1] = f"{tags[-1]}>{parts[-1]}"
    return tags, parts[2:-1:2]


def _may_be_cut(text: str, data: bytes) -> bool:
    """Tell whether a text, ``data`` in UTF-8, has nothing in it that the parser has to look at."""
    if "]]>" in text or (not text.isascii() and ("\ufffe" in text or "\uffff" in text)):
        return False
    return len(data.translate(None, _NO_XML)) == len(data)
