"""Output: data on standard output, messages on standard error, and nothing that acts on a terminal."""

import errno
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ndtui.common.errors import RefusedError
from ndtui.common.files import is_stream, reason
from ndtui.common.text import visible


def write(text: str) -> None:
    """Write data to standard output as it is.

    Raises:
        RefusedError: it cannot be written: a full disk, for example.
        BrokenPipeError: the reader has left.
    """
    _write(lambda: sys.stdout.write(text))


def write_bytes(data: bytes) -> None:
    """Write data that is no text to standard output; raises as ``write``."""
    _write(lambda: sys.stdout.buffer.write(data))


def _write(writing: Callable[[], object]) -> None:
    try:
        writing()
        sys.stdout.flush()
    except OSError as error:
        _abandon()
        # Windows says EINVAL of a pipe whose reader has left.
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            raise BrokenPipeError from None
        raise RefusedError("standard output cannot be written to", remedy=reason(error)) from None


def _abandon() -> None:
    """Point standard output at nothing, so that what is left in its buffer does not fail again at the end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def write_json(data: Any) -> None:
    """Write data as JSON: indented, ASCII only."""
    import json  # noqa: PLC0415 - only JSON needs it

    write(json.dumps(data, indent=2, ensure_ascii=True) + "\n")


def write_lines(lines: Iterable[str]) -> None:
    """Write lines for a person; whatever could act on a terminal is written out."""
    write("".join(f"{visible(line)}\n" for line in lines))


def write_text(text: str) -> None:
    """Write a text of several lines for a person: tabs stay, other control characters are written out."""
    write("\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n")))


def note(message: str) -> None:
    """Write a message to standard error; where that cannot be written to, the exit status alone has to say it."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{visible(message)}\n")
        sys.stderr.flush()


def is_interactive() -> bool:
    """Tell whether there is somebody to ask: questions go to standard error, answers come from standard input."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str) -> bool:
    """Ask a question on the terminal; only ``y`` or ``yes`` is a yes."""
    sys.stderr.write(f"{visible(question)} [y/N] ")
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise
    return answer.strip().lower() in ("y", "yes")


def count(number: int, thing: str) -> str:
    """Return a number and a thing in words: ``1 filter``, ``2 filters``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def check_free(path: Path, *, force: bool) -> None:
    """Make sure that no file is overwritten without leave.

    Raises:
        RefusedError: there is one already.
    """
    try:
        taken = path.exists() and not is_stream(path)  # nothing of a terminal or a pipe is lost by writing to it
    except (OSError, ValueError):
        return  # writing will say what is wrong with the path
    if taken and not force:
        raise RefusedError(f"{path} is already there", remedy="use --force to overwrite it")
