"""A handover read back: its design, if every file is there as it was handed over."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.text import brief, size_in_words
from ndtui.exporters.handover.handover_format import DESIGN, DIGESTS, READ_FIRST, REPORT, SCRIPT, digest_of

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_NAMES = (DESIGN, SCRIPT, REPORT, READ_FIRST)
_AGAIN = "ask for it again"
#: What a zip file begins with.
_ZIP = b"PK\x03\x04"


def is_handover(place: Path) -> bool:
    """Whether a place is meant as a handover: a folder with digests, or a zip file."""
    if files.is_folder(place):
        return files.is_there(place / DIGESTS)
    try:
        with place.open("rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except (OSError, ValueError):
        return False


def read_handover(place: Path) -> str:
    """Return the text of the design in a handover.

    Raises:
        InputError: it is none, or too large.
        RefusedError: a file is missing, or is not as it was handed over, or a zip file holds something beside them.
    """
    read = _of_folder(place) if files.is_folder(place) else _of_zip(place)
    digests = _digests(files.decode(read(DIGESTS), f"{place}: {DIGESTS}"), place)
    if other := next((name for name in digests if name not in _NAMES), None):
        raise RefusedError(f"{place}: {DIGESTS} names {brief(other)}, which is no part of it", remedy=_AGAIN)
    contents = {name: read(name) for name in _NAMES}
    for name, data in contents.items():
        if digests.get(name) != digest_of(data):
            raise RefusedError(f"{place}: {name} is not as it was handed over", remedy=_AGAIN)
    return files.decode(contents[DESIGN], f"{place}: {DESIGN}")


def _digests(text: str, place: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = _LINE.fullmatch(line)
        if said is None:
            raise InputError(f"{place}: {DIGESTS}: line {number}: {brief(line)} is no digest", remedy="is it cut off?")
        if said[2] in found:
            raise RefusedError(f"{place}: {DIGESTS} names {brief(said[2])} twice", remedy=_AGAIN)
        found[said[2]] = said[1]
    return found


def _of_folder(place: Path) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        if not files.is_there(place / name):
            raise _missing(place, name)
        data = files.read_bytes(place / name)
        if len(data) > files.MAX_TEXT:
            raise _too_large(place, name)
        return data

    return read


def _of_zip(place: Path) -> Callable[[str], bytes]:
    data = files.read_bytes(place, files.MAX_JSON)
    if len(data) > files.MAX_JSON:
        raise _too_large(place, "it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise InputError(f"{place} is no whole zip file", remedy="is it cut off?") from None
    _check_members(archive, place)

    def read(name: str) -> bytes:
        try:
            with archive.open(name) as file:
                found = file.read(files.MAX_TEXT + 1)  # never more, whatever it says of itself
        except KeyError:
            raise _missing(place, name) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise RefusedError(f"{place}: {name} cannot be unpacked", remedy=_AGAIN) from None
        if len(found) > files.MAX_TEXT:
            raise _too_large(place, name)
        return found

    return read


def _check_members(archive: zipfile.ZipFile, place: Path) -> None:
    """Refuse a zip file of which other programs would unpack something else, or more, than is looked at here."""
    seen: set[str] = set()
    for member in archive.infolist():
        if member.filename not in (*_NAMES, DIGESTS):
            raise RefusedError(f"{place}: {brief(member.filename)} is no part of a handover", remedy=_AGAIN)
        if member.filename in seen:
            raise RefusedError(f"{place}: {member.filename} is in it twice", remedy=_AGAIN)
        seen.add(member.filename)
    if min((member.header_offset for member in archive.infolist()), default=0) > 0:
        raise RefusedError(f"{place}: something stands before the zip file", remedy=_AGAIN)


def _missing(place: Path, name: str) -> RefusedError:
    return RefusedError(f"{place}: {name} is missing from the handover", remedy=_AGAIN)


def _too_large(place: Path, name: str) -> InputError:
    return InputError(
        f"{place}: {name} is larger than a handover can be ({size_in_words(files.MAX_TEXT)})",
        remedy="is it the file you meant?",
    )
