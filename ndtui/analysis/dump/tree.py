"""Objects out of XML: what of a file is looked at, built element by element, within limits."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, Protocol

from ndtui.analysis.dump.xml_node import Node
from ndtui.common.text import visible

MAKE_ONE = "make one with netsh wfp show filters, or netsh wfp show state"
READ_EVENTS = "ndtui events"
#: The roots of files that tell what happened: of netsh, and of the event log.
EVENT_ROOTS = ("netEvents", "netEvent", "Events", "Event")
_TOO_MUCH = "is it the file you meant?"

Route = Literal["open", "object", "skip"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have at most: far more than a real one, little enough to stay within memory.

    ``size`` is in bytes of the file, ``token`` in bytes of one tag, comment or text; ``names`` are different element
    and attribute names, ``elements`` those of one object, ``objects`` all filters, sublayers, and so on. Of all objects
    together ``policy`` are the elements of provider contexts, and ``unknown`` those this program does not know.
    """

    size: int = 512 * 1024 * 1024
    roots: int = 16
    depth: int = 64
    token: int = 1024 * 1024
    names: int = 10_000
    elements: int = 200_000
    objects: int = 250_000
    policy: int = 250_000
    unknown: int = 100_000


class Place(Protocol):
    """Where in the file the parser is."""

    def line(self) -> int:
        """Return the line."""

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at this line."""


class KnownObjects(Protocol):
    """Objects that were taken out of the file before the parser came to them."""

    @property
    def placeholder(self) -> str:
        """The name of the element that stands for one."""

    def node(self, attributes: Mapping[str, str], line: int) -> Node | None:
        """Return the object that an element with these attributes stands for; it is the same one for the next."""


class Builder:
    """The parser's target: follows the routes, builds one object at a time, hands it over and lets go of it."""

    def __init__(
        self,
        routes: Mapping[str, Route],
        receive: Callable[[str, Node], None],
        limits: Limits,
        place: Place,
        known: KnownObjects | None = None,
    ) -> None:
        self.depth = 0
        self.roots: list[str] = []
        self.unknown: Counter[str] = Counter()
        self.met: set[str] = set()
        self._routes = routes
        self._receive = receive
        self._limits = limits
        self._place = place
        self._known = known
        self._placeholder = "" if known is None else known.placeholder
        self._names: set[str] = set()
        self._paths: list[str] = []  # of the open elements outside of objects
        self._nodes: list[Node] = []  # the open elements of the object
        self._skipped_from = 0  # depth of the element passed over
        self._elements = 0
        self._objects = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if tag == self._placeholder:
            self._begin_known(attributes)
            return
        self.depth = depth = self.depth + 1
        if (
            attributes
            or tag not in self._names
            or depth > self._limits.depth
            or self._elements >= self._limits.elements
        ):
            self._check_limits(tag, attributes)
        if self._skipped_from:
            return
        nodes = self._nodes
        if nodes:
            node = Node(tag, self._place.line())
            nodes[-1].children.append(node)
            nodes.append(node)
            self._elements += 1
            return
        path = f"{self._paths[-1]}/{tag}" if self._paths else tag
        route = self._route(path)
        if route == "skip":
            self._skipped_from = self.depth
            return
        self._paths.append(path)
        if route == "object":
            self._count_object()
            self._nodes = [Node(tag, self._place.line())]
            self._elements = 1

    def _count_object(self) -> None:
        self._objects += 1
        if self._objects > self._limits.objects:
            self._place.fail(f"there are more than {self._limits.objects} objects", _TOO_MUCH)

    def _begin_known(self, attributes: Mapping[str, str]) -> None:
        """Receive a known object where one may stand; anywhere else begin and end its elements as if they were read."""
        node = None if self._known is None else self._known.node(attributes, self._place.line())
        if node is None:
            return  # an element that the file has of itself: nobody can know its name
        path = f"{self._paths[-1]}/{node.tag}" if self._paths else node.tag
        if self._skipped_from or self._routes.get(path) != "object":
            self._replay(node)
        else:
            self._count_object()
            self._receive(path, node)

    def _replay(self, node: Node) -> None:
        self.start(node.tag, {})
        self.data(node.text)
        for each in node.children:
            self._replay(each)
        self.end(node.tag)

    def _route(self, path: str) -> Route:
        route = self._routes.get(path)
        if self.depth == 1:
            if not self.roots and route != "open":
                remedy = f"{READ_EVENTS} reads what happened" if path in EVENT_ROOTS else MAKE_ONE
                self._place.fail(f"the root element is <{visible(path[:80])}>, so this is no dump", remedy)
            self.roots.append(path)
            if len(self.roots) > self._limits.roots:
                self._place.fail(f"there are more than {self._limits.roots} root elements", MAKE_ONE)
        if route is None:
            self.unknown[path] += 1
            return "skip"
        self.met.add(path)
        return route

    def _check_limits(self, tag: str, attributes: Mapping[str, str]) -> None:
        limits = self._limits
        if self.depth > limits.depth:
            self._place.fail(f"elements are nested deeper than {limits.depth}", MAKE_ONE)
        self._names.update((tag, *attributes))
        if len(self._names) > limits.names:
            self._place.fail(f"there are more than {limits.names} different names of elements", MAKE_ONE)
        if self._nodes and self._elements >= limits.elements:
            self._place.fail(f"one object has more than {limits.elements} elements", _TOO_MUCH)

    def data(self, text: str) -> None:
        """Go on with the text of the element that is open."""
        if self._nodes:
            node = self._nodes[-1]
            node.text += text
            if len(node.text) > self._limits.token:
                self._place.fail(f"a text is longer than {self._limits.token} bytes", _TOO_MUCH)

    def end(self, tag: str) -> None:
        """End an element."""
        if tag == self._placeholder:
            return
        if self._skipped_from:
            if self._skipped_from == self.depth:
                self._skipped_from = 0
        elif self._nodes:
            node = self._nodes.pop()
            if node.children:
                node.text = ""  # what stands between them
            if not self._nodes:
                self._receive(self._paths.pop(), node)
        else:
            self._paths.pop()
        self.depth -= 1
