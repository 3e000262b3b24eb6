"""Events out of XML, one at a time: what netsh wrote, or what Event Viewer and wevtutil did.

The parser calls back for every element, a million times for a file of some megabytes, and most of the time goes there:
so an element that is not read costs a look-up, text is handed over only where it is read, and the functions that are
called back know what they need from their closure.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers.expat import ExpatError, XMLParserType

from ndtui.analysis.dump.expat_parser import Parser, new_expat
from ndtui.analysis.dump.known_shapes import KnownShapes, Marks
from ndtui.analysis.dump.stream import Reader
from ndtui.analysis.dump.tree import EVENT_ROOTS, Limits
from ndtui.analysis.events.elements import PASSED_OVER, Attribute, Leaf, Listed, Named, Noted, Special
from ndtui.analysis.events.event_shapes import BEGIN, VARYING, EventShape, Texts
from ndtui.analysis.events.fields import BadFieldError
from ndtui.analysis.events.net_events import NET_EVENT, net_event
from ndtui.analysis.events.network_event import SECURITY_EVENTS, NetworkEvent
from ndtui.analysis.events.security_events import Entry, security_event
from ndtui.common.errors import InputError
from ndtui.common.text import visible

MAKE_EVENTS = "make one with netsh wfp show netevents, or save the security log as XML in Event Viewer"
#: Far more than any log has: reading takes no more memory for it.
LIMITS = Limits(size=1 << 36, roots=0)
_LONGEST_TEXT = 64 * 1024
_MOST_SUBLAYERS = 1000
_TOO_MUCH = "is it the file you meant?"

Receive = Callable[[NetworkEvent], None]

#: An event of the security log: the time is an attribute, and the fields are told apart by one.
_SECURITY_EVENT: Mapping[str, Any] = {
    "System": {
        "EventID": Leaf("id"),
        "EventRecordID": Leaf("record"),
        "TimeCreated": Attribute("SystemTime", "time"),
    },
    "EventData": {
        "Data": Named(
            "Name",
            "Application Direction SourceAddress SourcePort DestAddress DestPort Protocol InterfaceIndex FilterOrigin "
            "FilterRTID LayerRTID RemoteUserID RemoteMachineID ProcessID ProcessId",
        )
    },
}


class EventCount:
    """How many events of a file were read, and how many of other kinds were passed over."""

    def __init__(self) -> None:
        self.read = 0
        self.passed_over = 0


def read_event_xml(path: Path, receive: Receive, count: EventCount, limits: Limits = LIMITS) -> None:
    """Read a file of XML and hand each event over.

    Raises:
        InputError: the file cannot be read, holds something else, or is a trap; names the line.
    """
    reader = Reader(path, limits, MAKE_EVENTS)
    handlers = _Handlers(reader, receive, count)
    handlers.shapes = KnownShapes(BEGIN, _learn, VARYING)
    reader.read(handlers, handlers.new_parser, handlers.shapes)


class EventText:
    """Reads events from texts of XML that each hold one, as a log's records are given."""

    def __init__(self, place: "Place", receive: Receive, count: EventCount) -> None:
        self._handlers = _Handlers(place, receive, count)

    def read(self, text: str) -> None:
        """Read one text.

        Raises:
            ExpatError: it is no proper XML.
        """
        parser = self._handlers.new_parser()
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()


