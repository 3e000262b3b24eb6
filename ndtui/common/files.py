"""Files: read with a limit, written by writing beside and renaming; where a user's own files live."""

import codecs
import errno
import os
import re
import stat
import sys
from pathlib import Path

from ndtui.common.counted import last_call
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.file_names import is_device
from ndtui.common.text import size_in_words

#: The most that is read of a text, and of JSON: bundles and saved plans have every object in full.
MAX_TEXT = 32 * 1024 * 1024
MAX_JSON = 128 * 1024 * 1024

#: Names of what a process has open, whatever that is: opening one leads to the thing itself.
_DESCRIPTOR = re.compile(r"/dev/(stdin|stdout|stderr|fd/\d+)|/proc/(self|\d+)/fd/\d+")


def read_text(path: Path, limit: int = MAX_TEXT) -> str:
    """Return a file's text as UTF-8, with LF line ends and without a byte order mark.

    Raises:
        InputError: there is no such file, it cannot be read, it is larger than ``limit`` bytes, or it is no text.
    """
    return decode(read_bytes(path, limit), str(path), limit)


def read_windows_text(path: Path, limit: int = MAX_TEXT) -> str:
    """Return the text of a file that a program of Windows wrote, as UTF-16 or as UTF-8; as ``read_text``.

    UTF-16 without its mark, as ``cmd /u`` writes it, is known by its first character, which is one of ASCII.

    Raises:
        InputError: as ``read_text``.
    """
    return decode_windows(read_bytes(path, limit), str(path), limit)


def decode_windows(data: bytes, where: str, limit: int = MAX_TEXT) -> str:
    """Return bytes that a program of Windows wrote as text, as ``read_windows_text``; ``where`` names their source.

    Raises:
        InputError: as ``decode``.
    """
    if is_utf16(data):
        try:
            data = data.decode("utf-16" if _is_marked(data) else "utf-16-le").encode()
        except UnicodeError:
            raise InputError(f"{where} is no UTF-16 text", remedy="is it cut off?") from None
    return decode(data, where, limit)


def is_utf16(data: bytes) -> bool:
    """Tell whether bytes begin as a text in UTF-16 does: with its mark, or with a character of ASCII."""
    return _is_marked(data) or (data[:1].isascii() and data[1:2] == b"\0" != data[:1])


def _is_marked(data: bytes) -> bool:
    return data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path, limit: int = MAX_TEXT) -> bytes:
    """Return what a file holds, at most a byte more than the limit: ``decode`` refuses that.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory", remedy="name a file")
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", remedy="check the spelling of the path") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read", remedy=reason(error)) from None


def decode(data: bytes, where: str, limit: int = MAX_TEXT) -> str:
    """Return bytes from outside as text; ``where`` names their source in errors.

    Raises:
        InputError: more than ``limit`` bytes, or no UTF-8 text.
    """
    if len(data) > limit:
        raise InputError(f"{where} is larger than {size_in_words(limit)}", remedy="is it the file you meant?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is no UTF-8 text (byte {error.start})", remedy="save it as UTF-8") from None
    if "\x00" in text:
        raise InputError(f"{where} is no text: it holds a NUL character", remedy="is it the file you meant?")
    return text.replace("\r\n", "\n")


def readable(text: str, what: str, limit: int) -> str:
    """Return a text that is about to be written, in which ``what`` is, if it will not be refused when it is read.

    Raises:
        RefusedError: it is larger than ``limit`` bytes.
    """
    if len(text) * 4 > limit:
        check_readable(len(text.encode("utf-8")), what, limit)
    return text


def check_readable(size: int, what: str, limit: int) -> None:
    """Refuse a text of so many bytes, or of more, if it will be refused when it is read.

    Raises:
        RefusedError: it is larger than ``limit`` bytes.
    """
    if size > limit:
        raise RefusedError(
            f"{what} has more than {size_in_words(limit)}, and no more is read again", remedy="nothing was written"
        )


def is_there(path: Path) -> bool:
    """Tell whether there is a file; a path that no system could have names none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_same(path: Path, other: Path) -> bool:
    """Tell whether what is written to either path takes the place of the same file."""
    try:
        return path.resolve() == other.resolve()
    except (OSError, RuntimeError, ValueError):
        return False  # no system could have it, or it is a link to itself


#: So many bytes tell of what kind a file is.
HEAD = 64
#: What the file of a log of Windows begins with.
EVENT_LOG = b"ElfFile\x00"


def may_be_of_windows(path: Path) -> bool:
    """Tell whether a path is one of what Windows writes about filters and events: XML, a table, a log."""
    return is_xml(path) or path.name.lower().endswith((".csv", ".evtx")) or _head(path).startswith(EVENT_LOG)


def is_xml(path: Path) -> bool:
    """Tell whether a path is one of XML: it ends so, or there is a file that begins so."""
    return path.name.lower().endswith(".xml") or begins_as_xml(_head(path))


