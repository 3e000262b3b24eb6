"""File watch: whether the file of the open design still holds what was read from it or written to it.

A file system's own notices are not used: network drives have none, and looking at one file costs next to nothing.
"""

import time
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from ndtui.common import files
from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.model.files.design_on_disk import OnDisk, bytes_of, look
from ndtui.ui.state.beside import in_thread
from ndtui.ui.state.workbench import Workbench

#: Seconds between two looks. A change is told when two looks in a row see the same, so that no half-written file is.
LOOK_EVERY = 0.4
#: File systems keep times to two seconds at worst.
_COARSE = 2.0

#: What tells one state of a file from another without reading it; ``None`` where there is no file.
Signature = tuple[int, ...] | None
_Seen = Signature | Literal["unseen", "stream"]


class Watcher(Protocol):
    """The application as the watch sees it."""

    file_news: str

    @property
    def workbench(self) -> Workbench:
        """The state."""

    def saved(self, design: Design, path: Path, data: bytes | None) -> None:
        """Take note that a design is in a file, and what the file holds."""

    def file_holds(self, design: Design | None) -> None:
        """Take note of the design that the file holds; ``None`` where it is gone."""

    def notify(self, message: str, *, title: str = "", markup: bool = True) -> None:
        """Show a message for some seconds."""

    def unsay(self, title: str) -> None:
        """Show what was said under a title no longer: it is so no more."""


class FileWatch:
    """What is known of the file of the open design, and what has become of it since."""

    def __init__(self, host: Watcher) -> None:
        self._host = host
        self._path: Path | None = host.workbench.path
        self._opened: float | None = time.time()
        self.known: bytes | None = None
        """What the file held when it was last read or written; ``None`` where that is not known yet."""
        self.known_design: tuple[bytes, Design] | None = None
        """The same with the design in it, where that was read from it or written to it as a whole."""
        self.found: OnDisk | None = None
        """What the file holds now, as long as the operator has not said what to do about it."""
        self._kept: bytes | None = None
        self._lost: Design | None = None
        self._read_only = False
        self._last: _Seen = "unseen"
        self._judged: _Seen = "unseen"
        self._looking = False

    def know(self, path: Path, data: bytes | None, design: Design | None) -> None:
        """Take note of what the file holds with the operator's knowledge: it was just read or written."""
        if path != self._path:
            self.begin(path)
        self.known, self._opened = data, None
        self.known_design = None if data is None or design is None else (data, design)
        self._settle(None)

    def keep(self) -> None:
        """Leave the file and what is open as they are; the file as it is now is not spoken of again."""
        self._kept = self.found.data if self.found else None
        self._settle(None)

    def known_of(self, path: Path | None) -> bytes | None:
        """Return what a file is known to hold; ``None`` where that is not known, or not of this file."""
        return self.known if path == self._path else None

    @property
    def has_kept(self) -> bool:
        """Whether the operator knows that the file differs, and keeps what is open."""
        return self._kept is not None

    def overtaken(self, found: OnDisk) -> bool:
        """Whether a file has other comments than those the text at hand was written from."""
        return bool(self._host.workbench.text) and self.known is not None and found.data != self.known

    async def look(self) -> None:
        """Look at the file, and say what has become of it when it has come to rest; one look at a time."""
        if self._looking:
            return  # reading a large one takes longer than it is until the next look
        self._looking = True
        try:
            await self._look()
        finally:
            self._looking = False

    async def _look(self) -> None:
        path = self._host.workbench.path
        if path != self._path:
            self.begin(path)
        if path is None:
            return
        seen = await in_thread(partial(_seen, path))
        resting, self._last = seen == self._last, seen
        if not resting or seen in (self._judged, "stream"):
            return
        known = self.known
        bench = self._host.workbench
        found = await in_thread(partial(_found, path, known, self._opened, (bench.design, bench.saved)))
        if (path, known) == (self._host.workbench.path, self.known):  # else it was saved or left meanwhile
            self._judged = seen
            self._judge(path, found)

    def begin(self, path: Path | None) -> None:
        """Know nothing of a file yet: what is open was just loaded in the place of what was."""
        self._path, self.known, self._opened = path, None, None
        self.known_design = None
        self._kept, self._lost, self._read_only = None, None, False
        self._last = self._judged = "unseen"
        self._settle(None)

    def _judge(self, path: Path, found: OnDisk) -> None:
        bench, first = self._host.workbench, self.known is None
        if found.is_read_only != self._read_only:
            self._read_only = found.is_read_only
            if found.is_read_only and not first:
                self._say(path, "read-only now: saving offers to do it under another name")
        if found.data is not None and found.data == self.known:
            self._kept = None
            if self._lost is not None and bench.saved is None:
                self._host.file_holds(self._lost)
            self._settle(None)
        elif not found.is_there:
            self._lost = bench.saved or self._lost
            self._host.file_holds(None)
            self._settle(found)
        elif found.design is None and not (first and found.data is not None and not found.problem):
            self._settle(found)
        elif found.design is None:  # as it was when it was read, at the start: there was no need to read it again
            self.known = found.data
        elif bench.text or found.design not in (bench.design, bench.saved):
            self._settle(found)
        else:
            self._accept(path, found, first=first)

    def _accept(self, path: Path, found: OnDisk, *, first: bool) -> None:
        """Take note of a file that says the same as what is open or was saved; saving keeps its comments."""
        bench = self._host.workbench
        if found.design == bench.design and bench.dirty:
            self._host.saved(bench.design, path, found.data)
            self._say(path, "what is open was saved elsewhere")
        else:
            self.know(path, found.data, found.design)
            if not first:
                self._say(path, "the same design was written elsewhere; saving keeps its comments")

    def _say(self, path: Path, what: str) -> None:
        self._host.notify(what, title=visible(path.name), markup=False)

    def _settle(self, found: OnDisk | None) -> None:
        if found is not None and found.data is not None and found.data == self._kept:
            found = None
        self.found = found
        if found and self._path:  # what was said of the file before is so no more
            self._host.unsay(visible(self._path.name))
        self._host.file_news = _news(self._path, found) if found and self._path else ""


