"""View: how rows are shown, as data: columns, cells, tones, marks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["", "head", "muted", "added", "changed", "removed", "error", "warning"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the rows of a layer."""

    layer: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``width`` cells, or 0 for a share of what is left.

    When it is tight, columns of low ``priority`` go, until those without a width have their ``least``.
    """

    title: str
    width: int
    priority: int = 9
    least: int = 12
    right: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """How rows are shown.

    ``cells`` returns a text per column, or a single one for a row that spans all; ``key`` is what makes a row the
    same row after an exchange; ``selectable`` is false for rows the cursor passes over.
    """

    columns: tuple[Column, ...]
    cells: Callable[[Any], tuple[str, ...]]
    key: Callable[[Any], object]
    tone: Callable[[Any], Tone] = lambda _: ""
    mark: Callable[[Any], str] = lambda _: ""
    selectable: Callable[[Any], bool] = lambda _: True
    head: bool = True
    empty: str = "nothing here"
