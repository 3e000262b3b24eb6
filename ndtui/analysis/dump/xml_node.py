"""An element of an object that is read from XML."""

from collections.abc import Hashable, Iterator
from typing import Any, Protocol


class Lines(Protocol):
    """Tells the lines of elements that were not read one by one."""

    def line(self, place: int) -> int:
        """Return the line of the element with so many texts before it."""


class Node:
    """An element of an object: its text and its children. What is asked for counts as known.

    ``place`` is its line, or what ``lines`` tells it by.
    """

    __slots__ = ("_asked_for", "_form", "_known", "_leaves", "_lines", "_place", "children", "tag", "text")

    def __init__(self, tag: str, place: int, lines: Lines | None = None) -> None:
        self.tag = tag
        self._place = place
        self._lines = lines
        self.text = ""
        self.children: list[Node] = []
        self._asked_for = False
        self._known = False
        self._leaves: list[Node] | None = None
        self._form: Hashable = None

    @property
    def line(self) -> int:
        """The line it begins at."""
        return self._place if self._lines is None else self._lines.line(self._place)

    def all(self) -> "Iterator[Node]":
        """Yield this element and all below it."""
        yield self
        for each in self.children:
            yield from each.all()

    def keep(self, lines: Lines) -> None:
        """Take it for one that is only filled with other texts from here on; ``lines`` tells its line."""
        self._lines = lines
        self._leaves, self._form = self.leaves(), self._tags()

    def forget(self) -> None:
        """Take it as if nobody had asked for it."""
        self._asked_for = self._known = False

    def child(self, tag: str) -> "Node":
        """Return the first child of that name, or an empty one."""
        for each in self.children:
            if each.tag == tag:
                each._asked_for = True
                return each
        return Node(tag, self._place, self._lines)

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
        if self._leaves is not None:
            return self._leaves
        return [leaf for each in self.children for leaf in each.leaves()] if self.children else [self]

    def contents(self) -> Hashable:
        """Return what is equal for two elements that have the same below them, and the same texts."""
        return (self._form or self._tags(), *[leaf.text for leaf in self.leaves()])

    def _tags(self) -> Hashable:
        return (self.tag, *[each._tags() for each in self.children])

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
