"""The shape of objects that differ in their texts alone: the elements of one, filled for one after the other."""

import re
from collections.abc import Mapping, Sequence
from typing import NoReturn
from xml.parsers.expat import ExpatError

from ndtui.analysis.dump.expat_parser import parsers_for
from ndtui.analysis.dump.known_shapes import KnownShapes, Marks
from ndtui.analysis.dump.tree import Builder, Limits, Route
from ndtui.analysis.dump.xml_node import Node
from ndtui.common.errors import InputError

#: Where a filter begins, of which a file has far more than of anything else.
_BEGIN = re.compile(r"<item>\s*<filterKey>")
_ROUTES: Mapping[str, Route] = {"wfpdiag": "open", "wfpdiag/item": "object"}
#: Far more than any filter has: one that is cut has no more than 64 KiB.
_LIMITS = Limits(depth=16, elements=1_000)


class ObjectShape:
    """The elements of an object, with marks for its texts.

    The line of each is the number of texts before it.

    Raises:
        ValueError: the text of an element is made of several.
    """

    def __init__(self, marked: Node, marks: Marks) -> None:
        self._nodes = list(marked.all())
        leaves = [(each, marks.place(each.text)) for each in self._nodes if not each.children]
        self._leaves = [(each, place) for each, place in leaves if place is not None]
        self._begin = 0
        self._texts: Sequence[str] = ()
        for each in self._nodes:
            each.keep(self)

    def line(self, place: int) -> int:
        """Return the line of the element with so many texts before it."""
        return self._begin + sum(text.count("\n") for text in self._texts[:place])

    def filled(self, texts: Sequence[str], line: int) -> Node:
        """Return the object that begins at a line, of the texts between its tags: the same elements each time."""
        self._begin, self._texts = line, texts
        for node in self._nodes:
            node.forget()
        for node, place in self._leaves:
            node.text = texts[place]
        return self._nodes[0]


class KnownFilters(KnownShapes[ObjectShape]):
    """Takes filters of known shapes out of the text of a dump."""

    def __init__(self) -> None:
        super().__init__(_BEGIN, _learn)

    def node(self, attributes: Mapping[str, str], line: int) -> Node | None:
        """Return the filter that a placeholder stands for, whose elements are those of the next one too."""
        known = self.piece(attributes)
        return None if known is None else known.shape.filled(known.texts, line)


class _Piece:
    """Where the elements of a piece stand that is read by itself: by the number of texts before each."""

    def __init__(self, read: list[Node]) -> None:
        self.builder = Builder(_ROUTES, lambda _, node: read.append(node), _LIMITS, self)
        self.parser = parsers_for(self.builder)()

    def line(self) -> int:
        """Return the number of line ends before the parser."""
        return self.parser.parser.CurrentLineNumber - 1

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the piece."""
        raise InputError(message, remedy=remedy)


def _learn(piece: str, marks: Marks) -> ObjectShape | None:
    """Read one filter as any other; ``None`` where it is none, or no proper XML, or has line ends in its tags."""
    read: list[Node] = []
    at = _Piece(read)
    try:
        at.parser.feed(f"<wfpdiag>{piece}</wfpdiag>".encode())
        at.parser.close()
    except (ExpatError, InputError):
        return None
    proper = len(read) == 1 and not at.builder.unknown and piece.rstrip().count("\n") == piece.count(";\n<")
    return ObjectShape(read[0], marks) if proper else None
