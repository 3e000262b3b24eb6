"""Tour marker: an empty file among the user's data that says that the tour was shown, so that it never returns."""

from pathlib import Path

from ndtui.common import files
from ndtui.common.errors import NdtuiError


def path() -> Path:
    """Return the file."""
    return files.data_dir() / "tour-shown"


def was_shown() -> bool:
    """Tell whether the tour was shown to this user; where that cannot be looked up, it counts as shown."""
    try:
        return path().is_file()
    except OSError:
        return True


def note_shown() -> str:
    """Note that the tour was shown; returns why that could not be done, or nothing."""
    try:
        files.make_folder(path().parent)
        files.write_text(path(), "")
    except NdtuiError as error:
        return str(error)
    return ""
