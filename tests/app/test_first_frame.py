"""The frame that is drawn before the designer is loaded: where the designer's own will be, and gone when it is not."""

import os
import sys
import time

import pytest
from rich.cells import cell_len

from ndtui.app import first_frame
from ndtui.app.first_frame import Size, frame_lines
from ndtui.app.first_rows import MOST, FirstRows
from ndtui.common.settings import DEFAULTS, Settings
from ndtui.model.design.design import change
from ndtui.model.design.exemption import Exemption
from ndtui.ui.state.pane_sizes import PaneSizes
from tests.desk import at_work, screen_text
from tests.support import ROOT, preset, with_nothing_to_say

PATIENCE = 60.0


@pytest.mark.parametrize("kept", [PaneSizes(), PaneSizes(left=33, below=9)], ids=["by itself", "kept"])
@pytest.mark.parametrize("size", [(60, 18), (60, 24), (80, 24), (100, 36), (140, 40)], ids=str)
async def test_the_frame_stands_where_the_designer_puts_its_own(size, kept):
    async with at_work(size=size) as desk:
        desk.app.sizes = kept
        await desk.settle()
        shown = screen_text(desk.app).split("\n")
        frame = frame_lines(Size(*size), kept, "nd-transport")
        assert len(frame) == len(shown) == size[1]
        for title in (" Decisions ", " Explanation "):
            assert places(frame, title) == places(shown, title)
        walls = {line.find("│") for line in shown[: places(shown, " Explanation ")[0][0]]}
        assert {line.find("│") for line in frame[: places(frame, " Explanation ")[0][0]]} == walls
        assert frame[-2].startswith(" nd-transport  |")
        assert shown[-2].startswith(" nd-transport  |")


@pytest.mark.parametrize("columns", [{}, {"filters": ("weight", "matches")}], ids=["usual", "chosen"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 36), (140, 40)], ids=str)
@pytest.mark.parametrize("design", ["nd-boundary", "hostile"])
async def test_the_frame_is_filled_with_what_the_designer_shows_first(design, size, columns):
    shown_design = with_nothing_to_say() if design == "nd-boundary" else hostile()
    settings = Settings.model_validate({"columns": columns})
    async with at_work(shown_design, size=size, settings=settings) as desk:
        shown = plain(screen_text(desk.app).split("\n"))
    frame = plain(frame_lines(Size(*size), PaneSizes(), "x", FirstRows(shown_design, columns)))
    end = places(shown, " Explanation ")[0][0]
    assert frame[1:end] == shown[1:end]
    assert frame[0] == shown[0] or design == "hostile"  # which has findings, that the frame does not count
    assert "16 filters  8 layers" in frame[-2] or design == "hostile"


def hostile():
    """Return a design with a name and exemptions that are hard to draw."""
    names = ("[/x] [b", "服务" * 30, "👩\u200d🚀", "x" * 120)
    made = tuple(Exemption(name=name, protocol="udp", remote_ports=n + 1) for n, name in enumerate(names))
    return change(preset("nd-transport"), name="服务 name", exemptions=made)


def plain(lines):
    """Return lines without the bars beside the panes."""
    return [line.translate(dict.fromkeys(map(ord, "▁▂▃▄▅▆▇█"), " ")).rstrip() for line in lines]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no frame on Windows")
def test_a_large_design_is_not_compiled_for_the_frame(monkeypatch):
    drawn = []
    monkeypatch.setattr(first_frame._Drawn, "_draw", lambda _, rows: drawn.append(rows))
    frame = first_frame._Drawn(sys.stderr, Size(80, 24), "x")
    many = tuple(Exemption(name=f"e {n}", protocol="udp", remote_ports=n + 1) for n in range(MOST + 1))
    frame.fill(change(preset("nd-transport"), exemptions=many), DEFAULTS)
    assert drawn == []
    frame.fill(change(preset("nd-transport"), exemptions=many[1:]), DEFAULTS)
    assert len(drawn) == 1


def places(lines: list[str], text: str) -> list[tuple[int, int]]:
    """Return where a text stands, by row and column."""
    return [(row, line.find(text)) for row, line in enumerate(lines) if text in line]


@pytest.mark.parametrize("size", [Size(30, 10), Size(79, 10), Size(80, 10), Size(300, 200)], ids=str)
@pytest.mark.parametrize("name", ["", "x" * 400, "\x1b[31m[/x] [b", "服务" * 60])
def test_no_line_is_longer_than_the_terminal_is_wide(size, name):
    lines = frame_lines(size, PaneSizes(left=9999, below=9999), name)
    assert len(lines) == size.rows
    assert all(cell_len(line) <= size.columns and "\x1b" not in line for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal as Unix has it")
@pytest.mark.terminal
class TestOnATerminal:
    """The program on a terminal of its own."""

    @pytest.fixture
    def start(self, tmp_path):
        import fcntl
        import pty
        import signal
        import struct
        import termios

        begun = []

        def begin(*arguments):
            child, terminal = pty.fork()
            if child == 0:
                kept = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "XDG_DATA_HOME": str(tmp_path)}
                kept.update(LC_ALL="C.UTF-8", XDG_CONFIG_HOME=str(tmp_path))
                os.execve(sys.executable, [sys.executable, "-m", "ndtui", *arguments], kept)
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            begun.append((child, terminal))
            return child, terminal

        yield begin
        for child, terminal in begun:
            os.close(terminal)
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                continue  # it has ended, and was waited for

    def test_what_is_typed_at_the_frame_waits_unseen_for_the_designer(self, start):
        _, terminal = start()
        before = until(terminal, b"Decisions")
        assert b"20 filters" not in before
        os.write(terminal, b"jjj?")
        shown = until(terminal, b"opening") + until(terminal, b"-> store")
        assert b"jjj?" not in shown
        shown += until(terminal, b"Copy the selected ")
        assert b"jjj?" not in shown

    def test_what_cannot_be_opened_leaves_the_terminal_as_it_was(self, start):
        import termios

        _, terminal = start("nowhere.toml")
        shown = until(terminal, b"error")
        assert shown.index(b"Decisions") < shown.index(b"\x1b[?1049l\x1b[?25h") < shown.index(b"error")
        assert termios.tcgetattr(terminal)[3] & termios.ECHO

    def test_a_signal_leaves_the_terminal_as_it_was(self, start):
        import signal
        import termios

        child, terminal = start()
        until(terminal, b"Decisions")
        os.kill(child, signal.SIGTERM)
        until(terminal, b"\x1b[?1049l")
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 128 + signal.SIGTERM
        assert termios.tcgetattr(terminal)[3] & termios.ECHO


def until(terminal: int, wanted: bytes) -> bytes:
    """Read what a program writes until a text has come."""
    import select

    seen = b""
    deadline = time.monotonic() + PATIENCE
    while wanted not in seen:
        assert time.monotonic() < deadline, f"{wanted!r} did not come: {seen[-500:]!r}"
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
    return seen