class Place:
    """Where events come from, for what is wrong with them."""

    limits = LIMITS

    def line(self) -> int:
        """Return the line, or the record."""
        raise NotImplementedError

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file there."""
        raise NotImplementedError


class _Parser(Parser):
    """A parser that looks after each piece of the file whether that was too much."""

    def __init__(self, parser: XMLParserType, check: Callable[[], None], fail: Callable[[str, str], NoReturn]) -> None:
        super().__init__(parser)
        self._check = check
        self._fail = fail

    def feed(self, data: bytes) -> None:
        try:
            super().feed(data)
        except BadFieldError as error:
            self._fail(str(error), "leave the file as it was written")
        self._check()


class _Handlers:
    """What is called back: follows the elements, gathers the texts of one event, and hands it over."""

    def __init__(self, place: Place | Reader, receive: Receive, count: EventCount) -> None:
        self.depth = 0
        self.roots: list[str] = []
        self._place = place
        self._receive = receive
        self._count = count
        self._names: dict[str, str] = {}
        self._open: list[Any] = []  # the elements that are open: outside of events their names
        self.shapes: KnownShapes[EventShape] | None = None

    def new_parser(self) -> _Parser:
        """Return a parser for one root."""
        parser = new_expat(self._names)
        self._walk(parser)
        return _Parser(parser, self._check, self._fail)

    def _fail(self, message: str, remedy: str = MAKE_EVENTS) -> NoReturn:
        self._place.fail(message, remedy)

    def _check(self) -> None:
        """Check what is not worth checking at every element: it can have grown by as much as is read at once."""
        limits = self._place.limits
        if len(self._names) > limits.names:
            self._fail(f"there are more than {limits.names} different names of elements")
        if len(self._open) > limits.depth:
            self._fail(f"elements are nested deeper than {limits.depth}")

    def _begin_root(self, tag: str) -> None:
        if not self.roots:
            self.roots.append(tag)
            if not (tag.startswith("wfp") or tag in EVENT_ROOTS):
                self._fail(f"the root element is <{visible(tag[:80])}>, so these are no events")

    def _walk(self, parser: XMLParserType) -> None:
        """Look for events, wherever they stand."""
        open_: list[Any] = []
        self._open = open_
        placeholder = "" if self.shapes is None else self.shapes.placeholder

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            known = self._known(attributes) if tag == placeholder else None
            if not open_:
                self.depth = 1
                self._begin_root(tag if known is None else known.tag)
            if tag == "netEvent" or (tag == "item" and open_ and open_[-1] == "netEvents"):
                self._gather(parser, NET_EVENT, start, end, open_)
            elif tag == "Event":
                self._gather(parser, _SECURITY_EVENT, start, end, open_)
            else:
                if known is not None and (not known.in_item or open_[-1:] == ["netEvents"]):
                    self._make(self._place.line(), known)
                open_.append(tag)

        def end(_: str) -> None:
            open_.pop()
            if not open_:
                self.depth = 0

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def _gather(  # noqa: C901 - three functions, which share what they know
        self,
        parser: XMLParserType,
        elements: Mapping[str, Any],
        go_on: Callable[..., None],
        go_on_after: Callable[..., None],
        outside: list[Any],
    ) -> None:
        """Gather the texts of the event that has just begun; then look for the next."""
        line = self._place.line()
        node: Any = elements
        above: list[Any] = [None]
        found: dict[str, str] = {}
        gathered = _Gathered(found)
        push, pop = above.append, above.pop
        into, leaf = found, ""

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            nonlocal node, leaf, into
            push(node)
            node = node.get(tag, PASSED_OVER)
            if node.__class__ is dict:
                return
            if node.__class__ is not Leaf:
                into, node = gathered.begin(node, attributes)
            if node.__class__ is Leaf:
                leaf = node.name
                into[leaf] = ""
                parser.CharacterDataHandler = data

        def data(text: str) -> None:
            into[leaf] = text = into[leaf] + text
            if len(text) > _LONGEST_TEXT:
                self._fail(f"a text is longer than {_LONGEST_TEXT} characters", _TOO_MUCH)

        def end(_: str) -> None:
            nonlocal node, into
            if node.__class__ is not dict:
                parser.CharacterDataHandler = None
                if node.__class__ is Listed:
                    into = found
            node = pop()
            if node is None:
                parser.StartElementHandler, parser.EndElementHandler = go_on, go_on_after
                self._open = outside
                if not outside:
                    self.depth = 0
                self._hand_over(elements, line, gathered)

        self._open = above
        parser.StartElementHandler, parser.EndElementHandler = start, end

    def _known(self, attributes: Mapping[str, str]) -> Texts | None:
        """Return an event of a known shape, for which a placeholder stands."""
        piece = None if self.shapes is None else self.shapes.piece(attributes)
        return None if piece is None else piece.shape.texts(piece.texts)

    def _hand_over(self, elements: Mapping[str, Any], line: int, gathered: "_Gathered") -> None:
        """Make an event of what was gathered."""
        of_log = elements is not NET_EVENT
        self._make(line, Texts(gathered.found, gathered.listed, gathered.noted, in_item=False, of_log=of_log))

    def _make(self, line: int, texts: Texts) -> None:
        """Make an event of its texts, and hand it over."""
        count = self._count
        place = count.read + 1
        found = texts.found
        if not texts.of_log:
            event = net_event(place, line, found, texts.noted, texts.listed)
        else:
            event_id = found.get("id", "").strip()
            if event_id not in SECURITY_EVENTS:
                count.passed_over += 1
                return
            time = found.get("time", "")
            event = security_event(Entry(place, line, event_id, time, time), found)
        count.read = place
        self._receive(event)


def _learn(event: str, marks: Marks) -> EventShape | None:
    """Read one event as any other; ``None`` where it is none, or no proper XML."""
    handlers = _Learning()
    parser = handlers.new_parser()
    try:
        parser.feed(f"<wfpdiag><netEvents>{event}</netEvents></wfpdiag>".encode())
        parser.close()
    except (ExpatError, InputError):
        return None
    if len(handlers.gathered) != 1:
        return None
    (one,) = handlers.gathered
    texts = Texts(one.found, one.listed, one.noted, event.startswith("<item"), event.startswith("<Event"))
    return EventShape(texts, marks)


class _Gathered:
    """What was found of one event: texts by name, those of each item of a list, and which element was there."""

    __slots__ = ("found", "listed", "noted")

    def __init__(self, found: dict[str, str]) -> None:
        self.found = found
        self.listed: list[dict[str, str]] = []
        self.noted = ""

    def begin(self, element: Special, attributes: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
        """Return where texts are kept from here on, and what is read in an element that begins."""
        into = self.found
        if isinstance(element, Listed):
            if len(self.listed) == _MOST_SUBLAYERS:
                raise BadFieldError(f"an event has more than {_MOST_SUBLAYERS} sublayers")
            into = {}
            self.listed.append(into)
        elif isinstance(element, Noted):
            self.noted = element.tag
        elif isinstance(element, Attribute):
            into[element.name] = attributes.get(element.attribute, "")
        elif isinstance(element, Named):
            return into, element.leaves.get(attributes.get(element.attribute, ""), PASSED_OVER)
        return into, element


class _Learning(_Handlers):
    """Gathers the texts of events, and makes none of them."""

    def __init__(self) -> None:
        super().__init__(_Nowhere(), lambda _: None, EventCount())
        self.gathered: list[_Gathered] = []

    def _hand_over(self, elements: Mapping[str, Any], line: int, gathered: _Gathered) -> None:  # noqa: ARG002
        self.gathered.append(gathered)


class _Nowhere(Place):
    """What an event is learned from stands in no file."""

    def line(self) -> int:
        """Return the line."""
        return 0

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse it."""
        raise InputError(message, remedy=remedy)
