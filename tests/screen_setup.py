"""The screen under test is the same everywhere: true colours, nothing that moves, nothing from the caller's shell."""

import gc
import os
from collections.abc import Iterator

# Textual reads these when it is imported, so they are set before anything here imports it.
os.environ.update(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TERM="xterm-256color")
for _name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "TEXTUAL", "TEXTUAL_FILTERS"):
    os.environ.pop(_name, None)

import pytest  # noqa: E402
from textual import constants  # noqa: E402
from textual.widgets import Input  # noqa: E402

from ndtui.app import collector, screens_ahead  # noqa: E402
from ndtui.ui.state import file_watch, recovery  # noqa: E402

Input.cursor_blink = False


@pytest.fixture(autouse=True, scope="module")
def rare_collections() -> Iterator[None]:
    """Look for garbage once a module: every app leaves thousands of cycles, and looking takes a fifth of the time.

    What collecting the tests has made is left out of that (see ``tests/conftest.py``): it is most of what there is.
    """
    usual = gc.get_threshold()
    gc.collect()
    gc.set_threshold(50_000, 50, 50)
    yield
    gc.set_threshold(*usual)


@pytest.fixture(autouse=True)
def still_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what happens after a while never happen by itself."""
    monkeypatch.setattr(recovery, "KEEP_WITHIN", 3600.0)
    monkeypatch.setattr(file_watch, "LOOK_EVERY", 3600.0)
    monkeypatch.setattr(gc, "freeze", lambda: None)  # at every start it would keep all that former tests left
    monkeypatch.setattr(collector, "BACKSTOP", 50)  # as above
    monkeypatch.setattr(screens_ahead, "REST", 3600.0)
    monkeypatch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
