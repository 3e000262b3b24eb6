"""Pane sizes: how wide and high the operator has made the panes, kept from one session to the next.

Nothing is written before something was adjusted; a file that holds anything else than sizes is as good as none.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ndtui.common import files
from ndtui.common.errors import NdtuiError
from ndtui.common.json_text import load_json

#: Columns that the left pane, and the one at its right, have at least.
LEAST_LEFT, LEAST_RIGHT = 16, 36
#: Rows that the explanation, and all the rest of the screen, have at least.
LEAST_BELOW, LEAST_REST = 2, 9
#: Rows that what stands above the explanation has at least, whatever else there is on a screen.
LEAST_ROWS = 3
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class PaneSizes:
    """The width of the left pane in columns and the height of the explanation in rows; 0 is for what fits by itself."""

    left: int = 0
    below: int = 0

    def fit(self, columns: int, rows: int) -> "PaneSizes":
        """Return what of these sizes a screen has room for."""
        left = self.left and max(LEAST_LEFT, min(self.left, columns - LEAST_RIGHT))
        below = self.below and max(LEAST_BELOW, min(self.below, rows - LEAST_REST))
        return PaneSizes(left, below)


def _path() -> Path:
    return files.data_dir() / "panes.json"


def kept() -> PaneSizes:
    """Return the sizes of the last session, or those that fit by themselves."""
    try:
        path = _path()
        if not path.is_file():
            return PaneSizes()
        found = load_json(files.read_text(path, 1000), str(path))
    except (NdtuiError, OSError):
        return PaneSizes()
    if not isinstance(found, dict):
        return PaneSizes()
    return PaneSizes(_size(found.get("left")), _size(found.get("below")))


def _size(value: object) -> int:
    return value if type(value) is int and 0 < value < _MOST else 0


def keep(sizes: PaneSizes) -> str:
    """Keep sizes for the next session; returns why that could not be done, or nothing."""
    try:
        files.make_folder(files.data_dir())
        files.write_text(_path(), json.dumps(asdict(sizes)) + "\n")
    except NdtuiError as error:
        return str(error)
    return ""
