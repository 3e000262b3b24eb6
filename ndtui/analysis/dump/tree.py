"""Objects out of XML: what of a file is looked at, built element by element, within limits."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, Protocol

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


class Node:
    """An element of an object: its text and its children. What is asked for counts as known."""

    __slots__ = ("_asked_for", "_known", "children", "line", "tag", "text")

    def __init__(self, tag: str, line: int) -> None:
        self.tag = tag
        self.line = line
        self.text = ""
        self.children: list[Node] = []
        self._asked_for = False
        self._known = False

    def child(self, tag: str) -> "Node":
        """Return the first child of that name, or an empty one."""
        for each in self.children:
            if each.tag == tag:
                each._asked_for = True
                return each
        return Node(tag, self.line)

    def word(self, tag: str) -> str:
        """Return a child's text without blanks around it."""
        return self.child(tag).text.strip()

    def items(self, tag: str) -> "list[Node]":
        """Return the ``<item>`` elements of a child."""
        found = [each for each in self.child(tag).children if each.tag == "item"]
        for each in found:
            each._asked_for = True
        return found

    def know(self) -> "Node":
        """Take everything below this element as known, and return it."""
        self._known = True
        return self

    def leaves(self) -> "list[Node]":
        """Return the elements without children, at and below this one."""
        return [leaf for each in self.children for leaf in each.leaves()] if self.children else [self]

    def plain(self) -> Any:
        """Return this element and all below it as plain data: a text, a list of items, or members by name.

        Of members of one name the later ones are kept under names with a number.
        """
        if not self.children:
            return self.text.strip()
        if all(each.tag == "item" for each in self.children):
            return [each.plain() for each in self.children]
        members: dict[str, Any] = {}
        for each in self.children:
            name = each.tag if each.tag not in members else f"{each.tag} {len(members)}"
            members[name] = each.plain()
        return members

    def size(self) -> int:
        """Return the number of elements, this one and all below it."""
        return 1 + sum(each.size() for each in self.children)

    def unknown(self, path: str = "") -> "list[tuple[str, Node]]":
        """Return what nobody asked for, by path; of an unknown element not the ones below."""
        found: list[tuple[str, Node]] = []
        for each in () if self._known else self.children:
            if not each._asked_for:
                found.append((f"{path}{each.tag}", each))
            elif each.children:
                found += each.unknown(f"{path}{each.tag}/")
        return found


class Place(Protocol):
    """Where in the file the parser is."""

    def line(self) -> int:
        """Return the line."""

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Refuse the file at this line."""


class Builder:
    """The parser's target: follows the routes, builds one object at a time, hands it over and lets go of it."""

    def __init__(
        self, routes: Mapping[str, Route], receive: Callable[[str, Node], None], limits: Limits, place: Place
    ) -> None:
        self.depth = 0
        self.roots: list[str] = []
        self.unknown: Counter[str] = Counter()
        self.skipped: set[str] = set()
        self._routes = routes
        self._receive = receive
        self._limits = limits
        self._place = place
        self._names: set[str] = set()
        self._paths: list[str] = []  # of the open elements outside of objects
        self._nodes: list[Node] = []  # the open elements of the object
        self._skipped_from = 0  # depth of the element passed over
        self._elements = 0
        self._objects = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
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
            if path in self._routes:
                self.skipped.add(path)
            return
        self._paths.append(path)
        if route == "object":
            self._nodes = [Node(tag, self._place.line())]
            self._elements = 1
            self._objects += 1
            if self._objects > self._limits.objects:
                self._place.fail(f"there are more than {self._limits.objects} objects", _TOO_MUCH)

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
        return route or "skip"

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

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser has checked it
        """End an element."""
        if self._skipped_from:
            if self._skipped_from == self.depth:
                self._skipped_from = 0
        elif self._nodes:
            node = self._nodes.pop()
            if not self._nodes:
                self._receive(self._paths.pop(), node)
        else:
            self._paths.pop()
        self.depth -= 1
