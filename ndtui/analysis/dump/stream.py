"""Read XML from outside: object by object, in bounded memory, and nothing that a dump of netsh never has.

A dump may hold several root elements one after the other (Windows 11 appends ``<firewallState>``), which one XML
document may not: each root is read as a document of its own.
"""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from xml.parsers.expat import ErrorString, errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from ndtui.analysis.dump.tree import MAKE_ONE, Builder, Limits, Node, Route
from ndtui.errors import InputError
from ndtui.files import reason

CHUNK = 64 * 1024
#: What the parser says where the next root, or its XML declaration, begins.
_NEXT_ROOT = frozenset(
    errors.codes[text] for text in (errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, errors.XML_ERROR_MISPLACED_XML_PI)
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file had beside its objects: its root elements, and the number of unknown ones by path."""

    roots: tuple[str, ...]
    unknown: Counter[str]


def read_objects(
    path: Path, routes: Mapping[str, Route], receive: Callable[[str, Node], None], limits: Limits
) -> Contents:
    """Read a file and hand each object over, with its path such as ``wfpdiag/filters/item``.

    ``routes`` tells for a path whether to look inside, to build an object, or to pass over it; what has no route is
    counted and passed over. The first root must be one to look inside.

    Raises:
        InputError: the file cannot be read, is no dump, or breaks a limit; names the line and what would be right.
    """
    reader = _Reader(path, routes, receive, limits)
    with _open(path, limits) as file:
        try:
            for data in _decoded(file, reader):
                reader.feed(data)
        except UnicodeError:
            reader.fail("what follows is no UTF-8 text", "leave the file as netsh writes it, or save it as UTF-8")
        except OSError as error:
            raise InputError(f"{path} cannot be read", remedy=reason(error)) from None
    return reader.close()


def _open(path: Path, limits: Limits) -> BinaryIO:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory", remedy="name a file")
        if path.stat().st_size > limits.size:
            _too_large(path, limits)
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", remedy="check the spelling of the path") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read", remedy=reason(error)) from None


def _too_large(path: Path, limits: Limits) -> NoReturn:
    raise InputError(f"{path} is larger than {limits.size // (1024 * 1024)} MiB", remedy="is it the file you meant?")


def _decoded(file: BinaryIO, reader: "_Reader") -> Iterator[bytes]:
    """Yield a file as UTF-8, whatever its XML declaration says: PowerShell turns what netsh prints into UTF-16."""
    chunk, size = file.read(CHUNK), 0
    decoder = codecs.getincrementaldecoder(_encoding(chunk))()
    while chunk:
        size += len(chunk)
        if size > reader.limits.size:
            _too_large(reader.path, reader.limits)
        yield decoder.decode(chunk).encode()
        chunk = file.read(CHUNK)
    yield decoder.decode(b"", final=True).encode()


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(head[:2], "utf-8-sig")


class _Reader:
    """Feeds the parser, starts another one for each root, and says where in the file it is."""

    def __init__(
        self, path: Path, routes: Mapping[str, Route], receive: Callable[[str, Node], None], limits: Limits
    ) -> None:
        self.path = path
        self.limits = limits
        self._builder = Builder(routes, receive, limits, self)
        self._lines_before = 0
        self._start_parser()

    def _start_parser(self) -> None:
        self._parser: Any = DefusedXMLParser(target=self._builder, encoding="utf-8", forbid_dtd=True)
        self._held = bytearray()  # what was fed from _held_at on: the parser has not finished with it
        self._held_at = 0

    def line(self) -> int:
        """Return the line the parser is at."""
        return self._lines_before + int(self._parser.parser.CurrentLineNumber)

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at the line the parser is at."""
        raise InputError(f"{self.path}, line {self.line()}: {message}", remedy=remedy) from None

    def feed(self, data: bytes) -> None:
        """Read on; ``data`` may end anywhere."""
        while data:
            data = self._feed_root(data)

    def _feed_root(self, data: bytes) -> bytes:
        """Read on in one root; return what belongs to the next."""
        expat = self._parser.parser
        self._held += data
        try:
            self._parser.feed(data)
        except ParseError as error:
            if error.code not in _NEXT_ROOT or self._builder.depth:
                self._not_well_formed(error.code)
            rest = bytes(self._held[expat.ErrorByteIndex - self._held_at :])
            self._lines_before += expat.ErrorLineNumber - 1
            self._start_parser()
            return rest
        except DefusedXmlException:
            self.fail("it declares a document type or entities, which no dump does", f"do not trust it: {MAKE_ONE}")
        done = max(expat.CurrentByteIndex - self._held_at, 0)
        del self._held[:done]
        self._held_at += done
        if len(self._held) > self.limits.token + CHUNK:
            self.fail(f"a tag or a comment is longer than {self.limits.token} bytes", "is it the file you meant?")
        return b""

    def _not_well_formed(self, code: int) -> NoReturn:
        self.fail(f"not well-formed XML ({ErrorString(code)})", MAKE_ONE)

    def close(self) -> Contents:
        """End the last root.

        Raises:
            InputError: it has not ended, or there was none.
        """
        try:
            self._parser.close()
        except ParseError as error:
            if not self._builder.roots:
                raise InputError(f"{self.path} is empty", remedy=MAKE_ONE) from None
            if not self._builder.depth:
                self._not_well_formed(error.code)
            self.fail("the file ends in the middle", "it was cut off: copy it again, or run netsh again")
        return Contents(tuple(self._builder.roots), self._builder.unknown)
