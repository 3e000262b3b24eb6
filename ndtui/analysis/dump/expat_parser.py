"""The XML parser for files from outside: expat itself, with a document type refused.

Entities, and everything else that a document type can declare, begin with one, so that none can be declared at all.
"""

from collections.abc import Callable
from typing import NoReturn, Protocol
from xml.parsers.expat import ParserCreate, XMLParserType

from defusedxml.common import DTDForbidden


class Target(Protocol):
    """What is called back for each element, and for the text within."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def data(self, text: str) -> None:
        """Go on with the text of the element that is open."""

    def end(self, tag: str) -> None:
        """End an element."""


class Parser:
    """Reads one document as it comes; ``parser`` is expat's own."""

    def __init__(self, parser: XMLParserType) -> None:
        self.parser = parser

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            ExpatError: it is no proper XML.
            DefusedXmlException: it has a document type.
        """
        self.parser.Parse(data, False)

    def close(self) -> None:
        """Read to the end.

        Raises:
            ExpatError: the document has not ended, or there was none.
        """
        self.parser.Parse(b"", True)


def new_expat(names: dict[str, str]) -> XMLParserType:
    """Return an expat that refuses document types; ``names`` are kept from parser to parser, each name once."""
    parser = ParserCreate("utf-8", intern=names)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def parsers_for(target: Target) -> Callable[[], Parser]:
    """Return what makes a parser for each root of a file, all of which call back the same target."""
    names: dict[str, str] = {}

    def new_parser() -> Parser:
        expat = new_expat(names)
        expat.StartElementHandler, expat.EndElementHandler = target.start, target.end
        expat.CharacterDataHandler = target.data
        return Parser(expat)

    return new_parser


def _refuse_document_type(name: str, system: str | None, public: str | None, _: int) -> NoReturn:
    raise DTDForbidden(name, system, public)
