"""Files: read with a limit, written by writing beside and renaming; where a user's own files live."""

import os
from pathlib import Path

from ndtui.common.errors import InputError, RefusedError

MAX_TEXT = 32 * 1024 * 1024


def read_text(path: Path, limit: int = MAX_TEXT) -> str:
    """Return a file's text as UTF-8, with LF line ends and without a byte order mark.

    Raises:
        InputError: there is no such file, it cannot be read, it is larger than ``limit`` bytes, or it is no text.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory", remedy="name a file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", remedy="check the spelling of the path") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read", remedy=reason(error)) from None
    return decode(data, str(path), limit)


def decode(data: bytes, where: str, limit: int = MAX_TEXT) -> str:
    """Return bytes from outside as text; ``where`` names their source in errors.

    Raises:
        InputError: more than ``limit`` bytes, or no UTF-8 text.
    """
    if len(data) > limit:
        raise InputError(f"{where} is larger than {limit // (1024 * 1024)} MiB", remedy="is it the file you meant?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is no UTF-8 text (byte {error.start})", remedy="save it as UTF-8") from None
    if "\x00" in text:
        raise InputError(f"{where} is no text: it holds a NUL character", remedy="is it the file you meant?")
    return text.replace("\r\n", "\n")


def is_there(path: Path) -> bool:
    """Tell whether there is a file; a path that no system could have names none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


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
    """Write a file; a crash leaves the old content or the new, never half.

    Raises:
        RefusedError: the place cannot be written to; nothing has changed.
    """
    import tempfile  # noqa: PLC0415 - imports shutil, and most commands only read

    temporary: str | None = None
    try:
        path = path.resolve()  # what a link points to is replaced, not the link
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        else:
            Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        temporary = None
    except (OSError, ValueError, RuntimeError) as error:  # of a link that leads to itself Python 3.12 says RuntimeError
        raise RefusedError(f"{path} cannot be written", remedy=reason(error)) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


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
