"""Recent files: which designs outside the folders of presets were opened or saved last. Only their paths are kept."""

import json
from pathlib import Path

from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.model.files import presets
from ndtui.model.files.presets import Preset

#: So many are kept; longer paths and larger files of paths are not ours.
MOST = 20
_LONGEST_PATH, _LARGEST = 4096, 1024 * 1024


def place() -> Path:
    """Return the file that the paths are kept in."""
    return files.data_dir() / "recent.json"


def recent() -> list[Preset]:
    """Return the files, the last one first, whether they are still there or not; what is no path is left out."""
    return [Preset(path.stem, path, "recent") for path in _paths()]


def remember(path: Path) -> None:
    """Put a file first; a preset is none of them, for it stands among the presets.

    Raises:
        RefusedError: the list cannot be written.
    """
    path = path.absolute()
    if path.parent in (presets.own_dir().absolute(), presets.shipped_dir()) or files.is_stream(path):
        return
    paths = _paths()
    if paths[:1] != [path]:
        _write([path, *(each for each in paths if each != path)])


def drop(path: Path) -> None:
    """Leave a file out of the list; the file itself stays as it is.

    Raises:
        RefusedError: the list cannot be written.
    """
    _write([each for each in _paths() if each != path])


def _paths() -> list[Path]:
    if not files.is_there(place()):
        return []
    try:
        held = json.loads(files.read_text(place(), _LARGEST))
    except (InputError, ValueError, RecursionError):
        return []  # somebody else has written it: it is no loss, and the next one that is opened begins a new one
    if not isinstance(held, list):
        return []
    paths = dict.fromkeys(Path(each) for each in held if _is_path(each))
    return list(paths)[:MOST]


def _is_path(held: object) -> bool:
    return isinstance(held, str) and len(held) <= _LONGEST_PATH and "\x00" not in held and Path(held).is_absolute()


def _write(paths: list[Path]) -> None:
    files.make_folder(place().parent)
    files.write_text(place(), json.dumps([str(path) for path in paths[:MOST]], indent=1) + "\n")
