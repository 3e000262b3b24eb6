"""The screen under test is the same everywhere: true colours, nothing that moves, nothing from the caller's shell."""

import gc
import os
from collections.abc import Iterator

# Textual reads these when it is imported, so they are set before anything here imports it.
os.environ.update(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TERM="xterm-256color")
for _name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "TEXTUAL", "TEXTUAL_FILTERS"):
    os.environ.pop(_name, None)

import pytest  # noqa: E402
from rich.console import RenderableType  # noqa: E402
from textual import constants  # noqa: E402
from textual._compositor import Compositor  # noqa: E402
from textual._context import visible_screen_stack  # noqa: E402
from textual.screen import Screen  # noqa: E402
from textual.widgets import Input  # noqa: E402

from ndtui.app import collector, screens_ahead  # noqa: E402
from ndtui.ui.state import file_watch, recovery  # noqa: E402

Input.cursor_blink = False


def _draw_nothing_unasked(
    self: Compositor, full: bool = False, screen_stack: list[Screen] | None = None, simplify: bool = False
) -> RenderableType | None:
    """Make nothing that would be sent to the terminal: there is none. Whoever looks at the screen has it drawn then.

    That is two fifths of the time that a test takes.
    """
    if simplify:  # an SVG is wanted
        return RENDER_UPDATE(self, full=full, screen_stack=screen_stack, simplify=True)
    visible_screen_stack.set(screen_stack or [])
    self._dirty_regions.clear()
    return None


#: How the library draws what is sent.
RENDER_UPDATE = Compositor.render_update
Compositor.render_update = _draw_nothing_unasked


@pytest.fixture(autouse=True, scope="module")
def rare_collections() -> Iterator[None]:
    """Look for old garbage once a module: every app leaves thousands of cycles, and looking takes a sixth of the time.

    What is left then stays, most of it what the library and we remember, and is left out of the next search, as what
    collecting the tests has made is (see ``tests/conftest.py``).
    """
    usual = gc.get_threshold()
    gc.set_threshold(400_000, 1000, 1000)
    yield
    gc.collect()
    gc.freeze()
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
