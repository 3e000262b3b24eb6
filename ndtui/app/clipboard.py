"""The clipboard: of the terminal, by OSC 52, or a file where that is not to be had."""

import os
from collections.abc import Mapping
from pathlib import Path

from ndtui.common import files

#: Terminals end a sequence at 100,000 bytes, and base64 makes 4 of 3: so many bytes of text, as vim-oscyank has it.
MOST = 74_994
#: Names of terminals, by their beginning, that have no clipboard; Apple's Terminal tells its own name.
_WITHOUT = ("linux", "vt", "dumb", "unknown")


def takes(text: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal can be expected to take a text for its clipboard; none of them answers."""
    if environment.get("TERM_PROGRAM") == "Apple_Terminal" or environment.get("TERM", "").startswith(_WITHOUT):
        return False
    return len(text.encode()) <= MOST


def put_aside(text: str) -> Path:
    """Write a text into the file that takes the place of a clipboard, and return its path.

    Raises:
        RefusedError: it cannot be written.
    """
    path = files.data_dir() / "copied.txt"
    files.make_folder(path.parent)
    files.write_text(path, text)
    return path
