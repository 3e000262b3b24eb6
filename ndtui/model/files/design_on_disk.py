"""What a design's file holds at this moment, and writing over it only as long as it still holds that."""

from pathlib import Path
from typing import NamedTuple

from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design, parse_design


class ChangedError(RefusedError):
    """The file holds something else than a moment ago: nothing was written."""


class OnDisk(NamedTuple):
    """What a file holds: its bytes and the design in them, or why there is none."""

    data: bytes | None
    """``None`` where there is no file, or one that cannot be read."""
    text: str = ""
    design: Design | None = None
    problem: str = ""
    is_there: bool = True
    is_read_only: bool = False


def look(path: Path, known: tuple[bytes, Design] | None = None) -> OnDisk:
    """Return what a file holds now; ``known`` are bytes and the design in them, which need not be read again."""
    if not files.is_there(path):
        return OnDisk(None, is_there=False)
    read_only = files.is_read_only(path)
    data, text = None, ""
    try:
        data = files.read_bytes(path)
        text = files.decode(data, str(path))
        design = known[1] if known is not None and data == known[0] else parse_design(text, str(path))
        return OnDisk(data, text, design, is_read_only=read_only)
    except InputError as error:
        return OnDisk(data, text, problem=str(error), is_read_only=read_only)


def write_over(design: Design, path: Path, found: OnDisk, layout: str = "") -> str:
    """Write a design to a file that holds what ``look`` found there, and return the text.

    The comments of the file are kept, or those of ``layout``, a text of the design that takes its place.

    Raises:
        ChangedError: it holds something else by now.
        RefusedError: it cannot be written, or would not read back; what was there is still there.
    """
    text = format_design(design, layout or found.text)
    if bytes_of(path) != found.data:
        raise ChangedError(f"{path} has just been changed", remedy="look again")
    files.write_text(path, text)
    return text


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds; ``None`` where there is none, or one that cannot be read."""
    try:
        return files.read_bytes(path) if files.is_there(path) else None
    except InputError:
        return None  # as ``look`` has it of a file that cannot be read
