"""First frame: the panes' lines and titles are drawn as soon as the program runs, and filled when the design is read.

Four fifths of a start are spent on loading libraries: first pydantic, then Textual. What can be shown by then is shown;
what is typed waits, unseen, until the designer asks for it. The frame has the terminal's own colours, and no keys yet.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from ndtui.common.text import visible
from ndtui.ui.state import pane_sizes
from ndtui.ui.state.pane_sizes import PaneSizes

if TYPE_CHECKING:
    from ndtui.app.first_rows import FirstRows
    from ndtui.common.settings import Settings
    from ndtui.model.design.design import Design

#: Names of terminals that may not have the signs of the frame or a second screen, by their beginning.
_PLAIN = ("dumb", "unknown", "linux", "vt")
#: A smaller terminal has no room for a frame.
_LEAST_COLUMNS, _LEAST_ROWS = 30, 10
_SECOND_SCREEN, _FIRST_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
#: The views by their titles: their own module loads too much.
_VIEWS = ("Filters", "Weights", "Contexts", "Findings", "Changes")
_HANDLED = ("SIGTERM", "SIGHUP")


class Size(NamedTuple):
    """The size of a terminal in cells."""

    columns: int
    rows: int


def frame_lines(size: Size, sizes: PaneSizes, opened: str, rows: "FirstRows | None" = None) -> list[str]:
    """Return the lines of the frame, as the style sheet ``ndtui.tcss`` lays the panes out; ``opened`` is awaited.

    With ``rows`` the panes are filled.
    """
    columns, height = size
    fitted = sizes.fit(columns, height)
    left = (fitted.left or (40 if columns >= 140 else 28)) if columns >= 80 else columns
    below = fitted.below or (4 if height < 20 else 13 if height >= 36 else 6)
    beside = left < columns
    inner = left - 1 if beside else columns
    high = height - below - 5
    views = view_names(columns - left, rows.counts if rows else {})
    titles = _rule("━ Decisions ", "━", inner) + (f"│{_rule(views, '─', columns - left)}" if beside else "")
    first = rows.decisions(inner, high) if rows else [" " * inner] * high
    second = rows.filters(columns - left, high) if rows and beside else [""] * high
    panes = [f"{one}│{other}" if beside else one for one, other in zip(first, second, strict=True)]
    divider = _rule("─ Explanation ", "─", columns)
    if beside:
        divider = f"{divider[: left - 1]}┴{divider[left:]}"
    name = visible(opened)
    room = columns if name.isascii() else columns // 2  # a sign may be two cells wide
    status = rows.status(columns) if rows else f" {name}  |  opening"[:room]
    return [titles, *panes, divider, *[""] * (below + 1), status, ""]


def view_names(width: int, counts: Mapping[str, int]) -> str:
    """Return the names of the views, as ``ViewBar`` fits them in; what is found is not known yet."""
    text = ""
    for before, counted in ((" ", counts), (" ", {}), ("", {})):
        titles = (f"{n} {name}{f' {counted[name]}' if name in counted else ''} " for n, name in enumerate(_VIEWS, 1))
        text = before + before.join(titles)
        if len(text) - 1 <= width:
            break
    return text


def _rule(title: str, line: str, width: int) -> str:
    return (title + line * width)[:width]


class Frame:
    """What is shown before the designer; this one, where no frame can be drawn, shows nothing."""

    def fill(self, design: "Design", settings: "Settings") -> None:
        """Show the design in the panes."""

    def hand_over(self) -> None:
        """Leave the terminal to the designer; to be called just before it runs."""


@contextmanager
def first_frame(opened: str) -> Iterator[Frame]:
    """Show the frame while the block prepares the designer.

    Unless it is handed over, the end of the block finds the terminal as it was.
    """
    stream = sys.__stderr__  # where the screen library writes
    size = _size(stream, os.environ)
    if sys.platform == "win32" or stream is None or size is None:
        yield Frame()
        return
    frame = _Drawn(stream, size, opened)
    try:
        frame.show()
        yield frame
    finally:
        frame.give_back()


def _size(stream: TextIO | None, environment: Mapping[str, str]) -> Size | None:
    """Return the size of a terminal that a frame can be drawn on, and ``None`` for others."""
    name = environment.get("TERM", "").lower()
    fit = name and not name.startswith(_PLAIN) and not environment.get("TEXTUAL_DRIVER")
    if stream is None or not fit or not stream.isatty() or "utf" not in (stream.encoding or "").lower():
        return None
    try:
        size = Size(*os.get_terminal_size(stream.fileno()))
    except OSError:
        return None
    return size if size.columns >= _LEAST_COLUMNS and size.rows >= _LEAST_ROWS else None


if sys.platform != "win32":
    import termios

    class _Drawn(Frame):
        """The frame on a terminal, which it owns until it is handed over or given back."""

        def __init__(self, stream: TextIO, size: Size, opened: str) -> None:
            self._stream = stream
            self._size = size
            self._opened = opened
            self._sizes = pane_sizes.kept()
            self._modes: list[Any] | None = None
            self._handled: list[signal.Signals] = []
            self._shown = False

        def show(self) -> None:
            """Draw on the second screen, and keep what is typed out of sight."""
            self._handle_signals()
            self._shown = True
            self._echo(on=False)
            self._stream.write(f"{_SECOND_SCREEN}\x1b[2J")
            self._draw(None)

        def fill(self, design: "Design", settings: "Settings") -> None:
            """Show the design in the panes, unless it is a large one."""
            from ndtui.app.first_rows import MOST, FirstRows  # noqa: PLC0415 - the frame does not wait for it

            if len(design.exemptions) <= MOST:
                self._draw(FirstRows(design, settings.columns))

        def _draw(self, rows: "FirstRows | None") -> None:
            lines = frame_lines(self._size, self._sizes, self._opened, rows)
            self._stream.write("".join(f"\x1b[{row};1H{line}" for row, line in enumerate(lines, start=1) if line))
            self._stream.flush()

        def hand_over(self) -> None:
            """Leave the picture to the designer, with the modes that it is to give back at its end."""
            self._echo(on=True)
            for number in self._handled:
                signal.signal(number, signal.SIG_DFL)
            self._handled.clear()
            self._shown = False

        def give_back(self) -> None:
            """Leave the terminal as it was, unless it was handed over."""
            if self._shown:
                self._stream.write(_FIRST_SCREEN)
                self._stream.flush()
                self.hand_over()

        def _echo(self, *, on: bool) -> None:
            """Switch off that the terminal shows what is typed, or back as it was. What was typed stays to be read."""
            if sys.__stdin__ is None or not sys.__stdin__.isatty():
                return
            if not on:
                self._modes = termios.tcgetattr(sys.__stdin__)
                silent = list(self._modes)
                silent[3] &= ~termios.ECHO
                termios.tcsetattr(sys.__stdin__, termios.TCSANOW, silent)
            elif self._modes is not None:
                termios.tcsetattr(sys.__stdin__, termios.TCSANOW, self._modes)
                self._modes = None

        def _handle_signals(self) -> None:
            """Have the terminal given back before a signal ends the program, as it would have without the frame."""
            if threading.current_thread() is not threading.main_thread():
                return
            for name in _HANDLED:
                number = signal.Signals[name]
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._end)
                    self._handled.append(number)

        def _end(self, number: int, _frame: object) -> None:
            self.give_back()
            os.kill(os.getpid(), number)