def _news(path: Path, found: OnDisk) -> str:
    if not found.is_there:
        return f"{path.name} is gone from the disk"
    if found.data is None:
        return f"{path.name} cannot be read any more"
    return f"{path.name} changed on disk" if found.design else f"{path.name} changed on disk and is no design now"


def ways_on(found: OnDisk | None, *, may_write: bool = True) -> str:
    """Return what can be done about a file that is not as it was, in a few words."""
    if found is not None and found.design is not None:
        return "compare, reload or keep"
    if not may_write:
        return "keep what is open"
    return "write it again or keep" if found is None or not found.is_there else "save as or keep"


def _seen(path: Path) -> _Seen:
    """Return the state of a file; a terminal or a pipe has none that lasts."""
    return "stream" if files.is_stream(path) else signature(path)


def signature(path: Path) -> Signature:
    """Return what tells the state of a file from another without reading it; ``None`` where there is no file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)


def _found(path: Path, known: bytes | None, opened: float | None, designs: tuple[Design | None, ...]) -> OnDisk:
    """Return what a file holds; read as a design only where it holds something else than what is known.

    Where it holds one of ``designs``, that is returned, which costs whoever compares them nothing.

    ``opened`` is when the file was read at the start, in seconds since 1970: a file written well before holds that.
    """
    data = bytes_of(path)
    if data is not None:
        state = signature(path)
        old = opened is not None and state is not None and state[3] / 1e9 < opened - _COARSE
        if data == known or (known is None and old):
            return OnDisk(data, is_read_only=files.is_read_only(path))
    found = look(path)
    return found._replace(design=next((each for each in designs if each == found.design), found.design))
