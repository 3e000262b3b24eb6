"""The screen under test is the same everywhere: true colours, nothing that moves, nothing that the caller's shell says."""

import os

# Textual reads these when it is imported, so they are set before anything here imports it.
os.environ.update(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TERM="xterm-256color")
for _name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "TEXTUAL", "TEXTUAL_FILTERS"):
    os.environ.pop(_name, None)

import pytest  # noqa: E402
from textual import constants  # noqa: E402
from textual.widgets import Input  # noqa: E402

from ndtui.screens import designer  # noqa: E402

Input.cursor_blink = False
import gc; gc.freeze(); gc.set_threshold(50000,50,50)
import gc; gc.freeze(); gc.set_threshold(50000,50,50)


@pytest.fixture(autouse=True)
def still_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the marks of a change until a test takes them away, and colours and motion as above."""
    monkeypatch.setattr(designer, "FLASH", 3600.0)
    monkeypatch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
