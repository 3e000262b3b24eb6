"""Which elements of XML are read: a tree of names, made so that following it costs as little as can be.

An element that is not in it leads to ``PASSED_OVER``, which leads to itself. What has to be done when an element begins
or ends is done for those alone that are no plain dict.
"""

from collections.abc import Mapping
from typing import Any


class Special(dict[str, Any]):
    """An element at which something has to be done."""


class Leaf(Special):
    """An element whose text is kept, under a name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Attribute(Special):
    """An element of which one attribute is kept, under a name."""

    __slots__ = ("attribute", "name")

    def __init__(self, attribute: str, name: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.name = name


class Named(Special):
    """Elements whose texts are kept under the name that an attribute gives them, if that is one of the leaves."""

    __slots__ = ("attribute", "leaves")

    def __init__(self, attribute: str, names: str) -> None:
        super().__init__()
        self.attribute = attribute
        self.leaves: Mapping[str, Leaf] = {name: Leaf(name) for name in names.split()}


class Listed(Special):
    """An element that there are several of: the texts in it are kept as an item of a list."""


class Noted(Special):
    """An element of which it is kept that it was there."""

    __slots__ = ("tag",)

    def __init__(self, tag: str, elements: Mapping[str, Any]) -> None:
        super().__init__(elements)
        self.tag = tag


#: What is not read.
PASSED_OVER: dict[str, Any] = {}


def leaves(names: Mapping[str, str]) -> dict[str, Any]:
    """Return elements whose texts are kept, each with the name that it is kept under."""
    return {tag: Leaf(name) for tag, name in names.items()}