def begins_as_xml(head: bytes) -> bool:
    """Tell whether the first bytes of something are those of XML, in UTF-8 or in UTF-16."""
    return head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<")


def _head(path: Path) -> bytes:
    """Return what a file begins with; nothing where there is none, or it cannot be read: whoever reads it says why."""
    if not is_there(path):
        return b""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder; a path that no system could have names none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8 with the line ends that the text has; otherwise as ``write_bytes``.

    Raises:
        RefusedError: the place cannot be written to, or the text is none; nothing has changed.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedError(f"{path} cannot be written", remedy=reason(error)) from None
    write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file; a crash leaves the old content or the new, never half, and so does giving it up.

    A file that is there keeps its mode and its owner as far as the system lets it; a new one has the mode that the
    umask says. What only passes data on, such as a terminal or a pipe, is written to and never replaced.

    Raises:
        RefusedError: the place cannot be written to, or is no file, or its folder is not there; nothing has changed.
    """
    try:
        if is_stream(path):
            last_call()
            _write_through(path, data)
        else:
            _replace(path.resolve(), data)  # what a link points to is replaced, not the link
    except (OSError, ValueError, RuntimeError) as error:  # of a link that leads to itself Python 3.12 says RuntimeError
        raise RefusedError(f"{path} cannot be written", remedy=reason(error)) from None


def is_stream(path: Path) -> bool:
    """Tell whether a path leads to what only passes data on: a terminal, a null device, a pipe, an open descriptor."""
    if os.name == "nt":
        return is_device(path.name)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or _DESCRIPTOR.fullmatch(os.path.abspath(path)) is not None  # noqa: PTH100 - resolve() would follow it


def _write_through(path: Path, data: bytes) -> None:
    """Write to a stream. At the end of it, for a descriptor may be that of a file that others write to as well."""
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    try:  # a pipe that nobody reads from would not open before somebody does
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise RefusedError(f"nobody reads from {path}", remedy="start what reads from it first") from None
        raise
    with os.fdopen(descriptor, "wb") as file:
        if sys.platform != "win32":
            os.set_blocking(descriptor, True)
        file.write(data)


def _replace(path: Path, data: bytes) -> None:
    if not path.parent.exists():
        raise RefusedError(
            f"{path} cannot be written: there is no folder {path.parent}", remedy="make it first, or name another place"
        )
    former = _former(path)
    temporary = path.with_name(f".{path.name[:40]}.{os.urandom(4).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666 if former is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if former is not None:
            _keep_mode_and_owner(temporary, former)
        last_call()
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _former(path: Path) -> os.stat_result | None:
    """Return what the system says of a file that is to be replaced, or ``None`` where there is none.

    Raises:
        RefusedError: it is no file, or one that must not be written to.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"{path} is a folder", remedy="name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path} is no file", remedy="name a file")
    if is_read_only(path):
        raise RefusedError(f"{path} is read-only", remedy="make it writable, or name another place")
    return found


def is_read_only(path: Path) -> bool:
    """Tell whether a file is there and must not be written to; who may do everything is held to its mode as well."""
    try:
        return not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK))
    except (OSError, ValueError):
        return False


def _keep_mode_and_owner(temporary: Path, former: os.stat_result) -> None:
    """Give a file the mode and the owner of the one that it will replace, as far as the system lets us."""
    mode = former.st_mode & 0o777
    if sys.platform != "win32":
        made = temporary.stat()
        if (made.st_uid, made.st_gid) != (former.st_uid, former.st_gid):
            try:
                os.chown(temporary, former.st_uid, former.st_gid)
            except PermissionError:
                mode = _keep_group(temporary, former.st_gid, mode)
    temporary.chmod(mode)


def _keep_group(temporary: Path, group: int, mode: int) -> int:
    """Give a file a group; where that is not allowed, return a mode that gives no other group what was this one's."""
    if sys.platform != "win32":
        try:
            os.chown(temporary, -1, group)
        except PermissionError:
            return mode & ~0o070
    return mode


def make_folder(path: Path) -> None:
    """Make one of the program's own folders, unless it is there.

    Raises:
        RefusedError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise RefusedError(f"the folder {path} cannot be made", remedy=reason(error)) from None


def reason(error: Exception) -> str:
    """Return what the system said, in a few words without the file's name."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def config_dir() -> Path:
    """Return the folder of the user's own presets and settings (``NDTUI_CONFIG_DIR`` moves it)."""
    from platformdirs import user_config_path  # noqa: PLC0415 - not needed for shipped presets; keeps start-up short

    moved = os.environ.get("NDTUI_CONFIG_DIR")
    return Path(moved) if moved else user_config_path("ndtui", appauthor=False)


def data_dir() -> Path:
    """Return the folder of the embedded store (``NDTUI_DATA_DIR`` moves it)."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only commands on a store need it

    moved = os.environ.get("NDTUI_DATA_DIR")
    return Path(moved) if moved else user_data_path("ndtui", appauthor=False)
