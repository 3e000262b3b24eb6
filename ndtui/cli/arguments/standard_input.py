"""Standard input: looked at before it is read, and kept as a file where something reads files.

It is one thing: whoever takes it reads all of it, and a second one is refused.
"""

import shutil
import sys
import tempfile
import weakref
from pathlib import Path
from typing import BinaryIO

from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError

NAME = "standard input"
_CHUNK = 1024 * 1024


class _Kept(type(Path())):  # type: ignore[misc]  # the class of paths of this system
    """A file that holds what stood on standard input: called so wherever it is named, and removed with this path."""

    def __str__(self) -> str:
        return NAME

    def __fspath__(self) -> str:
        return str(super().__str__())


class _Standard:
    """Standard input, of which the head may be read ahead."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head = b""
        self._taken = False

    def head(self) -> bytes:
        """Return what it begins with: as much as tells of what kind it is."""
        while not self._taken and len(self._head) < files.HEAD:
            more = self._read(files.HEAD - len(self._head))
            if not more:
                break
            self._head += more
        return self._head

    def take(self, limit: int) -> bytes:
        """Return it, at most a byte more than the limit."""
        self._take()
        return self._head + self._read(max(0, limit + 1 - len(self._head)))

    def keep(self, limit: int) -> Path:
        """Write it into a file of its own, at most a byte more than the limit, and return that."""
        self._take()
        try:
            folder = tempfile.mkdtemp(prefix="ndtui-")
            kept = _Kept(folder, "stdin")
            weakref.finalize(kept, shutil.rmtree, folder, ignore_errors=True)
            with kept.open("wb") as file:
                file.write(self._head)
                left = limit + 1 - len(self._head)
                while left > 0 and (data := self._read(min(left, _CHUNK))):
                    file.write(data)
                    left -= len(data)
        except OSError as error:
            raise RefusedError(f"{NAME} cannot be kept in a file", remedy=files.reason(error)) from None
        return kept

    def _take(self) -> None:
        if self._taken:
            raise InputError(f"{NAME} is named twice, and can be one thing", remedy="name a file for the other")
        self._taken = True

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            raise InputError(f"{NAME} cannot be read", remedy=files.reason(error)) from None


#: Standard input by the stream that it is: there is one in a process, and one for each run in a test.
_known: "weakref.WeakKeyDictionary[object, _Standard]" = weakref.WeakKeyDictionary()


def _standard() -> _Standard:
    if sys.stdin is None:
        raise InputError(f"{NAME} is closed", remedy="name a preset or a file")
    return _known.setdefault(sys.stdin, _Standard(sys.stdin.buffer))


def is_xml() -> bool:
    """Tell whether standard input begins as XML does; it can be read in full afterwards.

    Raises:
        InputError: it is closed, or cannot be read.
    """
    return files.begins_as_xml(_standard().head())


def read_bytes(limit: int) -> bytes:
    """Return what stands on standard input, at most a byte more than the limit.

    Raises:
        InputError: it is closed, cannot be read, or was read already.
    """
    return _standard().take(limit)


def kept(limit: int) -> Path:
    """Return a file that holds what stands on standard input, at most a byte more than the limit.

    Its text is the name of standard input. It is there as long as the path is.

    Raises:
        InputError: as ``read_bytes``.
        RefusedError: no file can be written.
    """
    return _standard().keep(limit)
