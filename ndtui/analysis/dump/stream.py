"""Read XML from outside: object by object, in bounded memory, and nothing that a dump of netsh never has.

A dump may hold several root elements one after the other (Windows 11 appends ``<firewallState>``), which one XML
document may not: each root is read as a document of its own.
"""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Protocol
from xml.parsers.expat import ErrorString, ExpatError, errors

from defusedxml.common import DefusedXmlException

from ndtui.analysis.dump.expat_parser import parsers_for
from ndtui.analysis.dump.object_shape import KnownFilters
from ndtui.analysis.dump.tree import MAKE_ONE, Builder, Limits, Route
from ndtui.analysis.dump.xml_node import Node
from ndtui.common.errors import InputError
from ndtui.common.files import reason
from ndtui.common.text import size_in_words

CHUNK = 64 * 1024
#: What the parser says where the next root, or its XML declaration, begins.
_NEXT_ROOT = frozenset(
    errors.codes[text] for text in (errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, errors.XML_ERROR_MISPLACED_XML_PI)
)
_CUT_OFF = frozenset(errors.codes[text] for text in (errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_PARTIAL_CHAR))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file had beside its objects: its root elements, the unknown ones by path, and the known paths."""

    roots: tuple[str, ...]
    unknown: Counter[str]
    met: frozenset[str]


class Progress(Protocol):
    """How far a file is read: the depth of the element that is open, and the roots that there were."""

    depth: int

    @property
    def roots(self) -> Sized:
        """The roots that began."""


class Prepare(Protocol):
    """What a text is passed through before the parser reads it."""

    def take(self, text: str) -> str:
        """Return what the parser is to read of a text."""

    def end(self) -> str:
        """Return what the parser is to read at the end."""


def read_objects(
    path: Path, routes: Mapping[str, Route], receive: Callable[[str, Node], None], limits: Limits
) -> Contents:
    """Read a file and hand each object over, with its path such as ``wfpdiag/filters/item``.

    ``routes`` tells for a path whether to look inside, to build an object, or to pass over it; what has no route is
    counted and passed over. The first root must be one to look inside.

    Raises:
        InputError: the file cannot be read, is no dump, or breaks a limit; names the line and what would be right.
    """
    reader = Reader(path, limits, MAKE_ONE)
    known = KnownFilters()
    builder = Builder(routes, receive, limits, reader, known)
    reader.read(builder, parsers_for(builder), known)
    return Contents(tuple(builder.roots), builder.unknown, frozenset(builder.met))


def open_file(path: Path, limits: Limits) -> BinaryIO:
    """Open a file that is not larger than it may be.

    Raises:
        InputError: it cannot be, or is larger.
    """
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
    raise InputError(f"{path} is larger than {size_in_words(limits.size)}", remedy="is it the file you meant?")


def decoded(file: BinaryIO, reader: "Reader") -> Iterator[str]:
    """Yield the text of a file, whatever its XML declaration says: PowerShell turns what netsh prints into UTF-16.

    Raises:
        InputError: it is no text, after what of it is; or it grows larger than it may be.
    """
    chunk = file.read(CHUNK)
    codec, size = _encoding(chunk), 0
    decoder = codecs.getincrementaldecoder(codec)()
    while chunk:
        size += len(chunk)
        if size > reader.limits.size:
            _too_large(reader.path, reader.limits)
        yield from _decoded_chunk(chunk, decoder, codec, reader)
        chunk = file.read(CHUNK)
    yield from _decoded_chunk(b"", decoder, codec, reader)


def _decoded_chunk(chunk: bytes, decoder: codecs.IncrementalDecoder, codec: str, reader: "Reader") -> Iterator[str]:
    try:
        yield decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        yield error.object[: error.start].decode(codec)
        reader.fail_at_end("what follows is no UTF-8 text", "leave the file as it was written, or save it as UTF-8")


def _encoding(head: bytes) -> str:
    """Return the codec a file is written in; the parser passes over a byte order mark."""
    for codec, mark, first in (
        ("utf-16-le", codecs.BOM_UTF16_LE, b"<\x00"),
        ("utf-16-be", codecs.BOM_UTF16_BE, b"\x00<"),
    ):
        if head.startswith((mark, first)):
            return codec
    return "utf-8"


class Reader:
    """Feeds the parser, starts another one for each root, and says where in the file it is.

    ``make_one`` says how a proper file is made, where this is none.
    """

    def __init__(self, path: Path, limits: Limits, make_one: str) -> None:
        self.path = path
        self.limits = limits
        self._make_one = make_one
        self._lines_before = 0  # those before this root
        self._lines_read = 0

    def read(self, progress: Progress, new_parser: Callable[[], Any], prepare: Prepare | None = None) -> None:
        """Read the file: each root with a parser of its own, which has ``feed``, ``close`` and expat's ``parser``.

        ``prepare`` may put something else in the place of parts of the text.

        Raises:
            InputError: the file cannot be read, or is no proper XML; names the line and what would be right.
        """
        self._progress = progress
        self._new_parser = new_parser
        self._start_parser()
        with open_file(self.path, self.limits) as file:
            try:
                for text in decoded(file, self):
                    self._lines_read += text.count("\n")
                    self._feed((text if prepare is None else prepare.take(text)).encode())
                if prepare is not None:
                    self._feed(prepare.end().encode())
            except OSError as error:
                raise InputError(f"{self.path} cannot be read", remedy=reason(error)) from None
        self._close()

    def _start_parser(self) -> None:
        self._parser = self._new_parser()
        if hasattr(self._parser.parser, "SetReparseDeferralEnabled"):
            # Later versions of the parser put off what may be a huge tag; the limit on tags serves for that here.
            self._parser.parser.SetReparseDeferralEnabled(False)
        self._held = bytearray()  # what was fed from _held_at on: the parser has not finished with it
        self._held_at = 0

    def line(self) -> int:
        """Return the line the parser is at."""
        return self._lines_before + int(self._parser.parser.CurrentLineNumber)

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at the line the parser is at."""
        raise InputError(f"{self.path}, line {self.line()}: {message}", remedy=remedy) from None

    def fail_at_end(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at the last line that was read."""
        raise InputError(f"{self.path}, line {self._lines_read + 1}: {message}", remedy=remedy) from None

    def _feed(self, data: bytes) -> None:
        """Read on; ``data`` may end anywhere."""
        while data:
            data = self._feed_root(data)

    def _feed_root(self, data: bytes) -> bytes:
        """Read on in one root; return what belongs to the next."""
        expat = self._parser.parser
        self._held += data
        try:
            self._parser.feed(data)
        except ExpatError as error:
            if error.code not in _NEXT_ROOT or self._progress.depth:
                self.fail(f"this is no proper XML: {ErrorString(error.code)}", self._make_one)
            rest = bytes(self._held[expat.ErrorByteIndex - self._held_at :])
            self._lines_before += expat.ErrorLineNumber - 1
            self._start_parser()
            return rest
        except DefusedXmlException:
            self.fail(
                "it declares a document type or entities, which Windows never writes",
                f"do not trust it: {self._make_one}",
            )
        done = max(expat.CurrentByteIndex - self._held_at, 0)
        del self._held[:done]
        self._held_at += done
        if len(self._held) > self.limits.token + CHUNK:
            self.fail(f"a tag or a comment is longer than {self.limits.token} bytes", "is it the file you meant?")
        return b""

    def _close(self) -> None:
        """End the last root.

        Raises:
            InputError: it has not ended, or there was none.
        """
        try:
            self._parser.close()
        except ExpatError as error:
            if self._progress.depth or error.code in _CUT_OFF:
                self.fail_at_end("the file ends in the middle", "it was cut off: copy it again, or write it again")
            if not len(self._progress.roots):
                raise InputError(f"{self.path} holds no XML element", remedy=self._make_one) from None
            self.fail(f"what follows is no XML element: {ErrorString(error.code)}", self._make_one)
