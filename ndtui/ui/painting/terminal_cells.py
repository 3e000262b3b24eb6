"""What the terminal shows, cell by cell: what is painted anew is sent where it differs from that, and nowhere else.

The rows of a table are alike, and what lies below a dialog is painted whole when it closes: most of what is painted
stands there already. Over a slow line that is what is felt.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress, count
from operator import ne, or_
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

#: So many cells between others are sent again though they stand there: to step over them takes as many characters.
_GAP = 4
#: So many steps back are shorter than to name the place.
_BACK = 4
#: Scripts of which each character is a letter or a sign by itself: others are joined, or written from right to left.
_APART = ((0x20, 0x590), (0x1E00, 0x2E80))


class _Run(NamedTuple):
    """Neighbouring cells of one look (SGR parameters); by their order those of one look are sent one after the other.

    Those that end in one column come from above to below: from one to the next it is a step, in the rows of a table.
    """

    look: str
    end: int
    y: int
    x: int
    text: str


class TerminalCells:
    """The cells of a terminal as they were sent: for each what was written there, and its look.

    A cell of which nothing is known has the text ``""``. What is not a character in each cell (wide ones, joined ones,
    links) is written as a whole: each of its cells has all that writes it, and where, as its text.
    """

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._texts: list[list[str]] = []
        self._looks: list[list[str]] = []

    def forget(self) -> None:
        """Know nothing any more: the terminal has another size, or something else was written to it."""
        self._size = Size(0, 0)

    def changed_by(self, update: LayoutUpdate | ChopsUpdate, size: Size, console: Console) -> str:
        """Return what makes a terminal of a size (columns, rows) show an update, and know that it is shown."""
        if size != self._size:
            self._size = size
            self._texts = [[""] * size.width for _ in range(size.height)]
            self._looks = [[""] * size.width for _ in range(size.height)]
        system = console._color_system or ColorSystem.TRUECOLOR
        return _written(
            [run for y, x, strips in _painted(update) for run in self._exchange(y, x, strips, system)], size.width
        )

    def _exchange(self, y: int, x: int, strips: Iterable[Strip], system: ColorSystem) -> Iterator[_Run]:
        """Take what is painted in a row from a cell on, and yield what of it differs from what stands there."""
        texts, looks = self._texts[y], self._looks[y]
        for text, style, _ in (segment for strip in strips for segment in strip):
            end, apart = x + cell_len(text), _is_apart(text)
            if apart and not (style and style.link):
                look, whole, new_texts = _look(style, system), "", list(text)
            else:
                look, whole = "", f"{_drawn(' ' * (end - x), style, system)}{_to(x, y)}{_drawn(text, style, system)}"
                new_texts = [whole] * (end - x)
            new_looks = [look] * (end - x)
            old_texts, old_looks = texts[x:end], looks[x:end]
            if old_texts != new_texts or old_looks != new_looks:
                texts[x:end], looks[x:end] = new_texts, new_looks
                if whole:
                    yield _Run(look, end, y, x, whole)
                    # A terminal may draw it in fewer cells, which are blank then, or in more, which are sent again.
                    after = slice(end, end if apart else x + 2 * len(text))
                    texts[after] = [""] * len(texts[after])
                else:
                    differ = map(or_, map(ne, old_texts, new_texts), map(ne, old_looks, new_looks))
                    for first, last in _parts(compress(count(), differ)):
                        yield _Run(look, x + last, y, x + first, text[first:last])
            x = end


def _painted(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """Yield what an update paints as the library sends it: the row, the first cell, and what is painted from it on."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, strips
        return
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < last and end > first:
                yield y, x, [strip if end <= last else strip.crop(0, last - x)]


@lru_cache(maxsize=4096)
def _is_apart(text: str) -> bool:
    """Tell whether each character of a text has a cell by itself on any terminal."""
    return text.isprintable() and (
        text.isascii()
        or all(cell_len(each) == 1 and any(low <= ord(each) < high for low, high in _APART) for each in text)
    )


def _look(style: Style | None, system: ColorSystem) -> str:
    """Return the SGR parameters of a style."""
    if style is None:
        return ""
    look = style._ansi  # as the library keeps it
    return Strip.render_ansi(style, system) if look is None else look


def _drawn(text: str, style: Style | None, system: ColorSystem) -> str:
    """Return what draws a text in a style, and ends plainly."""
    return Strip.render_style(style, text, system) if style else text


def _parts(places: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Yield parts, each with its first place and its end, in which there are all of some ascending places."""
    first = last = next(places)
    for place in places:
        if place > last + 1 + _GAP:
            yield first, last + 1
            first = place
        last = place
    yield first, last + 1


def _written(runs: Iterable[_Run], width: int) -> str:
    """Return what writes runs to a terminal of so many columns, which writes plainly before and after."""
    written, look, at = [], "", (-1, -1)
    for run in sorted(runs):
        if run.look != look:
            written.append(f"\x1b[0;{run.look}m" if look else f"\x1b[{run.look}m")
            look = run.look
        written += (_way(at, run.x, run.y), run.text)
        # A terminal may have other ideas of how wide a sign is, and past the last column it stays there.
        at = (run.end, run.y) if run.text.isascii() and run.text.isprintable() and run.end < width else (-1, -1)
    return f"{''.join(written)}\x1b[0m" if look else "".join(written)


def _way(at: tuple[int, int], x: int, y: int) -> str:
    """Return what moves the cursor to a cell, from another or, where that is not known, from anywhere."""
    at_x, at_y = at
    if at == (x, y):
        return ""
    if at_y == y and 0 <= at_x < x:
        return f"\x1b[{x - at_x}C"
    if at_y == y - 1 and 0 <= at_x - x <= _BACK:
        return "\x1b[B" + "\b" * (at_x - x)
    return _to(x, y)


def _to(x: int, y: int) -> str:
    """Return what moves the cursor to a cell from anywhere."""
    return f"\x1b[{y + 1};{x + 1}H"
